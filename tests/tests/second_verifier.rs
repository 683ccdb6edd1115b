//! docs/protocol/verify.py, which shares no line with the programs, comes to the same verdict on every file.
//!
//! It runs where `python3`, or the program that `HALFDOOR_PYTHON` names, has its two packages; elsewhere the tests say
//! that they were skipped, and in CI that is a failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "scenarios are tests, their steps too"
)]

use ciborium::Value;
use node::{Source, views::FileView};
use scenarios::{Chance, Pair};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

/// How a part that verify.py blames is called in our own sentences: any one of the words.
const SAME: &[(&str, &[&str])] = &[
    (
        "file",
        &[
            "voucher does not verify",
            "not a receipt file",
            "not a log file",
            "not an evidence file",
            "no file of",
            "neither",
        ],
    ),
    (
        "item",
        &[
            "cannot be read",
            "not a log file",
            "not where it belongs",
            "cut short",
            "more after",
            "neither",
            "no file of",
        ],
    ),
    ("request", &["request"]),
    ("decision", &["decision", "owner", "grant"]),
    ("standing", &["standing"]),
    ("receipt", &["receipt"]),
    // of a voucher it compares the words before it looks into what they are compared with
    ("texts", &["words", "receipt file", "voucher does not verify: payload: a text"]),
    ("owner", &["owner", "request"]),
    ("requester", &["asked", "request"]),
    ("dataset", &["dataset"]),
    ("version", &["version"]),
    ("computation", &["computation"]),
    ("grant", &["grant", "request"]),
    ("covers", &["grant", "version"]),
    ("uses", &["uses"]),
    ("time", &["time"]),
    ("outcome", &["outcome"]),
    ("logged", &["log"]),
    ("later", &["later", "cosign", "checkpoint", "log"]),
    ("checkpoint", &["checkpoint"]),
    ("cosigned", &["cosign", "signed over", "not where it belongs"]),
    ("begins", &["does not begin", "not where it belongs", "checkpoint"]),
    ("times", &["earlier"]),
    ("epochs", &["signed over", "restor"]),
    ("complete", &["cut short", "more after", "not where it belongs"]),
    ("root", &["signed over"]),
    ("first", &["first statement"]),
    ("second", &["second statement"]),
    ("voucher", &["voucher"]),
    ("issuer", &["issuer", "voucher"]),
    ("holder", &["voucher"]),
];

/// A program with the two packages; none where there is none.
static PYTHON: LazyLock<Option<String>> = LazyLock::new(|| {
    let python = std::env::var("HALFDOOR_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let imports = Command::new(&python).args(["-c", "import cbor2, cryptography"]).output();
    let why = match imports {
        Ok(output) if output.status.success() => return Some(python),
        Ok(output) => String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    };
    assert!(std::env::var_os("CI").is_none(), "the second verifier cannot run: {python}: {why}");
    eprintln!("skipped: the second verifier needs Python with cbor2 and cryptography: {python}: {why}");
    None
});

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn second_verifier(arguments: &[&str]) -> Option<Output> {
    let script = repository().join("docs/protocol/verify.py");
    let output = Command::new(PYTHON.as_ref()?).arg("-B").arg(script).args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("Traceback"), "{arguments:?}: {errors}");
    Some(output)
}

/// Files by name, and what they hold.
type Exported = BTreeMap<&'static str, Vec<u8>>;

/// Two receipts, one under a standing grant, and both logs.
static EXPORTED: LazyLock<Exported> = LazyLock::new(|| {
    let pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let once = pair.ask("numbers", "max", &json!({ "reason": "so that words come along" }));
    pair.approve(&once, &json!({}));
    let _ = pair.run(&once);
    let first = pair.ask("numbers", "mean", &json!({ "uses": 2 }));
    pair.approve(&first, &json!({ "uses": 2, "review": "none" }));
    let grant = pair.jill.api().get(&format!("/v1/requests/{first}"))["grant"].clone();
    let second = pair.ask("numbers", "mean", &json!({ "grant": grant }));
    pair.hears(&second, "approved");
    let _ = pair.run(&second);
    let receipt = |id: &str| {
        let file = pair.jill.api().try_get(&format!("/v1/outcomes/{id}/export")).unwrap();
        assert_eq!(file.status, 200, "{}", file.text());
        file.body
    };
    let (voucher, signed) = signed(&pair);
    let log = |node: &scenarios::Node| log_of(node, "log");
    BTreeMap::from([
        ("receipt-once", receipt(&once)),
        ("receipt-standing", receipt(&second)),
        ("receipt-signed", receipt(&signed)),
        ("voucher", voucher),
        ("log-owner", log(&pair.jack)),
        ("log-requester", log(&pair.jill)),
    ])
});

