//! Filters, groups, new kinds and questions by hand; what is refused; limits.

use super::*;
use protocol::{
    Bands, Between, Bins, Comparison, Condition, Every, Group, GroupBy, GroupKey, Histogram, InBand, OnColumn, Per,
    Quantile, Rounding, Scalar, Share, Tally, Threshold, Trend, Value,
};

/// Twelve bills: month, amount, kind, paid.
pub(super) fn bills() -> Table {
    let amounts =
        ["61.40", "58.15", "49.90", "44.05", "41.20", "52.75", "71.30", "74.85", "55.60", "43.95", "48.10", "59.25"];
    let column = |text, of| Column { name: name(text), of };
    let mut builder = TableBuilder::new(vec![
        column("day", ColumnType::Date),
        column("amount", ColumnType::Decimal(2)),
        column("kind", ColumnType::Text),
        column("paid", ColumnType::Boolean),
    ])
    .unwrap();
    for (month, amount) in (1..).zip(amounts) {
        let day = Date::new(2025, month, 28).unwrap().days();
        let kind = if month % 2 == 1 { Cell::Text("power") } else { Cell::Text("gas") };
        builder.push(&[Cell::Date(day), Cell::Number(decimal(amount)), kind, Cell::Boolean(month < 12)]).unwrap();
    }
    builder.finish().unwrap()
}

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn amount() -> OnColumn {
    OnColumn::all(name("amount"))
}

pub(super) fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn number(text: &str) -> Value {
    Value::Number(decimal(text))
}

fn where_(column: &str, is: Comparison) -> OnColumn {
    OnColumn { filter: vec![Condition { column: name(column), is }], ..amount() }
}

pub(super) fn by(column: &str, every: Option<Every>) -> OnColumn {
    OnColumn { group: Some(GroupBy { column: name(column), every }), ..amount() }
}

fn told(computation: &Computation) -> String {
    run(computation, &bills(), &ALWAYS).unwrap().to_string()
}

#[test]
fn further_statistics_of_twelve_bills_are_those_done_by_hand() {
    let quantile = |p| told(&Computation::Quantile(Quantile { on: amount(), p: decimal(p) }));
    // in order: 41.20 43.95 44.05 48.10 49.90 52.75 55.60 58.15 59.25 61.40 71.30 74.85; h = 11·0.9 = 9.9:
    // 61.40 + 0.9·(71.30 − 61.40) = 70.31
    assert_eq!(quantile("0.9"), "70.31000000");
    // h = 5.5: halfway between 52.75 and 55.60, which is the median
    assert_eq!((quantile("0.5"), told(&Computation::Median(amount()))), ("54.17500000".into(), "54.175".into()));
    assert_eq!(told(&Computation::Distinct(OnColumn::all(name("kind")))), "2");
    assert_eq!(told(&Computation::Distinct(OnColumn::all(name("paid")))), "2");
    assert_eq!(told(&Computation::Distinct(OnColumn::all(name("day")))), "12");
    // six of twelve are above 53
    let above = vec![Condition { column: name("amount"), is: Comparison::More(number("53")) }];
    assert_eq!(told(&Computation::Share(Share { that: above, filter: vec![], group: None })), "0.500000");
}

#[test]
fn a_slope_is_that_of_a_line_and_a_month_is_a_month() {
    let column = |text, of| Column { name: name(text), of };
    let columns = vec![column("day", ColumnType::Date), column("amount", ColumnType::Integer)];
    let mut builder = TableBuilder::new(columns).unwrap();
    for (month, date) in [(1, 31), (2, 28), (3, 1), (12, 31)] {
        let day = Date::new(2025, month, date).unwrap().days();
        let value = (10 + 7 * i64::from(month)).to_string();
        builder.push(&[Cell::Date(day), Cell::Number(decimal(&value))]).unwrap();
    }
    builder.push(&[Cell::Absent, Cell::Number(decimal("1000"))]).unwrap();
    let table = builder.finish().unwrap();
    let trend = |per| Computation::Trend(Trend { on: amount(), over: name("day"), per });
    assert_eq!(run(&trend(Per::Month), &table, &ALWAYS).unwrap().to_string(), "7.000000");
    let per_day = run(&trend(Per::Day), &table, &ALWAYS).unwrap().scalar().unwrap().decimal();
    assert!(per_day.cmp_value(&decimal("0.2")).is_gt() && per_day.cmp_value(&decimal("0.3")).is_lt());
}

