//! The features of any model, and which of them are encrypted.

use super::{AnyOverlay, LenderModel};
use crate::{
    dump::Cut,
    evaluation::{Bins, cuts},
    model::{Quantiser, Unquantisable},
    plan::{Constant, Plan},
};
use std::collections::BTreeMap;

/// How a value becomes a bin.
#[derive(Clone, Debug, PartialEq)]
pub enum Binning {
    /// By the file's linear quantiser.
    Linear(Quantiser),
    /// By the thresholds that the trees compare it with.
    Cuts(Cut),
    /// The table gives the bin itself: so many there are.
    Given(u8),
}

impl Binning {
    /// How many bins there are, 1 to 64.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            Self::Linear(quantiser) => quantiser.bins(),
            Self::Cuts(cut) => u8::try_from(cut.bins()).unwrap_or(u8::MAX),
            Self::Given(bins) => *bins,
        }
    }

    /// The bin of a value; of a given one only a whole number below the number of bins has one.
    ///
    /// # Errors
    /// The value is infinite or not a number, or is not a bin where bins are given.
    pub fn bin(&self, value: f64) -> Result<u8, Unquantisable> {
        match self {
            Self::Linear(quantiser) => quantiser.bin(value),
            Self::Cuts(cut) => cut.bin(value),
            Self::Given(bins) => whole(value, *bins).ok_or(Unquantisable),
        }
    }
}

/// A number that is a bin as it stands.
pub(super) fn whole(value: f64, bins: u8) -> Option<u8> {
    ((0.0..f64::from(bins)).contains(&value) && value.fract() == 0.0).then_some(value as u8)
}

/// One feature of any model.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its name in the file.
    pub name: String,
    /// Its holder, counted from 0.
    pub holder: usize,
    /// How its values become bins.
    pub binning: Binning,
}

/// Which features are encrypted, and how finely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those that the model, or the explanation where asked for, needs.
    Needed,
    /// The same, with the bins merged that the lender does not tell apart: it reveals its cut points. Of sums the bins
    /// stay as they are.
    Merged,
    /// All that the model names.
    All,
}

impl LenderModel {
    /// Its features, in the file's order.
    #[must_use]
    pub fn features(&self) -> Vec<Feature> {
        match self {
            Self::Tree(model) => {
                let feature = |one: &crate::model::Feature| Feature {
                    name: one.name.clone(),
                    holder: one.holder,
                    binning: Binning::Linear(one.quantiser),
                };
                model.features().iter().map(feature).collect()
            }
            Self::Scorecard(file) => {
                let feature = |((name, holder), points): (&(String, usize), &Vec<i32>)| Feature {
                    name: name.clone(),
                    holder: *holder,
                    binning: Binning::Given(u8::try_from(points.len()).unwrap_or(u8::MAX)),
                };
                file.features.iter().zip(file.card.points()).map(feature).collect()
            }
            Self::Ensemble(file) => file.features.clone(),
        }
    }

    /// The features to encrypt by their positions: the holder and the bins of each. One that has a single bin left says
    /// nothing and is left out.
    ///
    /// # Errors
    /// A tree whose answer does not depend on its inputs.
    pub fn asked(
        &self,
        overlay: Option<&AnyOverlay>,
        asked: Asked,
    ) -> Result<BTreeMap<usize, (usize, Bins)>, Constant> {
        let needed = match self {
            Self::Tree(model) => {
                let overlay = overlay.and_then(|one| if let AnyOverlay::Tree(one) = one { Some(one) } else { None });
                cuts(&Plan::of(model)?, overlay)
            }
            Self::Scorecard(file) => (0..file.features.len()).map(|at| (at, None)).collect(),
            Self::Ensemble(file) => {
                let paths = file.ensemble.trees().iter().flatten();
                paths.flat_map(|(path, _)| path.conditions().map(|(at, ..)| (at, None))).collect()
            }
        };
        let bins = |(at, one): (usize, &Feature)| {
            let all = one.binning.bins();
            match (asked, needed.get(&at)) {
                (Asked::Merged, Some(Some(cuts))) => Some((at, (one.holder, Bins::merged(all, cuts)))),
                (Asked::All, _) | (_, Some(_)) => Some((at, (one.holder, Bins::all(all)))),
                (_, None) => None,
            }
        };
        let features = self.features();
        Ok(features.iter().enumerate().filter_map(bins).filter(|(_, (_, bins))| bins.count() > 1).collect())
    }
}
