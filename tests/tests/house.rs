//! The laws of the house (docs/architecture.md), read off the tree itself and enforced.
//!
//! Each law is a pure function from what it looks at to a list of findings, so that `broken` can show each failing
//! on a made-up house.

use sources::impure_source;
use std::{error::Error, fmt, fs, path::Path};
use tree::{Named, Room, is_rust, is_test, manifests, rooms, root, texts};

#[path = "house/broken.rs"]
mod broken;
#[path = "house/failpoints.rs"]
mod failpoints;
#[path = "house/sources.rs"]
mod sources;
#[path = "house/tree.rs"]
mod tree;

type Checked = Result<(), Box<dyn Error>>;

/// Every room, top-down, with the rooms it may stand on. A normal arrow needs its entry here; a dev-dependency may
/// go to any room further down.
const ROOMS: &[(&str, &[&str])] = &[
    (
        "bin/halfdoor",
        &[
            "crates/http",
            "crates/node",
            "crates/net",
            "crates/relay",
            "crates/store",
            "crates/compute",
            "crates/joint",
            "crates/protocol",
            "crates/failpoint",
        ],
    ),
    ("bin/halfdoor-relay", &["crates/protocol", "crates/relay", "crates/store", "crates/failpoint"]),
    ("bin/halfdoor-cluster", &["crates/sql", "crates/compute", "crates/protocol"]),
    ("bin/halfdoor-worker", &["crates/sql", "crates/wasm", "crates/compute", "crates/protocol"]),
    ("crates/http", &["crates/node", "crates/protocol", "crates/failpoint"]),
    (
        "crates/node",
        &[
            "crates/consent",
            "crates/store",
            "crates/compute",
            "crates/joint",
            "crates/net",
            "crates/protocol",
            "crates/failpoint",
        ],
    ),
    ("crates/net", &["crates/protocol"]),
    ("crates/relay", &["crates/protocol", "crates/failpoint"]),
    ("crates/sql", &["crates/compute", "crates/protocol"]),
    ("crates/wasm", &["crates/compute", "crates/protocol"]),
    ("crates/store", &["crates/protocol", "crates/failpoint"]),
    ("crates/compute", &["crates/protocol"]),
    ("crates/joint", &["crates/protocol"]),
    ("crates/consent", &["crates/protocol"]),
    ("crates/protocol", &[]),
    ("crates/failpoint", &[]),
];

/// Rooms outside the order: they look at the whole house and may use anything.
const OUTSIDE: &[&str] = &["tests", "bench"];

/// Heavy dependencies and the only rooms they may enter; `*` ends a prefix.
const HEAVY: &[(&str, &[&str])] = &[
    ("libp2p*", &["crates/net", "crates/relay"]),
    ("sled", &["crates/store"]),
    ("axum*", &["crates/http"]),
    ("maud*", &["crates/http"]),
    ("tower*", &["crates/http"]),
    ("clap*", &["bin/*"]),
    ("anyhow", &["bin/*"]),
    ("datafusion*", &["crates/sql"]),
    ("ballista*", &["bin/halfdoor-cluster"]),
    ("wasmtime*", &["crates/wasm"]),
    ("curve25519-dalek", &["crates/joint"]),
    ("merlin", &["crates/joint"]),
    ("fail", &["crates/failpoint"]),
    ("rusqlite", &[]),
];

/// The rooms without clock, randomness, input or output.
const PURE: &[&str] = &["crates/protocol", "crates/consent", "crates/joint"];

/// All that a pure room may depend on: crates that only compute.
const PURE_CRATES: &[&str] = &[
    "chacha20",
    "ciborium",
    "ciborium-io",
    "ciborium-ll",
    "coset",
    "ct-merkle",
    "curve25519-dalek",
    "data-encoding",
    "ed25519-dalek",
    "halfdoor-protocol",
    "hkdf",
    "hmac",
    "hpke",
    "icu_normalizer",
    "merlin",
    "prost",
    "serde",
    "serde_bytes",
    "serde_json",
    "sha2",
    "subtle",
    "thiserror",
    "unicode-properties",
    "x25519-dalek",
    "zeroize",
];

/// Features that bring a clock or randomness into a crate which is otherwise pure.
const IMPURE_FEATURES: &[&str] = &["clock", "getrandom", "now", "os_rng", "rand", "rand_core", "sys_rng"];

const THREATS: &str = "docs/threat-model.md";

/// Longest Rust file, in lines, and the length from which it is worth a talk.
const LONGEST: usize = 800;
const LONG: usize = 500;

#[test]
fn arrows_between_rooms_only_point_down() -> Checked {
    none(&arrows(&rooms()?))
}

