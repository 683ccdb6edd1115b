//! Homes that an earlier version made, under today's program: they open, nothing is lost, and what was begun goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use flate2::read::GzDecoder;
use scenarios::{Chance, Node, Pair, Relay};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

/// Starts killed while the home is on its way.
const KILLS: usize = 8;
/// Longest time between a start and its kill, in milliseconds: longer than a start takes.
const LATEST: u64 = 600;

fn packed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/homes")
}

/// A home of version 1, as its program left it.
fn old(name: &str) -> Node {
    Node::settle_in(name, |home| {
        let place = home.parent().unwrap();
        let mut archive = tar::Archive::new(GzDecoder::new(File::open(packed().join("version-1.tar.gz")).unwrap()));
        archive.unpack(place).unwrap();
        fs::rename(place.join(name), home).unwrap();
    })
}

/// Both, brought up to date, and connected by a relay that neither knew.
fn upgraded() -> Pair {
    let relay = Relay::start();
    let (mut jack, mut jill) = (old("Jack"), old("Jill"));
    for node in [&mut jack, &mut jill] {
        node.up();
        let _ = node.says(&["relays", "add", relay.address()]);
    }
    let pair = Pair { jack, jill, relay };
    pair.reached();
    pair
}

/// Requests of a node in some state.
fn in_state(node: &Node, state: &str) -> Vec<String> {
    let requests = node.json(&["requests"]);
    let found = requests.as_array().unwrap().iter().filter(|request| request["state"] == state);
    found.map(|request| request["id"].as_str().unwrap().to_owned()).collect()
}

fn files(of: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let paths = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(
            |path| if path.is_dir() { files(&path) } else { BTreeMap::from([(path.clone(), fs::read(path).unwrap())]) },
        )
        .collect()
}

#[test]
fn homes_of_version_1_open_whole_and_what_was_begun_in_them_goes_on() {
    let pair = upgraded();
    for node in [&pair.jack, &pair.jill] {
        node.says(&["log", "verify"]).shows(&["The log is whole."]);
        let outcomes = node.json(&["outcomes"]);
        let outcomes = outcomes.as_array().unwrap();
        assert_eq!(outcomes.len(), 2, "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| outcome["failed"] == json!([])), "{outcomes:?}");
        assert_eq!(in_state(node, "denied").len(), 1);
    }
    assert_eq!(pair.jack.json(&["data", "list"]).as_array().unwrap().len(), 2);
    // approved then, run now
    let approved = in_state(&pair.jill, "approved");
    assert_eq!(approved.len(), 1, "{approved:?}");
    let _ = pair.run(&approved[0]);
    // asked then, decided now
    let waiting = in_state(&pair.jack, "waiting");
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    pair.approve(&waiting[0], &json!({}));
    let _ = pair.run(&waiting[0]);
    // a grant of three uses of which one was used
    let grants = pair.jill.json(&["grants"]);
    let standing = grants.as_array().unwrap().iter().find(|grant| grant["kind"] == "standing").unwrap();
    assert_eq!((&standing["uses"], &standing["spent"]), (&json!(3), &json!(1)), "{standing}");
    for node in [&pair.jack, &pair.jill] {
        node.says(&["log", "verify"]).shows(&["The log is whole."]);
        assert_eq!(node.json(&["outcomes"]).as_array().unwrap().len(), 4);
    }
}

#[test]
fn a_receipt_exported_by_version_1_still_verifies() {
    let node = Node::init("anybody");
    let receipt = packed().join("version-1.receipt");
    node.says(&["verify", receipt.to_str().unwrap()]).shows(&["Everything that was checked holds."]);
}

#[test]
fn a_home_killed_while_it_is_brought_up_to_date_opens_again() {
    let mut chance = Chance::new();
    let mut node = old("Jack");
    for kill in 0..KILLS {
        let line = ["--json", "up", "--listen", "/ip4/127.0.0.1/tcp/0"];
        let mut starting = node.begin(&format!("start-{kill}"), &line);
        sleep(Duration::from_millis(chance.of(0..LATEST)));
        starting.kill();
    }
    node.up();
    node.says(&["log", "verify"]).shows(&["The log is whole."]);
    assert_eq!(in_state(&node, "waiting").len(), 1);
    assert_eq!(in_state(&node, "done").len(), 2, "the one of a single use and the standing one");
    assert_eq!(in_state(&node, "approved").len(), 1, "the one not run");
    let stated = fs::read_to_string(node.home().join("control/FORMAT")).unwrap();
    assert!(stated.starts_with(&format!("{} ", store::SCHEMA)), "{stated}");
}

#[test]
fn a_home_of_the_future_is_refused_by_name_and_left_as_it_is() {
    let mut node = old("Jack");
    node.up();
    node.stop();
    fs::write(node.home().join("control/FORMAT"), "8 9.8.7\n").unwrap();
    let before = files(&node.home());
    for line in [&["up"][..], &["backup", "b", "--backup-passphrase-file", "words"]] {
        fs::write(node.desk().join("words"), "words").unwrap();
        node.cli(line).refused(&["made by a newer program: version 8, this one knows 7", "halfdoor 9.8.7 or later"]);
    }
    assert!(files(&node.home()) == before, "something in the home was touched");
}
