//! Every party in one process, over the real messages: what is encoded is decoded again by who receives it.

use crate::{
    evaluation::{self, Bins, Evaluation, Inputs},
    explain::{APPROVED, Explanation, Overlay, TooManyCells, by_trying, missing_bins},
    model::Model,
    plan::{Constant, Plan},
    scheme::{Blinding, Ciphertext, Draws, JointKey, KeyShare, OneHot, Opened, Refused, Reveal, Share, open},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, time::Duration};

mod rows;
#[cfg(test)]
mod tests;

pub use rows::{Row, RowsError, rows};

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
    let meter = Meter { clock, steps: BTreeMap::new(), bytes: BTreeMap::new() };
    let mut run = Run { model, plan, overlay, features, meter };
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
    Ok(run.report(rows.len(), &tally))
}

/// The features to encrypt, each with its bins. One that has a single bin left says nothing and is left out.
fn asked_for(model: &Model, plan: &Plan, overlay: Option<&Overlay>, asked: Asked) -> BTreeMap<usize, Bins> {
    let cuts = evaluation::cuts(plan, overlay);
    let bins = |(feature, one): (usize, &crate::model::Feature)| {
        let all = one.quantiser.bins();
        match (asked, cuts.get(&feature)) {
            (Asked::All, _) | (Asked::Needed, Some(_)) | (Asked::Merged, Some(None)) => Some((feature, Bins::all(all))),
            (Asked::Merged, Some(Some(cuts))) => Some((feature, Bins::merged(all, cuts))),
            (_, None) => None,
        }
    };
    model.features().iter().enumerate().filter_map(bins).filter(|(_, bins)| bins.count() > 1).collect()
}

#[derive(Default)]
struct Tally {
    agree: usize,
    recorded: usize,
    column: usize,
    denied: usize,
    explained: usize,
}

/// Where time and bytes go.
struct Meter<'a> {
    clock: &'a mut dyn FnMut() -> Duration,
    steps: BTreeMap<&'static str, Duration>,
    bytes: BTreeMap<&'static str, usize>,
}

impl Meter<'_> {
    fn timed<T>(&mut self, step: &'static str, work: impl FnOnce() -> T) -> T {
        let from = (self.clock)();
        let done = work();
        *self.steps.entry(step).or_default() += (self.clock)().saturating_sub(from);
        done
    }

    fn sent(&mut self, message: &'static str, bytes: Vec<u8>) -> Vec<u8> {
        *self.bytes.entry(message).or_default() += bytes.len();
        bytes
    }
}

/// The names under which one opening's time and bytes are counted.
struct Names {
    blind: &'static str,
    verify: &'static str,
    share: &'static str,
    open: &'static str,
    blinding: &'static str,
    shares: &'static str,
}

const OUTCOME: Names = Names {
    blind: "blind",
    verify: "verify_blinding",
    share: "share",
    open: "open",
    blinding: "blinding",
    shares: "shares",
};

const EXPLAIN: Names = Names {
    blind: "explain_blind",
    verify: "explain_verify_blinding",
    share: "explain_share",
    open: "explain_open",
    blinding: "explain_blinding",
    shares: "explain_shares",
};

struct Run<'a> {
    model: &'a Model,
    plan: Plan,
    overlay: Option<Overlay>,
    features: BTreeMap<usize, Bins>,
    meter: Meter<'a>,
}

