//! A restored backup is an old copy: nothing that it holds can be used twice, and whoever it concerns is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Node, Pair, Said, until};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

/// Jack's node and what he has promised when he backs it up.
struct Scene {
    pair: Pair,
    /// Approved, once.
    once: String,
    /// A standing grant of three uses without review, and the request it was given for.
    standing: (String, String),
    /// Countered.
    countered: String,
    /// An invite nobody has joined by.
    invite: String,
    backup: PathBuf,
    passphrase: PathBuf,
}

impl Scene {
    /// Everything is promised, nothing used; Jack is backed up, and runs again.
    fn new() -> Self {
        let mut pair = Pair::connected();
        let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
        let once = pair.ask("numbers", "mean", &json!({}));
        pair.approve(&once, &json!({}));
        let standing = pair.ask("numbers", "max", &json!({ "uses": 3 }));
        pair.approve(&standing, &json!({ "uses": 3, "review": "none" }));
        let countered = pair.ask("numbers", "min", &json!({}));
        let api = pair.jack.api();
        let prompt = api.get(&format!("/v1/requests/{countered}/prompt?computation=median"));
        let offer = json!({ "offer": { "computation": "median" }, "preview": prompt["preview"] });
        let _ = api.post(&format!("/v1/requests/{countered}/counter"), &offer).ok();
        pair.hears(&countered, "countered");
        let waiting = pair.ask("numbers", "sum", &json!({}));
        let invite = text(&pair.jack.json(&["invite", "--no-wait"])["text"]);
        let grant = grant_of(&pair.jill, &standing);
        let (backup, passphrase) = (pair.jack.desk().join("jack.backup"), pair.jack.desk().join("words"));
        fs::write(&passphrase, "a passphrase of its own\n").unwrap();
        pair.jack.cli(&back_up(&backup, &passphrase)).refused(&["a node is already running here", "stop it"]);
        pair.jack.stop();
        pair.jack.says(&back_up(&backup, &passphrase)).shows(&["The node of Jack is backed up", "numbers"]);
        pair.jack.cli(&back_up(&backup, &passphrase)).refused(&["exists already"]);
        pair.jack.up();
        pair.reached();
        assert_ne!(waiting, countered);
        Self { pair, once, standing: (grant, standing), countered, invite, backup, passphrase }
    }

    /// Jack's disk is lost, and his node made anew from the backup.
    fn lose_and_restore(&mut self) -> Said {
        let jack = &mut self.pair.jack;
        if jack.is_up() {
            jack.stop();
        }
        fs::remove_dir_all(jack.home()).unwrap();
        let said = jack.says(&restore(&self.backup, &self.passphrase));
        jack.up();
        said
    }
}

fn back_up<'a>(file: &'a Path, passphrase: &'a Path) -> [&'a str; 4] {
    ["backup", file.to_str().unwrap(), "--backup-passphrase-file", passphrase.to_str().unwrap()]
}

fn restore<'a>(file: &'a Path, passphrase: &'a Path) -> [&'a str; 5] {
    let [_, file, option, passphrase] = back_up(file, passphrase);
    ["restore", file, option, passphrase, "--no-passphrase"]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The id of the grant that a node has for a request.
fn grant_of(node: &Node, request: &str) -> String {
    let requests = node.json(&["requests"]);
    text(&requests.as_array().unwrap().iter().find(|one| one["id"] == request).unwrap()["grant"])
}

/// Entries of a node's log of some kind.
fn logged(node: &Node, kind: &str) -> usize {
    let entries = node.json(&["log"]);
    entries.as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).count()
}

/// Copies a home that nobody works in.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

#[test]
fn what_an_old_copy_promised_is_void_and_those_concerned_are_told() {
    let mut scene = Scene::new();
    let outcome = scene.pair.run(&scene.once);
    assert_eq!(outcome["value"], "4.500000", "{outcome}");
    let said = scene.lose_and_restore();
    said.shows(&[
        "The node of Jack is restored",
        "grant",
        "to Jill: The mean",
        "max of value in “numbers”",
        "a counter-offer to Jill",
        "1 invite not used up",
        "Jill: what is void of what you gave them",
        "your log begins anew",
        "1 request waits for you",
        "must never run again",
    ]);
    let Scene { pair, standing, countered, invite, .. } = &scene;
    pair.reached();
    pair.jack.says(&["log", "verify"]).shows(&["The log is whole."]);
    assert_eq!(logged(&pair.jack, "restored"), 1);
    for request in [&standing.1, countered] {
        let ended = if request == countered { "closed" } else { "revoked" };
        pair.hears(request, ended);
    }
    // what she had run is hers, and still holds
    let kept = pair.jill.json(&["outcomes"]);
    assert_eq!((kept.as_array().unwrap().len(), &kept[0]["failed"]), (1, &json!([])), "{kept}");
    let under = json!({
        "person": "Jack", "dataset": "numbers", "computation": "max", "reason": "once more", "grant": standing.0,
    });
    let refused = pair.jill.api().post("/v1/requests?wait=30", &under);
    assert!((400..500).contains(&refused.status), "{} {}", refused.status, refused.text());
    pair.jill.cli(&["accept", countered]).refused(&["no counter-offer to accept"]);
    // somebody photographed the invite
    let mut stranger = Node::init("Mallory");
    stranger.up();
    stranger.cli(&["connect", invite, "--wait", "20"]).refused(&["invite"]);
    assert_eq!(pair.jack.json(&["people"]).as_array().unwrap().len(), 1);
    // she had seen more of his log than the backup had, and sees why that is gone
    let report = until("Jill sees that Jack's log began anew", || {
        let report = pair.jill.cli(&["--json", "log", "verify"]).json();
        (report["others"][0]["state"] == "begun anew").then_some(report)
    });
    assert!(report["others"][0].to_string().contains("restored from a backup"), "{report}");
    assert_eq!((logged(&pair.jack, "ran"), logged(&pair.jack, "released")), (0, 0), "nothing ran, nothing left");
    // between them it goes on as before
    let again = pair.ask("numbers", "mean", &json!({}));
    pair.approve(&again, &json!({}));
    assert_eq!(pair.run(&again)["value"], "4.500000");
}

