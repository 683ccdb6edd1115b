//! Homes damaged on purpose: never a panic, always a sentence, and whatever is intact comes out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use flate2::read::GzDecoder;
use scenarios::{Chance, Node, bills};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Stdio,
};

/// Jack's home of version 1, brought up to date: two datasets, five requests, two receipts.
fn jack() -> Node {
    let mut node = Node::settle_in("Jack", |home| {
        let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/homes/version-1.tar.gz");
        let mut archive = tar::Archive::new(GzDecoder::new(File::open(packed).unwrap()));
        archive.unpack(home.parent().unwrap()).unwrap();
        fs::rename(home.parent().unwrap().join("Jack"), home).unwrap();
    });
    node.up();
    node.stop();
    node
}

/// What `store verify` reports of a home, and how `store export` tells of it; both have ended by themselves.
struct Looked {
    verify: Value,
    export: Value,
    folder: PathBuf,
}

/// Looks at a copy of a home that was damaged in some way.
fn damaged(node: &Node, how: &str, damage: impl FnOnce(&Path)) -> Looked {
    let (copied, folder) = (node.desk().join(format!("home-{how}")), node.desk().join(format!("saved-{how}")));
    copy(&node.home(), &copied);
    damage(&copied);
    let before = sizes(&copied);
    let verify = run(node, &copied, &["store", "verify"], how);
    let export = run(node, &copied, &["store", "export", folder.to_str().unwrap()], how);
    assert_eq!(sizes(&copied), before, "{how}: looking changed the home");
    Looked { verify, export, folder }
}

