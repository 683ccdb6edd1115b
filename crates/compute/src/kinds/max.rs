//! The largest value, which is one of the rows; refused where there are no values.

use super::{Described, Disclosure, Statistic, check_numbers, numbers::Numbers, place};
use protocol::{Column, Kind};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Row,
    check: check_numbers,
    sentence,
    run: |selection| selection.extreme(Kind::Max, Numbers::max, i128::max),
};

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("The largest of the values of {}.", place(described, column))
}
