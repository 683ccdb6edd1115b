//! Every party in one process, over the real messages: what is encoded is decoded again by who receives it.

use crate::{
    audit::{Finding, explained},
    evaluation::{Inputs, announced, seed_commitment},
    explain::{APPROVED, Explanation, missing_bins},
    lender::{AnyOverlay, Asked, LenderModel, Row, Unexplained},
    plan::{Constant, Plan},
    record::Record,
    scheme::{Ciphertext, Draws, JointKey, KeyShare, Refused},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};

mod outcome;
mod parties;
#[cfg(test)]
mod tests;

use outcome::Answer;
use parties::{EXPLAIN, Parties, blind, opening};

/// Why a check cannot run.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The model answers nothing.
    #[error(transparent)]
    Constant(#[from] Constant),
    /// The model does not explain.
    #[error(transparent)]
    Unexplained(#[from] Unexplained),
    /// A party refused another's message: all are honest here, so it is a fault of this program or of the rows.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The lender could not evaluate.
    #[error(transparent)]
    Lender(#[from] Finding),
    /// The model cannot be committed to.
    #[error("the model does not encode")]
    Encoding(#[from] protocol::cbor::CborError),
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
    /// The part of rows whose opened outcome, or exact sum, is the clear model's, 0 to 1.
    pub agreement: f64,
    /// The part whose outcome is the recorded one, where rows have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_agreement: Option<f64>,
    /// The part of denied rows whose explanation is what trying every bin finds, where asked for and any is denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explain_agreement: Option<f64>,
    /// How many denied rows were explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<usize>,
    /// Milliseconds of processor time by step.
    pub cpu_ms: BTreeMap<&'static str, f64>,
    /// Bytes by message, each message counted once.
    pub bytes: BTreeMap<&'static str, f64>,
}

/// What the lender keeps for an auditor beside a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The salt of the model's commitment.
    pub salt: [u8; 32],
    /// The seed of the evaluation.
    pub seed: [u8; 32],
}

/// What is told of each row as it is done: its place, its public messages, and what the lender keeps.
pub type Keeping<'a> = dyn FnMut(usize, Record, Kept) + 'a;

/// Runs every row. The clock tells processor time; the seed is expanded for every party and row, so it must be fresh
/// wherever a row is somebody's.
///
/// # Errors
/// The model has nothing to evaluate or to explain, or a row does not fit it.
pub fn check(
    model: &LenderModel,
    rows: &[Row],
    (explain, asked): (bool, Asked),
    seed: &[u8; 32],
    clock: &mut dyn FnMut() -> Duration,
    keep: &mut Keeping<'_>,
) -> Result<Report, CheckError> {
    let plan = if let LenderModel::Tree(tree) = model { Some(Plan::of(tree)?) } else { None };
    let overlay = if explain { Some(model.overlay()?) } else { None };
    let features = model.asked(overlay.as_ref(), asked)?;
    let mut run = Run { model, plan, overlay, parties: Parties::new(model.holders(), features, clock) };
    let mut tally = Tally { asked: explain, ..Tally::default() };
    for (at, row) in rows.iter().enumerate() {
        let (expected, sum) = model.answer(&row.bins).ok_or(CheckError::Row(at))?;
        let seeds = Seeds::of(seed, at);
        let (answer, explained) = run.row(&row.bins, &seeds)?;
        tally.agree += usize::from(answer == Answer { class: Some(expected), sum });
        tally.recorded += usize::from(row.recorded.is_some());
        tally.column += usize::from(row.recorded.is_some() && row.recorded == answer.class);
        if let Some(answer) = explained {
            tally.denied += 1;
            tally.explained += usize::from(answer == model.by_trying(&row.bins));
        }
        let kept = Kept { salt: seeds.salt, seed: seeds.lender };
        keep(at, run.record(&seeds)?, kept);
    }
    Ok(run.parties.report(rows.len(), &tally))
}

/// One row's randomness, each part for one use. What an auditor is told gives no other.
struct Seeds {
    request: [u8; 32],
    holders: [u8; 32],
    lender: [u8; 32],
    salt: [u8; 32],
}

impl Seeds {
    fn of(seed: &[u8; 32], row: usize) -> Self {
        let part = |label: &str| {
            let hash = Sha256::new_with_prefix(b"halfdoor/joint/check/1").chain_update(seed);
            hash.chain_update((row as u64).to_be_bytes()).chain_update(label).finalize().into()
        };
        Self { request: part("request"), holders: part("holders"), lender: part("lender"), salt: part("salt") }
    }
}

#[derive(Default)]
struct Tally {
    asked: bool,
    agree: usize,
    recorded: usize,
    column: usize,
    denied: usize,
    explained: usize,
}

struct Run<'a> {
    model: &'a LenderModel,
    plan: Option<Plan>,
    overlay: Option<AnyOverlay>,
    parties: Parties<'a>,
}

impl Run<'_> {
    /// One applicant: the answer and, where it is denied and that is asked for, the explanation.
    fn row(&mut self, bins: &[u8], seeds: &Seeds) -> Result<(Answer, Option<Option<u8>>), CheckError> {
        let draws = |label: &str, who: usize| Draws::new(label, &(who as u64).to_be_bytes(), &seeds.holders);
        let (key, owns) = self.parties.keys(seeds.request, &draws)?;
        let sums = self.parties.inputs(&key, bins, &draws)?;
        let answer = self.outcome(&sums, (&key, &owns), &seeds.lender, &draws)?;
        if answer.class == Some(APPROVED) || self.overlay.is_none() {
            return Ok((answer, None));
        }
        Ok((answer, Some(self.explanation(&sums, (&key, &owns), seeds)?)))
    }

    /// What the explanation opens.
    fn explanation(
        &mut self,
        inputs: &Inputs,
        (key, owns): (&JointKey, &[KeyShare]),
        seeds: &Seeds,
    ) -> Result<Option<u8>, CheckError> {
        let overlay = self.overlay.as_ref().ok_or(Unexplained::NotNamed)?;
        let (model, meter) = (self.model, &mut self.parties.meter);
        let place = overlay.place();
        let many = announced(overlay.steps());
        let made = || explained(model, overlay, inputs, key, &seeds.lender).map(|made| made.to_bytes());
        let made = meter.timed("explain_evaluate", made)?;
        let draws = |label: &str, who: usize| Draws::new(label, &[b'e', who as u8], &seeds.holders);
        let mut received = None;
        for holder in 0..key.holders() {
            let mut weights = draws("weigh explanation", holder);
            let read = || Explanation::from_bytes(&made, many, key, &mut weights);
            received = Some(meter.timed("explain_verify", read)?);
        }
        let received = received.ok_or(Refused::Holders)?;
        self.parties.record.explanation = meter.sent("explanation", made).into();
        let blinded: Vec<Ciphertext> = blind(meter, &EXPLAIN, key, received.conditions(), &draws)?;
        let sums = meter.timed("explain_open", || received.sums(&blinded, inputs, place))?;
        let opened = opening(meter, &EXPLAIN, key, owns, &sums, &draws)?;
        Ok(meter.timed("explain_open", || missing_bins(&opened, place.1)))
    }

    /// The public messages of the row just done.
    fn record(&mut self, seeds: &Seeds) -> Result<Record, CheckError> {
        let mut record = std::mem::replace(&mut self.parties.record, Record::new());
        record.request = seeds.request.to_vec().into();
        record.model = self.model.commitment(&seeds.salt)?.to_vec().into();
        record.seed = seed_commitment(&seeds.lender).to_vec().into();
        Ok(record)
    }
}