/// A dataset that somebody else signed: the voucher, and a request about it that was run.
fn signed(pair: &Pair) -> (Vec<u8>, String) {
    let mut issuer = scenarios::Node::init("Issuer");
    issuer.up();
    pair.joins(&issuer);
    fs::write(issuer.desk().join("list.json"), "[1, 2, 3, 4, 5, 12]").unwrap();
    let _ = issuer.says(&["data", "sign", "list.json", "--for", "Jack", "--subject", "what it is about"]);
    for name in ["list.json", "list.json.voucher"] {
        fs::copy(issuer.desk().join(name), pair.jack.desk().join(name)).unwrap();
    }
    let _ = pair.jack.says(&["data", "add", "list.json", "--tag", "signed", "--visible-to", "Jill"]);
    let asked = pair.ask("signed", "sum", &json!({}));
    pair.approve(&asked, &json!({}));
    let _ = pair.run(&asked);
    (fs::read(issuer.desk().join("list.json.voucher")).unwrap(), asked)
}

fn log_of(node: &scenarios::Node, name: &str) -> Vec<u8> {
    let file = node.desk().join(name);
    let _ = node.says(&["log", "export", file.to_str().unwrap()]);
    fs::read(file).unwrap()
}

/// Why our own verifier refuses a file; none where it does not.
fn refusal(bytes: &[u8]) -> Option<String> {
    let mut sources = [Source { name: "it".to_owned(), open: Box::new(move || Ok(Box::new(bytes))) }];
    match node::verify_files(&mut sources) {
        Err(error) => Some(error.to_string()),
        Ok(view) => match view.files.as_slice() {
            [FileView::Outcome(outcome)] if !outcome.failed.is_empty() => Some(outcome.failed.join("; ")),
            _ => None,
        },
    }
}

/// The other's reasons by file name, for all files of a folder; a file without one is accepted.
fn refusals(folder: &Path) -> Option<BTreeMap<String, String>> {
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path().to_str().unwrap().to_owned()).collect();
    files.sort();
    let mut reasons = BTreeMap::new();
    for some in files.chunks(200) {
        let arguments: Vec<&str> = ["--each"].into_iter().chain(some.iter().map(String::as_str)).collect();
        let output = second_verifier(&arguments)?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        for file in some {
            let mark = format!("{file}: refused: ");
            if let Some(why) = errors.lines().find_map(|line| line.strip_prefix(&mark)) {
                reasons.insert(file.clone(), why.to_owned());
            }
        }
    }
    Some(reasons)
}

