//! The smallest value, which is one of the rows; refused where there are no values.

use super::{Described, Disclosure, Statistic, check_numbers, numbers::Numbers, place};
use protocol::{Column, Kind};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Row,
    check: check_numbers,
    sentence,
    run: |selection| selection.extreme(Kind::Min, Numbers::min, i128::min),
};

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("The smallest of the values of {}.", place(described, column))
}
