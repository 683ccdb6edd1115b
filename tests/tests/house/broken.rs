//! Each law on a made-up house that breaks it.

use super::{tree::Named, *};

fn standing(at: &str, to: &str, normal: bool) -> Room {
    Room { at: at.into(), rooms: vec![(to.into(), normal)], crates: Vec::new() }
}

fn naming(at: &str, name: &str, features: &[&str]) -> Room {
    let features = features.iter().map(|&feature| feature.into()).collect();
    Room { at: at.into(), rooms: Vec::new(), crates: vec![Named { name: name.into(), normal: true, features }] }
}

#[test]
fn the_table_itself_points_down() {
    for (above, (room, allowed)) in ROOMS.iter().enumerate() {
        for to in *allowed {
            let below = ROOMS.iter().position(|(at, _)| at == to);
            assert!(below.is_some_and(|below| below > above), "{room} → {to}");
        }
    }
}

#[test]
fn an_arrow_that_is_not_drawn_is_found() {
    assert_eq!(arrows(&[standing("crates/consent", "crates/store", true)]).len(), 1);
    assert_eq!(arrows(&[standing("crates/protocol", "crates/node", true)]).len(), 1);
    assert_eq!(arrows(&[standing("crates/annexe", "crates/protocol", true)]).len(), 1);
    assert!(arrows(&[standing("crates/http", "crates/node", true)]).is_empty());
    assert!(arrows(&[standing("tests", "crates/net", true)]).is_empty());
}

#[test]
fn a_dev_dependency_may_go_down_only() {
    assert!(arrows(&[standing("crates/net", "crates/relay", false)]).is_empty());
    assert_eq!(arrows(&[standing("crates/relay", "crates/node", false)]).len(), 1);
    assert_eq!(arrows(&[standing("crates/net", "crates/relay", true)]).len(), 1);
}

#[test]
fn a_heavy_dependency_in_a_foreign_room_is_found() {
    assert_eq!(heavy(&[naming("crates/node", "libp2p-swarm", &[])]).len(), 1);
    assert_eq!(heavy(&[naming("crates/http", "anyhow", &[])]).len(), 1);
    assert_eq!(heavy(&[naming("bin/halfdoor", "sled", &[])]).len(), 1);
    assert_eq!(heavy(&[naming("crates/store", "rusqlite", &[])]).len(), 1);
    assert!(heavy(&[naming("bin/halfdoor", "clap_complete", &[]), naming("bench", "sled", &[])]).is_empty());
}

#[test]
fn a_pure_room_that_could_act_is_found() {
    let consent = || naming("crates/consent", "serde", &[]);
    let joint = || naming("crates/joint", "serde", &[]);
    assert!(impure_dependencies(&[naming("crates/protocol", "coset", &[]), consent(), joint()]).is_empty());
    assert_eq!(impure_dependencies(&[naming("crates/protocol", "tokio", &[]), consent(), joint()]).len(), 1);
    assert_eq!(
        impure_dependencies(&[naming("crates/protocol", "ed25519-dalek", &["rand_core"]), consent(), joint()]).len(),
        1
    );
    assert_eq!(impure_dependencies(&[consent(), joint()]).len(), 1);
}

#[test]
fn a_source_that_acts_is_found_however_it_says_so() {
    for code in [
        "let now = std::time::SystemTime::now();",
        "use std::{fmt, fs};",
        "use std::{fmt, io::{self, stdin}};",
        "use std::{collections::BTreeMap, time::{Duration, Instant}};",
        "use std::{collections::{BTreeMap, HashMap}, fmt};",
        "use std::time;",
        "use std::time::*;",
        "use std::env as surroundings;",
        "use std::io; fn main() { io::stdin(); }",
        "use ::std::thread::sleep;",
        "let n: u8 = rand::random();",
        "fn main() { tokio::spawn(async {}); }",
        "use std::{\n    net::TcpStream,\n};",
    ] {
        assert!(!impure_source(code).is_empty(), "{code}");
    }
}

#[test]
fn a_source_that_only_speaks_of_acting_is_not() {
    for code in [
        "/// Unlike `std::fs`, this reads nothing.\n//! std::time::SystemTime",
        "use std::{fmt, str::FromStr, time::Duration};",
        "use std::io::Read; use std::time::Duration;",
        "let brand = operand::random(); let end = lifetime::end(); self.rand();",
        "use std::environment;",
    ] {
        assert_eq!(impure_source(code), Vec::<String>::new(), "{code}");
    }
}

#[test]
fn a_pin_without_a_reason_is_found() {
    let manifest = "[workspace.dependencies]\nours = { path = \"x\" }\nserde = \"1\" # nouns\nrand = \"0.10\"\ncsv = \"1\" #\n[x]\ny = 1\n";
    assert_eq!(unreasoned(manifest).len(), 2);
}

#[test]
fn a_member_with_its_own_pin_is_found() {
    let manifest = "[dependencies]\nserde.workspace = true\nrand = \"0.9\"\n[target.'cfg(unix)'.dependencies]\nnix = \"1\"\n[features]\nx = []\n";
    assert_eq!(unpinned(manifest), ["rand = \"0.9\"", "nix = \"1\""]);
}

#[test]
fn a_room_without_lints_is_found() {
    assert!(inherits_lints("[lints]\nworkspace = true\n"));
    assert!(!inherits_lints("[package]\nname = \"x\"\n[dependencies]\nworkspace = true\n"));
    assert!(!inherits_lints("[lints.rust]\nunsafe_code = \"allow\"\n"));
}

#[test]
fn a_lost_line_of_the_houses_clippy_is_found() {
    assert_eq!(missing_lines("a = true\nb = true\n", "b = true\nc = true\n").len(), 1);
}

#[test]
fn a_reference_out_of_the_tree_is_found() {
    let found = |path: &str, text: &str| !outside_references(Path::new(path), text).is_empty();
    assert!(found("tests/tests/house.rs", concat!("include_str!(\"../../../sha", "red/data\")")));
    assert!(found("docs/guide.md", concat!("see /wo", "rk/main")));
    assert!(found("docs/guide.md", "see [this](../../elsewhere.md)"));
    assert!(found("README.md", concat!("(/ro", "ot/.cargo)")));
    assert!(!found("docs/decisions/0001.md", "see [the guide](../guide.md) and [home](../../README.md)"));
    assert!(!found("docs/guide.md", concat!("https://example.org/wo", "rk/")));
}

#[test]
fn a_threat_that_nothing_shows_is_found() {
    let sources = ["#[test]\nfn a_door_is_shut() {}\n".to_owned()];
    let found = |row: &str| unshown(row, &sources).len();
    assert_eq!(found("| attack | defence | shown by |\n|---|---|---|\n| enters | a door | `a_door_is_shut` |"), 0);
    assert_eq!(found("| enters | a door | **Not yet**: the door |"), 0);
    assert_eq!(found("| enters | a `door` | |"), 1);
    assert_eq!(found("| enters | a door | `a_door_is_shut`, `a_door_has_a_lock` |"), 1);
}

#[test]
fn a_link_to_nowhere_is_found() {
    let links = "[a](b.md) [c](../d.md#e) [f](#g) [h](https://example.org/i) ![j](k.png)";
    let found = dead_links(Path::new("docs/page.md"), links, |path| path == Path::new("docs/b.md"));
    assert_eq!(found.len(), 2, "{found:?}");
}
