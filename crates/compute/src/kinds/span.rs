//! From when to when a dataset is: what its owner's prompt says of it.

use super::{Bounds, Limits, RunError, pieces};
use crate::{disclosure::Rules, view::View};
use arrow::{array::AsArray as _, compute, datatypes::Date32Type};
use protocol::{Column, ColumnType, Date};

/// The first column of dates, if the dataset has one.
#[must_use]
pub fn date_column(columns: &[Column]) -> Option<&Column> {
    columns.iter().find(|column| column.of == ColumnType::Date)
}

/// The first and the last date of the first column of dates; none where there is no date.
///
/// # Errors
/// See [`RunError`].
pub fn dates(view: &dyn View, bounds: &Bounds<'_>) -> Result<Option<(Date, Date)>, RunError> {
    let Some(column) = date_column(view.columns()) else { return Ok(None) };
    let mut span: Option<(i32, i32)> = None;
    pieces::for_each(view, &[column], &Limits::new(bounds, &Rules::default()), |_, arrays| {
        let days = arrays.first().and_then(|array| array.as_primitive_opt::<Date32Type>());
        let here = days.and_then(|days| compute::min(days).zip(compute::max(days)));
        span = match (span, here) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
        Ok(())
    })?;
    Ok(span.and_then(|(first, last)| Date::from_days(first).zip(Date::from_days(last))))
}
