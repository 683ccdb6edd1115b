use super::{approve, ask, grant_of, logged, text, with_bills};
use serde_json::json;

#[test]
fn a_removed_dataset_takes_its_grants_with_it() {
    let pair = with_bills();
    let ran = ask(&pair, "max", &[]);
    approve(&pair, &ran, &[]);
    let outcome = pair.jill.json(&["run", &ran]);
    let approved = ask(&pair, "mean", &[]);
    approve(&pair, &approved, &[]);
    let waiting = ask(&pair, "median", &[]);
    let dataset = text(&pair.jack.json(&["data", "show", "utility"])["id"]);

    pair.jack.says(&["data", "remove", "utility"]).shows(&["removed"]);
    pair.jack.says(&["data", "list"]).shows(&["Nothing stored yet"]);
    assert!(!pair.jack.home().join("datasets").join(&dataset).exists(), "its folder is gone");
    assert!(!pair.jack.home().join("keys").join(format!("dataset-{dataset}.key")).exists(), "its key is gone");
    assert_eq!(logged(&pair.jack, "removed", &dataset), 1);
    pair.jill.says(&["catalog", "Jack"]).hides(&["utility"]);
    pair.hears(&approved, "revoked");
    pair.jill.cli(&["run", &approved]).refused(&["the owner revoked this grant"]);
    assert_eq!(grant_of(&pair.jack, &approved)["state"], "revoked");
    pair.jack.cli(&["approve", &waiting, "--preview", "000000000000"]).refused(&["no longer waiting"]);
    let line = ["request", "Jack", "utility", "max", "--column", "electricity"];
    pair.jill.cli(&line).refused(&["utility", "not known"]);

    // what had left before stays known, and still verifies
    let kept = pair.jill.json(&["outcomes", &ran]);
    assert_eq!((&kept["value"], &kept["failed"]), (&outcome["value"], &json!([])), "{kept}");
    pair.jack.says(&["log", "verify"]).shows(&["The log is whole."]);
}

#[test]
fn erased_words_are_gone_and_the_proofs_stand() {
    let pair = with_bills();
    let id = ask(&pair, "max", &["--reason", "a very private reason"]);
    pair.jack.cli(&["erase", &id]).refused(&["decide the request first"]);
    approve(&pair, &id, &[]);
    let outcome = pair.jill.json(&["run", &id]);
    pair.jack.says(&["show", &id]).shows(&["a very private reason"]);
    for node in [&pair.jack, &pair.jill] {
        node.says(&["erase", &id]).shows(&["erased here"]);
        node.says(&["show", &id]).hides(&["a very private reason"]);
        assert_eq!(node.json(&["show", &id])["words"], "");
        node.says(&["log", "verify"]).shows(&["The log is whole."]);
        node.cli(&["erase", "nobody known"]).refused(&["request or person", "not known"]);
    }
    let kept = pair.jill.json(&["outcomes", &id]);
    assert_eq!((&kept["value"], &kept["failed"]), (&outcome["value"], &json!([])), "{kept}");
    let _ = pair.jill.says(&["outcomes", "export", &id, "kept.hdr"]);
    pair.jill.says(&["verify", "kept.hdr"]).shows(&["Everything that was checked holds."]);
}

#[test]
fn an_erased_person_is_a_stranger_and_may_do_nothing_more() {
    let pair = with_bills();
    let id = ask(&pair, "max", &["--reason", "something about Jill"]);
    approve(&pair, &id, &[]);
    pair.jack.says(&["erase", "Jill"]).shows(&["erased here"]);
    pair.jack.says(&["people"]).shows(&["Nobody yet"]);
    pair.jack.says(&["show", &id]).hides(&["something about Jill"]);
    let ran = pair.jill.cli(&["run", &id, "--wait", "20"]);
    assert!(!ran.out().contains("Everything that was checked holds"), "{ran}");
    assert_eq!(pair.jill.json(&["outcomes"]), json!([]), "nothing left");
    let grants = pair.jack.json(&["grants"]);
    assert_eq!(grants[0]["state"], "revoked", "{grants}");
    pair.jack.says(&["log", "verify"]).shows(&["The log is whole."]);
}

#[test]
fn a_blocked_person_is_kept_out_until_the_block_is_lifted() {
    let pair = with_bills();
    pair.jack.says(&["people", "block", "Jill"]).shows(&["blocked"]);
    let line = ["request", "Jack", "utility", "max", "--column", "electricity", "--wait", "3"];
    let made = pair.jill.json(&line);
    assert_ne!(made["state"], "approved", "{made}");
    assert_eq!(pair.jack.json(&["requests"]), json!([]), "nothing of hers is kept");
    let _ = pair.jack.says(&["people", "unblock", "Jill"]);
    pair.reached();
    let id = ask(&pair, "max", &[]);
    approve(&pair, &id, &[]);
    pair.jill.says(&["run", &id]).shows(&["Everything that was checked holds."]);
}
