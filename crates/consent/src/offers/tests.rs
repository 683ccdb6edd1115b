use super::*;
use crate::testing::{HOUR, Party, exchange, receipted, send};
use protocol::Ack;

fn offer(kind: OfferKind, receipt: MessageId, reasons: &[&str], until: UnixSeconds) -> NewOffer {
    let reasons = reasons.iter().map(|said| (receipt, (*said).to_owned())).collect();
    NewOffer { kind, words: "8,000 at 6.5 % over three years".into(), receipts: vec![receipt], reasons, until }
}

fn made(bank: &mut Party, to: &Party, new: NewOffer) -> Result<MessageId, ConsentError> {
    let to = to.id();
    bank.act(|draft, context| make(draft, context, &to, new))
}

fn record(of: &Party, id: &MessageId) -> OfferRecord {
    of.record(&id.0)
}

#[test]
fn an_offer_that_is_accepted_stands_signed_in_both_logs() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + 24 * HOUR;
    let id = made(&mut bank, &owner, offer(OfferKind::Offer, receipt, &[], until)).unwrap();
    assert_eq!(record(&bank, &id).state, OfferState::Sending);
    assert_eq!(exchange(&mut bank, &mut owner), []);
    assert_eq!((record(&bank, &id).state, record(&owner, &id).state), (OfferState::Told, OfferState::Told));
    assert!(owner.noticed(Notice::OfferChanged(id)));
    owner.act(|draft, context| answer(draft, context, &id, true)).unwrap();
    assert_eq!(exchange(&mut bank, &mut owner), []);
    for party in [&bank, &owner] {
        let kept = record(party, &id);
        assert_eq!(kept.state, OfferState::Accepted);
        let reply = kept.answer().unwrap().unwrap();
        assert_eq!((reply.sender(), reply.body().offer), (owner.id(), id));
        let events = party.events();
        assert!(events.contains(&Event::Offered { offer: id }));
        assert!(events.contains(&Event::OfferAnswered { offer: id, reply: reply.id() }));
    }
}

#[test]
fn an_offer_is_answered_once_and_in_time_and_a_refusal_not_at_all() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let first = made(&mut bank, &owner, offer(OfferKind::Offer, receipt, &[], until)).unwrap();
    let second = made(&mut bank, &owner, offer(OfferKind::Offer, receipt, &[], until)).unwrap();
    let no = made(&mut bank, &owner, offer(OfferKind::Refusal, receipt, &["bills vary by half"], until)).unwrap();
    exchange(&mut bank, &mut owner);
    let says = |owner: &mut Party, id| owner.act(|draft, context| answer(draft, context, &id, false));
    says(&mut owner, first).unwrap();
    assert!(says(&mut owner, first).unwrap_err().to_string().contains("answered already"));
    assert!(says(&mut owner, no).unwrap_err().to_string().contains("refusal"));
    owner.wait(2 * HOUR);
    assert!(says(&mut owner, second).unwrap_err().to_string().contains("has ended"));
    let own = bank.act(|draft, context| answer(draft, context, &second, true)).unwrap_err();
    assert!(own.to_string().contains("you made this offer"));
}

