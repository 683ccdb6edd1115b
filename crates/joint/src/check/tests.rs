use super::*;
use crate::model::tests::{GERMAN, GERMAN_ROWS, SEED, SEED_ROWS};

fn checked(model: &str, table: &str, most: usize) -> Report {
    let model = Model::from_json(model.as_bytes()).unwrap();
    let rows = rows(&model, table, most).unwrap();
    check(&model, &rows, (true, Asked::Needed), &[7; 32], &mut || Duration::ZERO).unwrap()
}

#[test]
fn every_party_over_real_messages_agrees_with_the_clear_tree_and_with_trying_every_bin() {
    for (model, table) in [(GERMAN, GERMAN_ROWS), (SEED, SEED_ROWS)] {
        let report = checked(model, table, 6);
        assert_eq!((report.rows, report.agreement, report.column_agreement), (6, 1.0, Some(1.0)));
        assert_ne!(report.explain_agreement, Some(0.0));
        assert!(report.explain_agreement.is_none_or(|part| part == 1.0));
    }
}

#[test]
#[ignore = "minutes: every row of both test sets"]
fn every_row_of_both_test_sets_agrees() {
    for (model, table, many) in [(GERMAN, GERMAN_ROWS, 200), (SEED, SEED_ROWS, 1_600)] {
        let report = checked(model, table, usize::MAX);
        assert_eq!((report.rows, report.agreement), (many, 1.0));
        assert_eq!((report.column_agreement, report.explain_agreement), (Some(1.0), Some(1.0)));
    }
}
