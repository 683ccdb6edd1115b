//! Random datasets, with absent, negative and huge cells, and random computations over them.

use super::*;

fn cell_limit() -> i128 {
    10_i128.pow(28) - 1
}

pub(super) fn data() -> impl Strategy<Value = Data> {
    let amount = prop_oneof![
        4 => -1_000_i128..1_000,
        2 => (-100_i64..100).prop_map(|n| i128::from(n) * 50),
        1 => any::<i64>().prop_map(i128::from),
        1 => prop_oneof![Just(cell_limit()), Just(-cell_limit())],
    ];
    let meter = prop_oneof![4 => -3_i64..4, 1 => any::<i64>(), 1 => prop_oneof![Just(i64::MAX), Just(i64::MIN)]];
    let day = prop_oneof![5 => 19_700_i32..20_400, 1 => -719_162_i32..=2_932_896];
    let kind = proptest::sample::select(&["gas", "power", "rent", "ü", "zz"][..]).prop_map(str::to_owned);
    let present = |strategy: BoxedStrategy<_>| proptest::option::weighted(0.85, strategy);
    let row = (
        present(amount.boxed()),
        proptest::option::weighted(0.85, meter),
        proptest::option::weighted(0.85, day),
        proptest::option::weighted(0.85, kind),
        proptest::option::weighted(0.85, any::<bool>()),
    )
        .prop_map(|(amount, meter, day, kind, paid)| Row { amount, meter, day, kind, paid });
    (0_u8..=12, proptest::collection::vec(row, 0..60), proptest::array::uniform5(1_usize..25), 1_usize..4)
        .prop_map(|(scale, rows, cuts, threads)| Data { scale, rows, cuts, threads })
}

pub(super) fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    proptest::collection::vec(condition(), 0..3)
}

fn condition() -> impl Strategy<Value = Condition> {
    let number = (-1_200_i128..1_200, 0_u8..4).prop_map(|(m, scale)| Value::Number(Decimal::new(m, scale).unwrap()));
    let huge = prop_oneof![Just(10_i128.pow(37)), Just(-(10_i128.pow(37))), any::<i64>().prop_map(i128::from)]
        .prop_map(|mantissa| Value::Number(Decimal::new(mantissa, 0).unwrap()));
    let number = prop_oneof![5 => number, 1 => huge];
    let date = (19_700_i32..20_400).prop_map(|days| Value::Date(Date::from_days(days).unwrap()));
    let order = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.cmp_value(b).is_le(),
        (Value::Date(a), Value::Date(b)) => a <= b,
        _ => true,
    };
    let ordered = move |column: &'static str, value: BoxedStrategy<Value>| {
        (value.clone(), value, 0..8).prop_map(move |(one, other, which)| Condition {
            column: name(column),
            is: match which {
                0 => Comparison::Equal(one),
                1 => Comparison::Not(one),
                2 => Comparison::Less(one),
                3 => Comparison::AtMost(one),
                4 => Comparison::More(one),
                5 => Comparison::AtLeast(one),
                6 if order(&one, &other) => Comparison::Between(Between { from: one, to: other }),
                6 => Comparison::Between(Between { from: other, to: one }),
                _ if one == other => Comparison::OneOf(vec![one]),
                _ => Comparison::OneOf(vec![one, other]),
            },
        })
    };
    let word = |word: &str| Value::Text(name(word));
    let words = prop_oneof![
        Just(Comparison::Equal(word("gas"))),
        Just(Comparison::OneOf(vec![word("rent"), word("ü"), word("never")])),
    ]
    .prop_map(|is| Condition { column: name("kind"), is });
    let yes = (any::<bool>(), any::<bool>()).prop_map(|(yes, equal)| {
        let value = Value::Boolean(yes);
        Condition { column: name("paid"), is: if equal { Comparison::Equal(value) } else { Comparison::Not(value) } }
    });
    prop_oneof![
        2 => ordered("amount", number.clone().boxed()),
        2 => ordered("meter", number.boxed()),
        2 => ordered("day", date.boxed()),
        1 => words,
        1 => yes,
    ]
}

fn group() -> impl Strategy<Value = Option<GroupBy>> {
    let by = |column, every| Some(GroupBy { column: name(column), every });
    prop_oneof![
        4 => Just(None),
        1 => Just(by("kind", None)),
        1 => Just(by("paid", None)),
        1 => Just(by("meter", None)),
        1 => proptest::sample::select(&[Every::Month, Every::Quarter, Every::Year][..])
            .prop_map(move |every| by("day", Some(every))),
    ]
}

/// Any statistic that is one number or one for each group, over any column it can read.
pub(super) fn statistic() -> impl Strategy<Value = Computation> {
    let column = proptest::sample::select(&["amount", "meter"][..]);
    let any_column = proptest::sample::select(&["amount", "meter", "day", "kind", "paid"][..]);
    let with = (conditions(), group());
    (with, column, any_column, 0_usize..12, 1_i128..1_000, proptest::collection::vec(condition(), 1..3)).prop_map(
        |((filter, group), numeric, any, which, p, that)| {
            let on = |column: &str| OnColumn { column: name(column), filter: filter.clone(), group: group.clone() };
            let per = |day| if day { Per::Day } else { Per::Month };
            match which {
                0 => Computation::Count(on(any)),
                1 => Computation::Distinct(on(any)),
                2 => Computation::Sum(on(numeric)),
                3 => Computation::Mean(on(numeric)),
                4 => Computation::Min(on(numeric)),
                5 => Computation::Max(on(numeric)),
                6 => Computation::Median(on(numeric)),
                7 => Computation::Std(on(numeric)),
                8 => Computation::Quantile(Quantile { on: on(numeric), p: Decimal::new(p, 3).unwrap() }),
                9 | 10 => Computation::Trend(Trend { on: on(numeric), over: name("day"), per: per(which == 9) }),
                _ => Computation::Share(Share { that, filter: filter.clone(), group: group.clone() }),
            }
        },
    )
}