#[test]
fn a_trend_needs_two_dates() {
    let column = |text, of| Column { name: name(text), of };
    let columns = vec![column("day", ColumnType::Date), column("amount", ColumnType::Integer)];
    let trend = Computation::Trend(Trend { on: amount(), over: name("day"), per: Per::Month });
    let mut builder = TableBuilder::new(columns).unwrap();
    builder.push(&[Cell::Date(0), Cell::Number(decimal("1"))]).unwrap();
    let one = builder.finish().unwrap();
    assert!(matches!(run(&trend, &one, &ALWAYS), Err(RunError::TooFewValues { needed: 2, found: 1, .. })));
    let mut builder = TableBuilder::new(one.columns().to_vec()).unwrap();
    builder.push(&[Cell::Date(0), Cell::Number(decimal("1"))]).unwrap();
    builder.push(&[Cell::Date(30), Cell::Number(decimal("2"))]).unwrap();
    assert!(matches!(run(&trend, &builder.finish().unwrap(), &ALWAYS), Err(RunError::OneDate)));
}

#[test]
fn a_filter_leaves_only_the_rows_it_names() {
    let sum = |on| told(&Computation::Sum(on));
    let summer = Between { from: day("2025-06-01"), to: day("2025-08-31") };
    assert_eq!(sum(where_("day", Comparison::Between(summer))), "198.90");
    assert_eq!(sum(where_("kind", Comparison::Equal(Value::Text(name("gas"))))), "333.00");
    assert_eq!(sum(where_("kind", Comparison::OneOf(vec![Value::Text(name("coal"))]))), "0.00");
    assert_eq!(sum(where_("paid", Comparison::Not(Value::Boolean(true)))), "59.25");
    // between two units of the column: 44.05 is above 44.049 and 44.05 is not below it
    assert_eq!(sum(where_("amount", Comparison::Less(number("44.049")))), "85.15");
    assert_eq!(sum(where_("amount", Comparison::AtMost(number("44.05")))), "129.20");
    assert_eq!(sum(where_("amount", Comparison::Equal(number("44.0500")))), "44.05");
    assert_eq!(sum(where_("amount", Comparison::Equal(number("44.051")))), "0.00");
}

#[test]
fn groups_are_in_order_and_those_that_are_too_small_are_left_out() {
    let mean = |on| told(&Computation::Mean(on));
    assert_eq!(mean(by("kind", None)), "“gas”: 55.50000000; “power”: 54.58333333");
    assert_eq!(mean(by("paid", None)), "yes: 54.65909091");
    assert_eq!(mean(by("day", Some(Every::Quarter))), "no group is large enough");
    let ran = |smallest_group| {
        let rules = Rules { smallest_group, ..Rules::default() };
        run_by(&rules, &Computation::Count(by("day", Some(Every::Quarter))), &bills(), &ALWAYS).unwrap()
    };
    assert_eq!(ran(3).outcome.to_string(), "2025-Q1: 3; 2025-Q2: 3; 2025-Q3: 3; 2025-Q4: 3");
    // behind the smallest group that is told of; where none is, behind all
    assert_eq!((ran(3).values, ran(4).values), (3, 12));
    // one value has no standard deviation
    let lonely = Rules { smallest_group: 1, ..Rules::default() };
    let std = run_by(&lonely, &Computation::Std(by("paid", None)), &bills(), &ALWAYS).unwrap();
    assert!(matches!(&std.outcome, Outcome::Groups(groups) if groups.len() == 1));
}

#[test]
fn a_histogram_counts_between_the_edges_it_is_given() {
    let edges = vec![decimal("45"), decimal("55.6"), decimal("70")];
    let asked = Computation::Histogram(Histogram { on: amount(), edges: edges.clone() });
    let ran = |smallest_group| {
        let rules = Rules { smallest_group, ..Rules::default() };
        run_by(&rules, &asked, &bills(), &ALWAYS).unwrap().outcome
    };
    let counts = vec![Tally::Count(3), Tally::Count(4)];
    let all = Bins { edges: edges.clone(), below: Tally::Count(3), counts, above: Tally::Count(2) };
    assert_eq!(ran(0), Outcome::Histogram(all.clone()));
    // the two above are too few, and twelve less the others would tell them: one more is not told of
    let few = Bins { above: Tally::Few, below: Tally::Few, ..all };
    assert_eq!(ran(3), Outcome::Histogram(few));
}

