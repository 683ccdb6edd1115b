//! `Σx`, at the column's scale; 0 where there are no values.

use super::{Described, Disclosure, Statistic, check_numbers, numbers::outcome, place};
use protocol::{Column, Kind};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Aggregate,
    check: check_numbers,
    sentence,
    run: |selection| {
        let (_, sum) = selection.count_and_sum()?;
        outcome(Kind::Sum, &sum, selection.scale())
    },
};

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("The sum of the values of {}.", place(described, column))
}
