//! Failpoints: each stands in the code once, and no product has one.

use super::{Checked, none, tree};
use failpoint::Point;
use std::{path::Path, process::Command};
use tree::{is_rust, is_test, manifests, root, texts};

/// The rooms that may name the feature: the one that has it, and the one that turns it on.
const MAY_NAME: &[&str] = &["crates/failpoint/Cargo.toml", "tests/Cargo.toml"];
const PASS: &str = "failpoint::pass(";

#[test]
fn every_failpoint_stands_in_the_code_exactly_once() -> Checked {
    let code = |path: &Path| is_rust(path) && !is_test(path) && !path.starts_with("crates/failpoint");
    let sources: Vec<_> = texts()?.into_iter().filter(|(path, _)| code(path) && !path.starts_with("tests")).collect();
    none(&misplaced(sources.iter().map(|(_, text)| text.as_str())))
}

#[test]
fn only_the_tests_turn_failpoints_on() -> Checked {
    let others = manifests()?.into_iter().filter(|(path, _)| !MAY_NAME.iter().any(|may| path == Path::new(may)));
    none(&others.flat_map(|(path, text)| turned_on(&path, &text)).collect::<Vec<_>>())
}

#[test]
fn a_program_built_by_itself_has_no_failpoints_and_one_built_with_the_tests_has() -> Checked {
    let products = depends_on(&["halfdoor", "halfdoor-relay"])?;
    assert!(products.iter().any(|name| name == "halfdoor-failpoint"), "cargo tree names no crate: {products:?}");
    assert!(!products.iter().any(|name| name == "fail"), "a product is built with failpoints");
    let tested = depends_on(&["halfdoor", "halfdoor-relay", "halfdoor-tests"])?;
    assert!(tested.iter().any(|name| name == "fail"), "the tests turn no failpoints on");
    Ok(())
}

#[test]
fn a_failpoint_that_is_forgotten_or_placed_twice_is_found() {
    let place = |point: &Point| format!("    {PASS}Point::{point:?});\n");
    let whole: String = Point::ALL.iter().map(place).collect();
    assert!(misplaced([whole.as_str()]).is_empty());
    let (first, rest) = (place(&Point::ALL[0]), Point::ALL[1..].iter().map(place).collect::<String>());
    assert_eq!(misplaced([rest.as_str()]).len(), 1);
    assert_eq!(misplaced([whole.as_str(), first.as_str()]).len(), 1);
    assert_eq!(misplaced([whole.as_str(), "failpoint::pass(point);"]).len(), 1, "a point that cannot be told");
}

#[test]
fn a_manifest_that_turns_failpoints_on_is_found() {
    let path = Path::new("crates/x/Cargo.toml");
    assert!(turned_on(path, "failpoint.workspace = true\n").is_empty());
    assert_eq!(turned_on(path, "[features]\ndefault = [\"failpoint/failpoints\"]\n").len(), 1);
    assert_eq!(turned_on(path, "failpoint = { workspace = true, features = [\"failpoints\"] }\n").len(), 1);
}

/// Points that do not stand in these sources exactly once.
fn misplaced<'s>(sources: impl IntoIterator<Item = &'s str>) -> Vec<String> {
    let places: Vec<&str> = sources.into_iter().flat_map(|text| text.split(PASS).skip(1)).collect();
    let mut findings = Vec::new();
    for point in Point::ALL {
        let here = format!("Point::{point:?})");
        let times = places.iter().filter(|place| place.starts_with(&here)).count();
        if times != 1 {
            findings.push(format!("{PASS}{here}: {times} times, not once"));
        }
    }
    let known = |place: &&&str| Point::ALL.iter().any(|point| place.starts_with(&format!("Point::{point:?})")));
    let unknown = places.iter().filter(|place| !known(place)).filter_map(|place| place.lines().next());
    findings.extend(unknown.map(|place| format!("{PASS}{place}: name the point here")));
    findings
}

/// Lines of a manifest that turn the points on.
fn turned_on(path: &Path, manifest: &str) -> Vec<String> {
    let lines = manifest.lines().filter(|line| line.contains("failpoints"));
    lines.map(|line| format!("{}: {line}", path.display())).collect()
}

/// Names of all crates that these packages, built together, are made of.
fn depends_on(packages: &[&str]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = Command::new(cargo);
    tree.args(["tree", "--edges", "normal", "--prefix", "none"]).current_dir(root());
    for package in packages {
        tree.args(["--package", package]);
    }
    let output = tree.output()?;
    if !output.status.success() {
        return Err(format!("{tree:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}
