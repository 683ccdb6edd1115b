//! The log as two sides hold each other to it: altered files, a log cut back by an old copy of the disk, and one owner
//! who shows two institutions two different logs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Node, Pair, now, until};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One question asked, approved and run; its request.
fn walk(pair: &Pair, computation: &str) -> String {
    let request = pair.ask("numbers", computation, &json!({}));
    pair.approve(&request, &json!({}));
    let _ = pair.run(&request);
    request
}

/// Copies a folder and everything in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Puts a copy of a home in the place of the home, as it is restored from a copy of the disk.
fn put_back(node: &Node, copy_of_home: &Path) {
    fs::remove_dir_all(node.home()).unwrap();
    copy(copy_of_home, &node.home());
}

/// The clock has gone on: what is said from now on is said later than everything before.
fn a_second_passes() {
    let then = now();
    until("the next second", || (now() > then + 1).then_some(()));
}

fn log_of(node: &Node, person: &str) -> Option<Value> {
    let report = node.api().get("/v1/log/verify");
    assert_eq!(report["whole"], true, "{report}");
    let others = report["others"].as_array()?.iter();
    others.clone().find(|other| other["person"] == person).cloned()
}

/// The entries of Jack's log that this node has checked, once they are as many as Jack's log has or more than `before`.
fn checked(node: &Node, before: u64) -> u64 {
    until("Jack's log is checked", || {
        let size = log_of(node, "Jack")?["size"].as_u64()?;
        (size > before).then_some(size)
    })
}

fn export(node: &Node, name: &str, arguments: &[&str]) -> PathBuf {
    let file = node.desk().join(name);
    let mut all = arguments.to_vec();
    all.push(file.to_str().unwrap());
    let _ = node.says(&all);
    file
}

fn verify(node: &Node, files: &[&Path]) -> scenarios::Said {
    let mut all = vec!["verify"];
    all.extend(files.iter().map(|file| file.to_str().unwrap()));
    node.cli(&all)
}

#[test]
fn an_exported_log_is_checked_without_a_node_and_every_change_to_it_is_named() {
    let pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let request = walk(&pair, "max");
    // Jack has the cosignature of what stands in the receipt
    until("the cosignature", || (pair.jack.api().get("/v1/people")[0]["waiting"] == 0).then_some(()));
    let log = export(&pair.jack, "jack.log", &["log", "export"]);
    let receipt = export(&pair.jill, "max.receipt", &["outcomes", "export", &request]);
    verify(&pair.jill, &[&log]).done().shows(&["cosigned its first", "Everything that was checked holds."]);
    verify(&pair.jill, &[&receipt]).done().shows(&["the one who asked cosigned that later head"]);
    verify(&pair.jill, &[&log, &receipt]).done().shows(&["do not contradict each other"]);
    let bytes = fs::read(&log).unwrap();
    let altered = pair.jill.desk().join("altered.log");
    for (at, change) in [(bytes.len() / 2, 1u8), (bytes.len() - 3, 0x80), (1, 1), (40, 4)] {
        let mut bytes = bytes.clone();
        bytes[at] ^= change;
        fs::write(&altered, bytes).unwrap();
        verify(&pair.jill, &[&altered]).refused(&["file"]);
    }
    fs::write(&altered, &bytes[..bytes.len() - 20]).unwrap();
    verify(&pair.jill, &[&altered]).refused(&["entry"]);
    fs::write(&altered, [&bytes[..], &bytes[bytes.len() - 20..]].concat()).unwrap();
    verify(&pair.jill, &[&altered]).refused(&["after its last entry"]);
}

#[test]
fn an_old_copy_of_the_home_put_back_is_noticed_when_the_two_meet_again() {
    let mut pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let _ = walk(&pair, "max");
    let before = checked(&pair.jill, 0);
    pair.jack.stop();
    let old = pair.jack.desk().join("old");
    copy(&pair.jack.home(), &old);
    pair.jack.up();
    pair.reached();
    let _ = walk(&pair, "mean");
    checked(&pair.jill, before);
    assert_eq!(log_of(&pair.jill, "Jack").unwrap()["state"], "consistent");
    pair.jack.stop();
    put_back(&pair.jack, &old);
    a_second_passes();
    pair.jack.up();
    until("Jill notices", || (log_of(&pair.jill, "Jack")?["state"] == "cut back").then_some(()));
    pair.jill.cli(&["log", "verify"]).refused(&["the log of Jack is not to be relied on", "cut back"]);
    // and can show it to anybody
    let evidence = export(&pair.jill, "evidence", &["log", "evidence", "Jack"]);
    verify(&pair.jill, &[&evidence]).done().shows(&["PROVEN", "cut back"]);
}

#[test]
fn an_owner_who_shows_two_institutions_two_logs_is_found_by_comparing_files_and_when_heads_meet() {
    let mut pair = Pair::connected();
    let mut june = Node::init("June");
    june.up();
    pair.joins(&june);
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let first = walk(&pair, "max");
    until("the cosignature", || (pair.jack.api().get("/v1/people")[0]["waiting"] == 0).then_some(()));
    let jill_first = export(&pair.jill, "first.receipt", &["outcomes", "export", &first]);
    // one copy of the home lives on with Jill
    pair.jack.stop();
    let (copied, lived) = (pair.jack.desk().join("copied"), pair.jack.desk().join("lived"));
    copy(&pair.jack.home(), &copied);
    june.stop();
    pair.jack.up();
    pair.reached();
    let shown_to_jill = walk(&pair, "mean");
    let jill_file = export(&pair.jill, "jill.receipt", &["outcomes", "export", &shown_to_jill]);
    pair.jack.stop();
    copy(&pair.jack.home(), &lived);
    // and the other with June
    put_back(&pair.jack, &copied);
    pair.jill.stop();
    a_second_passes();
    pair.jack.up();
    june.up();
    // this life gets longer than the head in what Jill holds of the other
    for dataset in ["letters", "figures", "digits", "words", "lines", "pages", "books", "shelves"] {
        let _ = pair.store(dataset, &[7, 8, 9, 10, 11, 13]);
    }
    let other = export(&pair.jack, "other.log", &["log", "export"]);
    let _ = verify(&june, &[&other]).done();
    verify(&june, &[&jill_first, &other]).done().shows(&["do not contradict each other"]);
    for files in [[&jill_file, &other], [&other, &jill_file]] {
        verify(&june, &files.map(PathBuf::as_path)).refused(&[
            "jill.receipt",
            "other.log",
            "cannot both be true",
            "forked",
        ]);
    }
    // and when Jill meets the life that June knows
    pair.jill.up();
    until("Jill notices", || {
        let state = log_of(&pair.jill, "Jack")?["state"].clone();
        (state == "forked" || state == "cut back").then_some(())
    });
    pair.jill.cli(&["log", "verify"]).refused(&["the log of Jack is not to be relied on"]);
}
