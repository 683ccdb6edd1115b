//! Which leaves of a model are opened, and what each asks of the encrypted bins.

use crate::model::{Model, Node};
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
pub(crate) mod tests;

/// A model whose answer does not depend on its inputs has nothing to evaluate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("every input gives class {0}: there is nothing to ask the holders for")]
pub struct Constant(pub u8);

/// The way to one leaf: the bins that each feature on it may have, both ends included. Features not named are free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(BTreeMap<usize, (u8, u8)>);

impl Path {
    /// The features on the way, each with its first and last possible bin.
    pub fn conditions(&self) -> impl Iterator<Item = (usize, u8, u8)> + '_ {
        self.0.iter().map(|(&feature, &(low, high))| (feature, low, high))
    }

    /// How many conditions `bins` does not meet; 0 exactly at the leaf that these bins reach. A feature that `bins`
    /// does not have meets nothing.
    #[must_use]
    pub fn cost(&self, bins: &[u8]) -> usize {
        let met = |&(feature, low, high): &(usize, u8, u8)| bins.get(feature).is_some_and(|&x| low <= x && x <= high);
        self.conditions().filter(|condition| !met(condition)).count()
    }

    /// Both ways at once; `None` where no input takes both.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        other.conditions().try_fold(self.clone(), |path, (feature, low, high)| path.narrowed(feature, low, high))
    }

    /// This way with one condition more; `None` where no bin is left.
    pub(crate) fn narrowed(&self, feature: usize, low: u8, high: u8) -> Option<Self> {
        let mut path = self.clone();
        let range = path.0.entry(feature).or_insert((low, high));
        *range = (range.0.max(low), range.1.min(high));
        (range.0 <= range.1).then_some(path)
    }
}

/// The leaves of the class that has fewer of them: one of them costs 0, or the answer is the other class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    class: u8,
    paths: Vec<Path>,
}

impl Plan {
    /// The plan of a model. Leaves that no input reaches are left out; where both classes have as many, 0 is opened.
    ///
    /// # Errors
    /// All leaves that can be reached have one class.
    pub fn of(model: &Model) -> Result<Self, Constant> {
        let [zero, one] = leaves(model);
        match (zero.is_empty(), one.is_empty()) {
            (true, _) => Err(Constant(1)),
            (_, true) => Err(Constant(0)),
            _ if zero.len() <= one.len() => Ok(Self { class: 0, paths: zero }),
            _ => Ok(Self { class: 1, paths: one }),
        }
    }

    /// The class whose leaves are opened.
    #[must_use]
    pub fn class(&self) -> u8 {
        self.class
    }

    /// The opened leaves; before padding, as many values are opened.
    #[must_use]
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// The features that these leaves need: all that holders are asked to encrypt.
    #[must_use]
    pub fn features(&self) -> BTreeSet<usize> {
        self.paths.iter().flat_map(|path| path.0.keys().copied()).collect()
    }

    /// What follows from the costs of the leaves: the opened class where one is 0, else the other.
    #[must_use]
    pub fn class_of(&self, bins: &[u8]) -> u8 {
        if self.paths.iter().any(|path| path.cost(bins) == 0) { self.class } else { 1 - self.class }
    }
}

/// The ways to the leaves of class 0 and of class 1 that some input takes.
fn leaves(model: &Model) -> [Vec<Path>; 2] {
    let mut leaves = [Vec::new(), Vec::new()];
    let mut open = vec![(0, Path::default())];
    while let Some((at, path)) = open.pop() {
        match model.nodes()[at] {
            Node::Leaf { class } => leaves[usize::from(class)].push(path),
            Node::Split { feature, threshold, left, right } => {
                let last = model.features()[feature].quantiser.bins() - 1;
                let above = (threshold < last).then(|| path.narrowed(feature, threshold + 1, last)).flatten();
                open.extend(above.map(|path| (right, path)));
                open.extend(path.narrowed(feature, 0, threshold).map(|path| (left, path)));
            }
        }
    }
    leaves
}
