//! The same of a scorecard: the smallest increase of one feature that lifts the sum to what is approved.
//!
//! For each sum that the other features can have, the feature's bins are parted into denied and approved ones, as a
//! tree's cell parts them. The condition is then two: the others have this sum, and the bin is in this stretch. Each is
//! multiplied by a random number of its own, and their sum is 0 where both hold, and otherwise only by a chance of
//! 2^-252. What is opened, and what it tells, is as of a tree.

use super::{Explanation, TooManyCells};
use crate::{
    evaluation::Inputs,
    scheme::{Ciphertext, JointKey, MOST_VALUES, Refused},
    sum::Scorecard,
};

/// The others' sum, the stretch of denied bins, and the bin to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    others: i64,
    stretch: (u8, u8),
    target: u8,
}

/// All steps of one feature of a scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreOverlay {
    feature: usize,
    last: u8,
    steps: Vec<Step>,
}

impl ScoreOverlay {
    /// Overlays the scorecard over one of its features, `lowest` being the lowest sum that is approved; `Ok(None)`
    /// where it has no such feature.
    ///
    /// # Errors
    /// The points of the feature lie too far apart for one opening.
    pub fn of(card: &Scorecard, feature: usize, lowest: i64) -> Result<Option<Self>, TooManyCells> {
        let Some(points) = card.points().get(feature) else { return Ok(None) };
        let Some(last) = points.len().checked_sub(1).and_then(|last| u8::try_from(last).ok()) else { return Ok(None) };
        let ends = |points: &Vec<i32>| {
            let of = |end: Option<&i32>| end.copied().map_or(0, i64::from);
            (of(points.iter().min()), of(points.iter().max()))
        };
        let others = card.points().iter().enumerate().filter(|(at, _)| *at != feature).map(|(_, points)| ends(points));
        let (least, most) = others.fold((0_i64, 0_i64), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let (worst, best) = ends(points);
        // below the first no bin is enough, from the second on every one is
        let (from, to) = (lowest.saturating_sub(best).max(least), lowest.saturating_sub(worst).min(most + 1));
        let mut steps = Vec::new();
        for others in from..to {
            let approved = |at: u8| points.get(usize::from(at)).is_some_and(|one| others + i64::from(*one) >= lowest);
            let mut low = None;
            for bin in 0..=last {
                match (approved(bin), low) {
                    (false, None) => low = Some(bin),
                    (true, Some(from)) => {
                        steps.push(Step { others, stretch: (from, bin - 1), target: bin });
                        low = None;
                    }
                    _ => {}
                }
            }
            if steps.len() > MOST_VALUES {
                return Err(TooManyCells);
            }
        }
        Ok(Some(Self { feature, last, steps }))
    }

    /// How many values are opened, before padding.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The explained feature.
    #[must_use]
    pub fn feature(&self) -> usize {
        self.feature
    }

    /// The last bin of the feature: no answer is larger.
    #[must_use]
    pub fn last(&self) -> u8 {
        self.last
    }

    /// Evaluates the overlay on the inputs and fills up to the announced number, all randomness from the seed. `card`
    /// is the scorecard it was made of.
    ///
    /// # Errors
    /// A feature is not there, or there are more values than announced.
    pub fn evaluate(
        &self,
        card: &Scorecard,
        inputs: &Inputs,
        key: &JointKey,
        seed: &[u8; 32],
        announced: usize,
    ) -> Result<Explanation, Refused> {
        let others = card.combined(inputs, Some(self.feature))?;
        let step = |step: &Step, draws: &mut crate::scheme::Draws| {
            let (low, high) = step.stretch;
            let outside = Ciphertext::clear(1) - inputs.within(self.feature, low, high)?;
            let apart = others - Ciphertext::signed(step.others);
            Ok((apart.times(draws) + outside.times(draws), step.target))
        };
        Explanation::of_steps(&self.steps, step, key, seed, announced)
    }
}

/// The same answer from the clear scorecard by trying every bin above the current one; `None` as well where the inputs
/// are too few.
#[must_use]
pub fn by_trying_points(card: &Scorecard, lowest: i64, bins: &[u8], feature: usize) -> Option<u8> {
    let now = *bins.get(feature)?;
    let last = u8::try_from(card.points().get(feature)?.len()).ok()?.checked_sub(1)?;
    let mut tried = bins.to_vec();
    (now.checked_add(1)?..=last).find_map(|bin| {
        *tried.get_mut(feature)? = bin;
        (card.sum_of(&tried)? >= lowest).then_some(bin - now)
    })
}
