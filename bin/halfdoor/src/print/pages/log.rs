//! The log and whether it is whole.

use crate::print::{Page, day_and_time, shortened};
use node::views::{EntryView, LogReport};

/// Entries, oldest first.
pub(crate) fn entries(entries: &[EntryView]) -> Page {
    let mut page = Page::new();
    if entries.is_empty() {
        page.line("No entries from there on.");
        return page;
    }
    let row = |entry: &EntryView| {
        [entry.index.to_string(), day_and_time(entry.time), entry.kind.clone(), entry.sentence.clone()]
    };
    page.table(["#", "WHEN", "WHAT", "IN WORDS"], entries.iter().map(row).collect());
    page
}

/// My log, and how far others' logs were checked.
pub(crate) fn log_report(report: &LogReport) -> Page {
    let mut page = Page::new();
    page.line(if report.whole { "The log is whole." } else { "The log is NOT whole." });
    for fault in &report.faults {
        page.hanging("  FAILED  ", fault);
    }
    page.gap();
    page.facts(&[("entries", report.size.to_string()), ("root", report.root.clone())]);
    if report.others.is_empty() {
        return page;
    }
    page.gap();
    page.line("Logs of others, as far as they were checked");
    let row = |other: &node::views::OtherLog| {
        [other.person.clone(), other.size.to_string(), other.state.clone(), shortened(&other.root)]
    };
    page.table(["PERSON", "ENTRIES", "STATE", "ROOT"], report.others.iter().map(row).collect());
    for other in &report.others {
        if let Some(detail) = &other.detail {
            page.hanging(&format!("  {}: ", other.person), detail);
        }
    }
    page
}
