//! After removing and erasing, nothing that can be decrypted with any key that is left tells what was there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Chance, Keys, Node, Pair, Planted};
use serde_json::json;
use std::{collections::BTreeSet, fs, ops::Range, path::Path};
use store::{Home, Piece, Store};

/// Where each planted word goes. A tag, the words of a request and those of a decision also reach Jill.
const CELLS: Range<usize> = 0..84;
const TAG: usize = 84;
const DESCRIPTION: Range<usize> = 85..91;
const REASONS: [Range<usize>; 3] = [91..93, 93..95, 95..96];
const BECAUSE: [Range<usize>; 2] = [96..98, 98..100];
const WORDS: usize = 100;

/// A dataset and three requests about it, full of planted words: one denied, one countered, one answered.
struct Scene {
    pair: Pair,
    planted: Planted,
    requests: Vec<String>,
}

impl Scene {
    fn new() -> Self {
        let pair = Pair::connected();
        let planted = Planted::new(WORDS, &mut Chance::new());
        let words = |range: Range<usize>| planted.words()[range].join(" ");
        let tag = &planted.words()[TAG];
        let rows = planted.words()[CELLS].iter().enumerate().map(|(row, word)| format!("{word},{row}.50\n"));
        let wish = json!({
            "content": format!("note,amount\n{}", rows.collect::<String>()), "format": "csv", "tag": tag,
            "description": words(DESCRIPTION), "visible_to": ["Jill"],
        });
        let stored = pair.jack.api().post("/v1/datasets", &wish).ok();
        assert_eq!(stored["rows"], CELLS.len(), "{stored}");
        let ask = |computation: &str, reason| {
            pair.ask(tag, computation, &json!({ "column": "amount", "reason": words(reason) }))
        };
        let [denied, countered, answered] = REASONS;
        let requests = vec![ask("max", denied), ask("min", countered), ask("mean", answered)];

        let api = pair.jack.api();
        let _ = api
            .post(&format!("/v1/requests/{}/deny", requests[0]), &json!({ "because": words(BECAUSE[0].clone()) }))
            .ok();
        let prompt = api.get(&format!("/v1/requests/{}/prompt?computation=median", requests[1]));
        let offer = json!({ "computation": "median", "because": words(BECAUSE[1].clone()) });
        let _ = api
            .post(
                &format!("/v1/requests/{}/counter", requests[1]),
                &json!({ "offer": offer, "preview": prompt["preview"] }),
            )
            .ok();
        pair.hears(&requests[0], "denied");
        pair.hears(&requests[1], "countered");
        pair.approve(&requests[2], &json!({}));
        let _ = pair.run(&requests[2]);
        Self { pair, planted, requests }
    }

    fn all(&self) -> BTreeSet<String> {
        self.planted.words().iter().cloned().collect()
    }

    /// What Jill was told: everything but the cells.
    fn told(&self) -> BTreeSet<String> {
        self.planted.words()[CELLS.end..].iter().cloned().collect()
    }
}

/// The words that the store itself hands out of a home whose node does not run: the other way to look.
fn handed_out(planted: &Planted, home: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut sink = |piece: Piece<'_>| {
        match piece {
            Piece::Record { key, value, .. } => {
                found.extend(planted.in_bytes(key));
                found.extend(planted.in_bytes(value));
            }
            Piece::Chunk { bytes, .. } => found.extend(planted.in_bytes(bytes)),
            Piece::Unreadable { what, why } => panic!("{what}: {why}"),
            _ => {}
        }
        Ok(())
    };
    let summary = Store::export_readable(&Home::new(home), None, &mut sink).unwrap();
    assert!(summary.records > 0 && summary.unreadable == 0, "{summary:?}");
    found
}

/// Stops a node, looks through its home in every way, starts it again; answers with what was found and the keys.
fn look(node: &mut Node, planted: &Planted, former: Option<&Keys>) -> (BTreeSet<String>, BTreeSet<String>, Keys) {
    node.stop();
    let home = node.home();
    let keys = Keys::of(&home);
    for name in ["control-", "identity", "transport", "mailbox"] {
        assert!(keys.names().any(|key| key.starts_with(name)), "no key {name}");
    }
    assert_eq!(planted.in_files(&home), BTreeSet::new(), "in plain sight in the home of {}", node.name());
    let tried = former.map_or_else(|| keys.clone(), |former| keys.clone().and(former));
    let decrypted = planted.under_keys(&home, &tried);
    let handed = handed_out(planted, &home);
    node.up();
    (decrypted, handed, keys)
}

