use super::{approve, ask, preview, text, with_bills};
use serde_json::json;

#[test]
fn silence_is_never_consent() {
    let pair = with_bills();
    let id = ask(&pair, "max", &[]);
    let why = ["nobody is here to be asked", "silence is never consent", "--preview HASH"];
    pair.jack.cli(&["approve", &id]).refused(&why);
    // nothing was shown yet, so there is nothing a preview could name
    pair.jack.cli(&["approve", &id, "--preview", "000000000000"]).refused(&["look at the request first"]);
    let shown = preview(&pair.jack, &id);
    let other = if shown.starts_with('0') { "100000000000" } else { "000000000000" };
    pair.jack.cli(&["approve", &id, "--preview", other]).refused(&["not the preview that was shown last"]);
    pair.jill.cli(&["approve", &id, "--preview", &shown]).refused(&["only the owner of the data decides"]);
    pair.jill.cli(&["deny", &id]).refused(&["only the owner of the data decides"]);
    assert_eq!(pair.jack.json(&["requests"])[0]["state"], "waiting");
    assert_eq!(pair.jack.json(&["grants"]), json!([]));
    pair.jill.cli(&["run", &id]).refused(&["the owner has not decided yet"]);
}

#[cfg(unix)]
#[test]
fn the_owner_is_asked_at_the_terminal_and_only_the_whole_word_is_a_yes() {
    use scenarios::Terminal;
    let pair = with_bills();
    let id = ask(&pair, "max", &["--reason", "to know the highest"]);
    let approving = |word: &str, after: &str| {
        let mut command = pair.jack.command();
        command.args(["approve", &id]);
        let mut terminal = Terminal::start(command);
        terminal.wait_for("Approve or deny? Type approve or deny:");
        let shown = terminal.screen();
        for part in ["Jill", "Leaves this computer", "Exactly this value", "to know the highest", "Undo"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        terminal.type_line(word);
        let status = terminal.ended();
        terminal.wait_for(after);
        status.code()
    };
    for word in ["", "y", "yes", "APPROVE", "approve it"] {
        assert_eq!(approving(word, "so nothing was done"), Some(1), "{word:?}");
        assert_eq!(pair.jack.json(&["requests"])[0]["state"], "waiting", "{word:?}");
    }
    assert_eq!(approving("approve", "approved"), Some(0));
    pair.hears(&id, "approved");
    pair.jill.says(&["run", &id]).shows(&["Everything that was checked holds."]);
}

#[test]
fn a_denial_reaches_the_one_who_asked_with_the_owners_words() {
    let pair = with_bills();
    let id = ask(&pair, "mean", &[]);
    pair.jack.says(&["deny", &id, "--because", "I would rather not say"]).shows(&["denied"]);
    pair.hears(&id, "denied");
    pair.jill.says(&["show", &id]).shows(&["denied by Jack"]);
    assert_eq!(pair.jill.json(&["requests"])[0]["detail"], "I would rather not say");
    pair.jill.cli(&["run", &id]).refused(&["the owner denied this request"]);
    pair.jill.cli(&["accept", &id]).refused(&["no counter-offer"]);
    pair.jack.cli(&["approve", &id, "--preview", "000000000000"]).refused(&["no longer waiting"]);
    pair.jack.cli(&["deny", &id]).refused(&["no longer waiting"]);
    pair.jack.cli(&["revoke", &id]).refused(&["a denial cannot be taken back"]);
    assert_eq!(pair.jack.json(&["outcomes"]), json!([]));
}

#[test]
fn a_counter_offer_is_shown_first_and_its_acceptance_is_granted_once() {
    let pair = with_bills();
    let asked = ask(&pair, "max", &["--reason", "the highest"]);
    let counter = ["counter", &asked, "--computation", "mean", "--because", "the mean says enough"];
    let refused = pair.jack.cli(&counter).refused(&["silence is never consent", "--preview"]);
    assert!(refused.err().contains("Leaves this computer"), "what would leave is shown: {refused}");
    assert_eq!(pair.jack.json(&["requests"])[0]["state"], "waiting");
    let hash = refused.err().split("--preview ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    pair.jack.says(&[&counter[..], &["--preview", &hash]].concat()).shows(&["countered"]);
    pair.hears(&asked, "countered");
    pair.jill.cli(&["run", &asked]).refused(&["the owner proposed something else"]);
    let offer = pair.jill.json(&["requests"])[0]["counter"].clone();
    assert_eq!((&offer["computation"], &offer["because"]), (&json!("mean"), &json!("the mean says enough")), "{offer}");

    let accepted = text(&pair.jill.json(&["accept", &asked])["id"]);
    assert_ne!(accepted, asked);
    pair.hears(&accepted, "approved");
    let outcome = pair.jill.json(&["run", &accepted]);
    assert_eq!((&outcome["request"], &outcome["failed"]), (&json!(accepted), &json!([])), "{outcome}");
    let mean = super::ask(&pair, "mean", &[]);
    approve(&pair, &mean, &[]);
    assert_eq!(pair.jill.json(&["run", &mean])["value"], outcome["value"], "what was offered is what came");
    pair.jill.cli(&["accept", &asked]).refused(&["accepted already"]);
    pair.jack.cli(&["revoke", &asked]).refused(&["accepted already"]);
}

#[test]
fn a_counter_offer_that_was_taken_back_cannot_be_accepted() {
    let pair = with_bills();
    let asked = ask(&pair, "max", &[]);
    let counter = ["counter", &asked, "--computation", "mean"];
    let refused = pair.jack.cli(&counter);
    let hash = refused.err().split("--preview ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let _ = pair.jack.says(&[&counter[..], &["--preview", &hash]].concat());
    pair.hears(&asked, "countered");
    pair.jack.says(&["revoke", &asked]).shows(&["revoked"]);
    pair.hears(&asked, "closed");
    pair.jill.cli(&["accept", &asked]).refused(&["no counter-offer to accept"]);
    assert_eq!(pair.jack.json(&["grants"]), json!([]));
}
