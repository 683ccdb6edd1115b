use super::*;
use crate::{
    testing::{HOUR, Party, exchange, owner_and_requester, terms},
    view::{Table, View as _},
};
use protocol::{Kind, limits::LIFETIME_SECONDS};

fn pass(party: &mut Party, progress: &mut Progress) {
    party.act(|draft, context| passed(draft, context, progress)).unwrap();
}

fn count(party: &Party, table: Table) -> usize {
    party.view.scan(table, &[], None, usize::MAX >> 1).unwrap().len()
}

#[test]
fn a_request_not_decided_in_time_lapses_on_both_sides_and_is_not_approved_any_more() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let code = owner.look(&asked, crate::testing::euros("1"));
    for party in [&mut owner, &mut requester] {
        let mut progress = Progress::default();
        party.wait(24 * HOUR + SKEW_SECONDS);
        pass(party, &mut progress);
        assert_eq!(party.request(&asked).state, RequestState::Waiting);
        party.wait(1);
        pass(party, &mut progress);
        assert_eq!(party.request(&asked).state, RequestState::Expired);
        assert!(party.noticed(Notice::RequestChanged(asked)));
    }
    assert_eq!(owner.request(&asked).preview, None);
    let choice = crate::owner::Approve { code, ..crate::owner::Approve::default() };
    assert!(owner.act(|draft, context| crate::owner::approve(draft, context, &asked, &choice)).is_err());
}

#[test]
fn a_clock_set_back_does_not_bring_a_lapsed_request_back() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let mut progress = Progress::default();
    owner.wait(48 * HOUR);
    pass(&mut owner, &mut progress);
    owner.clock -= 48 * HOUR;
    pass(&mut owner, &mut progress);
    assert_eq!(owner.request(&asked).state, RequestState::Expired);
}

#[test]
fn a_message_is_remembered_until_it_could_not_be_accepted_any_more() {
    let (mut owner, mut requester) = owner_and_requester();
    requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let before = count(&owner, Table::Seen);
    assert!(before > 0);
    let mut progress = Progress::default();
    owner.wait(24 * HOUR + SKEW_SECONDS);
    pass(&mut owner, &mut progress);
    assert_eq!(count(&owner, Table::Seen), before);
    owner.wait(LIFETIME_SECONDS + 2 * SKEW_SECONDS);
    pass(&mut owner, &mut progress);
    assert_eq!(count(&owner, Table::Seen), 0);
}

#[test]
fn however_much_has_piled_up_each_call_looks_at_a_bounded_part_and_comes_to_the_end() {
    let mut party = Party::new(1, "Lena");
    party
        .act(|draft, _| {
            for number in 0..1000u64 {
                draft.put(&number.to_be_bytes(), &Seen { expires: 1 })?;
            }
            Ok(())
        })
        .unwrap();
    let mut progress = Progress::default();
    pass(&mut party, &mut progress);
    assert_eq!(count(&party, Table::Seen), 1000 - AT_ONCE);
    for _ in 0..4 {
        pass(&mut party, &mut progress);
    }
    assert_eq!(count(&party, Table::Seen), 0);
}

#[test]
fn invites_and_joins_long_over_are_forgotten() {
    let (mut inviter, mut joiner) = (Party::new(1, "Lena"), Party::new(2, "Bank"));
    crate::testing::pair(&mut inviter, &mut joiner);
    for party in [&mut inviter, &mut joiner] {
        let mut progress = Progress::default();
        party.wait(24 * HOUR);
        pass(party, &mut progress);
        assert_eq!(count(party, Table::Invites) + count(party, Table::Joining), 1);
        party.wait(INVITE_MEMORY + 24 * HOUR);
        pass(party, &mut progress);
        assert_eq!(count(party, Table::Invites) + count(party, Table::Joining), 0);
    }
}