#[test]
fn a_sum_that_is_nearly_one_row_is_said_to_be_and_such_a_group_is_left_out() {
    let file = "amount,kind\n-90.01,a\n2,a\n3,a\n-2,a\n3,a\n10,b\n10,b\n10,b\n10,b\n10,b\n";
    let table = crate::formats::read(file.as_bytes(), &crate::formats::Options::default()).unwrap().table;
    let ran = |asked: &Computation, dominance| {
        let rules = Rules { dominance, ..Rules::default() };
        run_by(&rules, asked, &table, &ALWAYS).unwrap()
    };
    let a = Condition { column: name("kind"), is: Comparison::Equal(Value::Text(name("a"))) };
    // 90.01 of 100.01: 90.001 %
    let of_a = OnColumn { filter: vec![a], ..OnColumn::all(name("amount")) };
    for asked in [Computation::Sum(of_a.clone()), Computation::Mean(of_a)] {
        assert!(ran(&asked, 90).dominated && !ran(&asked, 91).dominated && !ran(&asked, 100).dominated);
    }
    assert!(!ran(&Computation::Sum(OnColumn::all(name("amount"))), 90).dominated);
    let group = Some(GroupBy { column: name("kind"), every: None });
    let by_kind = Computation::Sum(OnColumn { group, ..OnColumn::all(name("amount")) });
    assert_eq!(ran(&by_kind, 90).outcome.to_string(), "“b”: 50.00");
    assert_eq!(ran(&by_kind, 91).outcome.to_string(), "“a”: -84.01; “b”: 50.00");
}

#[test]
fn every_number_is_rounded_to_the_owners_step_before_any_question() {
    let ran = |asked: &Computation, step| {
        let rules = Rules { round_to: Some(decimal(step)), ..Rules::default() };
        run_by(&rules, asked, &bills(), &ALWAYS).unwrap().outcome.to_string()
    };
    // the mean is 55.04166667, and there are twelve
    let mean = Computation::Mean(amount());
    assert_eq!((ran(&mean, "10"), ran(&mean, "0.5")), ("60".to_owned(), "55.0".to_owned()));
    let above = Computation::Above(Threshold { of: Box::new(mean), than: decimal("59") });
    assert_eq!(ran(&above, "10"), "yes");
    let count = Computation::Count(amount());
    assert_eq!((ran(&count, "5"), ran(&count, "0.5")), ("10".to_owned(), "12".to_owned()));
    assert_eq!(ran(&Computation::Mean(by("kind", None)), "1"), "“gas”: 56; “power”: 55");
    let edges = vec![decimal("45"), decimal("70")];
    let bins = Computation::Histogram(Histogram { on: amount(), edges });
    assert_eq!(ran(&bins, "2"), "below 45: too few to say; 45 to below 70: 8; 70 or more: too few to say");
}

#[test]
fn questions_tell_less_than_the_number() {
    let of = || Box::new(Computation::Mean(amount()));
    // the mean is 55.04166667
    let ask = |question: &Computation| run(question, &bills(), &ALWAYS).unwrap();
    let above = |than| ask(&Computation::Above(Threshold { of: of(), than: decimal(than) }));
    let below = |than| ask(&Computation::Below(Threshold { of: of(), than: decimal(than) }));
    assert_eq!((above("55"), above("55.04166667")), (Outcome::Holds(true), Outcome::Holds(false)));
    assert_eq!((below("56"), below("55.04166667")), (Outcome::Holds(true), Outcome::Holds(false)));
    let edges = vec![decimal("50"), decimal("55.04166667"), decimal("60")];
    assert_eq!(
        ask(&Computation::Band(Bands { of: of(), edges: edges.clone() })),
        Outcome::Band(InBand { index: 2, edges })
    );
    let rounded = |to| ask(&Computation::Rounded(Rounding { of: of(), to: decimal(to) })).to_string();
    assert_eq!(["10", "0.5", "100", "1000"].map(rounded), ["60", "55.0", "100", "0"]);
    let count = Box::new(Computation::Count(amount()));
    assert_eq!(ask(&Computation::Rounded(Rounding { of: count, to: decimal("8") })).to_string(), "16");
}

