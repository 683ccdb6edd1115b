//! Every party in one process, over the real messages: what is encoded is decoded again by who receives it.

use crate::{
    evaluation::{self, Bins, Evaluation},
    explain::{APPROVED, Explanation, Overlay, TooManyCells, by_trying, missing_bins},
    model::Model,
    plan::{Constant, Plan},
    scheme::{Draws, Opened, Refused},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};

mod parties;
mod rows;
mod sums;
#[cfg(test)]
mod tests;

pub use rows::{Row, RowsError, rows};
pub use sums::{Sum, check_sum};

use parties::{EXPLAIN, Features, OUTCOME, Parties, blind, opening};

/// Why a check cannot run.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The model answers nothing.
    #[error(transparent)]
    Constant(#[from] Constant),
    /// The explanation is too large.
    #[error(transparent)]
    Explain(#[from] TooManyCells),
    /// The model names no feature to explain.
    #[error("the model names no years_feature to explain")]
    NotExplained,
    /// A party refused another's message: all are honest here, so it is a fault of this program or of the rows.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A row has too few bins.
    #[error("row {0} does not have a bin for each feature of the model")]
    Row(usize),
}

/// What a check found. Times and bytes are of one applicant: the mean over all rows, or over those explained.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Rows checked.
    pub rows: usize,
    /// How many features were encrypted.
    pub features: usize,
    /// The part of rows whose opened outcome is the clear tree's, 0 to 1.
    pub agreement: f64,
    /// The part whose outcome is the recorded one, where rows have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_agreement: Option<f64>,
    /// The part of denied rows whose explanation is what trying every bin finds, where asked for and any is denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain_agreement: Option<f64>,
    /// Milliseconds of processor time by step.
    pub cpu_ms: BTreeMap<&'static str, f64>,
    /// Bytes by message, each message counted once.
    pub bytes: BTreeMap<&'static str, f64>,
}

/// Which features are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those that the plan, or the explanation where asked for, needs.
    Needed,
    /// The same, with the bins merged that the lender does not tell apart: it reveals its cut points.
    Merged,
    /// All that the model names.
    All,
}

/// Runs every row. The clock tells processor time; the seed is expanded for every party and row, so it must be fresh
/// wherever a row is somebody's.
///
/// # Errors
/// The model has nothing to evaluate or to explain, or a row does not fit it.
pub fn check(
    model: &Model,
    rows: &[Row],
    (explain, asked): (bool, Asked),
    seed: &[u8; 32],
    clock: &mut dyn FnMut() -> Duration,
) -> Result<Report, CheckError> {
    let plan = Plan::of(model)?;
    let overlay = if explain {
        let feature = model.explained().ok_or(CheckError::NotExplained)?;
        Some(Overlay::of(model, feature)?.ok_or(CheckError::NotExplained)?)
    } else {
        None
    };
    let features = asked_for(model, &plan, overlay.as_ref(), asked);
    let mut run = Run { plan, overlay, parties: Parties::new(model.holders(), features, clock) };
    let mut tally = Tally::default();
    for (at, row) in rows.iter().enumerate() {
        let expected = model.class_of(&row.bins).ok_or(CheckError::Row(at))?;
        let seed = Sha256::new_with_prefix(seed).chain_update((at as u64).to_be_bytes()).finalize().into();
        let (class, explained) = run.row(&row.bins, seed)?;
        tally.agree += usize::from(class == expected);
        tally.recorded += usize::from(row.recorded.is_some());
        tally.column += usize::from(row.recorded == Some(class));
        if let (Some(answer), Some(feature)) = (explained, model.explained()) {
            tally.denied += 1;
            tally.explained += usize::from(answer == by_trying(model, &row.bins, feature));
        }
    }
    Ok(run.parties.report(rows.len(), &tally))
}

/// The features to encrypt, each with its bins. One that has a single bin left says nothing and is left out.
fn asked_for(model: &Model, plan: &Plan, overlay: Option<&Overlay>, asked: Asked) -> Features {
    let cuts = evaluation::cuts(plan, overlay);
    let bins = |(feature, one): (usize, &crate::model::Feature)| {
        let all = one.quantiser.bins();
        match (asked, cuts.get(&feature)) {
            (Asked::All, _) | (Asked::Needed, Some(_)) | (Asked::Merged, Some(None)) => {
                Some((feature, (one.holder, Bins::all(all))))
            }
            (Asked::Merged, Some(Some(cuts))) => Some((feature, (one.holder, Bins::merged(all, cuts)))),
            (_, None) => None,
        }
    };
    model.features().iter().enumerate().filter_map(bins).filter(|(_, (_, bins))| bins.count() > 1).collect()
}

#[derive(Default)]
struct Tally {
    agree: usize,
    recorded: usize,
    column: usize,
    denied: usize,
    explained: usize,
}

struct Run<'a> {
    plan: Plan,
    overlay: Option<Overlay>,
    parties: Parties<'a>,
}

impl Run<'_> {
    /// One applicant: the outcome and, where it is denied and that is asked for, the explanation.
    fn row(&mut self, bins: &[u8], seed: [u8; 32]) -> Result<(u8, Option<Option<u8>>), CheckError> {
        let draws = |label: &str, who: usize| Draws::new(label, &(who as u64).to_be_bytes(), &seed);
        let (key, owns) = self.parties.keys(seed, &draws)?;
        let sums = self.parties.inputs(&key, bins, &draws)?;
        let announced = evaluation::announced(self.plan.paths().len());
        let (plan, meter) = (&self.plan, &mut self.parties.meter);
        let made = meter
            .timed("evaluate", || Evaluation::new(plan, &sums, &key, &seed, announced).map(|made| made.to_bytes()))?;
        let received = meter.timed("evaluate", || Evaluation::from_bytes(&made, announced))?;
        meter.sent("evaluation", made);
        let blinded = blind(meter, &OUTCOME, &key, received.values(), &draws)?;
        let opened = opening(meter, &OUTCOME, &key, &owns, &blinded, &draws)?;
        let zero = opened.iter().any(Opened::is_zero);
        let class = if zero { plan.class() } else { 1 - plan.class() };
        let Some(overlay) = self.overlay.as_ref().filter(|_| class != APPROVED) else { return Ok((class, None)) };
        let announced = evaluation::announced(overlay.steps());
        let made = meter.timed("explain_evaluate", || {
            Explanation::new(overlay, &sums, &key, &seed, announced).map(|made| made.to_bytes())
        })?;
        let mut received = None;
        for holder in 0..key.holders() {
            let mut weights = draws("weigh explanation", holder);
            let read = || Explanation::from_bytes(&made, announced, &key, &mut weights);
            received = Some(meter.timed("explain_verify", read)?);
        }
        let received = received.ok_or(Refused::Holders)?;
        meter.sent("explanation", made);
        let draws = |label: &str, who: usize| Draws::new(label, &[b'e', who as u8], &seed);
        let blinded = blind(meter, &EXPLAIN, &key, received.conditions(), &draws)?;
        let place = (overlay.feature(), overlay.last());
        let sums = meter.timed("explain_open", || received.sums(&blinded, &sums, place))?;
        let opened = opening(meter, &EXPLAIN, &key, &owns, &sums, &draws)?;
        let missing = meter.timed("explain_open", || missing_bins(&opened, overlay.last()));
        Ok((class, Some(missing)))
    }
}
