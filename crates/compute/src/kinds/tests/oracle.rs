//! Every statistic, with and without filter and groups, against an independent computation: plain loops over rows and
//! exact fractions, sharing nothing with the kernels but the columns they read.

mod chance;

use super::*;
use ::std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use arrow::array::{BooleanArray, Date32Array, Int64Array, StringArray};
use chance::{conditions, data, statistic};
use num_bigint::{BigInt, Sign};
use protocol::{
    Bands, Between, Comparison, Condition, Date, Every, GroupBy, Histogram, OnColumn, Per, Quantile, Rounding, Scalar,
    Share, Tally, Threshold, Trend, Value,
};

/// Makes one column of some rows.
type Maker<'m> = &'m dyn Fn(&[Row]) -> ArrayRef;

/// A fraction; its denominator is positive.
#[derive(Clone, Debug)]
struct Q(BigInt, BigInt);

impl Q {
    fn whole(number: impl Into<BigInt>) -> Self {
        Self(number.into(), BigInt::from(1))
    }
    fn decimal(decimal: &Decimal) -> Self {
        Self(decimal.mantissa().into(), ten(decimal.scale()))
    }
    fn plus(&self, other: &Self) -> Self {
        Self(&self.0 * &other.1 + &other.0 * &self.1, &self.1 * &other.1)
    }
    fn minus(&self, other: &Self) -> Self {
        self.plus(&Self(-&other.0, other.1.clone()))
    }
    fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0, &self.1 * &other.1)
    }
    fn over(&self, other: &Self) -> Self {
        assert!(other.0.sign() != Sign::NoSign);
        let sign = if other.0.sign() == Sign::Minus { -1 } else { 1 };
        Self(&self.0 * &other.1 * sign, &self.1 * &other.0 * sign)
    }
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.0 * &other.1).cmp(&(&other.0 * &self.1))
    }
    /// The largest whole number that is not above it.
    fn floor(&self) -> BigInt {
        let quotient = &self.0 / &self.1;
        if &quotient * &self.1 > self.0 { quotient - 1 } else { quotient }
    }
    /// The nearest whole number, the even one of two.
    fn nearest(&self) -> BigInt {
        let up = self.plus(&Self(1.into(), 2.into())).floor();
        let tie = Self::whole(up.clone()).minus(self).cmp(&Self(1.into(), 2.into())).is_eq();
        if tie && up.bit(0) { up - 1 } else { up }
    }
    /// Rounded to so many digits.
    fn rounded(&self, scale: u8) -> Option<Decimal> {
        let mantissa = self.times(&Self::whole(ten(scale))).nearest();
        Decimal::new(i128::try_from(mantissa).ok()?, scale).ok()
    }
    fn sum(values: &[Self]) -> Self {
        values.iter().fold(Self::whole(0), |sum, value| sum.plus(value))
    }
}

fn ten(power: u8) -> BigInt {
    BigInt::from(10).pow(power.into())
}

/// A row of the dataset under test.
#[derive(Clone, Debug)]
struct Row {
    amount: Option<i128>,
    meter: Option<i64>,
    day: Option<i32>,
    kind: Option<String>,
    paid: Option<bool>,
}

#[derive(Clone, Debug)]
struct Data {
    scale: u8,
    rows: Vec<Row>,
    /// How many rows the chunks of each column have.
    cuts: [usize; 5],
    /// How many threads compute over them; with one they do not lie in memory.
    threads: usize,
}

/// The rows as a view; every column is cut elsewhere.
struct Columns {
    columns: Vec<Column>,
    rows: u64,
    chunks: Vec<Vec<ArrayRef>>,
    threads: usize,
}

impl View for Columns {
    fn columns(&self) -> &[Column] {
        &self.columns
    }
    fn rows(&self) -> u64 {
        self.rows
    }
    fn chunks(&self, name: &Name) -> Result<Chunks<'_>, ViewError> {
        let at = self.columns.iter().position(|column| column.name == *name).unwrap();
        Ok(Box::new(self.chunks[at].iter().cloned().map(Ok)))
    }
    fn held(&self, name: &Name) -> Option<Resident> {
        let at = self.columns.iter().position(|column| column.name == *name).unwrap();
        (self.threads > 1).then(|| self.chunks[at].clone().into())
    }
    fn threads(&self) -> usize {
        self.threads
    }
}

