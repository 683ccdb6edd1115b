//! A scorecard's file: names, points for each bin, the sum from which an applicant is approved.

use super::{Scorecard, SumError};
use crate::model::{LONGEST_FILE, MOST_FEATURES, ModelError, slices};
use serde::Deserialize;

/// Why a file is not a scorecard.
#[derive(Debug, thiserror::Error)]
pub enum ScorecardError {
    /// Longer than [`LONGEST_FILE`].
    #[error("the scorecard has {0} bytes, at most {LONGEST_FILE} are read")]
    TooLong(usize),
    /// Not JSON of this form.
    #[error("the file is not a scorecard: it needs feature_names, points and threshold")]
    Json(#[source] serde_json::Error),
    /// One list of points for each feature.
    #[error(
        "{names} feature names but {points} lists of points: from 1 to {MOST_FEATURES} features, one list for each"
    )]
    Features {
        /// How many names.
        names: usize,
        /// How many lists.
        points: usize,
    },
    /// The holders' slices do not fit.
    #[error(transparent)]
    Slices(#[from] ModelError),
    /// The points do not fit.
    #[error(transparent)]
    Points(#[from] SumError),
}

/// A scorecard as its file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardFile {
    /// The features' names and their holders, counted from 0.
    pub features: Vec<(String, usize)>,
    /// The points.
    pub card: Scorecard,
    /// The lowest sum that is approved.
    pub threshold: i64,
    /// The feature that a denial may be explained by, where the file names one.
    pub explained: Option<usize>,
    /// How many holders the features belong to.
    pub holders: usize,
}

#[derive(Deserialize)]
struct Form {
    feature_names: Vec<String>,
    points: Vec<Vec<i32>>,
    threshold: i64,
    #[serde(default)]
    party_slices: Option<Vec<(usize, usize)>>,
    #[serde(default)]
    years_feature: Option<usize>,
}

impl ScorecardFile {
    /// Reads a scorecard: `feature_names`, `points` (a list for each feature, a whole number for each bin),
    /// `threshold`, and `party_slices` and `years_feature` as a tree has them.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ScorecardError> {
        if bytes.len() > LONGEST_FILE {
            return Err(ScorecardError::TooLong(bytes.len()));
        }
        let form: Form = serde_json::from_slice(bytes).map_err(ScorecardError::Json)?;
        let (names, points) = (form.feature_names.len(), form.points.len());
        if names != points || !(1..=MOST_FEATURES).contains(&names) {
            return Err(ScorecardError::Features { names, points });
        }
        let slices = slices(form.party_slices, names)?;
        if let Some(explained) = form.years_feature.filter(|&at| at >= names) {
            return Err(ModelError::Explained(explained).into());
        }
        let holder = |at: usize| slices.iter().position(|&(from, to)| (from..to).contains(&at)).unwrap_or(0);
        let features = form.feature_names.into_iter().enumerate().map(|(at, name)| (name, holder(at))).collect();
        let card = Scorecard::new(form.points)?;
        Ok(Self { features, card, threshold: form.threshold, explained: form.years_feature, holders: slices.len() })
    }
}
