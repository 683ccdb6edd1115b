use super::*;
use crate::{
    check::{Kept, check},
    lender::{Asked, Row, rows},
    model::tests::{SEED, SEED_ROWS},
    scheme::tests::draws,
};
use std::time::Duration;

/// The record of the first row that is denied, as an auditor gets it, and what the lender kept.
fn recorded(model: &LenderModel, rows: &[Row], explain: bool) -> (Record, Kept) {
    let denied = rows.iter().find(|row| model.answer(&row.bins).unwrap().0 == 0).unwrap();
    let mut found = None;
    let how = (explain, Asked::Needed);
    let keep = &mut |_: usize, record: Record, kept| found = Some((record, kept));
    check(model, std::slice::from_ref(denied), how, &[7; 32], &mut || Duration::ZERO, keep).unwrap();
    let (record, kept) = found.unwrap();
    (Record::from_bytes(&record.to_bytes().unwrap()).unwrap(), kept)
}

fn audited(model: &LenderModel, kept: &Kept, record: &Record) -> Result<(), Finding> {
    audit(&Revealed { model, salt: &kept.salt, seed: &kept.seed }, record, &mut draws("weights"))
}

#[test]
fn an_auditor_repeats_the_evaluation_and_finds_what_was_changed() {
    let model = LenderModel::from_json(SEED.as_bytes()).unwrap();
    let changed = SEED.replacen("\"threshold\": 19", "\"threshold\": 20", 1);
    let other = LenderModel::from_json(changed.as_bytes()).unwrap();
    assert_ne!(model, other);
    let (record, kept) = recorded(&model, &rows(&model.features(), SEED_ROWS, 39).unwrap(), true);
    assert!(audited(&model, &kept, &record).is_ok());
    assert!(matches!(audited(&other, &kept, &record), Err(Finding::Model)));
    assert!(matches!(audited(&model, &Kept { salt: [0; 32], ..kept }, &record), Err(Finding::Model)));
    assert!(matches!(audited(&model, &Kept { seed: [0; 32], ..kept }, &record), Err(Finding::Seed)));
    // what the other model gives, under the commitment to this one
    let key = record.key().unwrap();
    let inputs = record.verified(&key, &mut draws("weights")).unwrap();
    let foreign = evaluated(&other, &inputs, &key, &kept.seed).unwrap();
    let lied = Record { evaluation: foreign.into(), ..record.clone() };
    assert!(matches!(audited(&model, &kept, &lied), Err(Finding::Evaluation)));
    let foreign = explained(&other, &other.overlay().unwrap(), &inputs, &key, &kept.seed).unwrap().to_bytes();
    let lied = Record { explanation: foreign.into(), ..record };
    assert!(matches!(audited(&model, &kept, &lied), Err(Finding::Explanation)));
}

#[test]
fn sums_are_audited_as_trees_are_and_an_ensembles_explanation_is_no_answer() {
    let card = r#"{"feature_names": ["a", "b", "c"], "points": [[0, 5], [1, -2, 3], [7, 8]], "threshold": 14,
        "years_feature": 1}"#;
    let ensemble = r#"{"feature_names": ["a", "b", "c"], "threshold": 0.5,
        "quantizers": [{"scale": 1.0, "zero_point": 0, "n_bits": 2}, {"scale": 1.0, "zero_point": 0, "n_bits": 2},
            {"scale": 1.0, "zero_point": 0, "n_bits": 2}],
        "trees": [[{"id": 0, "feature": 0, "threshold": 1, "left": 1, "right": 2}, {"id": 1, "value": -0.5},
            {"id": 2, "value": 0.5}], [{"id": 0, "feature": 2, "threshold": 0, "left": 1, "right": 2},
            {"id": 1, "value": 0.25}, {"id": 2, "value": 1}]]}"#;
    let row = [Row { bins: vec![0, 0, 0], recorded: None }];
    for (file, from, to, explain) in [(card, "[7, 8]", "[7, 9]", true), (ensemble, "0.25", "0.125", false)] {
        let model = LenderModel::from_json(file.as_bytes()).unwrap();
        let other = LenderModel::from_json(file.replacen(from, to, 1).as_bytes()).unwrap();
        let (record, kept) = recorded(&model, &row, explain);
        assert!(audited(&model, &kept, &record).is_ok(), "{file}");
        assert!(matches!(audited(&other, &kept, &record), Err(Finding::Model)), "{file}");
        let mut bytes = record.evaluation.to_vec();
        bytes.rotate_left(32);
        let moved = Record { evaluation: bytes.into(), ..record.clone() };
        assert!(matches!(audited(&model, &kept, &moved), Err(Finding::Evaluation)), "{file}");
        let added = Record { explanation: vec![1; 256].into(), ..record };
        match audited(&model, &kept, &added) {
            Err(Finding::Explanation) => assert!(explain),
            Err(Finding::Unexplained(_)) => assert!(!explain),
            other => panic!("{file}: {other:?}"),
        }
    }
}

#[test]
fn inputs_that_are_not_proven_are_found_before_anything_is_compared() {
    let model = LenderModel::from_json(SEED.as_bytes()).unwrap();
    let (mut record, kept) = recorded(&model, &rows(&model.features(), SEED_ROWS, 39).unwrap(), false);
    let (first, second) = (record.inputs[0].sent.clone(), record.inputs[1].sent.clone());
    record.inputs[0].sent = second;
    assert!(matches!(audited(&model, &kept, &record), Err(Finding::Refused(_))));
    record.inputs[0].sent = first;
    assert!(audited(&model, &kept, &record).is_ok());
    record.reveals.swap(0, 1);
    assert!(matches!(audited(&model, &kept, &record), Err(Finding::Refused(Refused::Uncommitted(0)))));
}
