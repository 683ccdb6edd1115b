use super::*;
use crate::{
    bundle, datasets, owner,
    record::{DatasetRecord, ReceiptRecord, Visibility},
    testing::{BILLS, HOUR, Party, bills, euros, exchange, invite, join, receipted, terms, value, version},
    view::{Table, View as _},
};
use protocol::{Kind, Outcome, message::Terms};

/// Whether words stand anywhere in somebody's records, in any letter case of their base32 form too.
fn stands(party: &Party, planted: &str) -> Option<Table> {
    let plain = planted.as_bytes();
    Table::ALL.into_iter().find(|table| {
        let pairs = party.view.scan(*table, &[], None, usize::MAX >> 1).unwrap();
        pairs.iter().any(|(key, value)| [key, value].iter().any(|bytes| bytes.windows(plain.len()).any(|w| w == plain)))
    })
}

fn ask_because(requester: &mut Party, owner: &Party, terms: Terms, reason: &str) -> MessageId {
    let expires = requester.clock + HOUR;
    requester
        .act(|draft, context| crate::requester::request(draft, context, &owner.id(), terms, reason, None, expires))
        .unwrap()
}

/// Everything people may have said, planted: the words, and the requests they belong to.
fn talkative() -> (Party, Party, [MessageId; 3]) {
    let (mut owner, mut requester) = (Party::new(1, "Lena"), Party::new(2, "PLANTEDname"));
    let invite = invite(&mut owner, 1);
    let frame = join(&mut requester, &owner, &invite);
    owner.take(&frame, &requester);
    exchange(&mut owner, &mut requester);
    let record = DatasetRecord {
        tag: "PLANTEDtag".parse().unwrap(),
        description: "PLANTEDdescription".to_owned(),
        visible: Visibility::Everyone,
        ..bills(version(1))
    };
    owner.store_as(BILLS, &record);
    requester.act(|draft, context| datasets::ask(draft, context, &owner.id(), "", None)).unwrap();
    exchange(&mut owner, &mut requester);
    // one that is denied, one that is countered and accepted, one that is run
    let denied = ask_because(&mut requester, &owner, terms(Kind::Mean), "PLANTEDreason one");
    let countered = ask_because(&mut requester, &owner, terms(Kind::Max), "PLANTEDreason two");
    let run = ask_because(&mut requester, &owner, terms(Kind::Sum), "PLANTEDreason three");
    exchange(&mut owner, &mut requester);
    let because = Some("PLANTEDbecause no".to_owned());
    owner.act(|draft, context| owner::deny(draft, context, &denied, &owner::Deny { because })).unwrap();
    let mut preview = value(terms(Kind::Count).computation, version(1), Outcome::Count(24));
    let code = owner.act(|draft, _| owner::keep_counter_preview(draft, &countered, preview.clone())).unwrap();
    let offer = owner::CounterOffer {
        code,
        proposal: terms(Kind::Count),
        expires: owner.clock + HOUR,
        because: Some("PLANTEDbecause but".to_owned()),
    };
    owner.act(|draft, context| owner::counter(draft, context, &countered, offer)).unwrap();
    preview.computation = terms(Kind::Sum).computation;
    let crate::record::Previewed::Value { against, .. } = &mut preview.shown else { panic!("no value") };
    *against = Some("PLANTEDrule".to_owned());
    let code = owner.act(|draft, _| owner::keep_preview(draft, &run, preview)).unwrap();
    let choice = owner::Approve { code, despite: Some("I want to".to_owned()), ..owner::Approve::default() };
    owner.act(|draft, context| owner::approve(draft, context, &run, &choice)).unwrap();
    exchange(&mut owner, &mut requester);
    requester.act(|draft, context| crate::requester::accept(draft, context, &countered)).unwrap();
    requester.run(&run);
    exchange(&mut owner, &mut requester);
    owner.compute(&Outcome::Count(24), version(1));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    (owner, requester, [denied, countered, run])
}

