use super::*;
use protocol::Kind;

fn ask(kind: Kind) -> Computation {
    kind.over("electricity".parse().unwrap()).unwrap()
}

fn facts(rows: u64) -> Facts {
    Facts { rows, values: None, dominated: false }
}

#[test]
fn smallest_largest_and_median_are_noted_as_rows() {
    for kind in Kind::PLAIN {
        let verdict = check(&ask(kind), &facts(116), &Rules::default(), false);
        let is_a_row = matches!(kind, Kind::Min | Kind::Max | Kind::Median);
        assert_eq!(verdict.notes.contains(&Note::IsARow), is_a_row, "{kind:?}");
        assert_eq!(verdict.refused, None);
        assert!(verdict.notes.contains(&Note::SelfAsserted));
    }
}

#[test]
fn fewer_rows_than_the_minimum_are_refused_unless_the_owner_overrides_or_lowers_it() {
    let rules = Rules::default();
    let refusal = Refusal::TooFewRows { rows: 4, minimum: 5 };
    assert_eq!(check(&ask(Kind::Mean), &facts(4), &rules, false).refused, Some(refusal));
    assert_eq!(check(&ask(Kind::Mean), &facts(5), &rules, false).refused, None);
    let overridden = check(&ask(Kind::Mean), &facts(4), &rules, true);
    assert_eq!(overridden.refused, None);
    assert!(overridden.notes.contains(&Note::FewRows { rows: 4 }));
    let lowered = Rules { minimum_rows: 1, ..rules };
    assert_eq!(check(&ask(Kind::Mean), &facts(4), &lowered, false).refused, None);
}

#[test]
fn absent_values_do_not_count_towards_the_minimum_and_the_refusal_stays_with_the_owner() {
    let sparse = Facts { rows: 116, values: Some(2), dominated: false };
    let refused = check(&ask(Kind::Sum), &sparse, &Rules::default(), false).refused.unwrap();
    assert_eq!(refused, Refusal::TooFewValues { values: 2, minimum: 5 });
    assert!(!refused.follows_from_public_metadata());
    assert!(Refusal::TooFewRows { rows: 4, minimum: 5 }.follows_from_public_metadata());
}

#[test]
fn rows_stay_where_the_owner_lets_none_leave() {
    let rules = Rules { rows_may_leave: false, ..Rules::default() };
    assert_eq!(check(&ask(Kind::Max), &facts(116), &rules, false).refused, Some(Refusal::RowsStay));
    assert_eq!(check(&ask(Kind::Std), &facts(116), &rules, false).refused, None);
    assert_eq!(check(&ask(Kind::Max), &facts(116), &rules, true).refused, None);
}

#[test]
fn every_note_and_refusal_reads_as_a_sentence() {
    assert_eq!(Note::IsARow.sentence(), "This answer is one row of your data, or lies halfway between two.");
    assert_eq!(
        Note::FewRows { rows: 1 }.sentence(),
        "Only 1 value stands behind this answer, so it says much about it."
    );
    assert_eq!(
        Note::FewRows { rows: 6 }.sentence(),
        "Only 6 values stand behind this answer, so it says much about each."
    );
    assert_eq!(Note::SelfAsserted.sentence(), "These rows are what you stored yourself; nobody else vouches for them.");
    assert_eq!(
        Refusal::TooFewRows { rows: 1, minimum: 5 }.owner_sentence(),
        "Your rules keep this here: this dataset has 1 row, and you want at least 5 behind any answer. You can allow it for this request, or lower the minimum."
    );
    assert_eq!(
        Refusal::TooFewValues { values: 3, minimum: 5 }.owner_sentence(),
        "Your rules keep this here: behind this answer stand 3 values, and you want at least 5 behind any. You can allow it for this request, or lower the minimum."
    );
    assert_eq!(
        Refusal::RowsStay.owner_sentence(),
        "Your rules keep this here: the answer would be one row of your data, and you let no row leave. You can allow it for this request, or change that rule."
    );
}

#[test]
fn a_question_about_a_row_is_no_row_and_a_rounded_row_is_one() {
    use protocol::{Rounding, Threshold};
    let of = || Box::new(ask(Kind::Max));
    let above = Computation::Above(Threshold { of: of(), than: "100".parse().unwrap() });
    let rounded = Computation::Rounded(Rounding { of: of(), to: "10".parse().unwrap() });
    let rules = Rules { rows_may_leave: false, ..Rules::default() };
    assert_eq!(check(&above, &facts(116), &rules, false).refused, None);
    assert_eq!(check(&rounded, &facts(116), &rules, false).refused, Some(Refusal::RowsStay));
    assert_eq!(check(&above, &facts(4), &rules, false).refused, Some(Refusal::TooFewRows { rows: 4, minimum: 5 }));
}

#[test]
fn every_refusal_names_its_rule_and_what_would_pass_to_the_owner_alone() {
    let told = |refusal: Refusal| {
        assert!(!refusal.follows_from_public_metadata(), "{refusal:?}");
        refusal.owner_sentence()
    };
    assert_eq!(
        told(Refusal::Dominated { percent: 90 }),
        "Your rules keep this here: one row makes more than 90 % of this sum, so that the sum nearly is that row. A sum of more rows, or without that one, would pass; or you can allow it for this request."
    );
    assert_eq!(
        told(Refusal::Fixes { rows: 1, smallest: 5 }),
        "Your rules keep this here: together with what they already have, this answer tells something about 1 row alone, and you want at least 5 behind anything they could work out. An answer over the same rows as before, or one that differs from it by 5 rows or more, would pass; or you can allow it for this request."
    );
    assert_eq!(
        told(Refusal::NearlyTheSame { rows: 2, smallest: 5 }),
        "Your rules keep this here: they have an answer over rows that differ from these by 2 rows, and two such answers can tell of them. One over the same rows as before, or one that differs by 5 rows or more, would pass; or you can allow it for this request."
    );
    assert_eq!(
        told(Refusal::TooManyNumbers { numbers: 7, rows: 12, most: 6 }),
        "Your rules keep this here: they would have 7 numbers about 12 rows, and without you looking it may be 6. You can answer it yourself."
    );
    assert_eq!(
        told(Refusal::LedgerFull),
        "Your rules keep this here: they have been told so much about this data that it can no longer be followed what it adds up to. You can allow it for this request."
    );
}

#[test]
fn rules_that_make_no_sense_are_refused_by_name() {
    let rules = Rules::default();
    assert_eq!(rules.validate(), Ok(()));
    let field = |rules: Rules| rules.validate().unwrap_err().0;
    assert_eq!(field(Rules { minimum_rows: 0, ..rules }), "minimum_rows");
    assert_eq!(field(Rules { smallest_group: MOST_ROWS + 1, ..rules }), "smallest_group");
    assert_eq!(field(Rules { dominance: 49, ..rules }), "dominance");
    assert_eq!(field(Rules { dominance: 101, ..rules }), "dominance");
    assert_eq!(field(Rules { round_to: Some("0".parse().unwrap()), ..rules }), "round_to");
}

#[test]
fn a_sum_that_is_nearly_one_row_is_refused_after_the_rules_on_how_many_there_are() {
    let dominated = Facts { rows: 116, values: Some(7), dominated: true };
    let refused = |facts: &Facts| check(&ask(Kind::Sum), facts, &Rules::default(), false).refused;
    assert_eq!(refused(&dominated), Some(Refusal::Dominated { percent: 90 }));
    let few = Facts { values: Some(2), ..dominated };
    assert_eq!(refused(&few), Some(Refusal::TooFewValues { values: 2, minimum: 5 }));
}
