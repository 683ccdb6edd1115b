use super::*;
use crate::{
    record::ReceiptRecord,
    testing::{BILLS, HOUR, Party, euros, on, receipted, version},
};
use protocol::{Kind, Salt, message::RunEntry};

/// A genuine receipt with what it answers, and the owner who could sign another one.
fn genuine() -> (Party, Party, Signed<Request>, Signed<Decision>, Signed<Receipt>) {
    let (owner, requester, asked, receipt) = receipted();
    let request = requester.request(&asked).open().unwrap();
    let decision = requester.decision(&asked).1.open().unwrap();
    let receipt = requester.record::<ReceiptRecord>(&receipt.0).open().unwrap();
    (owner, requester, request, decision, receipt)
}

fn failing(checks: &[Check]) -> Vec<&'static str> {
    checks.iter().filter(|check| !check.holds).map(|check| check.what).collect()
}

/// The checks that fail when the owner signs the receipt with this changed.
fn after(change: impl FnOnce(&mut Receipt)) -> Vec<&'static str> {
    let (mut owner, requester, request, decision, receipt) = genuine();
    let mut body = receipt.body().clone();
    change(&mut body);
    let altered = owner.sign(&requester.id(), body);
    failing(&binding_checks(&request, &decision, None, &altered).unwrap())
}

#[test]
fn every_binding_of_a_genuine_receipt_holds() {
    assert_eq!(after(|_| {}), [""; 0]);
}

#[test]
fn each_altered_binding_is_named() {
    let grant = "run under the grant that the owner gave";
    let log = "the run stands in the owner's log";
    let number = "within the uses that the grant allows";
    let outcome = "the outcome is the one that the owner approved";
    assert_eq!(after(|receipt| receipt.request = MessageId([1; 32])), ["answers this request", log]);
    assert_eq!(
        after(|receipt| receipt.dataset = protocol::DatasetId([1; 16])),
        ["about the dataset that was asked about"]
    );
    assert_ne!(BILLS, protocol::DatasetId([1; 16]));
    let covers = "the grant covers what was run";
    assert_eq!(after(|receipt| receipt.version = version(2)), ["over the version that was asked about", covers]);
    assert_eq!(after(|receipt| receipt.computation = on(Kind::Max, "amount")), ["the computation that was asked for"]);
    assert_eq!(after(|receipt| receipt.grant = MessageId([1; 32])), [grant, log]);
    assert_eq!(after(|receipt| receipt.number = 2), [number, log]);
    let other = |salt| Answer::Released { outcome: euros("84.5"), salt, notes: vec![] };
    assert_eq!(after(|receipt| receipt.answer = other(Salt([9; 16]))), [outcome]);
    let salted = Answer::Released { outcome: euros("84.50"), salt: Salt([8; 16]), notes: vec![] };
    assert_eq!(after(|receipt| receipt.answer = salted), [outcome]);
}

#[test]
fn each_part_of_the_place_in_the_log_is_bound() {
    let log = "the run stands in the owner's log";
    let entry = |change: fn(&mut RunEntry)| after(move |receipt| change(&mut receipt.entry));
    assert_eq!(entry(|entry| entry.index -= 1), [log]);
    assert_eq!(entry(|entry| entry.salt = Salt([1; 16])), [log]);
    assert_eq!(entry(|entry| entry.started += 1), [log]);
    assert_eq!(entry(|entry| entry.head.size += 1), [log]);
    assert_eq!(entry(|entry| entry.head.root.0[31] ^= 1), [log]);
    assert_eq!(entry(|entry| entry.inclusion[0].0[0] ^= 1), [log]);
    assert_eq!(entry(|entry| entry.inclusion.truncate(entry.inclusion.len() - 1)), [log]);
    assert_eq!(entry(|entry| entry.inclusion.clear()), [log]);
}

#[test]
fn a_run_outside_the_time_that_the_grant_allows_is_named() {
    let time = "run within the time that the grant allows";
    assert!(after(|receipt| receipt.entry.started -= HOUR).contains(&time));
    assert!(after(|receipt| receipt.entry.started += 8 * 24 * HOUR).contains(&time));
}

#[test]
fn a_receipt_by_or_for_somebody_else_is_named() {
    let (mut owner, requester, request, decision, receipt) = genuine();
    let mut mallory = Party::new(3, "Mallory");
    let by = mallory.sign(&requester.id(), receipt.body().clone());
    assert_eq!(
        failing(&binding_checks(&request, &decision, None, &by).unwrap())[..2],
        ["signed by the owner the request was sent to", "the decision is the owner's, to the one who asked"]
    );
    let to = owner.sign(&mallory.id(), receipt.body().clone());
    assert_eq!(failing(&binding_checks(&request, &decision, None, &to).unwrap()), ["given to the one who asked"]);
    let forged = mallory.sign(&requester.id(), decision.body().clone());
    let failed = failing(&binding_checks(&request, &forged, None, &receipt).unwrap());
    assert!(failed.contains(&"the decision is the owner's, to the one who asked"));
}

#[test]
fn a_decision_that_is_no_yes_or_answers_another_request_is_no_grant() {
    let (mut owner, requester, request, decision, receipt) = genuine();
    let no = Decision::Deny(protocol::message::Denial { request: request.id(), because: None });
    let no = owner.sign(&requester.id(), no);
    let grant = "run under the grant that the owner gave";
    assert!(failing(&binding_checks(&request, &no, None, &receipt).unwrap()).contains(&grant));
    let Decision::Approve(mut approval) = decision.body().clone() else { panic!("no approval") };
    approval.request = MessageId([1; 32]);
    let other = owner.sign(&requester.id(), Decision::Approve(approval));
    assert!(failing(&binding_checks(&request, &other, None, &receipt).unwrap()).contains(&grant));
}

#[test]
fn one_use_of_a_standing_grant_needs_that_grant() {
    let (mut owner, requester, request, _, receipt) = genuine();
    let (request_id, column) = (request.id(), "amount".parse().unwrap());
    let bounds = protocol::message::Standing {
        dataset: BILLS,
        kinds: vec![Kind::Mean],
        columns: vec![column],
        purpose: request.body().terms.purpose,
        uses: 1,
        from: owner.clock,
        until: owner.clock + HOUR,
        review: protocol::message::Review::None,
        parts: None,
    };
    let to = requester.id();
    let given = Decision::Approve(Approval { request: MessageId([1; 32]), grant: Grant::Standing(bounds) });
    let standing = owner.sign(&to, given);
    let under =
        owner.sign(&to, Decision::Approve(Approval { request: request_id, grant: Grant::Under(standing.id()) }));
    let run = Receipt { grant: standing.id(), ..receipt.body().clone() };
    let run = owner.sign(&to, run);
    // the entry in the log names the other grant; every other binding holds
    let log = "the run stands in the owner's log";
    assert_eq!(failing(&binding_checks(&request, &under, Some(&standing), &run).unwrap()), [log]);
    let missing = failing(&binding_checks(&request, &under, None, &run).unwrap());
    assert!(missing.contains(&"run under the grant that the owner gave"));
    let other = failing(&binding_checks(&request, &under, Some(&under), &run).unwrap());
    assert!(other.contains(&"run under the grant that the owner gave"));
}