#[test]
fn everything_planted_is_there_before_it_is_erased() {
    let (owner, requester, _) = talkative();
    for planted in ["PLANTEDname", "PLANTEDtag", "PLANTEDdescription", "PLANTEDreason", "PLANTEDbecause", "PLANTEDrule"]
    {
        assert!(stands(&owner, planted).is_some(), "{planted}");
    }
    for planted in ["PLANTEDtag", "PLANTEDdescription", "PLANTEDreason", "PLANTEDbecause"] {
        assert!(stands(&requester, planted).is_some(), "{planted}");
    }
}

#[test]
fn requests_erased_leave_no_words_and_their_receipts_still_verify() {
    let (mut owner, mut requester, requests) = talkative();
    let receipt = requester.request(&requests[2]).receipt.unwrap();
    for party in [&mut owner, &mut requester] {
        for id in &requests {
            party.act(|draft, context| super::request(draft, context, id)).unwrap();
            assert!(party.request(id).erased);
        }
        for planted in ["PLANTEDreason", "PLANTEDbecause", "PLANTEDrule"] {
            assert_eq!(stands(party, planted), None, "{planted}");
        }
        let exported = party.read(|draft| bundle::export(draft, &receipt));
        let verified = bundle::verify(&exported).unwrap();
        assert!(verified.checks.iter().all(|check| check.holds));
        assert_eq!(verified.reason, None);
        assert_eq!(party.read(crate::log::faults), [""; 0]);
    }
}

#[test]
fn a_dataset_removed_leaves_no_word_of_it_with_the_owner() {
    let (mut owner, mut requester, _) = talkative();
    // an answer is on its way when it is removed
    requester.act(|draft, context| datasets::ask(draft, context, &owner.id(), "", None)).unwrap();
    crate::testing::send(&mut requester, &mut owner);
    assert_eq!(stands(&owner, "PLANTEDtag"), Some(Table::Datasets));
    owner.act(|draft, context| datasets::removed(draft, context, BILLS)).unwrap();
    for planted in ["PLANTEDtag", "PLANTEDdescription", "PLANTEDrule"] {
        assert_eq!(stands(&owner, planted), None, "{planted}");
    }
}

#[test]
fn a_person_erased_leaves_nothing_they_said_and_nothing_to_come() {
    let (mut owner, requester, requests) = talkative();
    owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
    for planted in ["PLANTEDname", "PLANTEDreason", "PLANTEDbecause", "PLANTEDrule"] {
        assert_eq!(stands(&owner, planted), None, "{planted}");
    }
    assert!(owner.next(&requester.id()).is_none());
    let receipt = owner.request(&requests[2]).receipt.unwrap();
    let exported = owner.read(|draft| bundle::export(draft, &receipt));
    assert!(bundle::verify(&exported).unwrap().checks.iter().all(|check| check.holds));
    assert_eq!(owner.read(crate::log::faults), [""; 0]);
    let mut again = requester;
    let frame = again.say(&owner.id(), protocol::message::HeadAsk { since: 0, size: 0 });
    let refused = protocol::Ack::Refused(protocol::Refusal::Stranger);
    assert_eq!(owner.take(&frame, &again), refused);
}

#[test]
fn a_requester_erases_an_owner_with_their_catalog_and_the_invite() {
    let (owner, mut requester, requests) = talkative();
    let invites = |party: &Party| party.view.scan(Table::Joining, &[], None, 10).unwrap().len();
    assert_eq!(invites(&requester), 1);
    requester.act(|draft, context| person(draft, context, &owner.id())).unwrap();
    for planted in ["PLANTEDtag", "PLANTEDdescription", "PLANTEDreason", "PLANTEDbecause"] {
        assert_eq!(stands(&requester, planted), None, "{planted}");
    }
    assert_eq!(invites(&requester), 0);
    // what was approved and not run has nobody left to run it
    let second = requester.request(&requests[1]).follows.unwrap();
    assert_eq!(requester.request(&second).state, RequestState::Closed);
    assert!(requester.act(|draft, context| crate::requester::run(draft, context, &second)).is_err());
}

