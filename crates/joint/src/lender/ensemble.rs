//! Ensembles in the own form, and those of dumps: features with holders, trees, and the sum that is approved.

use super::{Binning, Feature};
use crate::{
    dump::{Dump, unit},
    model::{
        Node,
        file::{ModelError, NodeForm, QuantiserForm, count, features, nodes, reached_once, slices},
    },
    plan::Path,
    sum::{Ensemble, SumError},
};
use serde::Deserialize;
use serde_json::Value;

/// Most trees of an ensemble.
const MOST_TREES: usize = 1_024;

/// Why a file is not an ensemble.
#[derive(Debug, thiserror::Error)]
pub enum EnsembleError {
    /// Not JSON of this form.
    #[error("the file is not an ensemble: it needs feature_names, quantizers and trees, each a list of nodes")]
    Json(#[source] serde_json::Error),
    /// Features or slices that do not fit, or too many trees.
    #[error(transparent)]
    Features(#[from] ModelError),
    /// One tree that does not fit.
    #[error("tree {0}")]
    Tree(usize, #[source] ModelError),
    /// A leaf without a finite number.
    #[error("tree {0} has a leaf whose value is not a finite number")]
    Value(usize),
    /// A threshold that is none.
    #[error("the threshold is too far from 0 for the sums that there are")]
    Threshold,
    /// The numbers do not make an ensemble.
    #[error(transparent)]
    Sum(#[from] SumError),
}

/// An ensemble with its features and the lowest sum that is approved.
#[derive(Clone, Debug, PartialEq)]
pub struct EnsembleFile {
    /// Its features, in the file's order.
    pub features: Vec<Feature>,
    /// Its trees, with whole numbers.
    pub ensemble: Ensemble,
    /// How many units of the sum are 1 of the file's own values.
    pub unit: f64,
    /// The lowest sum, in units, that is approved.
    pub lowest: i64,
    /// How many holders the features belong to.
    pub holders: usize,
}

#[derive(Deserialize)]
struct Form {
    feature_names: Vec<String>,
    quantizers: Vec<QuantiserForm>,
    trees: Vec<Value>,
    #[serde(default)]
    threshold: f64,
    #[serde(default)]
    party_slices: Option<Vec<(usize, usize)>>,
}

#[derive(Deserialize)]
struct ValuedNode {
    id: usize,
    feature: Option<usize>,
    threshold: Option<u8>,
    left: Option<usize>,
    right: Option<usize>,
    value: Option<f64>,
}

impl EnsembleFile {
    /// Reads the own form: `feature_names`, `quantizers` and `party_slices` as a tree has them, `trees`, each a list of
    /// nodes (or an object with `nodes`) whose leaves have a `value` in place of a class, and `threshold`: a sum above
    /// it is approved, 0 where it is absent.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn from_json(bytes: &[u8]) -> Result<Self, EnsembleError> {
        let form: Form = serde_json::from_slice(bytes).map_err(EnsembleError::Json)?;
        count("features", form.feature_names.len(), crate::model::MOST_FEATURES)?;
        count("trees", form.trees.len(), MOST_TREES)?;
        let slices = slices(form.party_slices, form.feature_names.len())?;
        let known = features(form.feature_names, &form.quantizers, &slices)?;
        let mut trees = Vec::with_capacity(form.trees.len());
        for (at, tree) in form.trees.into_iter().enumerate() {
            // by hand: numbers of any precision do not pass through serde's untagged forms
            let listed = match tree {
                Value::Object(mut named) => named.remove("nodes").unwrap_or_default(),
                bare => bare,
            };
            let tree: Vec<ValuedNode> = serde_json::from_value(listed).map_err(EnsembleError::Json)?;
            trees.push(leaves(at, &tree, &known)?);
        }
        let unit = unit(&trees);
        let whole = |tree: Vec<(Path, f64)>| {
            tree.into_iter().map(|(path, leaf)| (path, (leaf * unit).round() as i32)).collect::<Vec<_>>()
        };
        let ensemble = Ensemble::new(trees.into_iter().map(whole).collect())?;
        let feature = |one: crate::model::Feature| Feature {
            name: one.name,
            holder: one.holder,
            binning: Binning::Linear(one.quantiser),
        };
        let features = known.into_iter().map(feature).collect();
        Ok(Self { features, ensemble, unit, lowest: lowest(form.threshold * unit)?, holders: slices.len() })
    }

    /// A dump: its features are split evenly over three holders, and a sum above 0 is approved. A base score that is
    /// not 0 is not in a dump.
    ///
    /// # Errors
    /// There is no feature.
    pub fn of_dump(dump: Dump) -> Result<Self, EnsembleError> {
        let slices = slices(None, dump.features.len())?;
        let holder = |at: usize| slices.iter().position(|&(from, to)| (from..to).contains(&at)).unwrap_or(0);
        let feature = |(at, cut): (usize, crate::dump::Cut)| Feature {
            name: cut.name.clone(),
            holder: holder(at),
            binning: Binning::Cuts(cut),
        };
        let features = dump.features.into_iter().enumerate().map(feature).collect();
        Ok(Self { features, ensemble: dump.ensemble, unit: dump.unit, lowest: 1, holders: slices.len() })
    }
}

/// The lowest whole number above a threshold.
fn lowest(threshold: f64) -> Result<i64, EnsembleError> {
    // every sum lies well within 2^31 units
    let inside = threshold.is_finite() && threshold.abs() < f64::from(i32::MAX);
    if inside { Ok(threshold.floor() as i64 + 1) } else { Err(EnsembleError::Threshold) }
}

/// The ways to all leaves of one tree that some input takes, each with its value.
fn leaves(
    at: usize,
    tree: &[ValuedNode],
    features: &[crate::model::Feature],
) -> Result<Vec<(Path, f64)>, EnsembleError> {
    count("nodes", tree.len(), crate::model::MOST_NODES)?;
    let form = |node: &ValuedNode| NodeForm {
        id: node.id,
        feature: node.feature,
        threshold: node.threshold,
        left: node.left,
        right: node.right,
        class: node.value.map(|_| 0),
    };
    let wrong = |why| EnsembleError::Tree(at, why);
    let placed = nodes(&tree.iter().map(form).collect::<Vec<_>>(), features).map_err(wrong)?;
    reached_once(&placed).map_err(wrong)?;
    let mut values = vec![f64::NAN; placed.len()];
    for node in tree {
        if let (Some(value), Some(place)) = (node.value, values.get_mut(node.id)) {
            *place = value;
        }
    }
    let mut found = Vec::new();
    let mut open = vec![(0, Path::default())];
    while let Some((id, path)) = open.pop() {
        match placed.get(id) {
            Some(&Node::Split { feature, threshold, left, right }) => {
                let last = features.get(feature).map_or(0, |one| one.quantiser.bins() - 1);
                let above = (threshold < last).then(|| path.narrowed(feature, threshold + 1, last)).flatten();
                open.extend(above.map(|path| (right, path)));
                open.extend(path.narrowed(feature, 0, threshold).map(|path| (left, path)));
            }
            _ => {
                let value = values.get(id).copied().filter(|one| one.is_finite() && one.abs() < f64::from(i32::MAX));
                found.push((path, value.ok_or(EnsembleError::Value(at))?));
            }
        }
    }
    Ok(found)
}
