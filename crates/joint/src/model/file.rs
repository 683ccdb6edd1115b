//! `tree.json`: its form, and what is checked before it becomes a [`Model`].

use super::{DEEPEST, Feature, HOLDERS, LONGEST_FILE, MOST_FEATURES, MOST_NODES, Model, Node, Quantiser};
use serde::Deserialize;

/// Longest name of a feature, in bytes.
const LONGEST_NAME: usize = 256;

/// Why a file is not a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Longer than [`LONGEST_FILE`].
    #[error("the model has {0} bytes, at most {LONGEST_FILE} are read: prune the tree")]
    TooLong(usize),
    /// Not JSON of this form.
    #[error("the model is not a tree.json: it needs feature_names, quantizers and nodes")]
    Json(#[source] serde_json::Error),
    /// No features or nodes, or too many.
    #[error("the model has {count} {what}, from 1 to {most} are possible")]
    Count {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// One quantiser for each feature.
    #[error("{names} feature names but {quantisers} quantizers: give each feature one")]
    Quantisers {
        /// How many names.
        names: usize,
        /// How many quantisers.
        quantisers: usize,
    },
    /// A feature that cannot be used.
    #[error("feature {0}: its name must have 1 to 256 bytes, its scale be positive, its n_bits be 1 to 6")]
    Feature(usize),
    /// Slices that leave a feature out, overlap, or name too few or too many holders.
    #[error("party_slices must cut the features into two to five parts, in order and without gaps")]
    Slices,
    /// The explained feature is not there.
    #[error("years_feature is {0}, and there is no such feature")]
    Explained(usize),
    /// A node that does not fit.
    #[error("node {id}: {reason}")]
    Node {
        /// Its id.
        id: usize,
        /// What does not fit.
        reason: &'static str,
    },
}

#[derive(Deserialize)]
struct File {
    feature_names: Vec<String>,
    quantizers: Vec<QuantiserForm>,
    nodes: Vec<NodeForm>,
    #[serde(default)]
    party_slices: Option<Vec<(usize, usize)>>,
    #[serde(default)]
    years_feature: Option<usize>,
}

#[derive(Deserialize)]
pub(crate) struct QuantiserForm {
    scale: f64,
    zero_point: i64,
    #[serde(default)]
    offset: i64,
    n_bits: u8,
}

#[derive(Deserialize)]
pub(crate) struct NodeForm {
    pub(crate) id: usize,
    pub(crate) feature: Option<usize>,
    pub(crate) threshold: Option<u8>,
    pub(crate) left: Option<usize>,
    pub(crate) right: Option<usize>,
    pub(crate) class: Option<u8>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    if bytes.len() > LONGEST_FILE {
        return Err(ModelError::TooLong(bytes.len()));
    }
    let file: File = serde_json::from_slice(bytes).map_err(ModelError::Json)?;
    count("features", file.feature_names.len(), MOST_FEATURES)?;
    count("nodes", file.nodes.len(), MOST_NODES)?;
    let slices = slices(file.party_slices, file.feature_names.len())?;
    let features = features(file.feature_names, &file.quantizers, &slices)?;
    if let Some(explained) = file.years_feature.filter(|&at| at >= features.len()) {
        return Err(ModelError::Explained(explained));
    }
    let nodes = nodes(&file.nodes, &features)?;
    reached_once(&nodes)?;
    Ok(Model { features, nodes, explained: file.years_feature, holders: slices.len() })
}

pub(crate) fn count(what: &'static str, count: usize, most: usize) -> Result<(), ModelError> {
    if (1..=most).contains(&count) { Ok(()) } else { Err(ModelError::Count { what, count, most }) }
}

/// The holders' ranges; without any, the features are split evenly over three, the first ones getting what is left.
pub(crate) fn slices(given: Option<Vec<(usize, usize)>>, features: usize) -> Result<Vec<(usize, usize)>, ModelError> {
    let slices = given.unwrap_or_else(|| {
        let end = |holder: usize| holder * (features / 3) + holder.min(features % 3);
        (0..3).map(|holder| (end(holder), end(holder + 1))).collect()
    });
    let mut next = 0;
    for &(from, to) in &slices {
        if from != next || to < from {
            return Err(ModelError::Slices);
        }
        next = to;
    }
    if next == features && HOLDERS.contains(&slices.len()) { Ok(slices) } else { Err(ModelError::Slices) }
}

pub(crate) fn features(
    names: Vec<String>,
    quantisers: &[QuantiserForm],
    slices: &[(usize, usize)],
) -> Result<Vec<Feature>, ModelError> {
    if names.len() != quantisers.len() {
        return Err(ModelError::Quantisers { names: names.len(), quantisers: quantisers.len() });
    }
    let feature = |(at, (name, form)): (usize, (String, &QuantiserForm))| {
        let quantiser = Quantiser::new(form.scale, form.zero_point, form.offset, form.n_bits)
            .filter(|_| (1..=LONGEST_NAME).contains(&name.len()))
            .ok_or(ModelError::Feature(at))?;
        let holder = slices.iter().position(|&(from, to)| (from..to).contains(&at)).ok_or(ModelError::Slices)?;
        Ok(Feature { name, quantiser, holder })
    };
    names.into_iter().zip(quantisers).enumerate().map(feature).collect()
}

/// The nodes by their ids, which are 0 to n − 1 in any order.
pub(crate) fn nodes(forms: &[NodeForm], features: &[Feature]) -> Result<Vec<Node>, ModelError> {
    let mut placed = vec![None; forms.len()];
    for form in forms {
        let refused = |reason| ModelError::Node { id: form.id, reason };
        let place = placed.get_mut(form.id).ok_or(refused("ids must run from 0 without gaps"))?;
        if place.is_some() {
            return Err(refused("there are two nodes with this id"));
        }
        *place = Some(node(form, forms.len(), features).map_err(refused)?);
    }
    // as many nodes as places, none twice: every place is taken
    Ok(placed.into_iter().flatten().collect())
}

fn node(form: &NodeForm, nodes: usize, features: &[Feature]) -> Result<Node, &'static str> {
    match (form.class, form.feature, form.threshold, form.left, form.right) {
        (Some(class), None, None, None, None) if class <= 1 => Ok(Node::Leaf { class }),
        (Some(_), None, None, None, None) => Err("its class must be 0 or 1"),
        (None, Some(feature), Some(threshold), Some(left), Some(right)) => {
            let bins = features.get(feature).ok_or("there is no such feature")?.quantiser.bins();
            if threshold >= bins {
                return Err("its threshold is past the feature's last bin");
            }
            if left >= nodes || right >= nodes {
                return Err("there is no such child");
            }
            Ok(Node::Split { feature, threshold, left, right })
        }
        _ => Err("give either a class, or feature, threshold, left and right"),
    }
}

/// A tree and nothing else: no circle, no shared branch, nothing beside it, nothing too deep.
pub(crate) fn reached_once(nodes: &[Node]) -> Result<(), ModelError> {
    let mut seen = vec![false; nodes.len()];
    let mut open = vec![(0, 0)];
    while let Some((id, depth)) = open.pop() {
        let refused = |reason| Err(ModelError::Node { id, reason });
        if depth > DEEPEST {
            return refused("it is deeper than 32 conditions");
        }
        if std::mem::replace(&mut seen[id], true) {
            return refused("it is reached twice from the root");
        }
        if let Node::Split { left, right, .. } = nodes[id] {
            open.extend([(right, depth + 1), (left, depth + 1)]);
        }
    }
    match seen.iter().position(|&seen| !seen) {
        Some(id) => Err(ModelError::Node { id, reason: "it is not reached from the root" }),
        None => Ok(()),
    }
}