#[test]
fn after_removing_and_erasing_no_remaining_key_decrypts_any_word_of_it() {
    let mut scene = Scene::new();
    let (all, told) = (scene.all(), scene.told());
    let Scene { pair, planted, requests } = &mut scene;

    // both ways of looking find every word while it is there: only then does finding none say anything
    let (jacks, handed, keys) = look(&mut pair.jack, planted, None);
    assert_eq!((&jacks, &handed), (&all, &all));
    let dataset_keys = |keys: &Keys| keys.names().filter(|name| name.starts_with("dataset-")).count();
    assert_eq!(dataset_keys(&keys), 1);
    let (jills, handed, hers) = look(&mut pair.jill, planted, None);
    assert_eq!((&jills, &handed), (&told, &told), "Jill was told words, and never a row");
    pair.reached();

    pair.jack.says(&["data", "remove", &planted.words()[TAG]]).shows(&["removed"]);
    for request in requests.iter() {
        pair.jack.says(&["erase", request]).shows(&["erased here"]);
    }
    // Jack's keys of before are tried too: what they sealed lies in no file any more
    let (left, handed, now) = look(&mut pair.jack, planted, Some(&keys));
    assert_eq!((left, handed), (BTreeSet::new(), BTreeSet::new()), "left in Jack's home");
    assert_eq!(dataset_keys(&now), 0);
    pair.jack.says(&["log", "verify"]).shows(&["The log is whole."]);
    pair.reached();

    // Jill hears of the removal by asking for the catalog; then she erases her own words and Jack's
    pair.jill.says(&["catalog", "Jack"]).shows(&["Nothing that they let you see"]);
    for request in requests.iter() {
        pair.jill.says(&["erase", request]).shows(&["erased here"]);
    }
    let (left, handed, _) = look(&mut pair.jill, planted, Some(&hers));
    assert_eq!((left, handed), (BTreeSet::new(), BTreeSet::new()), "left in Jill's home");
    let outcomes = pair.jill.json(&["outcomes"]);
    assert_eq!((outcomes.as_array().unwrap().len(), &outcomes[0]["failed"]), (1, &json!([])), "{outcomes}");
}

#[test]
fn erasing_a_person_takes_all_that_they_told() {
    let mut scene = Scene::new();
    let told = scene.told();
    let Scene { pair, planted, .. } = &mut scene;
    let (before, _, hers) = look(&mut pair.jill, planted, None);
    assert_eq!(before, told);
    pair.jill.says(&["erase", "Jack"]).shows(&["erased here"]);
    let (left, handed, _) = look(&mut pair.jill, planted, Some(&hers));
    assert_eq!((left, handed), (BTreeSet::new(), BTreeSet::new()), "left in Jill's home");
}

#[test]
fn a_copy_of_a_home_without_its_key_files_tells_nothing() {
    let mut scene = Scene::new();
    scene.pair.jack.stop();
    let home = scene.pair.jack.home();
    let place = tempfile::tempdir().unwrap();
    let stolen = place.path().join("home");
    copy(&home, &stolen);
    let keys = Keys::of(&stolen);
    assert_eq!(scene.planted.under_keys(&stolen, &keys), scene.all(), "with the keys it tells everything");

    fs::remove_dir_all(stolen.join("keys")).unwrap();
    assert_eq!(scene.planted.in_files(&stolen), BTreeSet::new());
    scene.pair.jill.stop();
    let others = Keys::of(&scene.pair.jill.home());
    assert_eq!(scene.planted.under_keys(&stolen, &others), BTreeSet::new(), "another node's keys open nothing of it");
    let opened = Store::open(&Home::new(&stolen), None);
    assert!(opened.is_err(), "it opened without keys");
    scene.pair.jack.cli(&["data", "list"]).refused(&["no node is running"]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}
