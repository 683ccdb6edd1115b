//! Any computation that may be asked, and any outcome there can be.

use crate::signing::word;
use proptest::{
    collection::{btree_map, btree_set, vec},
    option,
    prelude::*,
    sample::select,
};
use protocol::*;

pub(crate) fn computation() -> impl Strategy<Value = Computation> {
    let histogram = (filtered(), edges(2, limits::HISTOGRAM_EDGES))
        .prop_map(|(on, edges)| Computation::Histogram(Histogram { on, edges }));
    prop_oneof![3 => statistic(grouped().boxed()), 1 => histogram, 2 => question()]
}

fn statistic(on: BoxedStrategy<OnColumn>) -> impl Strategy<Value = Computation> {
    let plain = (select(&Kind::PLAIN[..]), on.clone()).prop_map(|(kind, on)| kind.on(on).expect("a plain kind"));
    let quantile = (on.clone(), 1..10_000i128)
        .prop_map(|(on, p)| Computation::Quantile(Quantile { on, p: Decimal::new(p, 4).expect("small") }));
    let trend = (on.clone(), word(), any::<bool>()).prop_map(|(on, over, day)| {
        Computation::Trend(Trend { on, over, per: if day { Per::Day } else { Per::Month } })
    });
    let share = (vec(condition(), 1..4), on)
        .prop_map(|(that, OnColumn { filter, group, .. })| Computation::Share(Share { that, filter, group }));
    prop_oneof![4 => plain, 1 => quantile, 1 => trend, 1 => share, 2 => attribute()]
}

fn attribute() -> impl Strategy<Value = Computation> {
    let words = btree_set(word(), 1..=limits::ATTRIBUTE_WORDS);
    let window = (limits::ATTRIBUTE_DAYS, limits::ATTRIBUTE_MONTHS, option::of(date()));
    let due = (1..=limits::DUE_DAY, 0..=limits::GRACE_DAYS).prop_map(|(day, grace)| Due { day, grace });
    let only = (option::of("[A-Z]{3}"), option::of(word()));
    (select(AttributeName::ALL), window, due, (words, any::<bool>()), only).prop_map(
        |(name, (days, months, as_of), due, (words, worded), (currency, account))| {
            let form = name.form();
            let worded = form.words == Words::Needed || (worded && form.words == Words::Further);
            Computation::Attribute(Attribute {
                name,
                days: (form.span == Span::Days).then_some(days),
                months: (form.span == Span::Months).then_some(months),
                as_of,
                due: form.due.then_some(due),
                words: if worded { words.into_iter().collect() } else { Vec::new() },
                currency: currency.map(|letters| letters.parse().expect("a name")),
                account,
            })
        },
    )
}

fn question() -> impl Strategy<Value = Computation> {
    let of = statistic(filtered().boxed()).prop_map(Box::new);
    (of, decimal(), edges(1, limits::BAND_EDGES), 0..4).prop_map(|(of, than, edges, which)| match which {
        0 => Computation::Above(Threshold { of, than }),
        1 => Computation::Below(Threshold { of, than }),
        2 => Computation::Band(Bands { of, edges }),
        _ => Computation::Rounded(Rounding { of, to: Decimal::from(7) }),
    })
}

fn filtered() -> impl Strategy<Value = OnColumn> {
    (word(), vec(condition(), 0..4)).prop_map(|(column, filter)| OnColumn { column, filter, group: None })
}

fn grouped() -> impl Strategy<Value = OnColumn> {
    let every = option::of(select(&[Every::Month, Every::Quarter, Every::Year][..]));
    let group = (word(), every).prop_map(|(column, every)| GroupBy { column, every });
    (filtered(), option::of(group)).prop_map(|(on, group)| OnColumn { group, ..on })
}

fn condition() -> impl Strategy<Value = Condition> {
    let ordered = prop_oneof![decimal().prop_map(Value::Number), date().prop_map(Value::Date)];
    let comparison = (ordered, 0..7).prop_map(|(value, which)| match which {
        0 => Comparison::Equal(value),
        1 => Comparison::Not(value),
        2 => Comparison::Less(value),
        3 => Comparison::AtMost(value),
        4 => Comparison::More(value),
        5 => Comparison::AtLeast(value),
        _ => Comparison::Between(Between { from: value.clone(), to: value }),
    });
    let words =
        btree_set(word(), 1..6).prop_map(|words| Comparison::OneOf(words.into_iter().map(Value::Text).collect()));
    let yes = any::<bool>().prop_map(|yes| Comparison::Not(Value::Boolean(yes)));
    (word(), prop_oneof![3 => comparison, 1 => words, 1 => yes]).prop_map(|(column, is)| Condition { column, is })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0u8..=38).prop_map(|(mantissa, scale)| Decimal::new(i128::from(mantissa), scale).expect("small"))
}

fn edges(least: usize, most: usize) -> impl Strategy<Value = Vec<Decimal>> {
    btree_set(any::<i32>(), least..=most)
        .prop_map(|edges| edges.into_iter().map(|edge| Decimal::new(edge.into(), 2).expect("small")).collect())
}

fn date() -> impl Strategy<Value = Date> {
    (-719_162..=2_932_896).prop_map(|days| Date::from_days(days).expect("in range"))
}

pub(crate) fn outcome() -> impl Strategy<Value = Outcome> {
    let scalar = || prop_oneof![any::<u64>().prop_map(Scalar::Count), decimal().prop_map(Scalar::Decimal)];
    let band = (edges(1, limits::BAND_EDGES), any::<u8>()).prop_map(|(edges, index)| {
        Outcome::Band(InBand { index: index % (u8::try_from(edges.len()).expect("few") + 1), edges })
    });
    let words = btree_map(word(), scalar(), 0..=limits::GROUPS).prop_map(|groups| {
        let group = |(word, value)| Group { key: GroupKey::Text(word), value };
        Outcome::Groups(groups.into_iter().map(group).collect())
    });
    let months = btree_map(12..120_000, scalar(), 0..=limits::GROUPS).prop_map(|groups| {
        let period = |at| Period::at(Every::Month, at).expect("in range");
        let group = |(at, value)| Group { key: GroupKey::Period(period(at)), value };
        Outcome::Groups(groups.into_iter().map(group).collect())
    });
    let tally = || prop_oneof![Just(Tally::Few), any::<u64>().prop_map(Tally::Count)];
    let bins = (edges(2, limits::HISTOGRAM_EDGES), vec(tally(), 64), tally(), tally()).prop_map(
        |(edges, mut counts, below, above)| {
            counts.truncate(edges.len() - 1);
            Outcome::Histogram(Bins { edges, below, counts, above })
        },
    );
    let holds = any::<bool>().prop_map(Outcome::Holds);
    prop_oneof![2 => scalar().prop_map(Outcome::from), 1 => holds, 1 => band, 1 => words, 1 => months, 1 => bins]
}
