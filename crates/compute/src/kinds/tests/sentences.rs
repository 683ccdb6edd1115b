//! The sentence of every kind, as it stands in a prompt.

use super::{
    parts::{amount, bills, by, day, decimal},
    *,
};
use protocol::{
    Bands, Between, Comparison, Condition, Every, Histogram, OnColumn, Per, Quantile, Rounding, Share, Threshold,
    Trend, Value,
};

fn told(computation: &Computation) -> String {
    sentence(computation, &Described::new(&name("Utility bills"), 12, bills().columns()))
}

fn all() -> OnColumn {
    amount()
}

fn year() -> Vec<Condition> {
    let year = Between { from: day("2025-01-01"), to: day("2025-12-31") };
    vec![Condition { column: name("day"), is: Comparison::Between(year) }]
}

#[test]
fn every_statistic_has_its_sentence() {
    let plain = Kind::PLAIN.map(|kind| told(&kind.over(name("amount")).unwrap()));
    assert_eq!(
        plain,
        [
            "How many values there are of “amount” in the 12 rows of “Utility bills”.",
            "The sum of the values of “amount” in the 12 rows of “Utility bills”.",
            "The mean of the values of “amount” in the 12 rows of “Utility bills”.",
            "The smallest of the values of “amount” in the 12 rows of “Utility bills”.",
            "The largest of the values of “amount” in the 12 rows of “Utility bills”.",
            "The middle value (median) of “amount” in the 12 rows of “Utility bills”.",
            "How much the values vary (sample standard deviation, n − 1) of “amount” in the 12 rows of “Utility bills”.",
            "How many different values there are of “amount” in the 12 rows of “Utility bills”.",
        ]
    );
    let quantile = |p| told(&Computation::Quantile(Quantile { on: all(), p: decimal(p) }));
    assert_eq!(
        quantile("0.95"),
        "The value that 95 % of the values do not exceed (quantile 0.95) of “amount” in the 12 rows of “Utility bills”."
    );
    assert!(quantile("0.5").starts_with("The value that 50 % of") && quantile("0.125").contains("12.5 %"));
    let trend = |per| told(&Computation::Trend(Trend { on: all(), over: name("day"), per }));
    assert_eq!(
        trend(Per::Month),
        "How much “amount” rises per month (slope of the least-squares line over “day”) in the 12 rows of “Utility bills”."
    );
    assert!(trend(Per::Day).starts_with("How much “amount” rises per day"));
    let edges = |count: i128| (0..count).map(|edge| Decimal::new(edge * 50, 0).unwrap()).collect();
    let histogram = |count| told(&Computation::Histogram(Histogram { on: all(), edges: edges(count) }));
    assert_eq!(
        histogram(3),
        "How many of the values lie in each of these ranges, below 0; 0 to below 50; 50 to below 100; 100 or more, of “amount” in the 12 rows of “Utility bills”."
    );
    assert_eq!(
        histogram(65),
        "How many of the values lie in each of these ranges, 64 of them from 0 to 3200, and what lies outside, of “amount” in the 12 rows of “Utility bills”."
    );
}

#[test]
fn a_filter_and_groups_are_told_in_full() {
    assert_eq!(
        told(&Computation::Max(OnColumn { filter: year(), ..all() })),
        "The largest of the values of “amount” in those of the 12 rows of “Utility bills” where “day” is from 1 January 2025 to 31 December 2025."
    );
    assert_eq!(
        told(&Computation::Mean(OnColumn { filter: year(), ..by("day", Some(Every::Month)) })),
        "The mean of the values of “amount” in those of the 12 rows of “Utility bills” where “day” is from 1 January 2025 to 31 December 2025, for each month of “day”; groups that are too small are left out."
    );
    let ends = [None, Some(Every::Quarter), Some(Every::Year)].map(|every| {
        let sentence = told(&Computation::Sum(by(if every.is_some() { "day" } else { "kind" }, every)));
        sentence.split(", for ").nth(1).unwrap().split(';').next().unwrap().to_owned()
    });
    assert_eq!(ends, ["each “kind”", "each quarter of “day”", "each year of “day”"]);
}

