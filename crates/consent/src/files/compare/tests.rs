use super::*;
use crate::{
    bundle, files,
    log::{self, restart},
    testing::{Party, computed, euros, exchange, terms, version},
};
use protocol::{Event, Kind, MessageId};

fn log_file(party: &Party, sizes: &BTreeSet<u64>) -> LogFile {
    let bytes = party.read(|draft| {
        let (head, mut bytes) = files::opening(draft, &party.key)?;
        bytes.extend(files::cosigned(draft, &head)?);
        bytes.extend(files::entries(draft, &head, 0, u64::MAX)?);
        Ok(bytes)
    });
    files::verify(&bytes[..], sizes).unwrap()
}

fn receipt_file(party: &Party, receipt: &MessageId) -> Verified {
    bundle::verify(&party.read(|draft| bundle::export(draft, receipt))).unwrap()
}

/// An owner in two copies that lived on apart, and what each gave to the one who asked.
fn forked() -> ([Party; 2], [Verified; 2]) {
    let (owner, requester, asked, _) = computed();
    let (mut one, mut two) = (owner.clone(), owner);
    two.wait(1);
    two.act(|draft, context| log::append(draft, context, Event::Begun { party: context.me() })).unwrap();
    let files = [&mut one, &mut two].map(|owner| {
        let mut requester = requester.clone();
        exchange(owner, &mut requester);
        let receipt = requester.request(&asked).receipt.unwrap();
        let later = requester.ask(&owner.id(), terms(Kind::Max));
        exchange(owner, &mut requester);
        owner.approve(&later, euros("99"));
        exchange(owner, &mut requester);
        requester.run(&later);
        exchange(owner, &mut requester);
        owner.compute(&euros("99"), version(1));
        exchange(owner, &mut requester);
        assert!(requester.request(&asked).receipt == Some(receipt));
        receipt_file(&requester, &requester.request(&later).receipt.unwrap())
    });
    ([one, two], files)
}

/// Whether the files contradict each other, as they are compared one with another and with each log.
fn compare(receipts: &[&Verified], logs: &[&Party]) -> Option<Fork> {
    let mut all = Files::default();
    for (at, verified) in receipts.iter().enumerate() {
        all.receipt(at, verified);
    }
    for (at, party) in logs.iter().enumerate() {
        all.log(receipts.len() + at, &log_file(party, &BTreeSet::new()));
    }
    all.fork().or_else(|| {
        logs.iter()
            .enumerate()
            .find_map(|(at, party)| all.against(receipts.len() + at, &log_file(party, &all.sizes(&party.id()))))
    })
}

#[test]
fn what_two_parties_were_shown_of_one_honest_log_agrees() {
    let ([one, two], [first, second]) = forked();
    assert_eq!(compare(&[&first, &first], &[&one, &one]), None);
    assert_eq!(compare(&[&second], &[&two]), None);
    let mut later = one.clone();
    later.act(|draft, context| log::append(draft, context, Event::Begun { party: context.me() })).unwrap();
    later.act(restart).unwrap();
    assert_eq!(compare(&[&first], &[&later, &one]), None);
}

#[test]
fn a_log_shown_otherwise_to_somebody_else_is_found_when_files_are_compared() {
    let ([one, two], [first, second]) = forked();
    for (receipts, logs) in [
        (vec![&first], vec![&two]),
        (vec![&second], vec![&one]),
        (vec![], vec![&one, &two]),
        (vec![], vec![&two, &one]),
    ] {
        let fork = compare(&receipts, &logs).unwrap();
        assert_eq!(fork.party, one.id());
        assert!(matches!(fork.contradiction, Contradiction::TwoRoots { .. }));
        assert_ne!(fork.files[0], fork.files[1]);
    }
}

#[test]
fn a_restored_backup_of_another_log_is_found_at_the_head_it_goes_on_from() {
    let ([one, two], _) = forked();
    let mut anew = two;
    anew.act(restart).unwrap();
    assert!(compare(&[], &[&one, &anew]).is_some());
}

#[test]
fn logs_of_two_parties_are_not_compared() {
    let ([one, _], _) = forked();
    assert_eq!(compare(&[], &[&one, &Party::new(8, "Other")]), None);
}