#[test]
fn a_refusal_needs_reasons_that_say_something() {
    let (owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let mut refuse = |reasons: &[&str]| made(&mut bank, &owner, offer(OfferKind::Refusal, receipt, reasons, until));
    assert!(refuse(&[]).is_err());
    assert!(refuse(&["score too low"]).unwrap_err().to_string().contains("no reason"));
    assert!(refuse(&["bills vary by half", "Score too low!"]).is_err());
    assert!(refuse(&["one bill", "two bills", "three bills", "four bills", "five bills"]).is_err());
    refuse(&["bills vary by half", "bills grow", "bills are paid late", "no bill for May"]).unwrap();
}

#[test]
fn words_about_a_score_or_a_policy_alone_are_no_reason() {
    let empty = ["score too low", "Your credit score was below our minimum.", "Internal policy", "580 < 620", "…", ""];
    for words in empty {
        assert_eq!(specific(words), Err(NotSpecific), "{words}");
    }
    for words in ["Rent was late in 5 of 12 months", "income too low", "Miete zu spät gezahlt", "収入が少ない"] {
        assert_eq!(specific(words), Ok(()), "{words}");
    }
}

#[test]
fn it_can_rest_only_on_what_this_person_answered() {
    let (owner, mut bank, asked, receipt) = receipted();
    let until = bank.clock + HOUR;
    for wrong in [asked, MessageId([7; 32])] {
        assert!(made(&mut bank, &owner, offer(OfferKind::Offer, wrong, &[], until)).is_err());
    }
    let mut other = offer(OfferKind::Refusal, receipt, &["bills vary by half"], until);
    other.reasons = vec![(MessageId([7; 32]), "bills vary by half".into())];
    assert!(made(&mut bank, &owner, other).is_err(), "a reason tied to another receipt");
    let past = offer(OfferKind::Offer, receipt, &[], bank.clock);
    assert!(made(&mut bank, &owner, past).is_err());
}

#[test]
fn what_a_stranger_program_sends_is_checked_again_on_arrival() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let (terms, empty) = (crate::testing::words("no"), crate::testing::words("score too low"));
    let reasons = vec![OfferReason { receipt, words: empty.commitment() }];
    let body = Offer { kind: OfferKind::Refusal, terms: terms.commitment(), receipts: vec![receipt], reasons, until };
    let signed = bank.sign(&owner.id(), body.clone());
    let beside = |texts| Frame::new(signed.bytes(), texts);
    assert_eq!(owner.take(&beside(vec![terms.clone(), empty]), &bank), Ack::Refused(Refusal::Malformed));
    assert_eq!(owner.take(&beside(vec![terms.clone()]), &bank), Ack::Refused(Refusal::Malformed));
    let receipts = vec![MessageId([9; 32])];
    let strange = Offer { kind: OfferKind::Offer, receipts, reasons: vec![], ..body };
    let strange = bank.sign(&owner.id(), strange);
    assert_eq!(owner.take(&Frame::new(strange.bytes(), vec![terms]), &bank), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_flood_of_offers_on_one_answer_ends() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let mut last = None;
    for _ in 0..=PER_RECEIPT {
        last = Some(made(&mut bank, &owner, offer(OfferKind::Offer, receipt, &[], until)).unwrap());
    }
    let refusals = exchange(&mut bank, &mut owner);
    assert_eq!(refusals, [Refusal::TooMany]);
    assert_eq!(record(&bank, &last.unwrap()).state, OfferState::Refused);
}

#[test]
fn an_answer_counts_by_when_it_was_signed_and_only_from_the_applicant() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let id = made(&mut bank, &owner, offer(OfferKind::Offer, receipt, &[], until)).unwrap();
    exchange(&mut bank, &mut owner);
    owner.act(|draft, context| answer(draft, context, &id, true)).unwrap();
    bank.wait(48 * HOUR);
    assert!(matches!(send(&mut owner, &mut bank), Some(Ack::Accepted(_))));
    assert_eq!(record(&bank, &id).state, OfferState::Accepted);
    let again = owner.say(&bank.id(), OfferReply { offer: id, accepted: false });
    owner.wait(48 * HOUR);
    let late = owner.say(&bank.id(), OfferReply { offer: id, accepted: false });
    for frame in [again, late] {
        assert!(matches!(bank.take(&frame, &owner), Ack::Refused(Refusal::Conflict | Refusal::Expired)));
    }
}

#[test]
fn erasing_a_person_erases_the_words_of_their_offers_and_keeps_what_was_signed() {
    let (mut owner, mut bank, _, receipt) = receipted();
    let until = bank.clock + HOUR;
    let id = made(&mut bank, &owner, offer(OfferKind::Refusal, receipt, &["bills vary by half"], until)).unwrap();
    exchange(&mut bank, &mut owner);
    let signed = record(&owner, &id).open().unwrap();
    let there = |owner: &Party, key: [u8; 32]| owner.read(|draft| draft.get::<Text>(&key)).is_some();
    let keys = [signed.body().terms.0, signed.body().reasons[0].words.0];
    assert!(keys.iter().all(|key| there(&owner, *key)));
    let from = bank.id();
    owner.act(|draft, context| crate::erase::person(draft, context, &from)).unwrap();
    assert!(!keys.iter().any(|key| there(&owner, *key)));
    assert_eq!(record(&owner, &id).open().unwrap().id(), id);
}
