use super::text;
use scenarios::{Node, Pair, until};

/// The bills of the guide.
const BILLS: &str = "date,amount\n2025-01-31,61.40\n2025-02-28,58.15\n2025-03-31,49.90\n2025-04-30,44.05\n\
    2025-05-31,41.20\n2025-06-30,52.75\n2025-07-31,71.30\n2025-08-31,74.85\n2025-09-30,55.60\n2025-10-31,43.95\n\
    2025-11-30,48.10\n2025-12-31,59.25\n";

#[test]
fn the_guides_lead_from_an_invite_to_a_receipt_that_verifies_offline() {
    let pair = Pair::apart();
    meet(&pair);
    store(&pair);
    let id = asked(&pair);
    let receipt = decided_and_run(&pair, &id);
    kept(&pair, &receipt);
}

/// Sections 4 and 5 of the owner's guide, 2 of the institution's.
fn meet(pair: &Pair) {
    let Pair { jack, jill, relay } = pair;
    jack.cli(&["invite"]).refused(&["no relay is configured", "halfdoor relays add"]);
    let _ = jack.says(&["relays", "add", relay.address()]);
    until("the relay holds a place for Jack", || {
        jack.says(&["relays", "list"]).out().starts_with("reserved").then_some(())
    });
    let mut hosting = jack.begin("invite", &["invite"]);
    let invite = until("an invite is printed", || {
        hosting
            .out()
            .lines()
            .find(|line| line.starts_with("hd1") && hosting.out().contains("halfdoor connect"))
            .map(str::to_owned)
    });
    jill.says(&["connect", &invite]).shows(&["Jack", "safety code"]);
    let ended = until("the host hears that she joined", || hosting.ended());
    assert!(ended.success() && hosting.out().contains("Jill joined."), "{}{}", hosting.out(), hosting.err());
    jill.cli(&["connect", &invite[..invite.len() - 1]]).refused(&["invite"]);
    pair.reached();

    let codes =
        [(jack, "Jill"), (jill, "Jack")].map(|(node, other)| text(&node.json(&["people", other])["safety_code"]));
    assert_eq!(codes[0], codes[1], "both read the same digits");
    assert_eq!(codes[0].chars().filter(char::is_ascii_digit).count(), 60);
    let wrong: String = codes[0]
        .chars()
        .map(|c| {
            if c == '0' {
                '1'
            } else if c == '1' {
                '0'
            } else {
                c
            }
        })
        .collect();
    let _ = jack.cli(&["people", "verify", "Jill", &format!("9{}", &wrong[1..])]).refused(&["code"]);
    jack.says(&["people"]).shows(&["Jill", "first seen"]);
    jack.says(&["people", "verify", "Jill", &codes[0]]).shows(&["verified"]);
    jill.says(&["people", "verify", "Jack", &codes[1]]).shows(&["verified"]);
}

/// Section 6.
fn store(pair: &Pair) {
    let Pair { jack, jill, .. } = pair;
    std::fs::write(jack.desk().join("bills.csv"), BILLS).unwrap();
    let bills = ["--tag", "electricity", "--description", "electricity bills of 2025"];
    let add = [&["data", "add", "bills.csv"][..], &bills[..]].concat();
    jack.says(&add).shows(&["seen by nobody", "rows 12"]);
    jill.says(&["catalog", "Jack"]).shows(&["Nothing that they let you see"]).hides(&["electricity"]);
    jack.says(&["data", "visible", "electricity", "Jill"]).shows(&["seen by Jill"]);
    jack.says(&["data", "list"]).shows(&["electricity", "12", "Jill"]);
    jack.says(&["data", "show", "electricity"]).shows(&["amount", "decimal", "date"]);
    let seen = jill.says(&["catalog", "Jack", "--search", "electricity"]);
    seen.shows(&["electricity of Jack: 12 rows", "electricity bills of 2025", "amount (decimal)", "self-asserted"]);
    seen.hides(&["61.40", "74.85"]);
    jill.says(&["catalog", "Jack", "--search", "rent"]).hides(&["electricity"]);
}

/// Section 4 of the institution's guide.
fn asked(pair: &Pair) -> String {
    let reason = "the highest bill of the year, for your application";
    let made = pair.jill.json(&["request", "Jack", "electricity", "max", "--column", "amount", "--reason", reason]);
    let id = text(&made["id"]);
    pair.hears(&id, "waiting");
    pair.jill.says(&["requests"]).shows(&[&id[..8], "waiting", "Jack"]);
    pair.jack.says(&["requests"]).shows(&["Asked of you", &id[..8], "waiting", "Jill"]);
    pair.jill.cli(&["run", &id]).refused(&["the owner has not decided yet"]);
    id
}

/// Section 7, and 6 of the institution's guide.
fn decided_and_run(pair: &Pair, id: &str) -> String {
    let Pair { jack, jill, .. } = pair;
    let shown = jack.says(&["show", &id[..8]]);
    shown.shows(&[
        "Jill, key verified",
        "74.85",
        "“amount”",
        "the highest bill of the year",
        "not checked",
        "halfdoor approve",
    ]);
    let prompt: Vec<_> = ["Who", "Wants", "Reads", "Leaves", "What they could", "Why", "How long", "Undo"]
        .iter()
        .map(|part| shown.out().find(&format!("\n{part}")).unwrap_or_else(|| panic!("no {part}: {shown}")))
        .collect();
    assert!(prompt.is_sorted(), "the parts of the prompt stand in their order: {shown}");
    let preview = super::preview(jack, id);
    jack.says(&["approve", &id[..8], "--preview", &preview[..12]]).shows(&["approved"]);
    pair.hears(id, "approved");
    let ran = jill.says(&["run", &id[..8]]);
    ran.shows(&["74.85", "Everything that was checked holds."]).hides(&["FAILED"]);
    let receipt = text(&jill.json(&["outcomes", id])["receipt"]);
    jill.says(&["run", id]).shows(&["74.85", &receipt]);
    assert_eq!(super::logged(jack, "released", &receipt), 1, "one release, logged once");
    receipt
}

/// Section 7 of the institution's guide, 10 of the owner's.
fn kept(pair: &Pair, receipt: &str) {
    let Pair { jack, jill, .. } = pair;
    let _ = jill.says(&["outcomes", "export", receipt, "jack-electricity.hdr"]);
    jill.cli(&["outcomes", "export", receipt, "jack-electricity.hdr"]).refused(&["does not exist yet"]);
    let file = jill.desk().join("jack-electricity.hdr");
    // somebody else, whose node does not run
    let auditor = Node::init("Auditor");
    auditor.says(&["verify", file.to_str().unwrap()]).shows(&["74.85", "Everything that was checked holds."]);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    auditor.cli(&["verify", file.to_str().unwrap()]).refused(&[]);
    jack.says(&["log"]).shows(&["begun", "paired", "stored", "requested", "decided", "ran", "released"]);
    jack.says(&["log", "verify"]).shows(&["The log is whole."]).hides(&["FAILED"]);
    jill.says(&["log", "verify"]).shows(&["The log is whole.", "Jack", "consistent"]).hides(&["FAILED"]);
}
