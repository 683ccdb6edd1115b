use super::*;
use crate::{
    files::{Kind, kind},
    log::{append, heads, statement::Contradiction},
    testing::{Party, exchange, owner_and_requester},
};
use protocol::Event;

/// Somebody who cut her log back, and who noticed.
fn cut_back() -> (Party, Party) {
    let (mut owner, mut requester) = owner_and_requester();
    let mut old_copy = owner.clone();
    owner.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    let to = requester.id();
    owner.act(|draft, context| heads::show(draft, context, &to)).unwrap();
    exchange(&mut owner, &mut requester);
    old_copy.wait(60);
    old_copy.act(|draft, context| heads::show(draft, context, &to)).unwrap();
    exchange(&mut old_copy, &mut requester);
    (owner, requester)
}

#[test]
fn evidence_proves_the_contradiction_from_its_bytes_alone() {
    let (owner, requester) = cut_back();
    let bytes = requester.read(|draft| Evidence::export(draft, &owner.id()));
    assert_eq!(kind(&bytes), Some(Kind::Evidence));
    let evidence = Evidence::verify(&bytes).unwrap();
    assert_eq!(evidence.statements[0].party, owner.id());
    assert!(matches!(evidence.contradiction, Contradiction::CutBack { .. }));
}

#[test]
fn evidence_altered_anywhere_or_put_together_from_what_agrees_is_refused() {
    let (owner, requester) = cut_back();
    let bytes = requester.read(|draft| Evidence::export(draft, &owner.id()));
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        assert!(Evidence::verify(&altered).is_err(), "byte {at}");
    }
    let File::V1(Parts { first, second }) = cbor::from_slice(&bytes).unwrap();
    let pack = |first, second| cbor::to_vec(&File::V1(Parts { first, second })).unwrap();
    assert!(Evidence::verify(&pack(second.clone(), first.clone())).is_ok(), "in either order");
    assert!(matches!(Evidence::verify(&pack(first.clone(), first.clone())), Err(BadEvidence::Nothing)));
    let (_, other) = owner_and_requester();
    let mut other = other;
    let to = owner.id();
    other.act(|draft, context| heads::show(draft, context, &to)).unwrap();
    let theirs = other.next(&to).unwrap().frame.message;
    assert!(matches!(Evidence::verify(&pack(first, theirs)), Err(BadEvidence::Parties)));
    assert!(matches!(Evidence::verify(&vec![0; EVIDENCE_BYTES + 1]), Err(BadEvidence::TooLarge)));
    assert!(matches!(Evidence::verify(b""), Err(BadEvidence::Form(_))));
}

#[test]
fn against_somebody_honest_there_is_nothing_to_export() {
    let (owner, requester) = owner_and_requester();
    let nothing = requester.read(|draft| Ok(Evidence::export(draft, &owner.id())));
    assert!(matches!(nothing, Err(ConsentError::NotFound(_))));
}
