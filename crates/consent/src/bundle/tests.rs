use super::*;
use crate::testing::{Party, receipted};

fn exported() -> (Party, Vec<u8>) {
    let (_, requester, _, receipt) = receipted();
    let bytes = requester.read(|draft| export(draft, &receipt));
    (requester, bytes)
}

fn parts(bytes: &[u8]) -> Parts {
    let Bundle::V1(parts) = cbor::from_slice(bytes).unwrap();
    parts
}

fn packed(parts: Parts) -> Vec<u8> {
    cbor::to_vec(&Bundle::V1(parts)).unwrap()
}

#[test]
fn an_exported_receipt_verifies_from_its_bytes_alone() {
    let (_, bytes) = exported();
    let verified = verify(&bytes).unwrap();
    assert!(verified.checks.len() > 10);
    assert!(verified.checks.iter().all(|check| check.holds));
    assert_eq!(verified.reason.as_deref(), Some("to lend you money"));
    assert_eq!(verified.receipt.body().request, verified.request.id());
}

#[test]
fn both_sides_export_the_same_under_the_same_cosigned_head() {
    let (owner, requester, _, receipt) = receipted();
    let [given, taken] = [&owner, &requester].map(|party| party.read(|draft| export(draft, &receipt)));
    assert_eq!(given, taken);
    let verified = verify(&taken).unwrap();
    let (head, later) = (verified.receipt.body().entry.head, verified.later.unwrap());
    assert_eq!((later.head, later.consistency.len()), (head, 0));
}

#[test]
fn the_owner_shows_the_head_that_was_cosigned_last_and_that_the_receipt_continues_into_it() {
    let (mut owner, mut requester, _, receipt) = receipted();
    let asked = requester.ask(&owner.id(), crate::testing::terms(protocol::Kind::Max));
    crate::testing::exchange(&mut owner, &mut requester);
    owner.approve(&asked, crate::testing::euros("99"));
    let to = requester.id();
    owner.act(|draft, context| crate::log::heads::show(draft, context, &to)).unwrap();
    assert_eq!(crate::testing::exchange(&mut owner, &mut requester), []);
    let bytes = owner.read(|draft| export(draft, &receipt));
    let verified = verify(&bytes).unwrap();
    assert!(verified.checks.iter().all(|check| check.holds));
    let later = verified.later.unwrap();
    assert!(later.head.size > verified.receipt.body().entry.head.size && !later.consistency.is_empty());
    assert_eq!(later.head, owner.record::<Person>(&requester.id().0).shown.unwrap());
}

#[test]
fn what_the_first_version_exported_verifies_and_vouches_for_less() {
    let (_, bytes) = exported();
    let without = Parts { later: None, ..parts(&bytes) };
    let verified = verify(&packed(without)).unwrap();
    assert!(verified.later.is_none() && verified.checks.iter().all(|check| check.holds));
}

#[test]
fn a_later_head_that_was_tampered_with_does_not_hold_and_the_part_is_named() {
    let (owner, bytes) = exported_late();
    let failed = |change: &dyn Fn(&mut Later)| {
        let mut parts = parts(&bytes);
        change(parts.later.as_mut().unwrap());
        let checks = verify(&packed(parts)).unwrap().checks;
        checks.into_iter().filter(|check| !check.holds).map(|check| check.what).collect::<Vec<_>>()
    };
    let signed = "the owner signed a later head of the log";
    let stands = "the run still stands in that later log";
    let cosigned = "the one who asked cosigned that later head";
    assert_eq!(failed(&|_| ()), [""; 0]);
    assert_eq!(failed(&|later| later.head.size += 1), [signed, stands, cosigned]);
    assert_eq!(failed(&|later| later.head.root.0[0] ^= 1), [signed, stands, cosigned]);
    assert_eq!(failed(&|later| later.head.epoch = Some(Digest([1; 32]))), [signed, cosigned]);
    assert_eq!(failed(&|later| later.checkpoint = later.checkpoint.replace("halfdoor", "halfd00r")), [signed]);
    assert_eq!(failed(&|later| later.consistency[0].0[0] ^= 1), [stands]);
    assert_eq!(failed(&|later| later.consistency.clear()), [stands]);
    let head = parts(&bytes).later.unwrap().head;
    let by_owner = owner.clone().sign(&owner.id(), Cosign { head });
    assert_eq!(failed(&|later| later.cosign = ByteBuf::from(by_owner.bytes())), [cosigned]);
    let mut parts = parts(&bytes);
    *parts.later.as_mut().unwrap().cosign.last_mut().unwrap() ^= 1;
    assert!(verify(&packed(parts)).unwrap_err().to_string().starts_with("the cosignature in it"));
}

/// The owner's export of an earlier receipt under a later head.
fn exported_late() -> (Party, Vec<u8>) {
    let (mut owner, mut requester, _, receipt) = receipted();
    let to = requester.id();
    owner.act(|draft, context| crate::log::heads::show(draft, context, &to)).unwrap();
    crate::testing::exchange(&mut owner, &mut requester);
    let bytes = owner.read(|draft| export(draft, &receipt));
    (owner, bytes)
}

