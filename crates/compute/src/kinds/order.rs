//! Values in order of size: what the median and quantiles need. Holds all that are present, 8 bytes each as long as they
//! fit that, otherwise 16.

use super::numbers::Numbers;
use arrow::array::Array as _;

/// All values of a column that were taken so far.
pub(super) enum Values {
    Short(Vec<i64>),
    Long(Vec<i128>),
}

/// A value and its neighbours in order of size.
pub(super) struct Around {
    pub(super) below: Option<i128>,
    pub(super) value: i128,
    pub(super) above: Option<i128>,
}

impl Default for Values {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl Values {
    pub(super) fn add(&mut self, numbers: &Numbers) {
        match (&mut *self, numbers) {
            (Self::Short(values), Numbers::Short(array)) if array.null_count() == 0 => {
                values.extend_from_slice(array.values());
            }
            (Self::Short(values), Numbers::Short(array)) => values.extend(array.iter().flatten()),
            (Self::Short(values), Numbers::Long(_)) => {
                *self = Self::Long(values.iter().map(|value| (*value).into()).collect());
                self.add(numbers);
            }
            (Self::Long(values), _) => values.extend(numbers.values()),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Short(values) => values.len(),
            Self::Long(values) => values.len(),
        }
    }

    /// The value at a position in order of size, from 0, and its neighbours; none beyond the last.
    pub(super) fn around(&mut self, at: usize) -> Option<Around> {
        match self {
            Self::Short(values) => around(values, at),
            Self::Long(values) => around(values, at),
        }
    }
}

fn around<T: Copy + Ord + Into<i128>>(values: &mut [T], at: usize) -> Option<Around> {
    if at >= values.len() {
        return None;
    }
    let (below, value, above) = values.select_nth_unstable(at);
    let (below, above) = (below.iter().max().copied(), above.iter().min().copied());
    Some(Around { below: below.map(Into::into), value: (*value).into(), above: above.map(Into::into) })
}
