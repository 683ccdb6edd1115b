use super::*;

fn name(text: &str) -> Name {
    text.parse().expect(text)
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn number(text: &str) -> Value {
    Value::Number(decimal(text))
}

fn amount() -> OnColumn {
    OnColumn::all(name("amount"))
}

fn mean() -> Box<Computation> {
    Box::new(Computation::Mean(amount()))
}

/// Why it is not valid; empty where it is.
fn fault(computation: &Computation) -> &'static str {
    computation.validate().err().map_or("", |invalid| invalid.field)
}

fn only(is: Comparison) -> Computation {
    Computation::Sum(OnColumn { filter: vec![Condition { column: name("amount"), is }], ..amount() })
}

#[test]
fn every_kind_is_found_by_its_word_and_plain_ones_make_a_computation_of_their_kind() {
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.name()), Some(kind));
        let computation = kind.over(name("amount"));
        assert_eq!(computation.is_some(), Kind::PLAIN.contains(&kind));
        if let Some(computation) = computation {
            assert_eq!(computation.kind(), kind);
            assert_eq!(computation.columns(), [&name("amount")]);
        }
    }
    assert_eq!(Kind::named("average"), Some(Kind::Mean));
    assert_eq!(Kind::named("mode"), None);
}

#[test]
fn the_word_of_a_kind_is_its_word_on_the_wire() {
    for kind in Kind::ALL {
        assert_eq!(cbor::to_vec(&kind).expect("encodes"), cbor::to_vec(kind.name()).expect("encodes"));
    }
}

#[test]
fn another_column_or_another_kind_is_another_hash() {
    let hash = |kind: Kind, column| kind.over(name(column)).expect("plain").hash().expect("encodes");
    assert_eq!(hash(Kind::Mean, "amount"), hash(Kind::Mean, "amount"));
    assert_ne!(hash(Kind::Mean, "amount"), hash(Kind::Mean, "Amount"));
    assert_ne!(hash(Kind::Mean, "amount"), hash(Kind::Sum, "amount"));
}

#[test]
fn arithmetic_means_something_on_numbers_only() {
    assert!(ColumnType::Integer.is_numeric() && ColumnType::Decimal(2).is_numeric());
    assert!(![ColumnType::Date, ColumnType::Text, ColumnType::Boolean].into_iter().any(ColumnType::is_numeric));
}

#[test]
fn every_column_that_is_read_is_named_once_values_first() {
    let filter = |column| vec![Condition { column: name(column), is: Comparison::More(number("1")) }];
    let group = Some(GroupBy { column: name("kind"), every: None });
    let on = OnColumn { filter: filter("balance"), group: group.clone(), ..amount() };
    let trend = Computation::Trend(Trend { on: on.clone(), over: name("day"), per: Per::Day });
    assert_eq!(trend.columns().iter().map(|c| c.as_str()).collect::<Vec<_>>(), ["amount", "day", "balance", "kind"]);
    let share = Computation::Share(Share { that: filter("amount"), filter: filter("amount"), group });
    assert_eq!(share.columns(), [&name("amount"), &name("kind")]);
    let above = Computation::Above(Threshold { of: Box::new(Computation::Sum(on)), than: decimal("1") });
    assert_eq!(above.columns().len(), 3);
    assert_eq!((above.kinds(), share.kinds()), (vec![Kind::Above, Kind::Sum], vec![Kind::Share]));
}

