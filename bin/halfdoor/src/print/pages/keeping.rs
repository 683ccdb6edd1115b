//! What was done to a home while its node did not run.

use crate::print::{Page, day_and_time, shortened};
use node::keeping::{BackupView, RestoreView, SalvageView, StoreReport};
use std::path::Path;

/// A backup that was made.
pub(crate) fn backup(backup: &BackupView) -> Page {
    let mut page = Page::new();
    page.line(&format!("The node of {} is backed up in {}", backup.name, backup.file.display()));
    page.indented(2, &format!("{} bytes, {} records, sealed", backup.bytes, backup.records));
    if !backup.datasets.is_empty() {
        page.indented(2, &format!("datasets: {}", backup.datasets.join(", ")));
    }
    page.gap();
    page.line("Keep the passphrase elsewhere than the file: without it nobody can read the backup, you neither.");
    page
}

/// A home that was restored: what is void, who is told, what is not known.
pub(crate) fn restored(restored: &RestoreView, home: &Path) -> Page {
    let made = day_and_time(restored.made);
    let mut page = Page::new();
    page.line(&format!("The node of {} is restored in {}, as it was on {made}", restored.name, home.display()));
    page.indented(2, &format!("key {}", restored.party));
    page.gap();
    let void = void(restored);
    if void.is_empty() {
        page.line("Nothing had to be voided.");
    } else {
        page.line("Void from now on, because the old copy does not know what of it was used since:");
        void.iter().for_each(|line| page.hanging("  - ", line));
    }
    page.gap();
    page.line("What others are told, once this node runs and reaches them:");
    for name in &restored.told {
        page.hanging("  - ", &format!("{name}: what is void of what you gave them"));
    }
    if restored.people > 0 {
        let begins = "that your log begins anew, from a backup; entries of it that they had seen may be gone";
        page.hanging("  - ", &format!("everybody you are connected with ({}): {begins}", restored.people));
    }
    page.gap();
    page.line("Not known here is what happened since then:");
    unknown(restored).iter().for_each(|line| page.hanging("  - ", line));
    page.gap();
    page.line("Start it: halfdoor up. The node that was backed up must never run again.");
    page
}

fn void(restored: &RestoreView) -> Vec<String> {
    let mut lines: Vec<_> = restored
        .grants
        .iter()
        .map(|grant| format!("grant {} to {}: {}", shortened(&grant.id), grant.person, grant.sentence))
        .collect();
    lines.extend(restored.counter_offers.iter().map(|person| format!("a counter-offer to {person}")));
    let counted = [
        (restored.runs, "begun and not finished: the outcome is withheld", "run", "runs"),
        (restored.outcomes, "not handed over: withheld", "outcome", "outcomes"),
        (restored.invites, "not used up: nobody can join by it any more", "invite", "invites"),
        (restored.joining, "of others not yet joined by: connect again", "invite", "invites"),
        (restored.tokens, "of this node's own interface: make it anew", "token", "tokens"),
    ];
    for (number, what, one, several) in counted {
        match number {
            0 => {}
            1 => lines.push(format!("1 {one} {what}")),
            _ => lines.push(format!("{number} {several} {}", what.replace(" it ", " them "))),
        }
    }
    lines
}

fn unknown(restored: &RestoreView) -> Vec<String> {
    let mut lines = vec![
        "people blocked or forgotten are as they were; look: halfdoor people".to_owned(),
        "datasets removed and words erased are back; look: halfdoor data list".to_owned(),
    ];
    match restored.waiting {
        0 => {}
        1 => lines.push("1 request waits for you, whether you decided it or not".to_owned()),
        several => lines.push(format!("{several} requests wait for you, whether you decided them or not")),
    }
    match restored.held {
        0 => {}
        1 => lines.push("1 grant that you hold is shown as of then".to_owned()),
        several => lines.push(format!("{several} grants that you hold are shown as of then")),
    }
    lines
}

/// Whether a home is whole, and what to do where it is not.
pub(crate) fn store_report(report: &StoreReport) -> Page {
    let mut page = Page::new();
    page.line(if report.whole { "Everything in this home is whole." } else { "This home is NOT whole." });
    for fault in &report.faults {
        page.hanging("  FAILED  ", &fault.what);
        page.hanging("          ", &fault.next);
    }
    if report.more > 0 {
        page.indented(2, &format!("and {} more", report.more));
    }
    page.gap();
    page.facts(&[
        ("records", report.records.to_string()),
        ("log entries", report.entries.to_string()),
        ("datasets", report.datasets.to_string()),
        ("chunks", report.chunks.to_string()),
    ]);
    page
}

/// What was saved of a home, and what is lost.
pub(crate) fn salvaged(saved: &SalvageView) -> Page {
    let mut page = Page::new();
    page.line(&format!(
        "Saved in {}; nothing in it is sealed, keep it where only you can read it",
        saved.folder.display()
    ));
    for dataset in &saved.datasets {
        let rows = format!("dataset {}: {} of {} rows", dataset.tag, dataset.rows, dataset.of);
        page.hanging("  - ", &rows);
    }
    page.hanging("  - ", &format!("receipts: {}, each to be checked by halfdoor verify", saved.receipts));
    page.hanging(
        "  - ",
        &format!("log entries: {}; people: {}; requests: {}", saved.entries, saved.people, saved.requests),
    );
    page.gap();
    if saved.lost.is_empty() {
        page.line("Nothing is lost.");
        return page;
    }
    page.line("Lost:");
    saved.lost.iter().for_each(|lost| page.hanging("  - ", lost));
    if saved.more > 0 {
        page.indented(2, &format!("and {} more", saved.more));
    }
    page
}
