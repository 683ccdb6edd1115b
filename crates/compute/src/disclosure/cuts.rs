//! Where conditions divide the values of a column: between any two neighbouring cuts a condition holds for all or none.

use super::told::{About, Fact};
use protocol::{Between, Comparison, Condition, Decimal, Value};
use std::cmp::Ordering;

/// A place just below or just above a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    at: Decimal,
    above: bool,
}

/// Cuts in ascending order. The ranges between them are one more; range 0 is below the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cuts(Vec<Cut>);

impl Cut {
    fn below(at: Decimal) -> Self {
        Self { at: at.normalized(), above: false }
    }

    fn above(at: Decimal) -> Self {
        Self { at: at.normalized(), above: true }
    }

    fn order(&self, other: &Self) -> Ordering {
        self.at.cmp_value(&other.at).then(self.above.cmp(&other.above))
    }
}

impl Cuts {
    /// How many there are: entries for each class.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Makes the ranges so fine that the conditions of a fact hold for all of each or none.
    pub(super) fn add(&mut self, fact: &Fact) {
        let About::Within(_, conditions) = &fact.about else { return };
        for cut in conditions.iter().flat_map(cuts) {
            if let Err(place) = self.0.binary_search_by(|known| known.order(&cut)) {
                self.0.insert(place, cut);
            }
        }
    }

    /// In which of these ranges a range of finer cuts lies.
    pub(super) fn place_in(&self, finer: &Self, range: usize) -> Option<usize> {
        let Some(upper) = finer.0.get(range) else { return Some(self.0.len()) };
        Some(self.0.partition_point(|cut| cut.order(upper) == Ordering::Less))
    }

    /// For each range but the last: whether the conditions hold there, less whether they hold in the last.
    pub(super) fn entries(&self, fact: &Fact) -> Vec<i8> {
        let conditions = match &fact.about {
            About::Within(_, conditions) => &conditions[..],
            _ => &[],
        };
        let holds = |range: usize| i8::from(conditions.iter().all(|condition| self.holds(condition, range)));
        let last = holds(self.0.len());
        (0..self.0.len()).map(|range| holds(range) - last).collect()
    }

    /// Whether a condition holds in a range.
    fn holds(&self, condition: &Condition, range: usize) -> bool {
        // the range lies below a cut if its upper end is not above it, and above it otherwise
        let below = |cut: Cut| self.0.get(range).is_some_and(|upper| upper.order(&cut) != Ordering::Greater);
        let equal = |at: Decimal| below(Cut::above(at)) && !below(Cut::below(at));
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        match &condition.is {
            Comparison::Equal(value) => number(value).is_some_and(equal),
            Comparison::Not(value) => number(value).is_none_or(|at| !equal(at)),
            Comparison::Less(value) => number(value).is_some_and(|at| below(Cut::below(at))),
            Comparison::AtMost(value) => number(value).is_some_and(|at| below(Cut::above(at))),
            Comparison::More(value) => number(value).is_some_and(|at| !below(Cut::above(at))),
            Comparison::AtLeast(value) => number(value).is_some_and(|at| !below(Cut::below(at))),
            Comparison::Between(Between { from, to }) => {
                number(from).is_some_and(|at| !below(Cut::below(at)))
                    && number(to).is_some_and(|at| below(Cut::above(at)))
            }
            Comparison::OneOf(values) => values.iter().filter_map(number).any(equal),
        }
    }
}

/// Where a condition divides the values.
fn cuts(condition: &Condition) -> Vec<Cut> {
    let numbers = condition.is.values().into_iter().filter_map(|value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    });
    match &condition.is {
        Comparison::Less(_) | Comparison::AtLeast(_) => numbers.map(Cut::below).collect(),
        Comparison::AtMost(_) | Comparison::More(_) => numbers.map(Cut::above).collect(),
        Comparison::Equal(_) | Comparison::Not(_) | Comparison::OneOf(_) | Comparison::Between(_) => {
            numbers.flat_map(|number| [Cut::below(number), Cut::above(number)]).collect()
        }
    }
}
