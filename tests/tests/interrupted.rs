//! Work on a whole home that ends in its middle: a backup, a restore and the way to a newer version, each killed at its
//! own failpoints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use failpoint::Point;
use flate2::read::GzDecoder;
use scenarios::{Node, have_failpoints};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Output,
};

/// A node with a dataset, which does not run, and where its backup goes.
fn stored() -> (Node, PathBuf, PathBuf) {
    let mut node = Node::init("Jack");
    node.up();
    let numbers = node.desk().join("numbers.json");
    fs::write(&numbers, "[1, 2, 3, 4, 5, 12]").unwrap();
    let _ = node.says(&["data", "add", numbers.to_str().unwrap(), "--tag", "numbers"]);
    node.stop();
    let (backup, passphrase) = (node.desk().join("jack.backup"), node.desk().join("words"));
    fs::write(&passphrase, "a passphrase of its own\n").unwrap();
    (node, backup, passphrase)
}

/// One command that is to die at a point.
fn dies(node: &Node, point: Point, arguments: &[&str]) {
    let output = node.command().args(arguments).env(failpoint::VARIABLE, format!("{}:1", point.name())).output();
    let Output { status, stderr, .. } = output.unwrap();
    let err = String::from_utf8_lossy(&stderr);
    assert!(!status.success(), "{} was not killed at {}: {err}", arguments.join(" "), point.name());
    #[cfg(unix)]
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "{status}: {err}");
}

#[test]
fn a_backup_that_ends_before_it_is_in_place_is_no_backup_and_the_next_one_is() {
    have_failpoints();
    let (node, backup, passphrase) = stored();
    let line = ["backup", backup.to_str().unwrap(), "--backup-passphrase-file", passphrase.to_str().unwrap()];
    dies(&node, Point::BackupUnplaced, &line);
    assert!(!backup.exists(), "a file under this name is a whole backup");
    node.says(&line).shows(&["backed up", "numbers"]);
    assert!(backup.exists());
}

#[test]
fn a_restore_that_ends_anywhere_leaves_no_home_or_a_whole_one() {
    have_failpoints();
    let (mut node, backup, passphrase) = stored();
    let (backup, passphrase) = (backup.to_str().unwrap(), passphrase.to_str().unwrap());
    let _ = node.says(&["backup", backup, "--backup-passphrase-file", passphrase]);
    fs::rename(node.home(), node.desk().join("the disk that broke")).unwrap();
    let line = ["restore", backup, "--backup-passphrase-file", passphrase, "--no-passphrase"];
    for point in [Point::ChunksFinished, Point::HomeBuilt] {
        dies(&node, point, &line);
        assert!(!node.home().exists(), "a home in its place is a whole one");
    }
    dies(&node, Point::HomePlaced, &line);
    // nobody was told, and it is there
    node.cli(&line).refused(&["already holds a node"]);
    node.up();
    assert_eq!(node.json(&["data", "list"])[0]["tag"], "numbers");
    node.says(&["log", "verify"]).shows(&["The log is whole."]);
}

#[test]
fn a_home_of_version_1_that_is_killed_after_any_page_of_its_way_arrives() {
    have_failpoints();
    let mut node = Node::settle_in("Jack", |home| {
        let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/homes/version-1.tar.gz");
        let place = home.parent().unwrap();
        tar::Archive::new(GzDecoder::new(File::open(packed).unwrap())).unpack(place).unwrap();
        fs::rename(place.join("Jack"), home).unwrap();
    });
    // each start comes one page further, until one has none to make
    let mut deaths = 0;
    while !node.up_until(Point::PageCommitted, 1) {
        deaths += 1;
        assert!(deaths < 1000, "the same page again and again");
    }
    assert!(deaths > 0, "no page was made");
    node.says(&["log", "verify"]).shows(&["The log is whole."]);
    assert_eq!(node.json(&["data", "list"]).as_array().unwrap().len(), 2);
}
