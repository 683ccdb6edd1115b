//! Whatever a lender's file is: a tree, a scorecard or an ensemble, told apart by what is in it.

use crate::{
    dump::{Dump, DumpError},
    explain::{Overlay, ScoreOverlay, TooManyCells},
    model::{Model, ModelError},
    sum::{ScorecardError, ScorecardFile},
};
use serde::{Deserialize, de::IgnoredAny};

mod binning;
mod commitment;
mod ensemble;
mod table;
#[cfg(test)]
mod tests;

pub use binning::{Asked, Binning, Feature};
pub use ensemble::{EnsembleError, EnsembleFile};
pub use table::{Row, RowsError, rows};

/// Why a file is not a model.
#[derive(Debug, thiserror::Error)]
pub enum LenderError {
    /// None of the forms.
    #[error(
        "the file is no model: it needs nodes (a tree), points (a scorecard), trees (an ensemble), or to be what \
         XGBoost or LightGBM dump as JSON"
    )]
    Form(#[source] Option<serde_json::Error>),
    /// A tree that does not fit.
    #[error(transparent)]
    Tree(#[from] ModelError),
    /// A scorecard that does not fit.
    #[error(transparent)]
    Scorecard(#[from] ScorecardError),
    /// A dump that does not fit.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// An ensemble that does not fit.
    #[error(transparent)]
    Ensemble(#[from] EnsembleError),
}

/// Why a denial cannot be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unexplained {
    /// No feature is named.
    #[error("the model names no feature to explain by: give years_feature, counted from 0")]
    NotNamed,
    /// Too many values.
    #[error(transparent)]
    TooManyCells(#[from] TooManyCells),
    /// A sum over trees.
    #[error(
        "an ensemble is not explained: which bin is enough depends on the leaves of all trees at once, and their \
         combinations are too many to open, while a guess could be wrong"
    )]
    Ensemble,
}

/// A checked model of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum LenderModel {
    /// One tree: an outcome opens.
    Tree(Model),
    /// Points of each feature: their sum opens.
    Scorecard(ScorecardFile),
    /// Trees that add up: their sum opens.
    Ensemble(EnsembleFile),
}

/// What a denial is explained with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyOverlay {
    /// A tree over one of its features.
    Tree(Overlay),
    /// A scorecard over one of its features.
    Scorecard(ScoreOverlay),
}

impl AnyOverlay {
    /// How many values are opened, before padding.
    #[must_use]
    pub fn steps(&self) -> usize {
        match self {
            Self::Tree(one) => one.steps(),
            Self::Scorecard(one) => one.steps(),
        }
    }

    /// The explained feature and its last bin.
    #[must_use]
    pub fn place(&self) -> (usize, u8) {
        match self {
            Self::Tree(one) => (one.feature(), one.last()),
            Self::Scorecard(one) => (one.feature(), one.last()),
        }
    }
}

/// What tells the forms apart.
#[derive(Deserialize)]
struct Keys {
    nodes: Option<IgnoredAny>,
    points: Option<IgnoredAny>,
    trees: Option<IgnoredAny>,
    tree_info: Option<IgnoredAny>,
}

impl LenderModel {
    /// Reads a model of any form: `tree.json`, a scorecard, an ensemble of such trees, or a dump of XGBoost or
    /// LightGBM.
    ///
    /// # Errors
    /// None of them, or the first thing in it that does not fit.
    pub fn from_json(bytes: &[u8]) -> Result<Self, LenderError> {
        let dump = || Ok(Self::Ensemble(EnsembleFile::of_dump(Dump::from_json(bytes)?)?));
        if bytes.len() > crate::model::LONGEST_FILE {
            return Err(ModelError::TooLong(bytes.len()).into());
        }
        if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
            return dump();
        }
        match serde_json::from_slice(bytes).map_err(|e| LenderError::Form(Some(e)))? {
            Keys { nodes: Some(_), .. } => Ok(Self::Tree(Model::from_json(bytes)?)),
            Keys { points: Some(_), .. } => Ok(Self::Scorecard(ScorecardFile::from_json(bytes)?)),
            Keys { trees: Some(_), .. } => Ok(Self::Ensemble(EnsembleFile::from_json(bytes)?)),
            Keys { tree_info: Some(_), .. } => dump(),
            _ => Err(LenderError::Form(None)),
        }
    }

    /// What kind it is, in a word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tree(_) => "tree",
            Self::Scorecard(_) => "scorecard",
            Self::Ensemble(_) => "ensemble",
        }
    }

    /// How many holders its features belong to.
    #[must_use]
    pub fn holders(&self) -> usize {
        match self {
            Self::Tree(model) => model.holders(),
            Self::Scorecard(file) => file.holders,
            Self::Ensemble(file) => file.holders,
        }
    }

    /// The feature that a denial is explained by, where the file names one.
    #[must_use]
    pub fn explained(&self) -> Option<usize> {
        match self {
            Self::Tree(model) => model.explained(),
            Self::Scorecard(file) => file.explained,
            Self::Ensemble(_) => None,
        }
    }

    /// What a denial is explained with.
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn overlay(&self) -> Result<AnyOverlay, Unexplained> {
        let named = self.explained().ok_or(Unexplained::NotNamed);
        match self {
            Self::Tree(model) => Ok(AnyOverlay::Tree(Overlay::of(model, named?)?.ok_or(Unexplained::NotNamed)?)),
            Self::Scorecard(file) => {
                let overlay = ScoreOverlay::of(&file.card, named?, file.threshold)?;
                Ok(AnyOverlay::Scorecard(overlay.ok_or(Unexplained::NotNamed)?))
            }
            Self::Ensemble(_) => Err(Unexplained::Ensemble),
        }
    }

    /// The answer in the clear, 0 or 1, and for sums the sum; `None` where a bin is missing.
    #[must_use]
    pub fn answer(&self, bins: &[u8]) -> Option<(u8, Option<i64>)> {
        let by = |sum: i64, lowest: i64| (u8::from(sum >= lowest), Some(sum));
        match self {
            Self::Tree(model) => Some((model.class_of(bins)?, None)),
            Self::Scorecard(file) => Some(by(file.card.sum_of(bins)?, file.threshold)),
            Self::Ensemble(file) => Some(by(file.ensemble.sum_of(bins)?, file.lowest)),
        }
    }

    /// The smallest increase of the explained feature that approves, by trying every bin in the clear.
    #[must_use]
    pub fn by_trying(&self, bins: &[u8]) -> Option<u8> {
        match self {
            Self::Tree(model) => crate::explain::by_trying(model, bins, model.explained()?),
            Self::Scorecard(file) => {
                crate::explain::by_trying_points(&file.card, file.threshold, bins, file.explained?)
            }
            Self::Ensemble(_) => None,
        }
    }
}
