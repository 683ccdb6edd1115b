//! Ensembles as XGBoost (`dump_model` with `dump_format="json"`) and LightGBM (`dump_model()`) write them.
//!
//! The bins of a feature are the stretches between the thresholds that the trees compare it with, so nothing is lost
//! by quantising: a value and its bin go the same way at every split.

use crate::{
    model::{LONGEST_FILE, MOST_FEATURES, Unquantisable},
    plan::Path,
    sum::{Ensemble, SumError, WIDEST},
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Deepest tree of a dump.
const DEEPEST: usize = 32;
/// Leaves are whole numbers of 2^-20: twenty trees are then off by at most 10^-5.
const FINEST: i32 = 20;

/// Why a dump is not an ensemble.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// Longer than [`LONGEST_FILE`].
    #[error("the dump has {0} bytes, at most {LONGEST_FILE} are read")]
    TooLong(usize),
    /// Neither of the two forms.
    #[error("the dump is neither XGBoost's (a list of trees) nor LightGBM's (tree_info)")]
    Json(#[source] serde_json::Error),
    /// A node that cannot be used.
    #[error("tree {0} has a split that is not a comparison of one number, or is deeper than {DEEPEST}")]
    Tree(usize),
    /// Too many thresholds or features.
    #[error("feature {0} is compared with more than 63 thresholds: train with at most 64 bins (max_bin)")]
    Thresholds(String),
    /// Too many features.
    #[error("the trees use {0} features, from 1 to {MOST_FEATURES} are possible")]
    Features(usize),
    /// The trees do not make an ensemble.
    #[error(transparent)]
    Sum(#[from] SumError),
}

/// One feature of a dump and where its bins begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Its name.
    pub name: String,
    thresholds: Vec<f64>,
    /// Whether a value equal to a threshold is above it (XGBoost, which compares in 32 bits) or not (LightGBM).
    single: bool,
}

impl Cut {
    /// How many bins it has: one more than thresholds. A feature with one bin is not asked for.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.thresholds.len() + 1
    }

    /// Every part exactly, as a commitment covers it.
    pub(crate) fn exact(&self) -> (Vec<u64>, bool) {
        (self.thresholds.iter().map(|one| one.to_bits()).collect(), self.single)
    }

    /// The bin of a value.
    ///
    /// # Errors
    /// The value is infinite or not a number.
    pub fn bin(&self, value: f64) -> Result<u8, Unquantisable> {
        if !value.is_finite() {
            return Err(Unquantisable);
        }
        let above = |cut: &&f64| if self.single { f64::from(value as f32) >= **cut } else { value > **cut };
        u8::try_from(self.thresholds.iter().filter(above).count()).map_err(|_| Unquantisable)
    }
}

/// An ensemble with its features, in the order of their first use or of the file's own list.
#[derive(Clone, Debug, PartialEq)]
pub struct Dump {
    /// Its features; an ensemble's paths name them by position.
    pub features: Vec<Cut>,
    /// Its trees, with whole numbers.
    pub ensemble: Ensemble,
    /// How many units of the sum are 1 of the dump's own margin.
    pub unit: f64,
}

impl Dump {
    /// Reads a dump of either kind.
    ///
    /// # Errors
    /// What does not fit, by its place.
    pub fn from_json(bytes: &[u8]) -> Result<Self, DumpError> {
        if bytes.len() > LONGEST_FILE {
            return Err(DumpError::TooLong(bytes.len()));
        }
        let listed = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let mut names = Names::default();
        let trees = if listed {
            let file: Vec<Xgboost> = serde_json::from_slice(bytes).map_err(DumpError::Json)?;
            let tree = |(at, tree): (usize, Xgboost)| tree.read(&mut names, 0).ok_or(DumpError::Tree(at));
            file.into_iter().enumerate().map(tree).collect::<Result<Vec<_>, _>>()?
        } else {
            let file: LightGbm = serde_json::from_slice(bytes).map_err(DumpError::Json)?;
            let read = |(at, tree): (usize, LightTree)| tree.tree_structure.read(0).ok_or(DumpError::Tree(at));
            names.0 = file.feature_names;
            file.tree_info.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?
        };
        assembled(names.0, &trees, listed)
    }

    /// The margin that a sum stands for: positive is the positive class, once the base score is added.
    #[must_use]
    pub fn margin(&self, sum: i64) -> f64 {
        sum as f64 / self.unit
    }
}

#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn place(&mut self, name: String) -> usize {
        let known = self.0.iter().position(|one| *one == name);
        known.unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        })
    }
}

/// A tree of either kind.
enum Tree {
    Leaf(f64),
    Split { feature: usize, threshold: f64, low: Box<Tree>, high: Box<Tree> },
}

#[derive(Deserialize)]
struct Xgboost {
    nodeid: u64,
    leaf: Option<f64>,
    split: Option<String>,
    split_condition: Option<f64>,
    yes: Option<u64>,
    no: Option<u64>,
    #[serde(default)]
    children: Vec<Xgboost>,
}

