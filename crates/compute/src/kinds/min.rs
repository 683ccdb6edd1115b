//! The smallest value, which is one of the rows; refused where there are no values.

use super::{
    Disclosure, Fold, Limits, Statistic,
    numbers::{Extreme, Numbers},
    scale_of,
};
use protocol::{Column, Kind, Name, OnColumn};

pub(super) struct Min<'a>(pub(super) &'a OnColumn);

impl Statistic for Min<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Row
    }

    fn head(&self) -> String {
        format!("The smallest of the values of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Extreme {
            kind: Kind::Min,
            scale: scale_of(columns),
            of_stretch: Numbers::min,
            better: i128::min,
            best: None,
            count: 0,
        })
    }
}
