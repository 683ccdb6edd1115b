//! The smallest increase of one feature that turns a denial into an approval, and nothing else.
//!
//! The tree is overlaid over all values of the feature: a cell is a way through all other features, with the class
//! for each bin of this one. For each stretch of denied bins followed by an approved one there are two encrypted
//! numbers: the unmet conditions of "in this cell, in this stretch" times a random number, and the approved bin, with
//! a proof that the lender knows it. Holders blind the first; only both together, less the current bin, are opened.
//! Where the conditions are met that is how many bins are missing, and anywhere else it is random to everybody. A
//! lender that sends something else, beside the one who opens, learns the zeros among the values and at most the
//! current bin of the explained feature; no other input can be added to what opens.

use crate::{
    evaluation::Inputs,
    model::{Model, Node},
    plan::Path,
    scheme::{
        Ciphertext, Draws, JointKey, Known, MOST_VALUES, Opened, Refused, ciphertexts_from, ciphertexts_to, signed,
    },
};

mod score;
#[cfg(test)]
mod tests;

pub use score::{ScoreOverlay, by_trying_points};

/// What the targets' proofs are for.
const STEP: &str = "explain";

/// Most cells of an overlay.
const MOST_CELLS: usize = 1 << 14;

/// The class that means approved.
pub const APPROVED: u8 = 1;

/// The overlay has too many cells for one opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("explaining this feature would open more than {MOST_VALUES} values: prune the tree or choose another feature")]
pub struct TooManyCells;

/// One way for a denied applicant to be approved: from any of these bins, by reaching this one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    path: Path,
    target: u8,
}

/// All steps of one feature of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    feature: usize,
    last: u8,
    steps: Vec<Step>,
}

impl Overlay {
    /// Overlays the tree over one of its features; `Ok(None)` where it has no such feature.
    ///
    /// # Errors
    /// The overlay is too large.
    pub fn of(model: &Model, feature: usize) -> Result<Option<Self>, TooManyCells> {
        let Some(one) = model.features().get(feature) else { return Ok(None) };
        let last = one.quantiser.bins() - 1;
        let mut steps = Vec::new();
        for cell in cells(model, feature, last, 0)? {
            for (low, high) in cell.denied() {
                let target = high + 1;
                steps.extend(cell.path.narrowed(feature, low, high).map(|path| Step { path, target }));
            }
        }
        if steps.len() > MOST_VALUES { Err(TooManyCells) } else { Ok(Some(Self { feature, last, steps })) }
    }

    /// How many values are opened, before padding.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The features that it needs encrypted.
    pub fn features(&self) -> std::collections::BTreeSet<usize> {
        let on_paths = self.steps.iter().flat_map(|step| step.path.conditions().map(|(feature, ..)| feature));
        on_paths.chain([self.feature]).collect()
    }

    /// The explained feature.
    #[must_use]
    pub fn feature(&self) -> usize {
        self.feature
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.steps.iter().map(|step| &step.path)
    }

    /// The last bin of the feature: no answer is larger.
    #[must_use]
    pub fn last(&self) -> u8 {
        self.last
    }
}

/// A part of the inputs, without the explained feature, and its class for each bin of that.
struct Cell {
    path: Path,
    classes: Vec<u8>,
}

impl Cell {
    /// First and last bin of each stretch of denied ones that an approved one follows.
    fn denied(&self) -> Vec<(u8, u8)> {
        let mut found = Vec::new();
        let mut low = 0;
        for (bin, pair) in (0_u8..).zip(self.classes.windows(2)) {
            match *pair {
                [APPROVED, next] if next != APPROVED => low = bin + 1,
                [now, APPROVED] if now != APPROVED => found.push((low, bin)),
                _ => {}
            }
        }
        found
    }
}

fn cells(model: &Model, feature: usize, last: u8, at: usize) -> Result<Vec<Cell>, TooManyCells> {
    let Some(node) = model.nodes().get(at) else { return Ok(Vec::new()) };
    let (split, threshold, left, right) = match *node {
        Node::Leaf { class } => {
            return Ok(vec![Cell { path: Path::default(), classes: vec![class; usize::from(last) + 1] }]);
        }
        Node::Split { feature, threshold, left, right } => (feature, threshold, left, right),
    };
    let (low, high) = (cells(model, feature, last, left)?, cells(model, feature, last, right)?);
    let mut found = Vec::new();
    if split == feature {
        for (low, high) in low.iter().flat_map(|low| high.iter().map(move |high| (low, high))) {
            let Some(path) = low.path.and(&high.path) else { continue };
            let (below, above) = (low.classes.iter().take(usize::from(threshold) + 1), high.classes.iter());
            let classes = below.chain(above.skip(usize::from(threshold) + 1)).copied().collect();
            found.push(Cell { path, classes });
            if found.len() > MOST_CELLS {
                return Err(TooManyCells);
            }
        }
        return Ok(found);
    }
    let bins = model.features().get(split).map_or(0, |one| one.quantiser.bins());
    let mut narrow = |cells: Vec<Cell>, from: u8, to: u8| {
        let narrowed = |cell: Cell| Some(Cell { path: cell.path.narrowed(split, from, to)?, classes: cell.classes });
        found.extend(cells.into_iter().filter_map(narrowed));
    };
    // where the classes are all the same on both sides the split is not needed
    narrow(low, 0, threshold);
    if threshold + 1 < bins {
        narrow(high, threshold + 1, bins - 1);
    }
    if found.len() > MOST_CELLS { Err(TooManyCells) } else { Ok(found) }
}

