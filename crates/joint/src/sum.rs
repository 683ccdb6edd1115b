//! Sums of points: scorecards, and ensembles of trees. They are linear, so the exact sum opens, and only it.
//!
//! A scorecard is one value: the points of each feature's bin, added up. An ensemble has, for each leaf of each tree,
//! a test and a masked number. Holders blind both tests; the first opens as 0 at the leaf that is reached, the second
//! is added to the number, so that only this leaf's number opens. The masks of all trees add up to 0: one number tells
//! nothing, all of them tell the sum. The lender proves that it knows the numbers, so none can be an input. Against a
//! lender beside the one who opens the masks are no help: together they learn which leaf of each tree was reached.

use crate::{
    evaluation::Inputs,
    plan::Path,
    scheme::{
        Ciphertext, Draws, JointKey, Known, MOST_VALUES, Opened, Refused, ciphertexts_from, ciphertexts_to, signed,
    },
};
use curve25519_dalek::Scalar;

mod file;
#[cfg(test)]
mod tests;

pub use file::{ScorecardError, ScorecardFile};

/// What the numbers' proofs are for.
const STEP: &str = "ensemble";

/// Widest range of sums that is opened: found in about 2^14 steps of a few microseconds.
pub const WIDEST: u64 = 1 << 28;

/// Why points are not a scorecard or an ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SumError {
    /// Nothing to sum, or a feature with fewer than 2 or more than 64 bins.
    #[error("a scorecard needs features of 2 to 64 bins each, an ensemble trees of at least one leaf each")]
    Empty,
    /// Sums too far apart.
    #[error("the sums may lie {0} apart, at most {WIDEST} are found: give the points fewer digits")]
    Wide(u64),
    /// Too many leaves.
    #[error("two values for each leaf, padding included, are more than {MOST_VALUES}: use fewer or smaller trees")]
    Leaves,
}

/// The lowest and the highest sum that there can be: public, it tells where to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    low: i64,
    high: i64,
}

impl Range {
    fn of<'a>(groups: impl Iterator<Item = Vec<&'a i32>>) -> Result<Self, SumError> {
        let mut range = Self { low: 0, high: 0 };
        for group in groups {
            let ends = group.iter().min().zip(group.iter().max()).ok_or(SumError::Empty)?;
            range.low = range.low.saturating_add(i64::from(**ends.0));
            range.high = range.high.saturating_add(i64::from(**ends.1));
        }
        let wide = range.high.abs_diff(range.low);
        if wide > WIDEST { Err(SumError::Wide(wide)) } else { Ok(range) }
    }

    /// The sum that opened, where it is in the range.
    #[must_use]
    pub fn sum(&self, opened: &Opened) -> Option<i64> {
        let above = opened.minus(self.low).found(self.high.abs_diff(self.low))?;
        self.low.checked_add_unsigned(above)
    }
}

/// Points for each bin of each feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    points: Vec<Vec<i32>>,
    range: Range,
}

impl Scorecard {
    /// A scorecard from the points of each feature's bins.
    ///
    /// # Errors
    /// A feature has too few or too many bins, or the sums lie too far apart.
    pub fn new(points: Vec<Vec<i32>>) -> Result<Self, SumError> {
        if points.is_empty() || !points.iter().all(|bins| (2..=64).contains(&bins.len())) {
            return Err(SumError::Empty);
        }
        let range = Range::of(points.iter().map(|bins| bins.iter().collect()))?;
        Ok(Self { points, range })
    }

    /// Where its sums lie.
    #[must_use]
    pub fn range(&self) -> Range {
        self.range
    }

    /// The sum in the clear; `None` where a bin is missing.
    #[must_use]
    pub fn sum_of(&self, bins: &[u8]) -> Option<i64> {
        let point = |(at, bins_of): (usize, &Vec<i32>)| bins_of.get(usize::from(*bins.get(at)?)).copied();
        self.points.iter().enumerate().map(|one| point(one).map(i64::from)).sum()
    }

