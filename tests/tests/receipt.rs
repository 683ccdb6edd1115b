//! A receipt that was altered, cut or extended anywhere is refused, and the refusal names what failed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Chance, Pair};
use serde_json::json;
use std::{collections::BTreeSet, sync::LazyLock};

/// What a reason may name: a part of the file, or a binding of the receipt.
const NAMED: &[&str] = &[
    "receipt file",
    "request",
    "decision",
    "standing grant",
    "receipt",
    "cosignature",
    "words",
    "owner",
    "asked",
    "dataset",
    "version",
    "computation",
    "grant",
    "uses",
    "time",
    "outcome",
    "log",
];

/// Two real receipts: of a single grant, and of one use of a standing grant, whose file has one part more.
static RECEIPTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(receipts);

fn receipts() -> Vec<Vec<u8>> {
    let pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let once = pair.ask("numbers", "max", &json!({ "reason": "so that words come along" }));
    pair.approve(&once, &json!({}));
    assert_eq!(pair.run(&once)["value"], "12");
    let first = pair.ask("numbers", "mean", &json!({ "uses": 2 }));
    pair.approve(&first, &json!({ "uses": 2, "review": "none" }));
    let grant = pair.jill.api().get(&format!("/v1/requests/{first}"))["grant"].clone();
    let second = pair.ask("numbers", "mean", &json!({ "grant": grant }));
    pair.hears(&second, "approved");
    let _ = pair.run(&second);
    let export = |id: &str| pair.jill.api().try_get(&format!("/v1/outcomes/{id}/export")).unwrap();
    [once, second]
        .iter()
        .map(|id| {
            let file = export(id);
            assert_eq!((file.status, file.of.as_str()), (200, "application/cbor"), "{}", file.text());
            file.body
        })
        .collect()
}

/// Why a file is refused; none if somebody would rely on it.
fn refusal(bytes: &[u8]) -> Option<String> {
    match node::verify_file(bytes) {
        Err(error) => Some(error.to_string()),
        Ok(outcome) if outcome.failed.is_empty() => None,
        Ok(outcome) => Some(outcome.failed.join("; ")),
    }
}

#[test]
fn a_receipt_altered_in_any_one_byte_is_refused_and_the_reason_names_what_failed() {
    let mut chance = Chance::new();
    for file in RECEIPTS.iter() {
        assert_eq!(refusal(file), None, "the file as it was exported verifies");
        let verified = node::verify_file(file).unwrap().verified;
        assert!(verified.len() > 10, "it was checked: {verified:?}");
        let mut reasons = BTreeSet::new();
        for at in 0..file.len() {
            for change in [1, 0x80, chance.of(1..256) as u8] {
                let mut altered = file.clone();
                altered[at] ^= change;
                let reason = refusal(&altered)
                    .unwrap_or_else(|| panic!("byte {at} of {} altered by {change:#04x} went unnoticed", file.len()));
                assert!(NAMED.iter().any(|name| reason.contains(name)), "byte {at}: {reason:?} names nothing");
                reasons.insert(reason);
            }
        }
        for part in ["request", "decision", "receipt", "words"] {
            let named = format!("the {part} in it");
            assert!(reasons.iter().any(|reason| reason.contains(&named)), "nothing blamed the {part}: {reasons:?}");
        }
    }
}

#[test]
fn a_receipt_cut_or_extended_is_refused() {
    for file in RECEIPTS.iter() {
        for length in 0..file.len() {
            assert!(refusal(&file[..length]).is_some(), "cut to {length} of {}", file.len());
        }
        for extra in [0, 0xff, b'\n'] {
            assert!(refusal(&[&file[..], &[extra]].concat()).is_some(), "extended by {extra}");
            assert!(refusal(&[&[extra], &file[..]].concat()).is_some(), "preceded by {extra}");
        }
        assert!(refusal(&file.repeat(2)).is_some());
    }
}

#[test]
fn parts_of_two_true_receipts_do_not_make_a_third() {
    let parts: Vec<ciborium::Value> = RECEIPTS.iter().map(|file| ciborium::from_reader(&file[..]).unwrap()).collect();
    for name in ["request", "decision", "receipt"] {
        for (into, from) in [(0, 1), (1, 0)] {
            let mut mixed = parts[into].clone();
            *part(&mut mixed, name) = part(&mut parts[from].clone(), name).clone();
            let mut bytes = Vec::new();
            ciborium::into_writer(&mixed, &mut bytes).unwrap();
            let reason = refusal(&bytes).unwrap_or_else(|| panic!("the {name} of another receipt went unnoticed"));
            // the same bytes in the same form: what fails is a binding, not the encoding
            assert!(!reason.contains("not a receipt file"), "{name}: {reason}");
        }
    }
}

/// A part of the file, by name.
fn part<'f>(file: &'f mut ciborium::Value, name: &str) -> &'f mut ciborium::Value {
    let parts = &mut file.as_map_mut().unwrap()[0].1;
    let parts = parts.as_map_mut().unwrap();
    &mut parts.iter_mut().find(|(key, _)| key.as_text() == Some(name)).unwrap_or_else(|| panic!("no {name}")).1
}