#[test]
fn a_heavy_dependency_stays_in_its_room() -> Checked {
    none(&heavy(&rooms()?))
}

#[test]
fn a_pure_room_depends_on_nothing_that_acts() -> Checked {
    none(&impure_dependencies(&rooms()?))
}

#[test]
fn a_pure_room_names_no_clock_no_randomness_and_no_input_or_output() -> Checked {
    let mut findings = Vec::new();
    for (path, text) in texts()? {
        let pure = PURE.iter().any(|room| path.starts_with(Path::new(room).join("src")));
        if pure && is_rust(&path) && !is_test(&path) {
            findings.extend(impure_source(&text).into_iter().map(|name| format!("{} names {name}", path.display())));
        }
    }
    none(&findings)
}

#[test]
fn clippy_of_a_pure_room_is_the_houses_and_stricter() -> Checked {
    let root = root();
    let house = fs::read_to_string(root.join("clippy.toml"))?;
    let protocol = fs::read_to_string(root.join("crates/protocol/clippy.toml"))?;
    for room in PURE {
        if protocol != fs::read_to_string(root.join(room).join("clippy.toml"))? {
            return Err(
                format!("crates/protocol/clippy.toml and {room}/clippy.toml differ: copy one over the other").into()
            );
        }
    }
    none(&missing_lines(&house, &protocol))
}

#[test]
fn every_dependency_is_pinned_once_with_its_reason() -> Checked {
    let mut findings = unreasoned(&fs::read_to_string(root().join("Cargo.toml"))?);
    for (path, text) in manifests()? {
        findings.extend(unpinned(&text).into_iter().map(|line| format!("{}: `{line}`", path.display())));
    }
    none(&findings)
}

#[test]
fn every_room_inherits_the_lints() -> Checked {
    let bare = manifests()?.into_iter().filter(|(_, text)| !inherits_lints(text));
    none(
        &bare
            .map(|(path, _)| format!("{} lacks `[lints]` with `workspace = true`", path.display()))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn no_file_refers_to_a_place_outside_the_tree() -> Checked {
    let all = texts()?.into_iter().flat_map(|(path, text)| outside_references(&path, &text));
    none(&all.collect::<Vec<_>>())
}

#[test]
fn no_rust_file_is_too_long() -> Checked {
    let mut findings = Vec::new();
    for (path, text) in texts()?.into_iter().filter(|(path, _)| is_rust(path)) {
        let lines = text.lines().count();
        if lines >= LONGEST {
            findings.push(format!("{} has {lines} lines: under {LONGEST} only", path.display()));
        } else if lines > LONG {
            println!("worth a talk: {} has {lines} lines", path.display());
        }
    }
    none(&findings)
}

#[test]
fn every_threat_names_a_test_that_exists_or_says_not_yet() -> Checked {
    let sources: Vec<_> = texts()?.into_iter().filter(|(path, _)| is_rust(path)).map(|(_, text)| text).collect();
    none(&unshown(&fs::read_to_string(root().join(THREATS))?, &sources))
}

#[test]
fn every_link_between_pages_leads_somewhere() -> Checked {
    let pages = texts()?.into_iter().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "md"));
    let root = root();
    let exists = |path: &Path| root.join(path).exists();
    none(&pages.flat_map(|(path, text)| dead_links(&path, &text, exists)).collect::<Vec<_>>())
}

fn arrows(rooms: &[Room]) -> Vec<String> {
    let floor = |at: &str| ROOMS.iter().position(|(room, _)| *room == at);
    let mut findings = Vec::new();
    for room in rooms.iter().filter(|room| !OUTSIDE.contains(&room.at.as_str())) {
        let Some((above, (_, allowed))) = ROOMS.iter().enumerate().find(|(_, (at, _))| *at == room.at) else {
            findings.push(format!("{} is no room of the house: give it a line in ROOMS", room.at));
            continue;
        };
        for (to, normal) in &room.rooms {
            let below = floor(to).is_some_and(|below| below > above);
            if *normal && !allowed.contains(&to.as_str()) {
                findings.push(format!("{} → {to} is not an arrow of the house", room.at));
            } else if !below {
                findings.push(format!("{} → {to} points up", room.at));
            }
        }
    }
    findings
}

fn heavy(rooms: &[Room]) -> Vec<String> {
    let mut findings = Vec::new();
    for room in rooms.iter().filter(|room| !OUTSIDE.contains(&room.at.as_str())) {
        for Named { name, .. } in &room.crates {
            let owners = HEAVY.iter().filter(|(heavy, _)| matches(heavy, name));
            for (_, homes) in owners.filter(|(_, homes)| !homes.iter().any(|home| matches(home, &room.at))) {
                findings.push(format!("{} names {name}, whose rooms are {homes:?}", room.at));
            }
        }
    }
    findings
}