#[test]
fn a_spent_grant_does_not_run_again_even_if_both_sides_go_back_in_time() {
    let mut scene = Scene::new();
    scene.pair.jill.stop();
    let (home, copied) = (scene.pair.jill.home(), scene.pair.jill.desk().join("copied"));
    copy(&home, &copied);
    scene.pair.jill.up();
    scene.pair.reached();
    assert_eq!(scene.pair.run(&scene.once)["value"], "4.500000");
    scene.pair.jill.stop();
    let _ = scene.lose_and_restore();
    fs::remove_dir_all(&home).unwrap();
    copy(&copied, &home);
    scene.pair.jill.up();
    // her copy has a grant that was never run, and does not know that it is revoked
    let Scene { pair, once, .. } = &scene;
    let run = pair.jill.api().post(&format!("/v1/requests/{once}/run?wait=30"), &json!({}));
    assert!((400..500).contains(&run.status), "{} {}", run.status, run.text());
    pair.hears(once, "revoked");
    assert_eq!(pair.jill.json(&["outcomes"]), json!([]), "nothing arrived");
    assert_eq!(pair.jack.json(&["outcomes"]), json!([]), "nothing left");
    assert_eq!((logged(&pair.jack, "ran"), logged(&pair.jack, "released")), (0, 0));
    pair.jack.says(&["log", "verify"]).shows(&["The log is whole."]);
}

#[test]
fn a_restore_killed_at_any_moment_leaves_no_half_home_and_can_be_repeated() {
    let mut node = Node::init("Jack");
    let (file, passphrase) = (node.desk().join("b"), node.desk().join("words"));
    fs::write(&passphrase, "words\n").unwrap();
    node.up();
    let wish = json!({ "content": "[1,2,3,4,5,12]", "format": "json", "tag": "numbers" });
    let _ = node.api().post("/v1/datasets", &wish).ok();
    node.stop();
    let _ = node.says(&back_up(&file, &passphrase));
    let home = node.home();
    fs::remove_dir_all(&home).unwrap();
    let mut whole = 0;
    for after in (0..12).map(|step| Duration::from_millis(step * step * 12)) {
        let mut restoring = node.begin("restore", &restore(&file, &passphrase));
        sleep(after);
        restoring.kill();
        if home.exists() {
            // it was put in place before the signal came: then it is whole
            whole += 1;
            node.up();
            assert_eq!(node.json(&["data", "list"]).as_array().unwrap().len(), 1);
            node.stop();
            fs::remove_dir_all(&home).unwrap();
        }
    }
    println!("whole after {whole} of 12 kills");
    let _ = node.says(&restore(&file, &passphrase));
    assert!(!home.with_added_extension("restoring").exists());
    node.cli(&restore(&file, &passphrase)).refused(&["already holds a node", home.to_str().unwrap()]);
    node.up();
    node.says(&["log", "verify"]).shows(&["The log is whole."]);
}

#[test]
fn a_backup_opens_with_its_own_passphrase_and_no_other_and_a_damaged_one_says_where() {
    let node = Node::init("Jack");
    let (file, passphrase, wrong) = (node.desk().join("b"), node.desk().join("words"), node.desk().join("wrong"));
    fs::write(&passphrase, "words\n").unwrap();
    fs::write(&wrong, "other words\n").unwrap();
    node.cli(&["backup", file.to_str().unwrap()]).refused(&["passphrase of its own", "--backup-passphrase-file"]);
    let _ = node.says(&back_up(&file, &passphrase));
    fs::remove_dir_all(node.home()).unwrap();
    node.cli(&restore(&file, &wrong)).refused(&["the passphrase is wrong"]);
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let damaged = node.desk().join("damaged");
    fs::write(&damaged, &bytes).unwrap();
    node.cli(&restore(&damaged, &passphrase)).refused(&["not a backup as it was written", "part 1"]);
    fs::write(&damaged, &bytes[..last]).unwrap();
    node.cli(&restore(&damaged, &passphrase)).refused(&["not a backup as it was written"]);
    assert!(!node.home().exists());
    let _ = node.says(&restore(&file, &passphrase));
}
