use super::*;
use crate::model::tests::{GERMAN, GERMAN_ROWS, SEED, SEED_ROWS, rows};
use serde_json::{Value, json};

/// Numbers that look random and are the same in every run (Marsaglia's xorshift).
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// A tree grown by splitting a drawn leaf until it has `leaves` of them, none deeper than `depth`, one at `depth`.
pub(crate) fn grown(draws: &mut Draws, features: u64, leaves: usize, depth: usize) -> Model {
    let mut nodes = vec![json!({"id": 0, "class": 0})];
    let mut open = vec![(0, 0)];
    let mut last = 0;
    while open.len() < leaves {
        let reaches = open.iter().any(|&(_, deep)| deep == depth);
        // first a branch of the full depth, then anywhere
        let at = if reaches { draws.below(open.len() as u64) as usize } else { last };
        let (id, deep) = open[at];
        if deep == depth {
            continue;
        }
        open.swap_remove(at);
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes[id] = json!({"id": id, "feature": draws.below(features), "threshold": draws.below(64), "left": left, "right": right});
        for child in [left, right] {
            nodes.push(json!({"id": child, "class": draws.below(2)}));
            open.push((child, deep + 1));
        }
        last = open.len() - 1;
    }
    assert_eq!(open.iter().map(|&(_, deep)| deep).max(), Some(depth));
    file(features, &nodes)
}

fn file(features: u64, nodes: &[Value]) -> Model {
    let names: Vec<String> = (0..features).map(|at| at.to_string()).collect();
    let quantiser = json!({"scale": 1.0, "zero_point": 0, "n_bits": 6});
    let file = json!({"feature_names": names, "quantizers": vec![quantiser; names.len()], "nodes": nodes});
    Model::from_json(file.to_string().as_bytes()).unwrap()
}

#[test]
fn the_plan_answers_as_the_tree_does_on_every_row_of_both_test_sets() {
    for (file, text) in [(GERMAN, GERMAN_ROWS), (SEED, SEED_ROWS)] {
        let model = Model::from_json(file.as_bytes()).unwrap();
        let plan = Plan::of(&model).unwrap();
        for (_, bins, answer) in rows(text, model.features().len()) {
            assert_eq!(plan.class_of(&bins), answer);
        }
    }
}

#[test]
fn the_shipped_models_open_the_smaller_class_and_ask_for_few_features() {
    let sizes = |file: &str| {
        let plan = Plan::of(&Model::from_json(file.as_bytes()).unwrap()).unwrap();
        (plan.class(), plan.paths().len(), plan.features().len())
    };
    // the tree splits on ten features; the tenth only parts leaves of one class, so nobody is asked for it
    assert_eq!(sizes(SEED), (0, 10, 9));
    assert_eq!(sizes(GERMAN).1, 12);
}

#[test]
fn a_plan_of_113_leaves_12_deep_with_64_bins_is_exact_and_at_most_one_leaf_costs_nothing() {
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20 {
        let model = grown(&mut draws, 6, 113, 12);
        let plan = Plan::of(&model).unwrap();
        for _ in 0..500 {
            let bins: Vec<u8> = (0..6).map(|_| draws.below(64) as u8).collect();
            assert_eq!(Some(plan.class_of(&bins)), model.class_of(&bins));
            assert!(plan.paths().iter().filter(|path| path.cost(&bins) == 0).count() <= 1);
        }
    }
}

#[test]
fn a_leaf_that_no_input_reaches_is_not_opened() {
    let split = |id: u8, threshold: u8| json!({"id": id, "feature": 0, "threshold": threshold, "left": id + 1, "right": id + 2});
    let leaf = |id: u8, class: u8| json!({"id": id, "class": class});
    // left of 10 nothing is above 20, and nothing is above 63
    let shadowed = file(
        3,
        &[
            split(0, 10),
            json!({"id": 1, "feature": 0, "threshold": 20, "left": 3, "right": 4}),
            leaf(2, 1),
            leaf(3, 0),
            leaf(4, 1),
        ],
    );
    let plan = Plan::of(&shadowed).unwrap();
    assert_eq!((plan.class(), plan.paths().len()), (0, 1));
    assert_eq!(plan.paths()[0].conditions().collect::<Vec<_>>(), [(0, 0, 10)]);
    assert_eq!(Plan::of(&file(3, &[split(0, 63), leaf(1, 1), leaf(2, 0)])), Err(Constant(1)));
    assert_eq!(Plan::of(&file(3, &[leaf(0, 0)])), Err(Constant(0)));
}

#[test]
fn a_missing_bin_meets_no_condition() {
    let plan = Plan::of(&Model::from_json(SEED.as_bytes()).unwrap()).unwrap();
    assert!(plan.paths().iter().all(|path| path.cost(&[]) == path.conditions().count() && path.cost(&[]) > 0));
}
