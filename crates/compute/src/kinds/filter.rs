//! Comparisons, made ready for columns of their types: every one becomes a range or a set of the column's own units.

use super::lanes;
use crate::exact;
use arrow::{
    array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray},
    buffer::BooleanBuffer,
    datatypes::{Date32Type, Decimal64Type, Decimal128Type, Int64Type},
};
use num_bigint::BigInt;
use protocol::{Column, ColumnType, Comparison, Condition, Decimal, Value};
use std::{cmp::Ordering, collections::BTreeSet};

/// Comparisons of which all must hold; each knows the position of its column among the arrays it is given.
pub(super) struct Filter(Vec<(usize, Test)>);

/// What must hold for a cell that is present.
enum Test {
    /// Units of the column within these bounds, both included; none where the first is above the second.
    Within(i128, i128),
    /// Any units but these, which are none where no cell can have the value.
    Except(Option<i128>),
    /// One of these numbers of units.
    Among(BTreeSet<i128>),
    /// One of these texts.
    Words(BTreeSet<String>),
    /// Yes or no.
    Is(bool),
}

impl Filter {
    /// The conditions over columns in the order in which their arrays will come. A condition on a column that is not
    /// among them, or has another type, holds for no row: [`protocol::Computation::fits`] has refused it before.
    pub(super) fn new(conditions: &[Condition], columns: &[&Column]) -> Self {
        let ready = conditions.iter().map(|condition| {
            let found = columns.iter().position(|column| column.name == condition.column);
            let column = found.and_then(|at| Some((at, columns.get(at)?)));
            column.map_or((0, Test::never()), |(at, column)| (at, Test::new(&condition.is, column.of)))
        });
        Self(ready.collect())
    }

    /// Which rows satisfy all conditions; none where there are no conditions, since all do.
    pub(super) fn mask(&self, arrays: &[ArrayRef]) -> Option<BooleanBuffer> {
        let length = arrays.first().map_or(0, |array| array.len());
        let each = self.0.iter().map(|(at, test)| {
            let array = arrays.get(*at);
            array.map_or_else(|| BooleanBuffer::new_unset(length), |array| test.mask(array))
        });
        each.reduce(|all, one| &all & &one)
    }
}

impl Test {
    fn never() -> Self {
        Self::Among(BTreeSet::new())
    }

    fn new(is: &Comparison, of: ColumnType) -> Self {
        let values = is.values();
        match of {
            ColumnType::Integer => Self::units(is, |value| Units::of(value, 0)),
            ColumnType::Decimal(scale) => Self::units(is, |value| Units::of(value, scale)),
            ColumnType::Date => Self::units(is, |value| match value {
                Value::Date(date) => Some(Units { floor: date.days().into(), exact: true }),
                _ => None,
            }),
            ColumnType::Text => Self::Words(values.into_iter().filter_map(text).collect()),
            ColumnType::Boolean => match is {
                Comparison::Equal(Value::Boolean(yes)) => Self::Is(*yes),
                Comparison::Not(Value::Boolean(yes)) => Self::Is(!*yes),
                _ => Self::never(),
            },
        }
    }

    /// A comparison of numbers or dates in whole units: `x < 1.5` is `x ≤ 1`, `x ≥ 1.5` is `x ≥ 2`.
    fn units(is: &Comparison, units: impl Fn(&Value) -> Option<Units>) -> Self {
        let whole = |value: &Value| units(value).filter(|units| units.exact).map(|units| units.floor);
        let (below, above) = (i128::MIN, i128::MAX);
        let test = match is {
            Comparison::Equal(value) => whole(value).map(|unit| Self::Within(unit, unit)),
            Comparison::Not(value) => Some(Self::Except(whole(value))),
            Comparison::Less(value) => units(value).map(|units| Self::Within(below, units.ceiling() - 1)),
            Comparison::AtMost(value) => units(value).map(|units| Self::Within(below, units.floor)),
            Comparison::More(value) => units(value).map(|units| Self::Within(units.floor + 1, above)),
            Comparison::AtLeast(value) => units(value).map(|units| Self::Within(units.ceiling(), above)),
            Comparison::Between(between) => {
                units(&between.from).zip(units(&between.to)).map(|(from, to)| Self::Within(from.ceiling(), to.floor))
            }
            Comparison::OneOf(values) => Some(Self::Among(values.iter().filter_map(whole).collect())),
        };
        test.unwrap_or_else(Self::never)
    }