impl Run<'_> {
    /// One applicant: the outcome and, where it is denied and that is asked for, the explanation.
    fn row(&mut self, bins: &[u8], seed: [u8; 32]) -> Result<(u8, Option<Option<u8>>), CheckError> {
        let draws = |label: &str, who: usize| Draws::new(label, &(who as u64).to_be_bytes(), &seed);
        let (key, owns) = self.keys(seed, &draws)?;
        let inputs = self.encrypt(&key, bins, &draws)?;
        let all = &self.features;
        let sums = self.meter.timed("evaluate", || {
            let named = inputs.iter().filter_map(|(feature, one)| Some((*feature, all.get(feature)?.clone(), one)));
            Inputs::merged(named)
        });
        let announced = evaluation::announced(self.plan.paths().len());
        let (plan, meter) = (&self.plan, &mut self.meter);
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

    fn keys(
        &mut self,
        request: [u8; 32],
        draws: &dyn Fn(&str, usize) -> Draws,
    ) -> Result<(JointKey, Vec<KeyShare>), Refused> {
        let holders = self.model.holders();
        let owns: Vec<KeyShare> = self.meter.timed("keys", || {
            (0..holders).map(|who| KeyShare::generate(request, who, &mut draws("key", who))).collect()
        });
        let mut commitments = Vec::new();
        let mut reveals = Vec::new();
        for own in &owns {
            commitments.push(own.commitment());
            self.meter.sent("key_commitments", own.commitment().to_vec());
            reveals.push(self.meter.sent("key_reveals", own.reveal().to_bytes()));
        }
        let combine = || {
            let reveals = reveals.iter().map(|bytes| Reveal::from_bytes(bytes)).collect::<Result<Vec<_>, _>>()?;
            JointKey::combine(request, &commitments, &reveals)
        };
        // each holder and the lender for itself
        for _ in 0..holders {
            self.meter.timed("keys", combine)?;
        }
        Ok((self.meter.timed("keys", combine)?, owns))
    }

    /// Each holder encrypts its features; the lender and every other holder verify them.
    fn encrypt(
        &mut self,
        key: &JointKey,
        bins: &[u8],
        draws: &dyn Fn(&str, usize) -> Draws,
    ) -> Result<Vec<(usize, OneHot)>, Refused> {
        let mut received = Vec::new();
        for (&feature, encrypted) in &self.features {
            let missing = Refused::Missing(feature);
            let one = self.model.features().get(feature).ok_or(missing)?;
            let (bin, many) = (encrypted.place(*bins.get(feature).ok_or(missing)?), encrypted.count());
            let mut draws = draws("encrypt", feature);
            let bytes = self.meter.timed("encrypt", || {
                OneHot::new(key, one.holder, feature, (bin, many), &mut draws).map(|input| input.to_bytes())
            })?;
            let bytes = self.meter.sent("inputs", bytes);
            received.push((one.holder, feature, many, bytes));
        }
        let mut last = Vec::new();
        for verifier in 0..=self.model.holders() {
            let others = received.iter().filter(|(holder, ..)| *holder != verifier);
            let mut draws = draws("weigh inputs", verifier);
            last = self.meter.timed("verify_inputs", || {
                let decoded = others
                    .map(|(holder, feature, many, bytes)| Ok((*holder, *feature, OneHot::from_bytes(bytes, *many)?)))
                    .collect::<Result<Vec<_>, Refused>>()?;
                let named: Vec<_> = decoded.iter().map(|(holder, feature, one)| (*holder, *feature, one)).collect();
                OneHot::verify_all(key, &named, &mut draws)?;
                Ok(decoded)
            })?;
        }
        // the last verifier is the lender: it holds no feature, so it has all
        Ok(last.into_iter().map(|(_, feature, one)| (feature, one)).collect())
    }

    fn report(self, rows: usize, tally: &Tally) -> Report {
        let part = |of: usize, all: usize| (all > 0).then(|| of as f64 / all as f64);
        let per = |name: &str| if name.starts_with("expl") { tally.denied } else { rows }.max(1) as f64;
        let cpu = self.meter.steps.iter().map(|(name, time)| (*name, time.as_secs_f64() * 1e3 / per(name)));
        let bytes = self.meter.bytes.iter().map(|(name, bytes)| (*name, *bytes as f64 / per(name)));
        Report {
            rows,
            features: self.features.len(),
            agreement: part(tally.agree, rows).unwrap_or(1.0),
            column_agreement: part(tally.column, tally.recorded),
            explain_agreement: part(tally.explained, tally.denied),
            cpu_ms: cpu.collect(),
            bytes: bytes.collect(),
        }
    }
}

/// All holders blind in turn; each turn is verified by every other holder.
fn blind(
    meter: &mut Meter<'_>,
    names: &Names,
    key: &JointKey,
    values: &[Ciphertext],
    draws: &dyn Fn(&str, usize) -> Draws,
) -> Result<Vec<Ciphertext>, Refused> {
    let mut values = values.to_vec();
    for holder in 0..key.holders() {
        let mut own = draws("blind", holder);
        let bytes = meter.timed(names.blind, || Blinding::new(key, holder, &values, &mut own).to_bytes());
        let mut after = values.clone();
        for verifier in (0..key.holders()).filter(|verifier| *verifier != holder) {
            let mut weights = draws("weigh blinding", holder * 8 + verifier);
            after = meter.timed(names.verify, || {
                let turn = Blinding::from_bytes(&bytes, values.len())?;
                turn.verify(key, holder, &values, &mut weights)?;
                Ok(turn.values())
            })?;
        }
        values = after;
        meter.sent(names.blinding, bytes);
    }
    Ok(values)
}

/// Every holder sends its shares; the applicant verifies and opens.
fn opening(
    meter: &mut Meter<'_>,
    names: &Names,
    key: &JointKey,
    owns: &[KeyShare],
    values: &[Ciphertext],
    draws: &dyn Fn(&str, usize) -> Draws,
) -> Result<Vec<Opened>, Refused> {
    let mut sent = Vec::new();
    for own in owns {
        let mut nonces = draws("share", own.holder());
        let bytes =
            meter.timed(names.share, || Share::new(key, own, values, &mut nonces).map(|share| share.to_bytes()))?;
        sent.push(meter.sent(names.shares, bytes));
    }
    meter.timed(names.open, || {
        let shares = sent.iter().map(|bytes| Share::from_bytes(bytes, values.len())).collect::<Result<Vec<_>, _>>()?;
        open(key, values, &shares)
    })
}