#[test]
fn parameters_outside_their_bounds_are_refused_by_name() {
    let quantile = |p| fault(&Computation::Quantile(Quantile { on: amount(), p: decimal(p) }));
    assert_eq!((quantile("0.5"), quantile("0.000001")), ("", ""));
    assert_eq!([quantile("0"), quantile("1"), quantile("1.5"), quantile("-0.5")], ["p"; 4]);
    let edges = |edges: &[&str]| edges.iter().map(|edge| decimal(edge)).collect::<Vec<_>>();
    let bins = |bins: &[&str]| fault(&Computation::Histogram(Histogram { on: amount(), edges: edges(bins) }));
    assert_eq!(
        (bins(&["0", "1"]), bins(&["0"]), bins(&["1", "0"]), bins(&["1", "1.0"])),
        ("", "edges", "edges", "edges")
    );
    let many: Vec<String> = (0..66).map(|edge| edge.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!((bins(&many[..65]), bins(&many)), ("", "edges"));
    let bands = |bands: &[&str]| fault(&Computation::Band(Bands { of: mean(), edges: edges(bands) }));
    assert_eq!((bands(&["0"]), bands(&many[..16])), ("", ""));
    assert_eq!((bands(&[]), bands(&many[..17]), bands(&["2", "1"])), ("edges", "edges", "edges"));
    let rounded = |to| fault(&Computation::Rounded(Rounding { of: mean(), to: decimal(to) }));
    assert_eq!((rounded("0.05"), rounded("0"), rounded("-1")), ("", "to", "to"));
    let share = |that: usize, filter: usize| {
        let condition = || Condition { column: name("amount"), is: Comparison::More(number("1")) };
        let (that, filter) = (vec![condition(); that], vec![condition(); filter]);
        fault(&Computation::Share(Share { that, filter, group: None }))
    };
    assert_eq!((share(8, 8), share(0, 0), share(9, 0), share(1, 9)), ("", "that", "that", "where"));
}

#[test]
fn a_question_is_about_one_number() {
    let above = |of| fault(&Computation::Above(Threshold { of: Box::new(of), than: decimal("1") }));
    let group = Some(GroupBy { column: name("kind"), every: None });
    let edges = vec![decimal("0"), decimal("1")];
    assert_eq!(above(*mean()), "");
    assert_eq!(above(Computation::Mean(OnColumn { group: group.clone(), ..amount() })), "of");
    assert_eq!(above(Computation::Histogram(Histogram { on: amount(), edges: edges.clone() })), "of");
    assert_eq!(above(Computation::Rounded(Rounding { of: mean(), to: decimal("1") })), "of");
    let on = OnColumn { group, ..amount() };
    assert_eq!(fault(&Computation::Histogram(Histogram { on, edges })), "group");
    // what it is about has bounds of its own
    assert_eq!(above(Computation::Quantile(Quantile { on: amount(), p: decimal("2") })), "p");
}

#[test]
fn comparisons_are_made_with_values_they_can_be_made_with() {
    let day = |text: &str| Value::Date(text.parse().expect(text));
    let word = |text: &str| Value::Text(name(text));
    let between = |from, to| fault(&only(Comparison::Between(Between { from, to })));
    assert_eq!((between(number("1"), number("1.0")), between(number("2"), number("1"))), ("", "where"));
    assert_eq!(between(day("2025-01-01"), day("2025-01-01")), "");
    assert_eq!(between(day("2025-01-02"), day("2025-01-01")), "where");
    assert_eq!((between(number("1"), day("2025-01-01")), between(word("a"), word("b"))), ("where", "where"));
    let one_of = |values| fault(&only(Comparison::OneOf(values)));
    assert_eq!((one_of(vec![word("a"), word("b")]), one_of(vec![number("1")])), ("", ""));
    assert_eq!((one_of(vec![]), one_of(vec![word("a"), word("a")])), ("where", "where"));
    assert_eq!((one_of(vec![word("a"), number("1")]), one_of(vec![Value::Boolean(true)])), ("where", "where"));
    assert_eq!(fault(&only(Comparison::Equal(word("a")))), "");
    assert_eq!(fault(&only(Comparison::Not(word("a")))), "where");
    assert_eq!(fault(&only(Comparison::Not(Value::Boolean(true)))), "");
    assert_eq!(fault(&only(Comparison::Less(Value::Boolean(true)))), "where");
}

#[test]
fn a_computation_too_large_to_travel_with_its_outcome_is_refused() {
    let wide = |count: usize| {
        let words = (0..count).map(|at| Value::Text(name(&format!("{at:064}")))).collect();
        let condition = Condition { column: name("kind"), is: Comparison::OneOf(words) };
        fault(&Computation::Sum(OnColumn { filter: vec![condition.clone(), condition], ..amount() }))
    };
    assert_eq!((wide(16), wide(32)), ("", "computation"));
}

#[test]
fn what_has_no_place_in_a_computation_is_not_decoded() {
    let refused = |text: &str| {
        let value: ciborium::Value = serde_json::from_str::<serde_json::Value>(text)
            .map(|json| ciborium::Value::serialized(&json).expect("encodes"))
            .expect("JSON");
        cbor::from_slice::<Computation>(&cbor::to_vec(&value).expect("encodes")).is_err()
    };
    assert!(!refused(r#"{"sum":{"column":"amount"}}"#));
    for bad in [
        r#"{"sum":{"column":"amount","where":[]}}"#,
        r#"{"sum":{"column":"amount","group":null}}"#,
        r#"{"sum":{"column":"amount","p":"0.5"}}"#,
        r#"{"quantile":{"on":{"column":"amount"},"p":0}}"#,
        r#"{"quantile":{"on":{"column":"amount"},"p":"1e-1"}}"#,
        r#"{"trend":{"on":{"column":"amount"},"over":"day","per":"week"}}"#,
        r#"{"sum":{"column":"amount","where":[{"column":"day","is":{"equal":{"date":"2025-02-30"}}}]}}"#,
        r#"{"sum":{"column":"amount","where":[{"column":"kind","is":{"equal":{"text":"a\u202eb"}}}]}}"#,
        r#"{"sum":{"column":"amount","where":[{"column":"kind","is":{"like":{"text":"a"}}}]}}"#,
        r#"{"sum":{"column":"amount","group":{"column":"day","every":"week"}}}"#,
        r#"{"mode":{"column":"amount"}}"#,
    ] {
        assert!(refused(bad), "{bad}");
    }
}

fn columns() -> Vec<Column> {
    let column = |text, of| Column { name: name(text), of };
    vec![
        column("amount", ColumnType::Decimal(2)),
        column("meter", ColumnType::Integer),
        column("day", ColumnType::Date),
        column("kind", ColumnType::Text),
        column("paid", ColumnType::Boolean),
    ]
}

#[test]
fn a_statistic_fits_columns_of_the_type_it_reads() {
    let fits = |kind: Kind, column| kind.over(name(column)).expect("plain").fits(&columns());
    for kind in Kind::PLAIN {
        assert_eq!(fits(kind, "amount").and(fits(kind, "meter")), Ok(()));
        let any = matches!(kind, Kind::Count | Kind::Distinct);
        for column in ["day", "kind", "paid"] {
            assert_eq!(fits(kind, column).is_ok(), any, "{kind:?} of {column}");
        }
        assert_eq!(fits(kind, "balance"), Err(NotPossible::NoColumn { column: name("balance") }));
    }
    let trend = |over| Computation::Trend(Trend { on: amount(), over: name(over), per: Per::Day }).fits(&columns());
    assert_eq!((trend("day"), trend("meter")), (Ok(()), Err(NotPossible::NotDates { column: name("meter") })));
}

#[test]
fn comparisons_and_groups_fit_columns_of_their_type() {
    let compares = |column, value| {
        let condition = Condition { column: name(column), is: Comparison::Equal(value) };
        let share = Computation::Share(Share { that: vec![condition.clone()], filter: vec![], group: None });
        let sum = Computation::Sum(OnColumn { filter: vec![condition], ..amount() });
        assert_eq!(sum.fits(&columns()), share.fits(&columns()));
        sum.fits(&columns())
    };
    let day = || Value::Date("2025-01-31".parse().expect("a date"));
    assert_eq!(compares("meter", number("1.5")), Ok(()));
    assert_eq!(compares("day", day()), Ok(()));
    assert_eq!(compares("kind", Value::Text(name("gas"))).and(compares("paid", Value::Boolean(true))), Ok(()));
    let other = NotPossible::OtherType { column: name("kind"), holds: "words", with: "number" };
    assert_eq!(compares("kind", number("1")), Err(other.clone()));
    assert_eq!(other.to_string(), "column “kind” holds words; compare it with that, not with a number");
    assert!(compares("amount", day()).is_err() && compares("unknown", day()).is_err());
    let groups = |column, every| {
        let group = Some(GroupBy { column: name(column), every });
        Computation::Count(OnColumn { group, ..amount() }).fits(&columns())
    };
    let month = Some(crate::Every::Month);
    assert_eq!(
        groups("kind", None).and(groups("paid", None)).and(groups("meter", None)).and(groups("day", month)),
        Ok(())
    );
    assert_eq!(groups("day", None), Err(NotPossible::NeedsPeriod { column: name("day") }));
    assert_eq!(groups("kind", month), Err(NotPossible::NoPeriod { column: name("kind") }));
    assert_eq!(groups("amount", None), Err(NotPossible::NoGroups { column: name("amount") }));
}

fn group(key: GroupKey, value: &str) -> Group {
    Group { key, value: Scalar::Decimal(decimal(value)) }
}

#[test]
fn an_outcome_prints_as_people_read_it() {
    let edges = || vec![decimal("0"), decimal("50"), decimal("100")];
    let band = |index| Outcome::Band(InBand { index, edges: edges() }).to_string();
    assert_eq!(Outcome::Count(48).to_string(), "48");
    assert_eq!(Outcome::Decimal(decimal("87.40")).to_string(), "87.40");
    assert_eq!([true, false].map(|holds| Outcome::Holds(holds).to_string()), ["yes", "no"]);
    assert_eq!([band(0), band(1), band(3)], ["below 0", "0 to below 50", "100 or more"]);
    let key = GroupKey::Text(name("gas"));
    let groups = Outcome::Groups(vec![group(key, "1.50"), group(GroupKey::Text(name("power")), "2")]);
    assert_eq!(groups.to_string(), "“gas”: 1.50; “power”: 2");
    assert_eq!(Outcome::Groups(vec![]).to_string(), "no group is large enough");
    let counts = vec![Tally::Count(7), Tally::Few];
    let bins = Outcome::Histogram(Bins { edges: edges(), below: Tally::Count(0), counts, above: Tally::Few });
    assert_eq!(
        bins.to_string(),
        "below 0: 0; 0 to below 50: 7; 50 to below 100: too few to say; 100 or more: too few to say"
    );
}

#[test]
fn an_outcome_that_no_computation_gives_is_refused() {
    let fault = |outcome: Outcome| outcome.validate().err().map_or("", |invalid| invalid.field);
    let key = |number: &str| GroupKey::Number(decimal(number));
    let groups = |keys: &[GroupKey]| fault(Outcome::Groups(keys.iter().map(|k| group(k.clone(), "1")).collect()));
    assert_eq!((groups(&[]), groups(&[key("-1"), key("2")])), ("", ""));
    assert_eq!((groups(&[key("2"), key("10"), key("9")]), groups(&[key("1"), key("1.0")])), ("groups", "groups"));
    assert_eq!(groups(&[GroupKey::Boolean(false), GroupKey::Boolean(true)]), "");
    assert_eq!(groups(&[GroupKey::Boolean(true), GroupKey::Boolean(false)]), "groups");
    let edges = |edges: &[&str]| edges.iter().map(|edge| decimal(edge)).collect::<Vec<_>>();
    let band = |index, of: &[&str]| fault(Outcome::Band(InBand { index, edges: edges(of) }));
    assert_eq!((band(0, &["1"]), band(1, &["1"]), band(2, &["1"])), ("", "", "index"));
    assert_eq!((band(0, &[]), band(0, &["2", "1"])), ("edges", "edges"));
    let bins = |of: &[&str], counts: usize| {
        let (edges, counts) = (edges(of), vec![Tally::Few; counts]);
        fault(Outcome::Histogram(Bins { edges, below: Tally::Few, counts, above: Tally::Few }))
    };
    assert_eq!((bins(&["0", "1"], 1), bins(&["0", "1"], 2), bins(&["1", "0"], 1)), ("", "counts", "edges"));
}

fn attribute(of: AttributeName) -> Attribute {
    let form = of.form();
    let mut attribute = Attribute::new(of);
    attribute.days = (form.span == Span::Days).then_some(90);
    attribute.months = (form.span == Span::Months).then_some(6);
    attribute.due = form.due.then_some(Due { day: 1, grace: 5 });
    if form.words == Words::Needed {
        attribute.words.push(name("power"));
    }
    attribute
}

#[test]
fn every_attribute_is_a_kind_of_its_own_and_its_name_is_its_word_on_the_wire() {
    let mut words: Vec<&str> = Kind::ALL.map(Kind::name).to_vec();
    for name in AttributeName::ALL {
        let kind = Kind::Attribute(*name);
        assert_eq!(Kind::named(name.name()), Some(kind));
        assert_eq!(cbor::to_vec(&kind).expect("encodes"), cbor::to_vec(name.name()).expect("encodes"));
        assert_eq!(cbor::from_slice::<Kind>(&cbor::to_vec(&kind).expect("encodes")).expect("decodes"), kind);
        let computation = Computation::Attribute(attribute(*name));
        assert_eq!((computation.validate(), computation.kinds()), (Ok(()), vec![kind]));
        words.push(name.name());
    }
    let all = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), all);
    // an alias for people is no word of the wire
    assert!(cbor::from_slice::<Kind>(&cbor::to_vec("average").expect("encodes")).is_err());
}

#[test]
fn an_attribute_is_told_what_it_must_be_told_and_nothing_else() {
    let with = |of, edit: fn(&mut Attribute)| {
        let mut asked = attribute(of);
        edit(&mut asked);
        fault(&Computation::Attribute(asked))
    };
    use AttributeName as A;
    assert_eq!(
        [7, 366, 6, 367]
            .map(|days| { fault(&Computation::Attribute(Attribute { days: Some(days), ..attribute(A::NsfCount) })) }),
        ["", "", "days", "days"]
    );
    assert_eq!(
        [1, 24, 0, 25].map(|months| {
            fault(&Computation::Attribute(Attribute { months: Some(months), ..attribute(A::RentToIncome) }))
        }),
        ["", "", "months", "months"]
    );
    assert_eq!(with(A::NsfCount, |asked| asked.days = None), "days");
    assert_eq!(with(A::NsfCount, |asked| asked.months = Some(3)), "months");
    assert_eq!(with(A::NsfCount, |asked| asked.words = vec![name("fee")]), "words");
    assert_eq!(with(A::DaysOfHistory, |asked| asked.days = Some(30)), "days");
    assert_eq!(with(A::RentToIncome, |asked| asked.due = Some(Due { day: 1, grace: 0 })), "due");
    assert_eq!(with(A::RentOnTimeRatio, |asked| asked.due = None), "due");
    let due = |day, grace| {
        fault(&Computation::Attribute(Attribute { due: Some(Due { day, grace }), ..attribute(A::RentOnTimeRatio) }))
    };
    assert_eq!([due(28, 15), due(0, 5), due(29, 5), due(1, 16)], ["", "due", "due", "grace"]);
    assert_eq!(with(A::BillOnTimeRatio, |asked| asked.words.clear()), "words");
    assert_eq!(with(A::IncomeTrend, |asked| asked.words = vec![name("a"), name("a")]), "words");
    assert_eq!(with(A::IncomeTrend, |asked| asked.words = (0..9).map(|n| name(&n.to_string())).collect()), "words");
    assert_eq!(with(A::IncomeTrend, |asked| asked.currency = Some(name("eur"))), "currency");
    assert_eq!(with(A::IncomeTrend, |asked| asked.currency = Some(name("EUR"))), "");
    let above = Computation::Above(Threshold {
        of: Box::new(Computation::Attribute(attribute(A::NsfCount))),
        than: decimal("1"),
    });
    assert_eq!((fault(&above), above.kinds()), ("", vec![Kind::Above, Kind::Attribute(A::NsfCount)]));
}

#[test]
fn an_attribute_fits_a_ledger_and_nothing_else() {
    let column = |part: LedgerColumn, of| Column { name: part.name().clone(), of };
    let ledger: Vec<Column> = LedgerColumn::ALL
        .into_iter()
        .map(|part| match part {
            LedgerColumn::Date => column(part, ColumnType::Date),
            LedgerColumn::Amount | LedgerColumn::Balance => column(part, ColumnType::Decimal(2)),
            _ => column(part, ColumnType::Text),
        })
        .collect();
    for name in AttributeName::ALL {
        let computation = Computation::Attribute(attribute(*name));
        assert_eq!(computation.fits(&ledger), Ok(()));
        assert!(computation.columns().iter().all(|read| ledger.iter().any(|column| column.name == **read)));
        for missing in computation.columns() {
            let rest: Vec<Column> = ledger.iter().filter(|column| column.name != *missing).cloned().collect();
            let expected = Err(NotPossible::NotTransactions { column: missing.clone() });
            assert_eq!(computation.fits(&rest), expected);
            let other: Vec<Column> = ledger
                .iter()
                .cloned()
                .map(|column| {
                    let of = if column.name == *missing { ColumnType::Boolean } else { column.of };
                    Column { of, ..column }
                })
                .collect();
            assert_eq!(computation.fits(&other), expected);
        }
    }
    let read = |of| {
        let computation = Computation::Attribute(attribute(of));
        computation.columns().into_iter().map(|column| column.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(read(AttributeName::TotalInflow), ["date", "amount", "currency", "account"]);
    assert_eq!(read(AttributeName::NsfCount)[4..], ["description", "counterparty"]);
    assert_eq!(read(AttributeName::BufferMonths)[4..], ["balance"]);
}

#[test]
fn an_attribute_over_another_part_of_the_rows_than_by_custom_is_one_of_parts() {
    let parts = |of, edit: fn(&mut Attribute)| {
        let mut asked = attribute(of);
        edit(&mut asked);
        let question = Threshold { of: Box::new(Computation::Attribute(asked.clone())), than: decimal("1") };
        assert_eq!(Computation::Above(question).in_parts(), asked.in_parts());
        asked.in_parts()
    };
    use AttributeName as A;
    for name in AttributeName::ALL {
        assert_eq!(parts(*name, |_| {}), *name == A::BillOnTimeRatio);
    }
    assert!(!parts(A::NsfCount, |asked| asked.days = Some(30)));
    assert!(parts(A::NsfCount, |asked| asked.days = Some(31)));
    assert!(
        !parts(A::IncomeTrend, |asked| asked.months = Some(12))
            && parts(A::IncomeTrend, |asked| asked.months = Some(5))
    );
    assert!(parts(A::RentOnTimeRatio, |asked| asked.due = Some(Due { day: 2, grace: 5 })));
    assert!(parts(A::IncomeTrend, |asked| asked.words = vec![name("wage")]));
    assert!(parts(A::NsfCount, |asked| asked.as_of = "2025-01-31".parse().ok()));
    assert!(parts(A::NsfCount, |asked| asked.currency = Some(name("EUR"))));
    assert!(parts(A::NsfCount, |asked| asked.account = Some(name("0123456789abcdef"))));
}

#[test]
fn the_columns_of_a_ledger_have_names_that_a_column_can_have() {
    for column in LedgerColumn::ALL {
        assert_eq!(column.name().as_str().parse::<Name>().as_ref(), Ok(column.name()));
    }
}
