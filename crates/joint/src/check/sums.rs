//! The same of sums: scorecards and ensembles.

use super::{
    CheckError, Report, Row, Tally,
    parties::{OUTCOME, Parties, blind, opening},
};
use crate::{
    evaluation::Bins,
    scheme::{Ciphertext, Draws, Refused, ciphertexts_from, ciphertexts_to},
    sum::{Ensemble, Scorecard, Summands, ensemble_sum},
};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What is summed.
#[derive(Clone, Copy)]
pub enum Sum<'a> {
    /// The points of each feature.
    Scorecard(&'a Scorecard),
    /// The leaf that each tree reaches.
    Ensemble(&'a Ensemble),
}

impl Sum<'_> {
    fn of(self, bins: &[u8]) -> Option<i64> {
        match self {
            Self::Scorecard(card) => card.sum_of(bins),
            Self::Ensemble(trees) => trees.sum_of(bins),
        }
    }
}

/// Runs every row. `features` gives the holder, counted from 0, and the bins of each; one with a single bin is not
/// encrypted. Agreement is that of the exact sum.
///
/// # Errors
/// A row does not fit, or there are not two to five holders.
pub fn check_sum(
    sum: Sum<'_>,
    features: &[(usize, u8)],
    rows: &[Row],
    seed: &[u8; 32],
    clock: &mut dyn FnMut() -> Duration,
) -> Result<Report, CheckError> {
    let holders = features.iter().map(|(holder, _)| holder + 1).max().unwrap_or(0);
    let asked = features.iter().enumerate().filter(|(_, (_, bins))| *bins > 1);
    let asked = asked.map(|(feature, &(holder, bins))| (feature, (holder, Bins::all(bins))));
    let mut parties = Parties::new(holders, asked.collect(), clock);
    let mut tally = Tally::default();
    for (at, row) in rows.iter().enumerate() {
        let expected = sum.of(&row.bins).ok_or(CheckError::Row(at))?;
        let seed = Sha256::new_with_prefix(seed).chain_update((at as u64).to_be_bytes()).finalize().into();
        tally.agree += usize::from(one(&mut parties, sum, &row.bins, seed)? == Some(expected));
    }
    Ok(parties.report(rows.len(), &tally))
}

fn one(parties: &mut Parties<'_>, sum: Sum<'_>, bins: &[u8], seed: [u8; 32]) -> Result<Option<i64>, Refused> {
    let draws = |label: &str, who: usize| Draws::new(label, &(who as u64).to_be_bytes(), &seed);
    let (key, owns) = parties.keys(seed, &draws)?;
    let inputs = parties.inputs(&key, bins, &draws)?;
    let meter = &mut parties.meter;
    match sum {
        Sum::Scorecard(card) => {
            let made =
                meter.timed("evaluate", || card.evaluate(&inputs, &key, &seed).map(|sum| ciphertexts_to(&[sum])))?;
            let values = meter.timed("evaluate", || ciphertexts_from(&made, 1))?;
            meter.sent("evaluation", made);
            let opened = opening(meter, &OUTCOME, &key, &owns, &values, &draws)?;
            Ok(meter.timed("open", || opened.first().and_then(|one| card.range().sum(one))))
        }
        Sum::Ensemble(trees) => {
            let announced = trees.announced();
            let made = meter.timed("evaluate", || trees.evaluate(&inputs, &key, &seed).map(|made| made.to_bytes()))?;
            let mut values: Vec<Ciphertext> = Vec::new();
            let mut received = None;
            for holder in 0..key.holders() {
                let mut weights = draws("weigh summands", holder);
                let read = || Summands::from_bytes(&made, announced, &key, &mut weights);
                let read = meter.timed("verify_evaluation", read)?;
                values = read.conditions();
                received = Some(read);
            }
            meter.sent("evaluation", made);
            let blinded = blind(meter, &OUTCOME, &key, &values, &draws)?;
            let values = received.ok_or(Refused::Holders)?.opened_from(&blinded)?;
            let opened = opening(meter, &OUTCOME, &key, &owns, &values, &draws)?;
            Ok(meter.timed("open", || ensemble_sum(&opened, announced, trees.range())))
        }
    }
}