/// Whether the pattern, a name or a prefix ending in `*`, covers the name.
fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |prefix| name.starts_with(prefix))
}

fn impure_dependencies(rooms: &[Room]) -> Vec<String> {
    let mut findings = Vec::new();
    for at in PURE {
        let Some(room) = rooms.iter().find(|room| room.at == *at) else {
            findings.push(format!("{at} is gone: a pure room must stay"));
            continue;
        };
        for one in room.crates.iter().filter(|one| one.normal) {
            if !PURE_CRATES.contains(&one.name.as_str()) {
                findings.push(format!("{at} names {}, which is not known to be pure", one.name));
            }
            let impure = one.features.iter().filter(|feature| IMPURE_FEATURES.contains(&feature.as_str()));
            findings.extend(impure.map(|feature| format!("{at} turns on {feature} of {}", one.name)));
        }
    }
    findings
}

/// Lines of a workspace manifest that pin a foreign crate without saying why.
fn unreasoned(manifest: &str) -> Vec<String> {
    let silent =
        |line: &&str| !line.contains("path =") && line.split_once('#').is_none_or(|(_, why)| why.trim().is_empty());
    let entries = section(manifest, |name| name == "workspace.dependencies");
    entries.into_iter().filter(silent).map(|line| format!("root Cargo.toml gives no reason: `{line}`")).collect()
}

/// Dependency lines of a member that do not take the workspace's pin.
fn unpinned(manifest: &str) -> Vec<String> {
    let entries = section(manifest, |name| name.ends_with("dependencies"));
    let own = |line: &&str| !line.replace(' ', "").contains("workspace=true");
    entries.into_iter().filter(own).map(str::to_owned).collect()
}

fn inherits_lints(manifest: &str) -> bool {
    section(manifest, |name| name == "lints").iter().any(|line| line.replace(' ', "") == "workspace=true")
}

/// The entries, one per line, of the tables whose name is wanted.
fn section(manifest: &str, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut inside = false;
    let mut entries = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            inside = wanted(name);
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            entries.push(line);
        }
    }
    entries
}

fn missing_lines(house: &str, room: &str) -> Vec<String> {
    let lost = house.lines().filter(|line| !line.trim().is_empty() && !room.lines().any(|own| own == *line));
    lost.map(|line| format!("the pure rooms' clippy.toml lost `{line}`")).collect()
}

/// Rows of the threat model whose last column neither names a test of the sources nor says what is not yet.
fn unshown(threats: &str, sources: &[String]) -> Vec<String> {
    let exists = |name: &str| {
        let head = format!("fn {name}(");
        sources.iter().any(|source| source.contains(&head))
    };
    let mut findings = Vec::new();
    for row in threats.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| attack |")) {
        let shown = row.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap_or_default();
        let tests: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && !shown.contains("**Not yet**") {
            findings.push(format!("nothing shows: {row}"));
        }
        findings.extend(
            tests.iter().filter(|name| !exists(name)).map(|name| format!("{THREATS} names {name}: no such test")),
        );
    }
    findings
}

/// Links of a page to files that are not there. Links to other sites and within the page are not looked at.
fn dead_links(page: &Path, text: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let near = targets.filter(|target| !target.is_empty() && !target.contains(':'));
    let dead = near.filter(|target| !exists(&page.with_file_name("").join(target)));
    dead.map(|target| format!("{} links to {target}, which is not there", page.display())).collect()
}

/// References to a machine's own folders, or, outside tests (which feed broken paths), up past the tree's root.
fn outside_references(path: &Path, text: &str) -> Vec<String> {
    const MACHINES: &[&str] = &[
        concat!("../sha", "red"),
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/ho", "me/"),
    ];
    let depth = path.components().count() - 1;
    let up = "../".repeat(depth + 1);
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let found = MACHINES.iter().find(|place| begins(line, place));
        let climbs = !is_test(path) && line.contains(&up);
        if let Some(place) = found.copied().or(climbs.then_some(up.as_str())) {
            findings.push(format!("{}:{} refers to {place}", path.display(), number + 1));
        }
    }
    findings
}

/// Whether the place stands in the line as the start of a path, not inside a longer one such as `https://x/work/`.
fn begins(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|c| place.starts_with('/') && (c.is_alphanumeric() || "-_.}~*".contains(c)))
    })
}

fn none(findings: &[String]) -> Checked {
    if findings.is_empty() { Ok(()) } else { Err(Broken(findings.to_vec()).into()) }
}

/// Findings, one on a line where a failed test prints them.
struct Broken(Vec<String>);

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Error for Broken {}