fn relied_on(bytes: &[u8]) -> bool {
    verify(bytes).is_ok_and(|verified| verified.checks.iter().all(|check| check.holds))
}

#[test]
fn any_one_altered_byte_of_a_bundle_is_refused() {
    let (_, bytes) = exported();
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] = altered[at].wrapping_add(1);
        assert!(!relied_on(&altered), "byte {at} plus one");
        altered[at] = bytes[at] ^ 0x80;
        assert!(!relied_on(&altered), "byte {at}, its highest bit");
    }
    for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(verify(&bytes[..length]).is_err(), "cut to {length}");
    }
    assert!(verify(&[&bytes[..], &[0]].concat()).is_err(), "a byte more");
}

#[test]
fn the_part_that_fails_is_named() {
    let (_, bytes) = exported();
    let damage = |change: fn(&mut Parts)| {
        let mut parts = parts(&bytes);
        change(&mut parts);
        verify(&packed(parts)).unwrap_err().to_string()
    };
    assert!(damage(|parts| *parts.request.last_mut().unwrap() ^= 1).starts_with("the request in it"));
    assert!(damage(|parts| *parts.decision.last_mut().unwrap() ^= 1).starts_with("the decision in it"));
    assert!(damage(|parts| *parts.receipt.last_mut().unwrap() ^= 1).starts_with("the receipt in it"));
    assert!(damage(|parts| parts.standing = Some(parts.request.clone())).starts_with("the standing grant in it"));
    assert!(damage(|parts| parts.texts[0] = crate::testing::words("another reason")).contains("the words in it"));
    assert!(damage(|parts| parts.texts.push(parts.texts[0].clone())).contains("the words in it"));
}

#[test]
fn a_bundle_put_together_from_two_outcomes_does_not_hold() {
    let (mut owner, mut requester, _, receipt) = receipted();
    let first = parts(&requester.read(|draft| export(draft, &receipt)));
    let asked = requester.ask(&owner.id(), crate::testing::terms(protocol::Kind::Mean));
    crate::testing::exchange(&mut owner, &mut requester);
    owner.approve(&asked, crate::testing::euros("84.50"));
    crate::testing::exchange(&mut owner, &mut requester);
    requester.run(&asked);
    crate::testing::exchange(&mut owner, &mut requester);
    owner.compute(&crate::testing::euros("84.50"), crate::testing::version(1));
    crate::testing::exchange(&mut owner, &mut requester);
    let receipt = requester.request(&asked).receipt.unwrap();
    let second = parts(&requester.read(|draft| export(draft, &receipt)));
    let mixes = [
        Parts { receipt: second.receipt.clone(), ..first.clone() },
        Parts { decision: second.decision.clone(), ..first.clone() },
        Parts { request: second.request.clone(), texts: second.texts.clone(), ..first.clone() },
    ];
    for mix in mixes {
        let verified = verify(&packed(mix)).unwrap();
        assert!(verified.checks.iter().any(|check| !check.holds));
    }
    assert!(verify(&packed(second)).unwrap().checks.iter().all(|check| check.holds));
}

#[test]
fn one_use_of_a_standing_grant_comes_with_that_grant() {
    let (mut owner, mut requester) = crate::testing::owner_and_requester();
    let terms = || crate::testing::terms(protocol::Kind::Max);
    let first = requester.ask(&owner.id(), terms());
    crate::testing::exchange(&mut owner, &mut requester);
    let standing = crate::owner::StandingChoice {
        uses: 3,
        review: protocol::message::Review::None,
        ..crate::owner::StandingChoice::default()
    };
    let choice = crate::owner::Approve { standing: Some(standing), ..crate::owner::Approve::default() };
    let grant = owner.approve_as(&first, crate::testing::euros("99"), choice);
    crate::testing::exchange(&mut owner, &mut requester);
    let second = requester.ask_under(&owner.id(), terms(), Some(grant));
    crate::testing::exchange(&mut owner, &mut requester);
    requester.run(&second);
    crate::testing::exchange(&mut owner, &mut requester);
    owner.compute(&crate::testing::euros("99"), crate::testing::version(1));
    crate::testing::exchange(&mut owner, &mut requester);
    let receipt = requester.request(&second).receipt.unwrap();
    let bytes = requester.read(|draft| export(draft, &receipt));
    assert!(verify(&bytes).unwrap().checks.iter().all(|check| check.holds));
    let without = Parts { standing: None, ..parts(&bytes) };
    let failed = verify(&packed(without)).unwrap();
    assert!(failed.checks.iter().any(|check| !check.holds));
}

#[test]
fn what_is_no_bundle_is_refused_whatever_its_size() {
    assert!(matches!(verify(&[]), Err(BadBundle::Form(_))));
    assert!(matches!(verify(b"{\"not\":\"a bundle\"}"), Err(BadBundle::Form(_))));
    assert!(matches!(verify(&vec![0; BUNDLE_BYTES + 1]), Err(BadBundle::TooLarge)));
    let (requester, _) = exported();
    let nothing = requester.read(|draft| Ok(export(draft, &MessageId([1; 32]))));
    assert!(matches!(nothing, Err(ConsentError::NotFound("receipt"))));
}
