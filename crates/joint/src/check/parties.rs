//! The parties' steps that are the same for every model, each timed and its messages counted.

use super::{Report, Tally};
use crate::{
    evaluation::{Bins, Inputs},
    record::{Input, Record},
    scheme::{Blinding, Ciphertext, Draws, JointKey, KeyShare, OneHot, Opened, Refused, Reveal, Share, open},
};
use std::{collections::BTreeMap, time::Duration};

/// The features to encrypt: the holder of each and its bins.
pub(super) type Features = BTreeMap<usize, (usize, Bins)>;

/// Where time and bytes go.
pub(super) struct Meter<'a> {
    clock: &'a mut dyn FnMut() -> Duration,
    steps: BTreeMap<&'static str, Duration>,
    bytes: BTreeMap<&'static str, usize>,
}

impl Meter<'_> {
    pub(super) fn timed<T>(&mut self, step: &'static str, work: impl FnOnce() -> T) -> T {
        let from = (self.clock)();
        let done = work();
        *self.steps.entry(step).or_default() += (self.clock)().saturating_sub(from);
        done
    }

    pub(super) fn sent(&mut self, message: &'static str, bytes: Vec<u8>) -> Vec<u8> {
        *self.bytes.entry(message).or_default() += bytes.len();
        bytes
    }
}

/// The names under which one opening's time and bytes are counted.
pub(super) struct Names {
    blind: &'static str,
    verify: &'static str,
    share: &'static str,
    open: &'static str,
    blinding: &'static str,
    shares: &'static str,
}

pub(super) const OUTCOME: Names = Names {
    blind: "blind",
    verify: "verify_blinding",
    share: "share",
    open: "open",
    blinding: "blinding",
    shares: "shares",
};

pub(super) const EXPLAIN: Names = Names {
    blind: "explain_blind",
    verify: "explain_verify_blinding",
    share: "explain_share",
    open: "explain_open",
    blinding: "explain_blinding",
    shares: "explain_shares",
};

/// All holders and the lender.
pub(super) struct Parties<'a> {
    holders: usize,
    features: Features,
    pub(super) meter: Meter<'a>,
    /// The public messages of the row at hand.
    pub(super) record: Record,
}

impl<'a> Parties<'a> {
    pub(super) fn new(holders: usize, features: Features, clock: &'a mut dyn FnMut() -> Duration) -> Self {
        let meter = Meter { clock, steps: BTreeMap::new(), bytes: BTreeMap::new() };
        Self { holders, features, meter, record: Record::new() }
    }

    pub(super) fn keys(
        &mut self,
        request: [u8; 32],
        draws: &dyn Fn(&str, usize) -> Draws,
    ) -> Result<(JointKey, Vec<KeyShare>), Refused> {
        let holders = self.holders;
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
        self.record.commitments = commitments.iter().map(|one: &[u8; 32]| one.to_vec().into()).collect();
        self.record.reveals = reveals.iter().cloned().map(Into::into).collect();
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
        for (&feature, (holder, encrypted)) in &self.features {
            let missing = Refused::Missing(feature);
            let (bin, many) = (encrypted.place(*bins.get(feature).ok_or(missing)?), encrypted.count());
            let mut draws = draws("encrypt", feature);
            let bytes = self.meter.timed("encrypt", || {
                OneHot::new(key, *holder, feature, (bin, many), &mut draws).map(|input| input.to_bytes())
            })?;
            let bytes = self.meter.sent("inputs", bytes);
            let (starts, end) = encrypted.starts();
            let (starts, sent) = (starts.to_vec().into(), bytes.clone().into());
            self.record.inputs.push(Input { feature, holder: *holder, starts, end, sent });
            received.push((*holder, feature, many, bytes));
        }
        let mut last = Vec::new();
        for verifier in 0..=self.holders {
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

    /// The verified inputs, ready for an evaluation.
    pub(super) fn inputs(
        &mut self,
        key: &JointKey,
        bins: &[u8],
        draws: &dyn Fn(&str, usize) -> Draws,
    ) -> Result<Inputs, Refused> {
        let inputs = self.encrypt(key, bins, draws)?;
        let all = &self.features;
        Ok(self.meter.timed("evaluate", || {
            let named = inputs.iter().filter_map(|(feature, one)| Some((*feature, all.get(feature)?.1.clone(), one)));
            Inputs::merged(named)
        }))
    }

    pub(super) fn report(self, rows: usize, tally: &Tally) -> Report {
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
            explained: tally.asked.then_some(tally.denied),
            cpu_ms: cpu.collect(),
            bytes: bytes.collect(),
        }
    }
}

/// All holders blind in turn; each turn is verified by every other holder.
pub(super) fn blind(
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
pub(super) fn opening(
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