impl Data {
    fn view(&self) -> Columns {
        let column = |text, of| Column { name: name(text), of };
        let columns = vec![
            column("amount", ColumnType::Decimal(self.scale)),
            column("meter", ColumnType::Integer),
            column("day", ColumnType::Date),
            column("kind", ColumnType::Text),
            column("paid", ColumnType::Boolean),
        ];
        let amounts = |rows: &[Row]| -> ArrayRef {
            let of = ColumnType::Decimal(self.scale);
            let narrow = |amount: Option<i128>| amount.is_none_or(|amount| chunk::narrow(amount).is_some());
            if rows.iter().all(|row| narrow(row.amount)) {
                let units = rows.iter().map(|row| row.amount.and_then(chunk::narrow));
                let array = units.collect::<arrow::array::Decimal64Array>();
                return Arc::new(array.with_data_type(chunk::narrow_type(of).unwrap()));
            }
            let array: arrow::array::Decimal128Array = rows.iter().map(|row| row.amount).collect();
            Arc::new(array.with_data_type(chunk::data_type(of)))
        };
        let meters = |rows: &[Row]| -> ArrayRef { Arc::new(rows.iter().map(|row| row.meter).collect::<Int64Array>()) };
        let days = |rows: &[Row]| -> ArrayRef { Arc::new(rows.iter().map(|row| row.day).collect::<Date32Array>()) };
        let kinds =
            |rows: &[Row]| -> ArrayRef { Arc::new(rows.iter().map(|row| row.kind.clone()).collect::<StringArray>()) };
        let paid = |rows: &[Row]| -> ArrayRef { Arc::new(rows.iter().map(|row| row.paid).collect::<BooleanArray>()) };
        let makers: [Maker<'_>; 5] = [&amounts, &meters, &days, &kinds, &paid];
        let chunks =
            makers.iter().zip(self.cuts).map(|(make, cut)| self.rows.chunks(cut).map(make).collect()).collect();
        Columns { columns, rows: self.rows.len() as u64, chunks, threads: self.threads }
    }

    fn cell(&self, row: &Row, column: &Name) -> Option<Held> {
        match column.as_str() {
            "amount" => row.amount.map(|amount| Held::Number(Q(amount.into(), ten(self.scale)))),
            "meter" => row.meter.map(|meter| Held::Number(Q::whole(meter))),
            "day" => row.day.map(Held::Day),
            "kind" => row.kind.clone().map(Held::Word),
            _ => row.paid.map(Held::Yes),
        }
    }

    fn numbers(&self, rows: &[&Row], column: &Name) -> Vec<Q> {
        let number = |row: &&Row| match self.cell(row, column)? {
            Held::Number(number) => Some(number),
            _ => None,
        };
        rows.iter().filter_map(number).collect()
    }

    fn scale_of(&self, column: &Name) -> u8 {
        if column.as_str() == "amount" { self.scale } else { 0 }
    }

    fn holds(&self, row: &Row, condition: &Condition) -> bool {
        let Some(cell) = self.cell(row, &condition.column) else { return false };
        let order = |value: &Value| cell.order(value);
        match &condition.is {
            Comparison::Equal(value) => order(value).is_eq(),
            Comparison::Not(value) => order(value).is_ne(),
            Comparison::Less(value) => order(value).is_lt(),
            Comparison::AtMost(value) => order(value).is_le(),
            Comparison::More(value) => order(value).is_gt(),
            Comparison::AtLeast(value) => order(value).is_ge(),
            Comparison::Between(Between { from, to }) => order(from).is_ge() && order(to).is_le(),
            Comparison::OneOf(values) => values.iter().any(|value| order(value).is_eq()),
        }
    }
}

/// A cell that is present.
enum Held {
    Number(Q),
    Day(i32),
    Word(String),
    Yes(bool),
}

impl Held {
    fn order(&self, value: &Value) -> Ordering {
        match (self, value) {
            (Self::Number(number), Value::Number(value)) => number.cmp(&Q::decimal(value)),
            (Self::Day(day), Value::Date(value)) => day.cmp(&value.days()),
            (Self::Word(word), Value::Text(value)) => word.as_str().cmp(value.as_str()),
            (Self::Yes(yes), Value::Boolean(value)) => yes.cmp(value),
            _ => panic!("another type"),
        }
    }
}

/// What a statistic comes to over some rows, and how many values it counts; no outcome where it has none.
fn expected(data: &Data, statistic: &Computation, rows: &[&Row]) -> (Option<Scalar>, usize) {
    let exact = |value: Q, scale| value.rounded(scale).map(Scalar::Decimal);
    if let Computation::Share(Share { that, .. }) = statistic {
        let complete: Vec<_> =
            rows.iter().filter(|row| that.iter().all(|c| data.cell(row, &c.column).is_some())).collect();
        let holding = complete.iter().filter(|row| that.iter().all(|c| data.holds(row, c))).count();
        let share = (!complete.is_empty()).then(|| Q(holding.into(), complete.len().into()));
        return (share.and_then(|share| exact(share, 6)), complete.len());
    }
    let column = &statistic.on().unwrap().column;
    let present = rows.iter().filter(|row| data.cell(row, column).is_some()).count();
    let (mut values, scale) = (data.numbers(rows, column), data.scale_of(column));
    values.sort_by(Q::cmp);
    let n = Q::whole(values.len());
    let mean = || Q::sum(&values).over(&n);
    let outcome = match statistic {
        Computation::Count(_) => Some(Scalar::Count(present as u64)),
        Computation::Distinct(_) => Some(Scalar::Count(different(data, rows, column) as u64)),
        Computation::Sum(_) => exact(Q::sum(&values), scale),
        Computation::Trend(trend) => return slope(data, rows, trend),
        Computation::Std(_) if values.len() < 2 => None,
        _ if values.is_empty() => None,
        Computation::Mean(_) => exact(mean(), scale + 6),
        Computation::Min(_) => exact(values[0].clone(), scale),
        Computation::Max(_) => exact(values[values.len() - 1].clone(), scale),
        Computation::Median(_) => {
            let middle = values[(values.len() - 1) / 2].plus(&values[values.len() / 2]).over(&Q::whole(2));
            let fits = middle.times(&Q::whole(ten(scale)));
            let whole = Q::whole(fits.floor()).cmp(&fits).is_eq();
            exact(middle, if whole { scale } else { scale + 1 })
        }
        Computation::Std(_) => {
            let (mean, zero) = (mean(), Q::whole(0));
            let squares =
                values.iter().map(|value| value.minus(&mean)).fold(zero, |sum, off| sum.plus(&off.times(&off)));
            root(&squares.over(&n.minus(&Q::whole(1))), scale + 6)
        }
        Computation::Quantile(quantile) => {
            let h = n.minus(&Q::whole(1)).times(&Q::decimal(&quantile.p));
            let at = usize::try_from(h.floor()).unwrap();
            let (lower, upper) = (&values[at], values.get(at + 1).unwrap_or(&values[at]));
            exact(lower.plus(&h.minus(&Q::whole(h.floor())).times(&upper.minus(lower))), scale + 6)
        }
        other => panic!("{other:?} is no scalar statistic"),
    };
    (outcome, present)
}

fn different(data: &Data, rows: &[&Row], column: &Name) -> usize {
    let text = |cell| match cell {
        Held::Number(Q(numerator, _)) => numerator.to_string(),
        Held::Day(day) => day.to_string(),
        Held::Word(word) => word,
        Held::Yes(yes) => yes.to_string(),
    };
    rows.iter().filter_map(|row| data.cell(row, column)).map(text).collect::<BTreeSet<_>>().len()
}

/// √value to so many digits, by bisection over whole numbers.
fn root(value: &Q, scale: u8) -> Option<Scalar> {
    let scaled = value.times(&Q::whole(ten(scale))).times(&Q::whole(ten(scale)));
    let square = |half: &BigInt| Q(half * half, 4.into());
    let (mut low, mut high) = (BigInt::from(0), scaled.floor() + 1);
    while &low + 1 < high {
        let middle: BigInt = (&low + &high) / 2;
        if square(&(&middle * 2)).cmp(&scaled).is_le() { low = middle } else { high = middle }
    }
    let rounded = match scaled.cmp(&square(&(&low * 2 + 1))) {
        Ordering::Less => low,
        Ordering::Greater => low + 1,
        Ordering::Equal => {
            if low.bit(0) {
                low + 1
            } else {
                low
            }
        }
    };
    Decimal::new(i128::try_from(rounded).ok()?, scale).ok().map(Scalar::Decimal)
}

/// By deviations from the means, which the kernel does not use.
fn slope(data: &Data, rows: &[&Row], trend: &Trend) -> (Option<Scalar>, usize) {
    let mut points = Vec::new();
    for row in rows {
        let Some(date) = row.day.and_then(Date::from_days) else { continue };
        let (year, month, _) = date.civil();
        let x = if trend.per == Per::Day { date.days() } else { year * 12 + month };
        points.extend(data.numbers(&[*row], &trend.on.column).into_iter().map(|y| (Q::whole(x), y)));
    }
    let n = Q::whole(points.len());
    if points.len() < 2 {
        return (None, points.len());
    }
    let mean = |values: Vec<Q>| Q::sum(&values).over(&n);
    let x = mean(points.iter().map(|(x, _)| x.clone()).collect());
    let y = mean(points.iter().map(|(_, y)| y.clone()).collect());
    let (mut up, mut down) = (Q::whole(0), Q::whole(0));
    for (a, b) in &points {
        up = up.plus(&a.minus(&x).times(&b.minus(&y)));
        down = down.plus(&a.minus(&x).times(&a.minus(&x)));
    }
    let scale = data.scale_of(&trend.on.column) + 6;
    let slope = (down.0.sign() == Sign::Plus).then(|| up.over(&down));
    (slope.and_then(|slope| slope.rounded(scale)).map(Scalar::Decimal), points.len())
}

/// The key of a row's group as it is shown; none where it is absent.
fn key(data: &Data, row: &Row, group: &GroupBy) -> Option<String> {
    Some(match data.cell(row, &group.column)? {
        Held::Number(Q(number, _)) => number.to_string(),
        Held::Word(word) => format!("“{word}”"),
        Held::Yes(yes) => if yes { "yes" } else { "no" }.to_owned(),
        Held::Day(day) => {
            let (year, month, _) = Date::from_days(day).unwrap().civil();
            match group.every.unwrap() {
                Every::Month => format!("{year:04}-{month:02}"),
                Every::Quarter => format!("{year:04}-Q{}", (month + 2) / 3),
                Every::Year => format!("{year:04}"),
            }
        }
    })
}

fn rules(smallest_group: u64) -> Rules {
    Rules { smallest_group, dominance: 100, ..Rules::default() }
}

fn kept<'a>(data: &'a Data, computation: &Computation) -> Vec<&'a Row> {
    data.rows.iter().filter(|row| computation.filter().iter().all(|c| data.holds(row, c))).collect()
}