/// One command on a home; its answer, or null where it has none and says why.
fn run(node: &Node, home: &Path, line: &[&str], how: &str) -> Value {
    let mut command = node.command_at(home);
    let output = command.arg("--json").args(line).stdin(Stdio::null()).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{how}: {line:?} ended with {:?}\n{err}", output.status);
    if !output.status.success() {
        let last = err.lines().rfind(|line| !line.is_empty()).unwrap_or_default();
        let problem: Value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{how}: {e}: {err}"));
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{how}: {problem}");
    }
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// Files of a home and what they hold, in short.
fn sizes(of: &Path) -> Vec<(PathBuf, usize, u64)> {
    let paths = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = paths
        .flat_map(|path| {
            if path.is_dir() {
                return sizes(&path);
            }
            let bytes = fs::read(&path).unwrap();
            let sum = bytes.iter().fold(0u64, |sum, byte| sum.rotate_left(5) ^ u64::from(*byte));
            vec![(path, bytes.len(), sum)]
        })
        .collect();
    all.sort();
    all
}

fn control(home: &Path) -> PathBuf {
    let generation = fs::read_to_string(home.join("control/CURRENT")).unwrap();
    home.join("control").join(generation.trim())
}

/// The folder of each dataset.
fn datasets(home: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(home.join("datasets")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// How far the written part of a file reaches: sled makes room in advance.
fn written(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

fn flip(file: &Path, places: impl Iterator<Item = usize>) {
    let mut bytes = fs::read(file).unwrap();
    for place in places.filter(|place| *place < bytes.len()).collect::<Vec<_>>() {
        bytes[place] ^= 0x55;
    }
    fs::write(file, bytes).unwrap();
}

fn count(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

#[test]
fn a_whole_home_is_found_whole_and_comes_out_whole() {
    let node = jack();
    let looked = damaged(&node, "whole", |_| {});
    let verify = &looked.verify;
    assert_eq!((&verify["whole"], count(&verify["faults"])), (&json!(true), 0), "{verify}");
    assert!(verify["records"].as_u64() > Some(50) && verify["entries"].as_u64() > Some(10), "{verify}");
    let export = &looked.export;
    assert_eq!((count(&export["lost"]), count(&export["datasets"])), (0, 2), "{export}");
    assert_eq!((&export["receipts"], &export["requests"], &export["people"]), (&json!(2), &json!(5), &json!(1)));
    assert_eq!(export["entries"], verify["entries"]);
    // the rows are the ones that were stored: taken in again, they make the same columns
    let bills_again = export["datasets"].as_array().unwrap().iter().find(|dataset| dataset["rows"] == 116).unwrap();
    let mut other = Node::init("somebody");
    other.up();
    let add = |file: &str| other.json(&["data", "add", file, "--tag", "again"]);
    let again = add(bills_again["file"].as_str().unwrap());
    let _ = other.says(&["data", "remove", "again"]);
    let source = add(bills().to_str().unwrap());
    assert_eq!((&again["rows"], &again["columns"]), (&source["rows"], &source["columns"]));
    let text = fs::read_to_string(bills_again["file"].as_str().unwrap()).unwrap();
    assert_eq!(text.lines().count(), 117);
    for receipt in fs::read_dir(looked.folder.join("receipts")).unwrap().map(|entry| entry.unwrap().path()) {
        other.says(&["verify", receipt.to_str().unwrap()]).shows(&["Everything that was checked holds."]);
    }
}

#[test]
fn bits_flipped_anywhere_end_in_sentences_and_the_rest_comes_out() {
    let (node, mut chance) = (jack(), Chance::new());
    let length = written(&fs::read(control(&node.home()).join("db")).unwrap()) as u64;
    let mut came_out = [0, 0];
    for round in 0..10 {
        let flips = 1 << (round % 5);
        let places: Vec<usize> = (0..flips).map(|_| chance.of(0..length) as usize).collect();
        let looked = damaged(&node, &format!("flips-{round}"), |home| {
            flip(&control(home).join("db"), places.iter().copied());
        });
        // a place that a newer page has replaced may be hit, and then nothing is wrong
        if looked.verify["whole"] == json!(true) {
            assert_eq!(count(&looked.export["lost"]), 0, "{}", looked.export);
        } else {
            assert!(looked.export["lost"].as_array().is_none_or(|lost| !lost.is_empty()), "{}", looked.export);
        }
        assert!(looked.folder.join("summary.json").exists());
        // the datasets are databases of their own: their chunks are there, with names or without
        let saved = fs::read_dir(looked.folder.join("datasets")).unwrap().count();
        assert_eq!(saved, 2, "round {round}: {}", looked.export);
        came_out[usize::from(looked.export["entries"].as_u64() > Some(0))] += 1;
    }
    assert!(came_out[1] >= came_out[0], "what stands before the damage comes out: {came_out:?}");
}

#[test]
fn a_database_cut_off_anywhere_ends_in_sentences() {
    let node = jack();
    let length = written(&fs::read(control(&node.home()).join("db")).unwrap());
    for (at, keep) in [0, 1, 19, length / 3, length * 2 / 3, length - 1].into_iter().enumerate() {
        let looked = damaged(&node, &format!("cut-{at}"), |home| {
            let db = control(home).join("db");
            let bytes = fs::read(&db).unwrap();
            fs::write(&db, &bytes[..keep]).unwrap();
        });
        assert_eq!(looked.verify["whole"], json!(false), "cut after {keep}: {}", looked.verify);
        assert_eq!(fs::read_dir(looked.folder.join("datasets")).unwrap().count(), 2);
    }
}

#[test]
fn a_dataset_that_is_damaged_or_gone_costs_nothing_else() {
    let node = jack();
    let gone = damaged(&node, "gone", |home| fs::remove_dir_all(&datasets(home)[0]).unwrap());
    assert!(gone.verify["faults"].to_string().contains("directory is missing"), "{}", gone.verify);
    assert_eq!((count(&gone.export["datasets"]), &gone.export["receipts"]), (1, &json!(2)), "{}", gone.export);
    let keyless = damaged(&node, "keyless", |home| {
        let id = datasets(home)[1].file_name().unwrap().to_string_lossy().into_owned();
        fs::remove_file(home.join(format!("keys/dataset-{id}.key"))).unwrap();
    });
    assert!(keyless.verify["faults"].to_string().contains("there is no key"), "{}", keyless.verify);
    assert_eq!(count(&keyless.export["datasets"]), 1, "{}", keyless.export);
    let torn = damaged(&node, "torn", |home| {
        for dataset in datasets(home) {
            let length = written(&fs::read(dataset.join("db")).unwrap());
            flip(&dataset.join("db"), (length / 4..length).step_by(97));
        }
    });
    assert_eq!(torn.verify["whole"], json!(false), "{}", torn.verify);
    assert_eq!((&torn.export["receipts"], &torn.export["people"]), (&json!(2), &json!(1)), "{}", torn.export);
    assert!(count(&torn.export["lost"]) > 0);
}

#[test]
fn without_the_control_database_the_chunks_come_out_and_with_its_small_files_damaged_all_does() {
    let node = jack();
    let no_control = damaged(&node, "no-control", |home| fs::remove_dir_all(control(home)).unwrap());
    assert!(no_control.verify["faults"].to_string().contains("control database"), "{}", no_control.verify);
    let chunks: Vec<_> = datasets(&node.home())
        .iter()
        .map(|of| no_control.folder.join("datasets").join(of.file_name().unwrap()))
        .collect();
    assert!(chunks.iter().all(|folder| fs::read_dir(folder).unwrap().count() > 0));
    let no_key = damaged(&node, "no-control-key", |home| fs::remove_file(home.join("keys/control-1.key")).unwrap());
    assert!(no_key.verify["faults"].to_string().contains("there is no key"), "{}", no_key.verify);
    for (name, bytes) in [("CURRENT", &b"??\n"[..]), ("CURRENT", b""), ("FORMAT", b"two"), ("FORMAT", &[0xff; 100])] {
        let how = format!("{name}-{}", bytes.len());
        let looked = damaged(&node, &how, |home| fs::write(home.join("control").join(name), bytes).unwrap());
        assert_eq!(count(&looked.verify["faults"]), 1, "{how}: {}", looked.verify);
        assert_eq!((&looked.export["receipts"], count(&looked.export["datasets"])), (&json!(2), 2), "{how}");
    }
    let no_identity = damaged(&node, "no-identity", |home| fs::remove_file(home.join("keys/identity.key")).unwrap());
    assert!(no_identity.verify["faults"].to_string().contains("identity"), "{}", no_identity.verify);
    assert_eq!(no_identity.export["receipts"], json!(2));
    let mut running = jack();
    running.up();
    running.cli(&["store", "verify"]).refused(&["a node is already running here", "stop it"]);
    let nowhere = node.command_at(Path::new("nowhere")).args(["store", "verify"]).output().unwrap();
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("is not a home"), "{nowhere:?}");
}