    /// The encrypted sum, freshly randomised from the lender's seed: the one value that opens.
    ///
    /// # Errors
    /// A feature is not there.
    pub fn evaluate(&self, inputs: &Inputs, key: &JointKey, seed: &[u8; 32]) -> Result<Ciphertext, Refused> {
        let mut draws = Draws::new("scorecard", key.id(), seed);
        Ok(self.combined(inputs, None)?.rerandomised(key, &mut draws))
    }

    /// The encrypted sum of all features but one, not yet randomised.
    pub(crate) fn combined(&self, inputs: &Inputs, without: Option<usize>) -> Result<Ciphertext, Refused> {
        let mut terms = Vec::new();
        let mut base = 0_i64;
        for (feature, points) in self.points.iter().enumerate().filter(|(at, _)| Some(*at) != without) {
            base += points.first().copied().map_or(0, i64::from);
            // every bin from here up adds what this bin has more than the one below it
            let last = points.len() as u8 - 1;
            for (bin, pair) in (1_u8..).zip(points.windows(2)) {
                if let [below, here] = *pair
                    && below != here
                {
                    terms.push((i64::from(here) - i64::from(below), inputs.within(feature, bin, last)?));
                }
            }
        }
        Ok(Ciphertext::signed(base) + Ciphertext::combined(&terms))
    }

    /// The points of each feature's bins.
    #[must_use]
    pub fn points(&self) -> &[Vec<i32>] {
        &self.points
    }
}

/// Trees whose reached leaves add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensemble {
    trees: Vec<Vec<(Path, i32)>>,
    range: Range,
    padded: usize,
}

impl Ensemble {
    /// An ensemble from the leaves of each tree: the way to it and its number. The leaves of one tree must part all
    /// inputs. Every tree is padded to the leaves of the largest.
    ///
    /// # Errors
    /// A tree has no leaf, there are too many, or the sums lie too far apart.
    pub fn new(trees: Vec<Vec<(Path, i32)>>) -> Result<Self, SumError> {
        let range = Range::of(trees.iter().map(|tree| tree.iter().map(|(_, number)| number).collect()))?;
        let padded = trees.iter().map(Vec::len).max().ok_or(SumError::Empty)?.next_power_of_two();
        // two values are opened for each
        if padded.saturating_mul(trees.len()) > MOST_VALUES / 2 {
            return Err(SumError::Leaves);
        }
        Ok(Self { trees, range, padded })
    }

    /// Where its sums lie.
    #[must_use]
    pub fn range(&self) -> Range {
        self.range
    }

    /// The leaves of each tree: the way to it and its number.
    #[must_use]
    pub fn trees(&self) -> &[Vec<(Path, i32)>] {
        &self.trees
    }

    /// How many trees there are, and how many values for each are opened: both are public.
    #[must_use]
    pub fn announced(&self) -> (usize, usize) {
        (self.trees.len(), self.padded)
    }

    /// The sum in the clear; `None` where no leaf of a tree is reached.
    #[must_use]
    pub fn sum_of(&self, bins: &[u8]) -> Option<i64> {
        let reached = |tree: &Vec<(Path, i32)>| {
            tree.iter().find(|(path, _)| path.cost(bins) == 0).map(|(_, number)| i64::from(*number))
        };
        self.trees.iter().map(reached).sum()
    }

