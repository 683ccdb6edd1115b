use super::*;
use serde_json::{Value, json};

pub(crate) const GERMAN: &str = include_str!("../../../../tests/data/joint/german_d5/tree.json");
pub(crate) const GERMAN_ROWS: &str = include_str!("../../../../tests/data/joint/german_d5/test.csv");
pub(crate) const SEED: &str = include_str!("../../../../tests/data/joint/seed_d5/tree.json");
pub(crate) const SEED_ROWS: &str = include_str!("../../../../tests/data/joint/seed_d5/test.csv");

/// Each row of a test set: the values, their bins by the set's own columns, the recorded answer.
pub(crate) fn rows(text: &str, features: usize) -> Vec<(Vec<f64>, Vec<u8>, u8)> {
    let row = |line: &str| {
        let numbers: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers.len(), 2 * features + 2);
        let bins = numbers[features..2 * features].iter().map(|&bin| bin as u8).collect();
        (numbers[..features].to_vec(), bins, numbers[2 * features + 1] as u8)
    };
    text.lines().skip(1).map(row).collect()
}

type Change = fn(&mut Value);

/// A good file with one thing changed.
fn changed(change: impl Fn(&mut Value)) -> Result<Model, ModelError> {
    let mut file = json!({
        "feature_names": ["a", "b"],
        "quantizers": [
            {"scale": 1.0, "zero_point": 0, "n_bits": 6, "offset": 0},
            {"scale": 0.5, "zero_point": -4, "n_bits": 6, "offset": 0},
        ],
        "nodes": [
            {"id": 0, "feature": 0, "threshold": 10, "left": 1, "right": 2},
            {"id": 1, "class": 0},
            {"id": 2, "class": 1},
        ],
        "party_slices": [[0, 1], [1, 2]],
        "years_feature": 1,
    });
    change(&mut file);
    Model::from_json(file.to_string().as_bytes())
}

fn refusal(change: impl Fn(&mut Value)) -> String {
    changed(change).unwrap_err().to_string()
}

#[test]
fn every_row_of_both_test_sets_gets_its_recorded_bins_and_answer() {
    for (file, text, many) in [(GERMAN, GERMAN_ROWS, 200), (SEED, SEED_ROWS, 1_600)] {
        let model = Model::from_json(file.as_bytes()).unwrap();
        let rows = rows(text, model.features().len());
        assert_eq!(rows.len(), many);
        for (values, bins, answer) in rows {
            let ours: Vec<u8> =
                model.features().iter().zip(values).map(|(one, value)| one.quantiser.bin(value).unwrap()).collect();
            assert_eq!(ours, bins);
            assert_eq!(model.class_of(&ours), Some(answer));
        }
    }
}

#[test]
fn features_belong_to_the_slices_of_the_file_or_evenly_to_three() {
    let held = |file: &str| {
        let model = Model::from_json(file.as_bytes()).unwrap();
        (0..model.holders())
            .map(|holder| model.features().iter().filter(|one| one.holder == holder).count())
            .collect::<Vec<_>>()
    };
    assert_eq!(held(SEED), [36, 1, 2]);
    assert_eq!(held(GERMAN), [15, 15, 14]);
}

#[test]
fn halves_round_to_even_and_the_ends_are_clipped() {
    let quantiser = Quantiser::new(1.0, 0, 0, 6).unwrap();
    let bins: Vec<u8> = [0.5, 1.5, 2.5, -7.0, 1e300].map(|value| quantiser.bin(value).unwrap()).to_vec();
    assert_eq!(bins, [0, 2, 2, 0, 63]);
    assert_eq!(quantiser.bin(f64::NAN), Err(Unquantisable));
    assert_eq!(quantiser.bin(f64::INFINITY), Err(Unquantisable));
}

#[test]
fn a_commitment_changes_with_the_model_and_with_the_salt() {
    let good = changed(|_| ()).unwrap();
    let commitment = good.commitment(&[1; 32]).unwrap();
    assert_eq!(commitment, changed(|_| ()).unwrap().commitment(&[1; 32]).unwrap());
    assert_ne!(commitment, good.commitment(&[2; 32]).unwrap());
    let changes: [fn(&mut Value); 7] = [
        |file| file["nodes"][0]["threshold"] = json!(11),
        |file| file["nodes"][1]["class"] = json!(1),
        |file| file["quantizers"][0]["scale"] = json!(1.000_000_000_000_1),
        |file| file["quantizers"][0]["offset"] = json!(1),
        |file| file["feature_names"][0] = json!("c"),
        |file| file["party_slices"] = json!([[0, 0], [0, 2]]),
        |file| file["years_feature"] = json!(0),
    ];
    for change in changes {
        assert_ne!(commitment, changed(change).unwrap().commitment(&[1; 32]).unwrap());
    }
}

