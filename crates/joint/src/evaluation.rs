//! The lender's evaluation: for each opened leaf, how many conditions are unmet, times a random number.
//!
//! All its randomness comes from one seed that the lender committed to before it saw an input, so an auditor who is
//! given the model and the seed computes the same bytes.

use crate::{
    plan::{Path, Plan},
    scheme::{Ciphertext, Draws, JointKey, MOST_VALUES, OneHot, Refused, ciphertexts_from, ciphertexts_to},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

mod bins;
#[cfg(test)]
pub(crate) mod tests;

pub use bins::{Bins, cuts};

/// Fewest values of one opening: a handful of leaves looks like any other.
const FEWEST: usize = 8;

/// How many values a lender announces for so many leaves: the next power of two, at least 8. More would cost every
/// holder its time, fewer would tell how large the model is.
#[must_use]
pub fn announced(leaves: usize) -> usize {
    leaves.next_power_of_two().max(FEWEST)
}

/// The commitment to an evaluation's seed. The seed is 32 random bytes used for one request, so it needs no salt.
#[must_use]
pub fn seed_commitment(seed: &[u8; 32]) -> [u8; 32] {
    Sha256::new_with_prefix(b"halfdoor/joint/seed/1").chain_update(seed).finalize().into()
}

/// The encrypted bins that holders sent, made ready for ranges: any range of bins is one subtraction.
pub struct Inputs(BTreeMap<usize, (Bins, Vec<Ciphertext>)>);

impl Inputs {
    /// The inputs by their features' positions in the model, every bin by itself. They must have been verified.
    #[must_use]
    pub fn new<'a>(inputs: impl IntoIterator<Item = (usize, &'a OneHot)>) -> Self {
        let all = |input: &OneHot| Bins::all(u8::try_from(input.bins().len()).unwrap_or(u8::MAX));
        Self::merged(inputs.into_iter().map(|(feature, input)| (feature, all(input), input)))
    }

    /// The same where bins are merged.
    #[must_use]
    pub fn merged<'a>(inputs: impl IntoIterator<Item = (usize, Bins, &'a OneHot)>) -> Self {
        let sums = |input: &OneHot| {
            let mut sum = Ciphertext::clear(0);
            let mut sums = vec![sum];
            for &bin in input.bins() {
                sum = sum + bin;
                sums.push(sum);
            }
            sums
        };
        Self(inputs.into_iter().map(|(feature, bins, input)| (feature, (bins, sums(input)))).collect())
    }

    /// An encrypted 1 where the feature's bin is from `low` to `high`, else 0.
    pub(crate) fn within(&self, feature: usize, low: u8, high: u8) -> Result<Ciphertext, Refused> {
        let missing = Refused::Missing(feature);
        let (bins, sums) = self.0.get(&feature).ok_or(missing)?;
        let below = |edge: u8| bins.below(edge).and_then(|at| sums.get(at)).copied().ok_or(missing);
        Ok(below(high.saturating_add(1))? - below(low)?)
    }

    /// The encrypted number of a feature's bin: for each bin above 0, 1 where the hot one is there or higher.
    pub(crate) fn bin(&self, feature: usize, last: u8) -> Result<Ciphertext, Refused> {
        (1..=last).map(|low| self.within(feature, low, last)).sum()
    }

    /// The encrypted number of conditions that are not met.
    pub(crate) fn cost(&self, path: &Path) -> Result<Ciphertext, Refused> {
        let mut cost = Ciphertext::clear(path.conditions().count() as u64);
        for (feature, low, high) in path.conditions() {
            cost = cost - self.within(feature, low, high)?;
        }
        Ok(cost)
    }
}

/// The values to open, in a drawn order: a leaf of the plan's class that the inputs reach is 0, everything else is a
/// random number that is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation(Vec<Ciphertext>);

impl Evaluation {
    /// Evaluates the plan on the inputs and fills up to the announced number.
    ///
    /// # Errors
    /// The plan needs a feature that is not there, or more values than announced.
    pub fn new(
        plan: &Plan,
        inputs: &Inputs,
        key: &JointKey,
        seed: &[u8; 32],
        announced: usize,
    ) -> Result<Self, Refused> {
        let found = plan.paths().len();
        if found > announced || announced > MOST_VALUES {
            return Err(Refused::Count { found, announced });
        }
        let mut draws = Draws::new("evaluate", key.id(), seed);
        let mut values = Vec::with_capacity(announced);
        for path in plan.paths() {
            values.push(inputs.cost(path)?.times(&mut draws).rerandomised(key, &mut draws));
        }
        values.extend((found..announced).map(|_| Ciphertext::nonzero(key, &mut draws)));
        draws.shuffle(&mut values);
        Ok(Self(values))
    }

    /// The values, as the first holder blinds them.
    #[must_use]
    pub fn values(&self) -> &[Ciphertext] {
        &self.0
    }

    /// Its bytes: 64 for each value.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        ciphertexts_to(&self.0)
    }

    /// Reads an evaluation.
    ///
    /// # Errors
    /// Not exactly the announced number of values, or one that opens without a key.
    pub fn from_bytes(bytes: &[u8], announced: usize) -> Result<Self, Refused> {
        ciphertexts_from(bytes, announced).map(Self)
    }
}