/// The values of an explanation, in a drawn order: what is blinded, and the bin to reach, which is added afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    conditions: Vec<Ciphertext>,
    targets: Known,
}

impl Explanation {
    /// Evaluates the overlay on the inputs and fills up to the announced number, all randomness from the seed.
    ///
    /// # Errors
    /// A feature is not there, or there are more values than announced.
    pub fn new(
        overlay: &Overlay,
        inputs: &Inputs,
        key: &JointKey,
        seed: &[u8; 32],
        announced: usize,
    ) -> Result<Self, Refused> {
        let step = |step: &Step, draws: &mut Draws| Ok((inputs.cost(&step.path)?.times(draws), step.target));
        Self::of_steps(&overlay.steps, step, key, seed, announced)
    }

    /// The same from any steps: `made` gives what is 0 where a step is the applicant's, times a random number, and the
    /// bin to reach.
    fn of_steps<S>(
        steps: &[S],
        made: impl Fn(&S, &mut Draws) -> Result<(Ciphertext, u8), Refused>,
        key: &JointKey,
        seed: &[u8; 32],
        announced: usize,
    ) -> Result<Self, Refused> {
        let found = steps.len();
        if found > announced || announced > MOST_VALUES {
            return Err(Refused::Count { found, announced });
        }
        let mut draws = Draws::new("explain", key.id(), seed);
        let mut pairs = Vec::with_capacity(announced);
        for step in steps {
            let (conditions, target) = made(step, &mut draws)?;
            pairs.push((conditions.rerandomised(key, &mut draws), signed(target.into())));
        }
        pairs.extend((found..announced).map(|_| (Ciphertext::nonzero(key, &mut draws), signed(0))));
        draws.shuffle(&mut pairs);
        let (conditions, targets): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        Ok(Self { conditions, targets: Known::new(key, STEP, &targets, &mut draws) })
    }

    /// What the holders blind, in turn.
    #[must_use]
    pub fn conditions(&self) -> &[Ciphertext] {
        &self.conditions
    }

    /// What is opened, from what the last holder blinded: the bin to reach is added and the current one, which
    /// everybody computes from the inputs, is taken away. `last` is the explained feature's last bin.
    ///
    /// # Errors
    /// Not as many values as there are, or the feature is not there bin by bin.
    pub fn sums(
        &self,
        blinded: &[Ciphertext],
        inputs: &Inputs,
        (feature, last): (usize, u8),
    ) -> Result<Vec<Ciphertext>, Refused> {
        if blinded.len() != self.conditions.len() {
            return Err(Refused::Count { found: blinded.len(), announced: self.conditions.len() });
        }
        let now = inputs.bin(feature, last)?;
        let sums = blinded.iter().zip(self.targets.values()).map(|(&one, target)| one + target - now);
        let sums: Vec<Ciphertext> = sums.collect();
        if sums.iter().any(Ciphertext::is_bare) { Err(Refused::Bare) } else { Ok(sums) }
    }

    /// Its bytes: 256 for each value.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = ciphertexts_to(&self.conditions);
        out.extend(self.targets.to_bytes());
        out
    }

    /// Reads an explanation and checks that its targets do not depend on the inputs. Every holder does, before it
    /// blinds.
    ///
    /// # Errors
    /// Not exactly the announced number of values, one that opens without a key, or targets without proof.
    pub fn from_bytes(bytes: &[u8], announced: usize, key: &JointKey, draws: &mut Draws) -> Result<Self, Refused> {
        let (conditions, targets) = bytes.split_at_checked(bytes.len() / 4).ok_or(Refused::Malformed)?;
        let conditions = ciphertexts_from(conditions, announced)?;
        let targets = Known::from_bytes(targets, announced)?;
        targets.verify(key, STEP, draws)?;
        Ok(Self { conditions, targets })
    }
}

/// How many bins are missing, from what all shares open: `None` where no value of this feature alone is enough.
/// `last` is the feature's last bin.
#[must_use]
pub fn missing_bins(opened: &[Opened], last: u8) -> Option<u8> {
    let found = opened.iter().find_map(|one| one.small(last.into()))?;
    u8::try_from(found).ok().filter(|&bins| bins > 0)
}

/// The same answer from the clear tree by trying every bin above the current one; `None` as well where the inputs
/// are too few.
#[must_use]
pub fn by_trying(model: &Model, bins: &[u8], feature: usize) -> Option<u8> {
    let now = *bins.get(feature)?;
    let last = model.features().get(feature)?.quantiser.bins() - 1;
    let mut tried = bins.to_vec();
    (now.checked_add(1)?..=last).find_map(|bin| {
        *tried.get_mut(feature)? = bin;
        (model.class_of(&tried) == Some(APPROVED)).then_some(bin - now)
    })
}