/// Both verdicts on every file are the same, and blame the same part.
fn agree(cases: &[(String, Vec<u8>)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = |at: usize| folder.path().join(format!("{at:05}"));
    for (at, (_, bytes)) in cases.iter().enumerate() {
        fs::write(path(at), bytes).unwrap();
    }
    let Some(theirs) = refusals(folder.path()) else { return };
    let mut disagreements = Vec::new();
    for (at, (what, bytes)) in cases.iter().enumerate() {
        match (refusal(bytes), theirs.get(path(at).to_str().unwrap())) {
            (None, None) => {}
            (Some(ours), Some(their)) if is_same_part(&ours, their) => {}
            (ours, their) => disagreements.push(format!("{what}: we say {ours:?}, verify.py says {their:?}")),
        }
    }
    assert!(disagreements.is_empty(), "{} of {}: {disagreements:#?}", disagreements.len(), cases.len());
}

/// Any of the words by which we call the part, of which verify.py may give the way to it: `file.NAME.later.cosign`.
fn is_same_part(ours: &str, their: &str) -> bool {
    let way = their.split(": ").next().unwrap_or_default();
    let mut names =
        way.split(|c: char| !c.is_ascii_lowercase()).map(|name| if name == "entry" { "item" } else { name });
    names.any(|part| SAME.iter().any(|(name, words)| part == *name && words.iter().any(|word| ours.contains(word))))
}

#[test]
fn every_vector_agrees() {
    let vectors = repository().join("docs/protocol/vectors");
    let Some(output) = second_verifier(&["vectors", vectors.to_str().unwrap()]) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let files = fs::read_dir(&vectors).unwrap().count();
    assert!(said.contains(&format!("vectors in {files} files agree")), "{said}");
}

#[test]
fn a_vector_that_was_altered_or_is_not_known_is_noticed() {
    let vectors = repository().join("docs/protocol/vectors");
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(&vectors).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let verdict = || second_verifier(&["vectors", folder.path().to_str().unwrap()]).map(|output| output.status.code());
    if PYTHON.is_none() {
        return;
    }
    for (name, from, to) in [
        ("message-run.json", "\"id\": \"", "\"id\": \"00"),
        ("safety-code.json", "63971", "63972"),
        ("refused.json", "\"error\": \"payload", "\"error\": \"envelope"),
    ] {
        let file = folder.path().join(name);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        assert_eq!(verdict(), Some(Some(1)), "{name} altered");
        fs::write(&file, text).unwrap();
    }
    assert_eq!(verdict(), Some(Some(0)));
    fs::write(folder.path().join("further.json"), "[]").unwrap();
    assert_eq!(verdict(), Some(Some(1)), "a file of vectors that it does not know");
}

#[test]
fn what_real_nodes_export_is_accepted_by_both() {
    if PYTHON.is_none() {
        return;
    }
    for (name, bytes) in EXPORTED.iter() {
        assert_eq!(refusal(bytes), None, "{name}");
    }
    agree(&EXPORTED.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect::<Vec<_>>());
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<String> = EXPORTED
        .iter()
        .map(|(name, bytes)| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    let output = second_verifier(&paths.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    assert!(output.status.success(), "all of them are true: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn files_with_bytes_altered_cut_or_added_are_refused_by_both_for_the_same_part() {
    if PYTHON.is_none() {
        return;
    }
    let mut chance = Chance::new();
    let mut cases = Vec::new();
    for (name, bytes) in EXPORTED.iter() {
        for _ in 0..120 {
            let (at, change) = (chance.of(0..bytes.len() as u64) as usize, chance.of(1..256) as u8);
            let mut altered = bytes.clone();
            altered[at] ^= change;
            cases.push((format!("{name}, byte {at} altered by {change:#04x}"), altered));
            cases.push((format!("{name}, cut to {at}"), bytes[..at].to_vec()));
        }
        for extra in [0x00, 0xF6, 0xFF] {
            cases.push((format!("{name}, {extra:#04x} added"), [&bytes[..], &[extra]].concat()));
        }
    }
    agree(&cases);
}

#[test]
fn logs_with_items_moved_lost_doubled_or_swapped_with_another_log_are_refused_by_both() {
    if PYTHON.is_none() {
        return;
    }
    let [owner, requester] = ["log-owner", "log-requester"].map(|name| items(&EXPORTED[name]));
    let mut cases = Vec::new();
    for (name, log, other) in [("owner", &owner, &requester), ("requester", &requester, &owner)] {
        let mut case =
            |what: String, items: Vec<Vec<u8>>| cases.push((format!("{name}'s log, {what}"), items.concat()));
        for at in 0..log.len() {
            let mut lost = log.clone();
            let item = lost.remove(at);
            case(format!("without item {at}"), lost.clone());
            lost.insert((at + 1).min(lost.len()), item.clone());
            case(format!("item {at} moved back"), lost);
            let mut doubled = log.clone();
            doubled.insert(at, item);
            case(format!("item {at} doubled"), doubled);
            let mut foreign = log.clone();
            foreign[at] = other[at.min(other.len() - 1)].clone();
            case(format!("item {at} of another log"), foreign);
        }
    }
    agree(&cases);
}

/// The items of a CBOR sequence.
fn items(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        let before = bytes;
        let _: Value = ciborium::from_reader(&mut bytes).unwrap();
        items.push(before[..before.len() - bytes.len()].to_vec());
    }
    items
}

#[test]
fn two_logs_of_one_party_that_part_ways_are_a_fork_to_both() {
    if PYTHON.is_none() {
        return;
    }
    let mut pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3]);
    pair.jack.stop();
    let copy = tempfile::tempdir().unwrap();
    copy_all(&pair.jack.home(), copy.path());
    let mut logs = Vec::new();
    for numbers in [&[4, 5, 6][..], &[7, 8, 9]] {
        pair.jack.up();
        let _ = pair.store(&format!("further-{}", numbers[0]), numbers);
        let name = format!("log-{}", numbers[0]);
        let _ = log_of(&pair.jack, &name);
        logs.push(pair.jack.desk().join(name).to_str().unwrap().to_owned());
        pair.jack.stop();
        fs::remove_dir_all(pair.jack.home()).unwrap();
        copy_all(copy.path(), &pair.jack.home());
    }
    let [one, other] = [&logs[0], &logs[1]];
    let _ = pair.jill.cli(&["verify", one]).done();
    let _ = pair.jill.cli(&["verify", other]).done();
    let output = second_verifier(&["--each", one, other]).unwrap();
    assert!(output.status.success(), "each is true by itself: {}", String::from_utf8_lossy(&output.stderr));
    pair.jill.cli(&["verify", one, other]).refused(&["cannot both be true"]);
    let output = second_verifier(&[one, other]).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && errors.contains("fork"), "{errors}");
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, name) = (entry.as_ref().unwrap().path(), entry.as_ref().unwrap().file_name());
        if from.is_dir() {
            copy_all(&from, &to.join(name));
        } else {
            fs::copy(&from, to.join(name)).unwrap();
        }
    }
}
