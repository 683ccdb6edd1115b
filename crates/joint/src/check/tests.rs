use super::*;
use crate::{
    model::tests::{GERMAN, GERMAN_ROWS, SEED, SEED_ROWS},
    plan::{
        Path,
        tests::{Draws as Grown, grown},
    },
    sum::{Ensemble, Scorecard},
};

fn checked(model: &str, table: &str, most: usize, asked: Asked) -> Report {
    let model = Model::from_json(model.as_bytes()).unwrap();
    let rows = rows(&model, table, most).unwrap();
    check(&model, &rows, (true, asked), &[7; 32], &mut || Duration::ZERO).unwrap()
}

#[test]
fn every_party_over_real_messages_agrees_with_the_clear_tree_and_with_trying_every_bin() {
    for (model, table) in [(GERMAN, GERMAN_ROWS), (SEED, SEED_ROWS)] {
        for asked in [Asked::Needed, Asked::Merged] {
            let report = checked(model, table, 6, asked);
            assert_eq!((report.rows, report.agreement, report.column_agreement), (6, 1.0, Some(1.0)));
            assert!(report.explain_agreement.is_none_or(|part| part == 1.0));
        }
    }
}

#[test]
#[ignore = "minutes: every row of both test sets"]
fn every_row_of_both_test_sets_agrees() {
    for (model, table, many) in [(GERMAN, GERMAN_ROWS, 200), (SEED, SEED_ROWS, 1_600)] {
        let report = checked(model, table, usize::MAX, Asked::Needed);
        assert_eq!((report.rows, report.agreement), (many, 1.0));
        assert_eq!((report.column_agreement, report.explain_agreement), (Some(1.0), Some(1.0)));
    }
}

#[test]
fn merged_bins_take_less_than_all_and_features_not_needed_change_nothing() {
    let bytes = |asked| checked(SEED, SEED_ROWS, 1, asked).bytes["inputs"];
    assert!(bytes(Asked::Merged) < bytes(Asked::Needed) && bytes(Asked::Needed) < bytes(Asked::All));
}

#[test]
fn a_tree_of_113_leaves_12_deep_with_64_bins_is_exact_under_encryption() {
    let mut draws = Grown(0x9e37_79b9_7f4a_7c15);
    let model = grown(&mut draws, 6, 113, 12);
    let row = || Row { bins: (0..6).map(|_| draws.below(64) as u8).collect(), recorded: None };
    let rows: Vec<Row> = std::iter::repeat_with(row).take(4).collect();
    let report = check(&model, &rows, (false, Asked::Needed), &[7; 32], &mut || Duration::ZERO).unwrap();
    assert_eq!((report.agreement, report.column_agreement, report.explain_agreement), (1.0, None, None));
}

#[test]
fn the_exact_sums_of_a_scorecard_and_of_an_ensemble_agree_over_real_messages() {
    let mut draws = Grown(0x1234_5678_9abc_def1);
    let points = (0..20).map(|_| (0..8).map(|_| draws.below(200) as i32 - 100).collect()).collect();
    let card = Scorecard::new(points).unwrap();
    let row = |bins: u64, many: usize, draws: &mut Grown| Row {
        bins: (0..many).map(|_| draws.below(bins) as u8).collect(),
        recorded: None,
    };
    let rows: Vec<Row> = (0..3).map(|_| row(8, 20, &mut draws)).collect();
    let features: Vec<(usize, u8)> = (0..20).map(|at| (at % 3, 8)).collect();
    let report = check_sum(Sum::Scorecard(&card), &features, &rows, &[7; 32], &mut || Duration::ZERO).unwrap();
    assert_eq!((report.rows, report.features, report.agreement), (3, 20, 1.0));

    let stump = |cut: u8, low: i32, high: i32| {
        let side = |from, to, number| (Path::default().narrowed(usize::from(cut) % 2, from, to).unwrap(), number);
        vec![side(0, cut, low), side(cut + 1, 7, high)]
    };
    let trees = Ensemble::new((0..6).map(|cut| stump(cut, -i32::from(cut) * 1_000, 777)).collect()).unwrap();
    let rows: Vec<Row> = (0..3).map(|_| row(8, 2, &mut draws)).collect();
    let report = check_sum(Sum::Ensemble(&trees), &[(0, 8), (1, 8)], &rows, &[7; 32], &mut || Duration::ZERO).unwrap();
    assert_eq!((report.rows, report.agreement), (3, 1.0));
}