/// Whether an outcome that the independent computation has not is refused for a reason it may be refused for.
fn may_lack(error: &RunError) -> bool {
    matches!(error, RunError::TooFewValues { .. } | RunError::OneDate | RunError::TooManyDigits { .. })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, ..ProptestConfig::default() })]

    #[test]
    fn every_statistic_is_what_plain_loops_over_fractions_make_it(data in data(), asked in statistic(), smallest in 0_u64..7) {
        prop_assert_eq!(asked.validate(), Ok(()));
        let ran = run_by(&rules(smallest), &asked, &data.view(), &ALWAYS);
        let rows = kept(&data, &asked);
        let Some(by) = asked.group() else {
            let (outcome, counted) = expected(&data, &asked, &rows);
            match (ran, outcome) {
                (Ok(ran), Some(outcome)) => {
                    prop_assert_eq!(ran.outcome, Outcome::from(outcome));
                    prop_assert_eq!(ran.values, counted as u64);
                }
                (Err(error), None) => prop_assert!(may_lack(&error), "{}", error),
                (ran, outcome) => prop_assert!(false, "{:?} instead of {:?}", ran, outcome),
            }
            return Ok(());
        };
        let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            if let Some(key) = key(&data, row, by) {
                groups.entry(key).or_default().push(row);
            }
        }
        let mut told = BTreeMap::new();
        let mut smallest_told = None;
        let mut lacking = false;
        for (key, rows) in groups {
            let (outcome, counted) = expected(&data, &asked, &rows);
            if counted as u64 >= smallest.max(1) {
                match outcome {
                    Some(outcome) => {
                        told.insert(key, outcome);
                        smallest_told = smallest_told.into_iter().chain([counted]).min();
                    }
                    None => lacking = true,
                }
            }
        }
        match ran {
            Ok(ran) => {
                let Outcome::Groups(found) = ran.outcome else { panic!("no groups") };
                let in_order = found.windows(2).all(|two| two[0].key.order(&two[1].key).is_lt());
                prop_assert!(in_order);
                let found: BTreeMap<_, _> = found.into_iter().map(|g| (g.key.to_string(), g.value)).collect();
                prop_assert_eq!(found, told);
                prop_assert!(smallest_told.is_none_or(|smallest| smallest as u64 == ran.values));
            }
            // a group whose exact outcome has too many digits refuses the whole
            Err(error) => prop_assert!(lacking && matches!(error, RunError::TooManyDigits { .. }), "{}", error),
        }
    }

    #[test]
    fn every_histogram_counts_what_plain_comparisons_count(
        data in data(),
        filter in conditions(),
        edges in proptest::collection::btree_set(-1_500_i128..1_500, 2..8),
        scale in 0_u8..5,
        smallest in 0_u64..7,
    ) {
        let edges: Vec<_> = edges.into_iter().map(|edge| Decimal::new(edge, scale).unwrap()).collect();
        let on = OnColumn { column: name("amount"), filter, group: None };
        let asked = Computation::Histogram(Histogram { on, edges: edges.clone() });
        prop_assert_eq!(asked.validate(), Ok(()));
        let ran = run_by(&rules(smallest), &asked, &data.view(), &ALWAYS).unwrap();
        let values = data.numbers(&kept(&data, &asked), &name("amount"));
        let count = |from: Option<&Decimal>, to: Option<&Decimal>| {
            let inside = |value: &&Q| {
                from.is_none_or(|from| value.cmp(&Q::decimal(from)).is_ge())
                    && to.is_none_or(|to| value.cmp(&Q::decimal(to)).is_lt())
            };
            values.iter().filter(inside).count() as u64
        };
        let mut counts = vec![count(None, edges.first())];
        counts.extend(edges.windows(2).map(|two| count(two.first(), two.last())));
        counts.push(count(edges.last(), None));
        // in ascending order: the small ones, and as many more as it takes until those not told of are enough together
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by_key(|at| counts[*at]);
        let mut expected: Vec<_> = counts.iter().map(|count| Tally::Count(*count)).collect();
        let mut held_back = 0;
        for at in order {
            let together_enough = held_back == 0 || held_back >= smallest;
            if counts[at] >= smallest && together_enough {
                break;
            }
            held_back += counts[at];
            expected[at] = Tally::Few;
        }
        let Outcome::Histogram(bins) = &ran.outcome else { panic!("no histogram") };
        prop_assert_eq!(&bins.edges, &edges);
        let told: Vec<_> = [bins.below].into_iter().chain(bins.counts.clone()).chain([bins.above]).collect();
        prop_assert_eq!(told, expected);
        prop_assert_eq!(ran.values, values.len() as u64);
        prop_assert_eq!(ran.outcome.validate(), Ok(()));
    }

    #[test]
    fn every_question_agrees_with_the_statistic_it_is_about(
        data in data(),
        asked in statistic().prop_filter("one number", |asked| asked.group().is_none()),
        than in (-1_500_i128..1_500, 0_u8..4),
        step in (1_i128..2_000, 0_u8..4),
        edges in proptest::collection::btree_set(-1_500_i128..1_500, 1..8),
    ) {
        let view = data.view();
        let Ok(outcome) = run(&asked, &view, &ALWAYS) else { return Ok(()) };
        let value = Q::decimal(&outcome.scalar().unwrap().decimal());
        let of = || Box::new(asked.clone());
        let than = Decimal::new(than.0, than.1).unwrap();
        let order = value.cmp(&Q::decimal(&than));
        let answer = |question: Computation| run(&question, &view, &ALWAYS);
        prop_assert_eq!(answer(Computation::Above(Threshold { of: of(), than })).unwrap(), Outcome::Holds(order.is_gt()));
        prop_assert_eq!(answer(Computation::Below(Threshold { of: of(), than })).unwrap(), Outcome::Holds(order.is_lt()));
        let edges: Vec<_> = edges.into_iter().map(|edge| Decimal::new(edge, 1).unwrap()).collect();
        let Outcome::Band(band) = answer(Computation::Band(Bands { of: of(), edges: edges.clone() })).unwrap() else {
            panic!("no band")
        };
        let below = edges.iter().filter(|edge| Q::decimal(edge).cmp(&value).is_le()).count();
        prop_assert_eq!(usize::from(band.index), below);
        let step = Decimal::new(step.0, step.1).unwrap();
        let steps = value.over(&Q::decimal(&step)).nearest();
        match answer(Computation::Rounded(Rounding { of: of(), to: step })) {
            Ok(rounded) => {
                let rounded = rounded.scalar().unwrap().decimal();
                prop_assert_eq!(rounded.scale(), step.scale());
                prop_assert_eq!(BigInt::from(rounded.mantissa()), steps * step.mantissa());
            }
            Err(error) => prop_assert!(matches!(error, RunError::TooManyDigits { .. }), "{}", error),
        }
    }

    #[test]
    fn cells_that_are_no_numbers_are_left_out_with_their_rows_and_never_count(
        cells in proptest::collection::vec(prop_oneof![
            4 => (-10_000_i64..10_000).prop_map(|cents| (Some(cents), format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100))),
            1 => proptest::sample::select(&["NaN", "nan", "inf", "-inf", "1e400", "#N/A", "abc"][..]).prop_map(|bad| (None, bad.to_owned())),
        ], 12..40)
    ) {
        let good: Vec<i64> = cells.iter().filter_map(|(cents, _)| *cents).collect();
        // most cells must be numbers for the column to be one of numbers
        prop_assume!(good.len() * 10 > cells.len() * 7);
        let lines: Vec<_> = cells.iter().map(|(_, text)| text.as_str()).collect();
        let file = format!("amount\n{}\n", lines.join("\n"));
        let options = crate::formats::Options { skip_bad_rows: true, ..Default::default() };
        let read = crate::formats::read(file.as_bytes(), &options).unwrap();
        prop_assert_eq!(read.skipped_rows as usize, cells.len() - good.len());
        let ask = |kind: Kind| run(&kind.over(name("amount")).unwrap(), &read.table, &ALWAYS).unwrap();
        prop_assert_eq!(ask(Kind::Count), Outcome::Count(good.len() as u64));
        let sum = Q(good.iter().sum::<i64>().into(), 100.into());
        prop_assert!(Q::decimal(&ask(Kind::Sum).scalar().unwrap().decimal()).cmp(&sum).is_eq());
        let mean = sum.over(&Q::whole(good.len())).rounded(8).unwrap();
        prop_assert!(ask(Kind::Mean).scalar().unwrap().decimal().cmp_value(&mean).is_eq());
    }
}
