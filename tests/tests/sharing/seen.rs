//! Who sees what, and what a search finds.

use super::with_a_file;
use scenarios::{Node, Pair};
use serde_json::{Value, json};

fn tags(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|one| one["tag"].as_str().unwrap()).collect()
}

/// Three datasets, seen by Jill, by everyone and by nobody.
fn with_three() -> (Pair, Node) {
    let pair = with_a_file();
    let mut bob = Node::init("Bob");
    bob.up();
    pair.joins(&bob);
    for (tag, description, who) in [
        ("électricité", "les factures de 2025", "Jill"),
        ("rent", "what I paid for the flat in the Hauptstraße", "everyone"),
        ("diary", "electricity and other feelings", "nobody"),
    ] {
        let add = ["data", "add", "bills.csv", "--tag", tag, "--description", description, "--visible-to", who];
        let _ = pair.jack.says(&add);
    }
    (pair, bob)
}

#[test]
fn each_dataset_is_seen_by_nobody_by_those_named_or_by_everyone_connected() {
    let (pair, bob) = with_three();
    let seen = |who: &Node| {
        let page = who.json(&["catalog", "Jack"]);
        let mut tags: Vec<_> = tags(&page["datasets"]).into_iter().map(str::to_owned).collect();
        tags.sort();
        tags
    };
    assert_eq!(
        (seen(&pair.jill), seen(&bob)),
        (vec!["rent".to_owned(), "électricité".to_owned()], vec!["rent".to_owned()])
    );
    pair.jack.says(&["data", "visible", "diary", "Bob", "Jill"]).shows(&["seen by Bob, Jill"]);
    pair.jack.says(&["data", "visible", "rent", "nobody"]).shows(&["seen by nobody"]);
    pair.jack.says(&["data", "visible", "électricité", "everyone"]).shows(&["seen by everyone"]);
    let both = vec!["diary".to_owned(), "électricité".to_owned()];
    assert_eq!((seen(&pair.jill), seen(&bob)), (both.clone(), both));
    pair.jack.cli(&["data", "visible", "diary", "Carol"]).refused(&["Carol", "not known"]);
    // somebody who comes back after being forgotten sees what strangers see
    let _ = pair.jack.says(&["people", "forget", "Bob"]);
    pair.jack.says(&["data", "show", "diary"]).shows(&["seen by Jill"]).hides(&["Bob"]);
}

#[test]
fn a_dataset_that_is_hidden_answers_as_one_that_never_was() {
    let (pair, bob) = with_three();
    let _ = bob.json(&["catalog", "Jack"]);
    let told = pair.jill.json(&["catalog", "Jack"]);
    let ask = |tag: &str| {
        let made = pair.jill.json(&["request", "Jack", tag, "mean", "--column", "amount", "--wait", "60"]);
        (made["state"].clone(), made["detail"].clone())
    };
    assert_eq!(tags(&told["datasets"]).len(), 2);
    let _ = pair.jack.says(&["data", "visible", "rent", "Bob"]);
    let _ = pair.jack.says(&["data", "remove", "électricité"]);
    let (hidden, gone) = (ask("rent"), ask("électricité"));
    assert_eq!(hidden, gone);
    assert_eq!(hidden.0, "refused");
    assert_eq!(pair.jack.json(&["requests"]), json!([]), "nothing came to the owner");
    // and once she has looked again, neither has a name to ask by
    let _ = pair.jill.json(&["catalog", "Jack"]);
    for tag in ["rent", "électricité"] {
        pair.jill.cli(&["request", "Jack", tag, "mean"]).refused(&[tag, "not known"]);
    }
}

#[test]
fn a_search_finds_words_without_case_and_accents_and_only_in_what_may_be_seen() {
    let (pair, _) = with_three();
    let mine = |words: &str| {
        let found = pair.jack.json(&["data", "list", "--search", words]);
        tags(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let theirs = |words: &str| {
        let found = pair.jill.json(&["catalog", "Jack", "--search", words]);
        tags(&found["datasets"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(mine("ELECTRIC"), ["diary", "électricité"]);
    assert_eq!(theirs("electric"), ["électricité"]);
    assert_eq!((mine("hauptstrasse flat"), theirs("RENT amo")), (vec!["rent".to_owned()], vec!["rent".to_owned()]));
    for nothing in ["lectric", "rent gas", "%", "ount"] {
        assert_eq!((mine(nothing).len(), theirs(nothing).len()), (0, 0), "{nothing}");
    }
    pair.jack.says(&["data", "list", "--search", "yacht"]).shows(&["has these words"]);
    pair.jill.says(&["catalog", "Jack", "--search", "yacht"]).shows(&["has these words"]).hides(&["diary"]);
    let long = "a".repeat(65);
    pair.jack.cli(&["data", "list", "--search", &long]).refused(&["search", "64 bytes"]);
    pair.jill.cli(&["catalog", "Jack", "--search", &long]).refused(&["search", "64 bytes"]);
}