#[test]
fn a_node_that_does_not_fit_is_refused_by_its_id() {
    let changes: [(Change, &str); 11] = [
        (|file| file["nodes"][2]["id"] = json!(1), "node 1: there are two"),
        (|file| file["nodes"][2]["id"] = json!(3), "node 3: ids must run"),
        (|file| file["nodes"][0]["left"] = json!(3), "node 0: there is no such child"),
        (|file| file["nodes"][0]["left"] = json!(0), "node 0: it is reached twice"),
        (|file| file["nodes"][0]["left"] = json!(2), "node 2: it is reached twice"),
        (|file| file["nodes"][0] = json!({"id": 0, "class": 1}), "node 1: it is not reached"),
        (|file| file["nodes"][0]["feature"] = json!(2), "node 0: there is no such feature"),
        (|file| file["nodes"][0]["threshold"] = json!(64), "node 0: its threshold is past"),
        (|file| file["nodes"][1]["class"] = json!(2), "node 1: its class must be"),
        (|file| file["nodes"][1]["feature"] = json!(0), "node 1: give either"),
        (|file| file["nodes"][0]["right"] = Value::Null, "node 0: give either"),
    ];
    for (change, expected) in changes {
        assert!(refusal(change).starts_with(expected), "{} is not: {expected}", refusal(change));
    }
}

#[test]
fn features_quantisers_and_slices_that_do_not_fit_are_refused() {
    let changes: [(Change, &str); 13] = [
        (|file| file["feature_names"] = json!([]), "the model has 0 features"),
        (|file| file["feature_names"] = json!(vec!["a"; 1_025]), "the model has 1025 features"),
        (|file| file["nodes"] = json!([]), "the model has 0 nodes"),
        (|file| file["feature_names"] = json!(["a"]), "party_slices"),
        (|file| file["quantizers"] = json!([]), "2 feature names but 0 quantizers"),
        (|file| file["feature_names"][1] = json!(""), "feature 1"),
        (|file| file["quantizers"][0]["scale"] = json!(0), "feature 0"),
        (|file| file["quantizers"][0]["scale"] = json!(-1.0), "feature 0"),
        (|file| file["quantizers"][0]["n_bits"] = json!(7), "feature 0"),
        (|file| file["quantizers"][0]["zero_point"] = json!(1_u64 << 31), "feature 0"),
        (|file| file["party_slices"] = json!([[0, 2]]), "party_slices"),
        (|file| file["party_slices"] = json!([[0, 1], [0, 2]]), "party_slices"),
        (|file| file["years_feature"] = json!(2), "years_feature is 2"),
    ];
    for (change, expected) in changes {
        assert!(refusal(change).starts_with(expected), "{} is not: {expected}", refusal(change));
    }
}

#[test]
fn what_is_not_a_tree_or_too_long_is_refused() {
    assert!(matches!(Model::from_json(b"{}"), Err(ModelError::Json(_))));
    assert!(matches!(Model::from_json(&GERMAN.as_bytes()[..9_000]), Err(ModelError::Json(_))));
    assert!(matches!(changed(|file| file["nodes"][0]["threshold"] = json!(-1)), Err(ModelError::Json(_))));
    assert!(matches!(Model::from_json(&vec![b' '; LONGEST_FILE + 1]), Err(ModelError::TooLong(_))));
}

#[test]
fn a_tree_may_be_32_conditions_deep_and_no_deeper() {
    let chain = |depth: usize| {
        changed(|file| {
            let split =
                |at| json!({"id": 2 * at, "feature": 0, "threshold": at, "left": 2 * at + 1, "right": 2 * at + 2});
            let mut nodes: Vec<Value> =
                (0..depth).flat_map(|at| [split(at), json!({"id": 2 * at + 1, "class": 0})]).collect();
            nodes.push(json!({"id": 2 * depth, "class": 1}));
            file["nodes"] = json!(nodes);
        })
    };
    assert_eq!(chain(32).unwrap().class_of(&[63, 0]), Some(1));
    assert!(chain(33).unwrap_err().to_string().contains("deeper than 32"));
}