#[test]
fn a_request_that_waits_is_decided_before_it_is_erased() {
    let (mut owner, mut requester, _, _) = receipted();
    let waiting = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let early = owner.act(|draft, context| super::request(draft, context, &waiting));
    assert!(early.unwrap_err().to_string().contains("decide the request first"));
    // erasing the person decides it: closed
    owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
    assert_eq!(owner.request(&waiting).state, RequestState::Closed);
}

#[test]
fn erasing_a_person_withholds_what_was_not_handed_over() {
    let (mut owner, mut requester, asked, grant) = crate::testing::computed();
    let receipt = owner.request(&asked).receipt.unwrap();
    owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
    assert!(owner.record::<ReceiptRecord>(&receipt.0).withheld);
    assert!(owner.grant(&grant).revoked.is_some());
    assert!(owner.events().contains(&Event::Withheld { grant, number: 1 }));
    assert!(crate::testing::send(&mut owner, &mut requester).is_none());
}

#[test]
fn erasing_a_person_while_a_run_is_computed_ends_the_run() {
    let (mut owner, mut requester, asked, grant) = crate::testing::approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
    owner.compute(&euros("84.50"), version(1));
    assert_eq!(owner.read(owner::unfinished), []);
    assert!(owner.events().contains(&Event::Withheld { grant, number: 1 }));
}

#[test]
fn what_is_not_there_cannot_be_erased() {
    let mut owner = Party::new(1, "Lena");
    let nothing = owner.act(|draft, context| super::request(draft, context, &MessageId([1; 32])));
    assert!(matches!(nothing, Err(ConsentError::NotFound("request"))));
    let nobody = owner.act(|draft, context| person(draft, context, &PartyId([1; 32])));
    assert!(matches!(nobody, Err(ConsentError::NotFound("person"))));
    assert_eq!(erased_name(&PartyId([0xAB; 32])), "erased abababab");
}

#[test]
fn the_words_of_a_history_too_long_for_one_commit_go_page_by_page_and_the_rest_is_small() {
    let (mut owner, mut requester) = crate::testing::owner_and_requester();
    let asked = 2 * AT_ONCE + 100;
    for number in 0..asked {
        let _ = ask_because(&mut requester, &owner, terms(Kind::Mean), &format!("PLANTEDreason {number}"));
        exchange(&mut owner, &mut requester);
        let waiting = owner.view.scan(Table::Waiting, &[], None, 1).unwrap();
        let id = crate::people::id_of(&protocol::cbor::own::<serde_bytes::ByteBuf>(&waiting[0].1).unwrap());
        let because = Some("PLANTEDbecause".to_owned());
        owner.act(|draft, context| owner::deny(draft, context, &id, &owner::Deny { because })).unwrap();
        exchange(&mut owner, &mut requester);
    }
    let (mut place, mut pages, mut most) = (None, 0, 0);
    loop {
        let (next, outline) = owner.draft(|draft, _| some_words(draft, &requester.id(), place.as_deref())).unwrap();
        most = most.max(outline.changes.len());
        owner.keep(outline);
        pages += 1;
        place = next;
        if place.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    assert!(most <= 4 * AT_ONCE, "{most} changes of one page");
    let (_, outline) = owner.draft(|draft, context| person(draft, context, &requester.id())).unwrap();
    assert!(outline.changes.len() < 40, "{} changes in the end", outline.changes.len());
    owner.keep(outline);
    assert_eq!(stands(&owner, "PLANTED"), None);
}

#[test]
fn somebody_erased_is_on_no_list_of_who_sees_a_dataset() {
    let (mut owner, requester, _) = talkative();
    let other = protocol::PartyId([9; 32]);
    for (listed, left) in
        [(vec![requester.id(), other], Visibility::People(vec![other])), (vec![requester.id()], Visibility::Nobody)]
    {
        let mut owner = owner.clone();
        owner.act(|draft, _| datasets::show_to(draft, BILLS, Visibility::People(listed))).unwrap();
        owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
        assert_eq!(owner.record::<DatasetRecord>(&BILLS.0).visible, left);
    }
    owner.act(|draft, context| person(draft, context, &requester.id())).unwrap();
    assert_eq!(owner.record::<DatasetRecord>(&BILLS.0).visible, Visibility::Everyone);
}
