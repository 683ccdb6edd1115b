//! How many values are present. Defined for every column; 0 where there are none.

use super::{Described, Disclosure, Statistic, column, place};
use arrow::array::Array as _;
use protocol::{Column, Outcome};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Count,
    check: |on, columns| column(on, columns).map(|_| ()),
    sentence,
    run: |selection| {
        let mut present = 0;
        selection.for_each_chunk(|chunk| {
            present += (chunk.len() - chunk.null_count()) as u64;
            Ok(())
        })?;
        Ok(Outcome::Count(present))
    },
};

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("How many values there are of {}.", place(described, column))
}