impl Xgboost {
    fn read(self, names: &mut Names, depth: usize) -> Option<Tree> {
        if let Some(leaf) = self.leaf {
            return leaf.is_finite().then_some(Tree::Leaf(leaf));
        }
        let (yes, no) = (self.yes?, self.no?);
        let feature = names.place(self.split?);
        // its thresholds are 32-bit numbers, whatever the decimals say
        let threshold = f64::from(self.split_condition? as f32);
        let [first, second] = <[Self; 2]>::try_from(self.children).ok()?;
        let (low, high) = match (first.nodeid, second.nodeid) {
            ids if ids == (yes, no) => (first, second),
            ids if ids == (no, yes) => (second, first),
            _ => return None,
        };
        if depth >= DEEPEST || !threshold.is_finite() {
            return None;
        }
        let low = Box::new(low.read(names, depth + 1)?);
        Some(Tree::Split { feature, threshold, low, high: Box::new(high.read(names, depth + 1)?) })
    }
}

#[derive(Deserialize)]
struct LightGbm {
    feature_names: Vec<String>,
    tree_info: Vec<LightTree>,
}

#[derive(Deserialize)]
struct LightTree {
    tree_structure: LightNode,
}

#[derive(Deserialize)]
struct LightNode {
    leaf_value: Option<f64>,
    split_feature: Option<usize>,
    threshold: Option<serde_json::Value>,
    decision_type: Option<String>,
    left_child: Option<Box<LightNode>>,
    right_child: Option<Box<LightNode>>,
}

impl LightNode {
    fn read(self, depth: usize) -> Option<Tree> {
        if let Some(leaf) = self.leaf_value {
            return leaf.is_finite().then_some(Tree::Leaf(leaf));
        }
        // `==` compares categories, whose threshold is a text
        if depth >= DEEPEST || self.decision_type? != "<=" {
            return None;
        }
        let threshold = self.threshold?.as_f64().filter(|one| one.is_finite())?;
        let low = Box::new(self.left_child?.read(depth + 1)?);
        Some(Tree::Split {
            feature: self.split_feature?,
            threshold,
            low,
            high: Box::new(self.right_child?.read(depth + 1)?),
        })
    }
}

fn assembled(names: Vec<String>, trees: &[Tree], single: bool) -> Result<Dump, DumpError> {
    if !(1..=MOST_FEATURES).contains(&names.len()) {
        return Err(DumpError::Features(names.len()));
    }
    let mut thresholds: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    trees.iter().for_each(|tree| gather(tree, &mut thresholds));
    let mut features = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let mut thresholds = thresholds.remove(&at).unwrap_or_default();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        if thresholds.len() > 63 {
            return Err(DumpError::Thresholds(name));
        }
        features.push(Cut { name, thresholds, single });
    }
    let mut leaves = Vec::with_capacity(trees.len());
    for (at, tree) in trees.iter().enumerate() {
        let mut found = Vec::new();
        follow(tree, Path::default(), &features, &mut found).ok_or(DumpError::Tree(at))?;
        leaves.push(found);
    }
    let unit = unit(&leaves);
    let whole = |tree: Vec<(Path, f64)>| {
        tree.into_iter().map(|(path, leaf)| (path, (leaf * unit).round() as i32)).collect::<Vec<_>>()
    };
    let ensemble = Ensemble::new(leaves.into_iter().map(whole).collect())?;
    Ok(Dump { features, ensemble, unit })
}

fn gather(tree: &Tree, thresholds: &mut BTreeMap<usize, Vec<f64>>) {
    if let Tree::Split { feature, threshold, low, high } = tree {
        thresholds.entry(*feature).or_default().push(*threshold);
        gather(low, thresholds);
        gather(high, thresholds);
    }
}

/// The ways to all leaves that some input reaches; `None` where a split names no feature.
fn follow(tree: &Tree, path: Path, features: &[Cut], found: &mut Vec<(Path, f64)>) -> Option<()> {
    match tree {
        Tree::Leaf(leaf) => found.push((path, *leaf)),
        Tree::Split { feature, threshold, low, high } => {
            let cut = features.get(*feature)?;
            let last = u8::try_from(cut.thresholds.len()).ok()?;
            let at = cut.thresholds.iter().position(|one| one == threshold).and_then(|at| u8::try_from(at).ok())?;
            if let Some(path) = path.narrowed(*feature, 0, at) {
                follow(low, path, features, found)?;
            }
            if let Some(path) = path.narrowed(*feature, at + 1, last) {
                follow(high, path, features, found)?;
            }
        }
    }
    Some(())
}

/// The finest unit under which the sums are still found.
pub(crate) fn unit(trees: &[Vec<(Path, f64)>]) -> f64 {
    let spread = |tree: &Vec<(Path, f64)>| {
        let leaves = tree.iter().map(|(_, leaf)| *leaf);
        leaves.clone().fold(0.0, f64::max) - leaves.fold(0.0, f64::min)
    };
    let wide: f64 = trees.iter().map(spread).sum();
    let fits = |power: &i32| wide * 2_f64.powi(*power) < (WIDEST / 2) as f64;
    2_f64.powi((0..=FINEST).rev().find(fits).unwrap_or(0))
}