    /// The encrypted tests and masked numbers, the leaves of each tree in a drawn order.
    ///
    /// # Errors
    /// A feature is not there.
    pub fn evaluate(&self, inputs: &Inputs, key: &JointKey, seed: &[u8; 32]) -> Result<Summands, Refused> {
        let mut draws = Draws::new("ensemble", key.id(), seed);
        let (mut tests, mut guards, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        let mut masks: Vec<_> = self.trees.iter().skip(1).map(|_| draws.nonzero()).collect();
        masks.push(-masks.iter().sum::<Scalar>());
        for (tree, mask) in self.trees.iter().zip(masks) {
            let mut leaves = Vec::with_capacity(self.padded);
            for (path, number) in tree {
                leaves.push((inputs.cost(path)?, signed((*number).into()) + mask));
            }
            leaves.resize(self.padded, (Ciphertext::clear(1), mask));
            draws.shuffle(&mut leaves);
            for (cost, number) in leaves {
                tests.push(cost.times(&mut draws).rerandomised(key, &mut draws));
                guards.push(cost.times(&mut draws).rerandomised(key, &mut draws));
                numbers.push(number);
            }
        }
        Ok(Summands { tests, guards, numbers: Known::new(key, STEP, &numbers, &mut draws) })
    }
}

/// What a lender sends of an ensemble: for each leaf two tests, which holders blind, and the masked number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summands {
    tests: Vec<Ciphertext>,
    guards: Vec<Ciphertext>,
    numbers: Known,
}

impl Summands {
    /// What holders blind, in turn: all tests, then all guards.
    #[must_use]
    pub fn conditions(&self) -> Vec<Ciphertext> {
        self.tests.iter().chain(&self.guards).copied().collect()
    }

    /// What is opened, from what the last holder blinded: the tests, then each number with its guard added.
    ///
    /// # Errors
    /// Not as many values as there are.
    pub fn opened_from(&self, blinded: &[Ciphertext]) -> Result<Vec<Ciphertext>, Refused> {
        let announced = self.tests.len() * 2;
        let wrong = Refused::Count { found: blinded.len(), announced };
        let (tests, guards) = blinded.split_at_checked(self.tests.len()).ok_or(wrong)?;
        if guards.len() != self.guards.len() {
            return Err(wrong);
        }
        let guarded = guards.iter().zip(self.numbers.values()).map(|(&guard, number)| guard + number);
        let all: Vec<Ciphertext> = tests.iter().copied().chain(guarded).collect();
        if all.iter().any(Ciphertext::is_bare) { Err(Refused::Bare) } else { Ok(all) }
    }

    /// Its bytes: 320 for each leaf.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let conditions = [&self.tests, &self.guards].into_iter().flat_map(|all| ciphertexts_to(all));
        conditions.chain(self.numbers.to_bytes()).collect()
    }

    /// Reads the summands of so many trees with so many leaves each, and checks that the numbers do not depend on the
    /// inputs. Every holder does, before it blinds.
    ///
    /// # Errors
    /// The bytes are not that, or the numbers are without proof.
    pub fn from_bytes(
        bytes: &[u8],
        (trees, leaves): (usize, usize),
        key: &JointKey,
        draws: &mut Draws,
    ) -> Result<Self, Refused> {
        let announced = trees.saturating_mul(leaves);
        let (tests, rest) = bytes.split_at_checked(bytes.len() / 5).ok_or(Refused::Malformed)?;
        let (guards, numbers) = rest.split_at_checked(rest.len() / 4).ok_or(Refused::Malformed)?;
        let (tests, guards) = (ciphertexts_from(tests, announced)?, ciphertexts_from(guards, announced)?);
        let numbers = Known::from_bytes(numbers, announced)?;
        numbers.verify(key, STEP, draws)?;
        Ok(Self { tests, guards, numbers })
    }
}

/// The sum from what all shares open; `None` where a tree has not exactly one reached leaf, or the sum is out of range.
#[must_use]
pub fn ensemble_sum(opened: &[Opened], (trees, leaves): (usize, usize), range: Range) -> Option<i64> {
    let (tests, numbers) = opened.split_at_checked(trees.checked_mul(leaves)?)?;
    let mut sum = None;
    for (tests, numbers) in tests.chunks(leaves.max(1)).zip(numbers.chunks(leaves.max(1))) {
        let mut reached = tests.iter().zip(numbers).filter(|(test, _)| test.is_zero());
        let (Some((_, number)), None) = (reached.next(), reached.next()) else { return None };
        sum = Some(sum.map_or(*number, |sum: Opened| sum.plus(number)));
    }
    range.sum(&sum?)
}