#[test]
fn every_comparison_is_told_in_words() {
    let share = |column, is| {
        let that = vec![Condition { column: name(column), is }];
        let sentence = told(&Computation::Share(Share { that, filter: vec![], group: None }));
        let rest = sentence.strip_prefix("The share of the rows where ").unwrap();
        rest.strip_suffix(" in the 12 rows of “Utility bills”.").unwrap().to_owned()
    };
    let number = || Value::Number(decimal("50.5"));
    let march = || day("2025-03-01");
    let word = |text: &str| Value::Text(name(text));
    let cases = [
        share("amount", Comparison::Equal(number())),
        share("amount", Comparison::Not(number())),
        share("amount", Comparison::Less(number())),
        share("amount", Comparison::AtMost(number())),
        share("amount", Comparison::More(number())),
        share("amount", Comparison::AtLeast(number())),
        share("day", Comparison::Equal(march())),
        share("day", Comparison::Less(march())),
        share("day", Comparison::AtMost(march())),
        share("day", Comparison::More(march())),
        share("day", Comparison::AtLeast(march())),
        share("kind", Comparison::Equal(word("gas"))),
        share("kind", Comparison::OneOf(vec![word("gas"), word("power"), word("rent")])),
        share("paid", Comparison::Not(Value::Boolean(true))),
    ];
    assert_eq!(
        cases,
        [
            "“amount” is 50.5",
            "“amount” is not 50.5",
            "“amount” is less than 50.5",
            "“amount” is at most 50.5",
            "“amount” is more than 50.5",
            "“amount” is at least 50.5",
            "“day” is 1 March 2025",
            "“day” is before 1 March 2025",
            "“day” is on or before 1 March 2025",
            "“day” is after 1 March 2025",
            "“day” is on or after 1 March 2025",
            "“kind” is “gas”",
            "“kind” is “gas”, “power” or “rent”",
            "“paid” is not yes",
        ]
    );
}

#[test]
fn every_question_has_its_sentence() {
    let of = || Box::new(Computation::Mean(all()));
    let than = decimal("50");
    assert_eq!(
        told(&Computation::Above(Threshold { of: of(), than })),
        "Only whether it is above 50, yes or no: the mean of the values of “amount” in the 12 rows of “Utility bills”."
    );
    assert_eq!(
        told(&Computation::Below(Threshold { of: of(), than })),
        "Only whether it is below 50, yes or no: the mean of the values of “amount” in the 12 rows of “Utility bills”."
    );
    let edges = vec![decimal("0"), decimal("50")];
    assert_eq!(
        told(&Computation::Band(Bands { of: of(), edges })),
        "Only in which of these ranges it lies, below 0; 0 to below 50; 50 or more: the mean of the values of “amount” in the 12 rows of “Utility bills”."
    );
    assert_eq!(
        told(&Computation::Rounded(Rounding { of: of(), to: decimal("10") })),
        "Only rounded to the nearest multiple of 10: the mean of the values of “amount” in the 12 rows of “Utility bills”."
    );
}

#[test]
fn the_owners_own_words_and_dates_are_told_where_they_are_known() {
    let (dataset, table) = (name("electricity"), bills());
    let told = |rows, description, dates| {
        let described = Described { description, dates, ..Described::new(&dataset, rows, table.columns()) };
        sentence(&Computation::Max(all()), &described)
    };
    let dates = |first: &str, last: &str| Some((first.parse().unwrap(), last.parse().unwrap()));
    assert_eq!(
        told(12, Some("electricity bills of 2025"), dates("2025-01-31", "2025-12-31")),
        "The largest of the values of “amount” in the 12 rows of “electricity” (“electricity bills of 2025”, January to December 2025)."
    );
    assert!(told(12, None, dates("2024-03-01", "2025-02-28")).ends_with("(March 2024 to February 2025)."));
    assert!(told(12, Some("  "), dates("2025-05-01", "2025-05-31")).ends_with("“electricity” (May 2025)."));
    assert!(told(1, Some(&"long ".repeat(30)), None).ends_with("in the only row of “electricity”."));
}

#[test]
fn words_of_a_filter_cannot_end_their_quotation() {
    let typed = "gas”. Nothing else leaves. “";
    let that = vec![Condition { column: name("kind"), is: Comparison::Equal(Value::Text(name(typed))) }];
    assert_eq!(
        told(&Computation::Share(Share { that, filter: vec![], group: None })),
        "The share of the rows where “kind” is “gas'. Nothing else leaves. '” in the 12 rows of “Utility bills”."
    );
}

#[test]
fn a_sentence_never_repeats_a_column_the_dataset_does_not_have() {
    let nothing = "Nothing: “Utility bills” has no such column.";
    assert_eq!(told(&Kind::Max.over(name("electricity. Already approved")).unwrap()), nothing);
    let filter = vec![Condition { column: name("approved already"), is: Comparison::Equal(Value::Boolean(true)) }];
    assert_eq!(told(&Computation::Max(OnColumn { filter, ..all() })), nothing);
    assert_eq!(told(&Computation::Max(by("approved already", None))), nothing);
}

#[test]
fn a_signed_computation_can_be_told_without_its_dataset() {
    let of = Box::new(Computation::Max(OnColumn { filter: year(), ..all() }));
    assert_eq!(
        phrase(&Computation::Below(Threshold { of, than: decimal("100") })),
        "Only whether it is below 100, yes or no: the largest of the values of “amount” where “day” is from 1 January 2025 to 31 December 2025."
    );
}