    fn mask(&self, array: &ArrayRef) -> BooleanBuffer {
        let holds = if let Some(values) = array.as_primitive_opt::<Int64Type>() {
            self.numbers(values)
        } else if let Some(values) = array.as_primitive_opt::<Decimal64Type>() {
            self.numbers(values)
        } else if let Some(values) = array.as_primitive_opt::<Decimal128Type>() {
            self.numbers(values)
        } else if let Some(values) = array.as_primitive_opt::<Date32Type>() {
            self.numbers(values)
        } else if let (Some(values), Self::Words(words)) = (array.as_string_opt::<i32>(), self) {
            BooleanBuffer::collect_bool(values.len(), |row| words.contains(values.value(row)))
        } else if let (Some(values), Self::Is(yes)) = (array.as_boolean_opt(), self) {
            if *yes { values.values().clone() } else { !values.values() }
        } else {
            BooleanBuffer::new_unset(array.len())
        };
        array.nulls().map_or_else(|| holds.clone(), |present| &holds & present.inner())
    }

    fn numbers<T: ArrowPrimitiveType>(&self, array: &PrimitiveArray<T>) -> BooleanBuffer
    where
        T::Native: Into<i128> + TryFrom<i128>,
    {
        let values = array.values();
        match self {
            Self::Within(low, high) => match within::<T>(*low, *high) {
                // both are compared, always: there is no branch then
                Some((low, high)) => lanes::mask(values, |value| (value >= low) & (value <= high)),
                None => BooleanBuffer::new_unset(values.len()),
            },
            Self::Except(unit) => lanes::mask(values, |value| Some(value.into()) != *unit),
            Self::Among(units) => lanes::mask(values, |value| units.contains(&value.into())),
            Self::Words(_) | Self::Is(_) => BooleanBuffer::new_unset(values.len()),
        }
    }
}

/// The bounds in the width of a column; none where nothing lies between them.
fn within<T: ArrowPrimitiveType>(low: i128, high: i128) -> Option<(T::Native, T::Native)>
where
    T::Native: Into<i128> + TryFrom<i128>,
{
    use arrow::datatypes::ArrowNativeTypeOp as _;
    let (least, most) = (T::Native::MIN_TOTAL_ORDER.into(), T::Native::MAX_TOTAL_ORDER.into());
    let narrow = |bound: i128| T::Native::try_from(bound.clamp(least, most)).ok();
    let bounds = narrow(low).zip(narrow(high));
    bounds.filter(|_| low <= high && low <= most && high >= least)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

/// A number in units of a column: rounded down, and whether that lost nothing.
#[derive(Clone, Copy)]
pub(super) struct Units {
    floor: i128,
    exact: bool,
}

impl Units {
    /// The value of a comparison with a column of that scale; none for another type.
    fn of(value: &Value, scale: u8) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::number(number, scale)),
            _ => None,
        }
    }

    /// A decimal in units of 10^-scale. Beyond what any cell reaches it is cut off, which no comparison notices.
    pub(super) fn number(number: &Decimal, scale: u8) -> Self {
        let numerator = exact::shifted(&BigInt::from(number.mantissa()), scale.into());
        let unit = exact::shifted(&BigInt::from(1u8), number.scale().into());
        let toward_zero = &numerator / &unit;
        let exact = &toward_zero * &unit == numerator;
        let below = !exact && number.mantissa() < 0;
        let floor = if below { toward_zero - 1u8 } else { toward_zero };
        let limit = BigInt::from(10u8).pow(protocol::limits::CELL_DIGITS + 1);
        match (floor.cmp(&limit), floor.cmp(&-&limit)) {
            (Ordering::Greater, _) => Self { floor: LIMIT, exact: false },
            (_, Ordering::Less) => Self { floor: -LIMIT, exact: false },
            _ => Self { floor: i128::try_from(&floor).unwrap_or(LIMIT), exact },
        }
    }

    /// Rounded up.
    pub(super) fn ceiling(self) -> i128 {
        if self.exact { self.floor } else { self.floor + 1 }
    }
}

/// Above every cell's magnitude, in units.
const LIMIT: i128 = 10_i128.pow(protocol::limits::CELL_DIGITS + 1);
