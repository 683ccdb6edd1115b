//! The prompts of the guide: five usual requests as Jack's terminal shows them, in docs/prompts.md word by word.
//!
//! `BLESS=1` writes them anew; look at what changed before you commit it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Pair, bills, statement};
use std::{fmt::Write as _, path::Path};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/prompts.md");
const HEAD: &str = "# Prompts\n\nWhat an owner reads before deciding, as the terminal shows it (`halfdoor show ID`; \
    `halfdoor approve ID` shows the same and\nasks). A test makes this page from the programs. Jack has stored 116 household \
    bills and a small bank statement; Jill, who\nasks, is a loan officer.\n";

struct Case {
    title: &'static str,
    said: &'static str,
    dataset: &'static str,
    asked: &'static [&'static str],
    /// Whether Jack says yes, so that Jill has the answer when she asks the next.
    granted: bool,
}

const CASES: [Case; 5] = [
    Case {
        title: "A sum",
        said: "Jack says yes to this one.",
        dataset: "utility",
        asked: &["sum", "--column", "electricity", "--reason", "What do you pay for electricity?"],
        granted: true,
    },
    Case {
        title: "The largest bill",
        said: "An answer that is one of the rows is said to be one.",
        dataset: "utility",
        asked: &["max", "--column", "total", "--reason", "Can you bear a bad month?"],
        granted: false,
    },
    Case {
        title: "A question instead of a number",
        said: "The answer is yes or no, and tells less than a number.",
        dataset: "utility",
        asked: &["mean", "--column", "total", "--above", "150", "--reason", "Household costs"],
        granted: false,
    },
    Case {
        title: "One row less",
        said: "The first bill is left out of a sum that Jill has already: the difference would be that bill.",
        dataset: "utility",
        asked: &["sum", "--column", "electricity", "--where", "date > 1999-12-29", "--reason", "What do you pay?"],
        granted: false,
    },
    Case {
        title: "A credit attribute, over too few rows",
        said: "Three transactions say much about each.",
        dataset: "checking",
        asked: &["nsf_count", "--days", "7", "--reason", "Were payments returned?"],
        granted: false,
    },
];

#[test]
fn five_usual_requests_are_shown_as_the_guide_shows_them() {
    let pair = Pair::connected();
    for (file, tag, description) in
        [(bills(), "utility", "household bills"), (statement("checking.ofx"), "checking", "my account")]
    {
        let file = file.to_str().unwrap();
        let _ =
            pair.jack.says(&["data", "add", file, "--tag", tag, "--description", description, "--visible-to", "Jill"]);
    }
    let _ = pair.jill.says(&["catalog", "Jack"]);
    let mut page = HEAD.to_owned();
    for case in &CASES {
        let shown = shown(&pair, case);
        let asked: Vec<_> = case.asked.iter().map(|word| quoted(word)).collect();
        writeln!(page, "\n## {}\n\n{}\n", case.title, case.said).unwrap();
        writeln!(page, "    jill$ halfdoor request Jack {} {}\n", case.dataset, asked.join(" ")).unwrap();
        writeln!(page, "```text\n{}\n```", shown.trim_end()).unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(Path::new(PAGE), &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(kept, page, "docs/prompts.md is not what the programs show: BLESS=1 writes it anew");
}

/// The prompt, without what is another one each time.
fn shown(pair: &Pair, case: &Case) -> String {
    let line: Vec<&str> = ["request", "Jack", case.dataset].iter().chain(case.asked).copied().collect();
    let made = pair.jill.json(&[&line[..], &["--wait", "60"]].concat());
    assert_eq!(made["state"], "waiting", "{made}");
    let id = made["id"].as_str().unwrap();
    let prompt = pair.jack.json(&["show", id]);
    let shown = pair.jack.says(&["show", id]).out().to_owned();
    if case.granted {
        let preview = prompt["preview"].as_str().unwrap();
        let _ = pair.jack.says(&["approve", id, "--preview", preview]);
        pair.hears(id, "approved");
        let _ = pair.jill.says(&["run", id]);
    }
    let party = prompt["who"]["party"].as_str().unwrap();
    let preview = prompt["preview"].as_str().unwrap();
    let short = shown.split_once("halfdoor approve ").unwrap().1.split_whitespace().next().unwrap();
    let usual = |line: &str| match line {
        line if line.starts_with("Request ") => "Request 5d1f0a2b, made 26 November 2026, 09:00 UTC".to_owned(),
        line if line.starts_with("  Once, until ") => "  Once, until 3 December 2026, 09:00 UTC".to_owned(),
        line => line.replace(party, "c3ab8ff1…").replace(preview, "9f86d081…").replace(short, "5d1f0a2b"),
    };
    shown.lines().map(usual).collect::<Vec<_>>().join("\n")
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}
