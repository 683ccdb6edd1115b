//! What exported files prove.

use crate::print::{Page, day_and_time, pages::outcome};
use node::views::{EvidenceView, FileView, FilesView, LogFileView, VoucherFileView};

/// One file after the other, then whether they contradict each other.
pub(crate) fn files(view: &FilesView) -> Page {
    let mut page = Page::new();
    for (at, file) in view.files.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        match file {
            FileView::Outcome(outcome_view) => page.append(outcome(outcome_view)),
            FileView::Log(log) => page.append(log_file(log)),
            FileView::Evidence(evidence) => page.append(evidence_file(evidence)),
            FileView::Voucher(voucher) => page.append(voucher_file(voucher)),
        }
    }
    if let Some(fork) = &view.fork {
        page.gap();
        page.hanging("FORKED  ", fork);
    } else if view.files.len() > 1 {
        page.gap();
        page.line("The files do not contradict each other.");
    }
    page
}

fn voucher_file(voucher: &VoucherFileView) -> Page {
    let mut page = Page::new();
    page.line("A voucher");
    page.gap();
    page.facts(&[
        ("signed by", voucher.issuer.party.clone()),
        ("rows", voucher.issuer.rows.to_string()),
        ("signed", day_and_time(voucher.issuer.issued)),
        ("about", voucher.issuer.subject.clone().unwrap_or_default()),
        ("for", voucher.holder.clone().unwrap_or_else(|| "whoever has it".to_owned())),
    ]);
    page.gap();
    page.line(
        "Its signature is genuine. Whether a file is what it vouches for, shows when the file is stored with it.",
    );
    page
}

fn log_file(log: &LogFileView) -> Page {
    let mut page = Page::new();
    page.line("A log");
    page.gap();
    page.facts(&[
        ("of", log.party.clone()),
        ("entries", log.size.to_string()),
        ("root", log.root.clone()),
        ("last entry", day_and_time(log.last)),
    ]);
    page.gap();
    for one in &log.verified {
        page.hanging("  ok      ", one);
    }
    page.gap();
    page.line("Everything that was checked holds.");
    page
}

fn evidence_file(evidence: &EvidenceView) -> Page {
    let mut page = Page::new();
    page.line("Evidence: one party signed two statements about its log that cannot both be true");
    page.gap();
    page.facts(&[
        ("party", evidence.party.clone()),
        ("first said", day_and_time(evidence.said[0])),
        ("then said", day_and_time(evidence.said[1])),
    ]);
    page.gap();
    page.hanging("  PROVEN  ", &format!("the log was {}", evidence.contradiction));
    page
}