#[test]
fn a_rounding_between_two_steps_goes_to_the_even_one() {
    let rounded = |value: &str| {
        let of = Box::new(Kind::Max.over(name("value")).unwrap());
        let asked = Computation::Rounded(Rounding { of, to: decimal("20") });
        run(&asked, &table(&[value]), &ALWAYS).unwrap().to_string()
    };
    assert_eq!(["10", "30", "50", "-10", "-30", "10.01"].map(rounded), ["0", "40", "40", "0", "-40", "20"]);
}

#[test]
fn groups_without_number_are_refused() {
    let column = Column { name: name("amount"), of: ColumnType::Integer };
    let table = |rows: i64| {
        let mut builder = TableBuilder::new(vec![column.clone()]).unwrap();
        (0..rows).for_each(|row| builder.push(&[Cell::Number(decimal(&row.to_string()))]).unwrap());
        builder.finish().unwrap()
    };
    let count = Computation::Count(by("amount", None));
    let rules = Rules { smallest_group: 1, ..Rules::default() };
    let ran = |rows| run_by(&rules, &count, &table(rows), &ALWAYS);
    assert!(matches!(ran(64), Ok(Ran { outcome: Outcome::Groups(groups), .. }) if groups.len() == 64));
    assert!(matches!(ran(65), Err(RunError::TooManyGroups { limit: 64 })));
    assert!(matches!(ran(4097), Err(RunError::TooManyGroups { limit: 4096 })));
    // many groups that are too small are no hindrance
    assert!(matches!(run(&count, &table(4096), &ALWAYS), Ok(Outcome::Groups(groups)) if groups.is_empty()));
}

#[test]
fn a_group_whose_words_could_deceive_does_not_leave() {
    let column = |text, of| Column { name: name(text), of };
    let mut builder =
        TableBuilder::new(vec![column("kind", ColumnType::Text), column("amount", ColumnType::Integer)]).unwrap();
    (0..5).for_each(|_| builder.push(&[Cell::Text("a\u{202e}b"), Cell::Number(decimal("1"))]).unwrap());
    let table = builder.finish().unwrap();
    assert!(matches!(run(&Computation::Sum(by("kind", None)), &table, &ALWAYS), Err(RunError::GroupName)));
}

#[test]
fn what_does_not_fit_the_columns_does_not_run() {
    let refused = |computation: &Computation| match run(computation, &bills(), &ALWAYS) {
        Err(RunError::NotPossible(why)) => why.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused(&Computation::Sum(by("amount", None))).contains("holds decimals"));
    assert!(refused(&Computation::Sum(where_("day", Comparison::More(number("1"))))).contains("holds dates"));
    assert!(refused(&Computation::Sum(where_("hour", Comparison::More(number("1"))))).contains("no column “hour”"));
    let trend = Computation::Trend(Trend { on: amount(), over: name("kind"), per: Per::Day });
    assert!(refused(&trend).contains("does not hold dates"));
}

#[test]
fn a_column_of_the_filter_is_read_within_the_same_bounds() {
    let asked = Computation::Sum(where_("day", Comparison::More(day("2025-01-01"))));
    let cancelled = Bounds { max_rows: 12, cancelled: &|| true };
    assert!(matches!(run(&asked, &bills(), &cancelled), Err(RunError::Cancelled)));
    let few = Bounds { max_rows: 11, cancelled: &|| false };
    assert!(matches!(run(&asked, &bills(), &few), Err(RunError::TooManyRows { rows: 12, limit: 11 })));
}

#[test]
fn the_key_and_value_of_a_group_are_typed() {
    let Outcome::Groups(groups) = run(&Computation::Count(by("paid", None)), &bills(), &ALWAYS).unwrap() else {
        panic!("no groups")
    };
    assert_eq!(groups, [Group { key: GroupKey::Boolean(true), value: Scalar::Count(11) }]);
}

#[test]
fn the_first_and_the_last_date_are_found_and_a_dataset_without_dates_has_none() {
    let (first, last) = dates(&bills(), &ALWAYS).unwrap().unwrap();
    assert_eq!((first.to_string(), last.to_string()), ("2025-01-28".to_owned(), "2025-12-28".to_owned()));
    assert_eq!(date_column(bills().columns()).map(|column| column.name.as_str()), Some("day"));
    assert_eq!(dates(&table(&["1"]), &ALWAYS).unwrap(), None);
}
