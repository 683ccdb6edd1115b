//! Datasets: mine, and what others let me see of theirs.

use crate::print::{Page, day_and_time, shortened, unambiguous};
use node::views::{CatalogPage, ColumnView, DatasetView, IssuerView, MadeVoucher, RulesView};
use std::path::Path;

/// My datasets, one line each.
pub(crate) fn datasets(datasets: &[DatasetView], search: &str) -> Page {
    let mut page = Page::new();
    if datasets.is_empty() {
        page.line(match search {
            "" => "Nothing stored yet: halfdoor data add FILE --tag TAG --description \"...\"",
            _ => "Nothing that you store has these words.",
        });
        return page;
    }
    let length = unambiguous(datasets.iter().map(|dataset| dataset.id.as_str()));
    let row = |dataset: &DatasetView| {
        let id = dataset.id.chars().take(length).collect();
        let seen_by = seen_by(&dataset.visible_to);
        [id, dataset.tag.clone(), dataset.rows.to_string(), seen_by, dataset.description.clone()]
    };
    page.table(["ID", "TAG", "ROWS", "SEEN BY", "DESCRIPTION"], datasets.iter().map(row).collect());
    page
}

/// One dataset of mine: what was understood of it.
pub(crate) fn dataset(dataset: &DatasetView) -> Page {
    let mut page = Page::new();
    page.line(&dataset.tag);
    page.gap();
    page.facts(&[
        ("id", dataset.id.clone()),
        ("version", dataset.version.clone()),
        ("stored", day_and_time(dataset.stored)),
        ("format", dataset.format.clone().unwrap_or_default()),
        ("description", dataset.description.clone()),
        ("rows", dataset.rows.to_string()),
        ("vouched", dataset.vouched.clone()),
        ("about", about(dataset.issuer.as_ref())),
        ("mock", dataset.mock.map_or_else(String::new, |rows| format!("{rows} rows, made up, to try a request on"))),
        ("seen by", seen_by(&dataset.visible_to)),
        ("left out", left_out(&dataset.skipped_lines)),
        ("may leave", rules(&dataset.rules)),
    ]);
    sentences(&mut page, "Left out:", &dataset.left_out);
    sentences(&mut page, "Noticed:", &dataset.notes);
    page.gap();
    columns(&mut page, &dataset.columns);
    page
}

/// What may leave, in words.
fn rules(rules: &RulesView) -> String {
    let mut words = vec![
        format!("answers over {} rows or more", rules.minimum_rows),
        format!("groups of {} or more", rules.smallest_group),
    ];
    if rules.dominance < 100 {
        words.push(format!("sums of which one row makes {} % at most", rules.dominance));
    }
    words.push(
        if rules.rows_may_leave { "single rows as smallest, largest, median" } else { "no single rows" }.to_owned(),
    );
    words.extend(rules.round_to.iter().map(|step| format!("rounded to {step}")));
    words.join("; ")
}

/// At most twenty of them: `--json` has them all.
fn sentences(page: &mut Page, head: &str, sentences: &[String]) {
    const SHOWN: usize = 20;
    if sentences.is_empty() {
        return;
    }
    page.gap();
    page.line(head);
    sentences.iter().take(SHOWN).for_each(|sentence| page.indented(2, sentence));
    if sentences.len() > SHOWN {
        page.indented(2, &format!("and {} more", sentences.len() - SHOWN));
    }
}

/// What an owner lets me see: metadata, never rows.
pub(crate) fn catalog(catalog: &CatalogPage, search: &str) -> Page {
    let mut page = Page::new();
    if !catalog.fresh {
        page.line("They could not be asked now; this is what they told last.");
        page.gap();
    }
    if catalog.datasets.is_empty() {
        page.line(if search.is_empty() {
            "Nothing that they let you see."
        } else {
            "Nothing that they let you see has these words."
        });
    }
    for dataset in &catalog.datasets {
        page.gap();
        page.line(&format!("{} of {}: {} rows", dataset.tag, dataset.owner, dataset.rows));
        page.indented(2, &dataset.description);
        let columns: Vec<String> = dataset.columns.iter().map(|c| format!("{} ({})", c.name, c.of)).collect();
        page.hanging("  columns: ", &columns.join(", "));
        page.indented(2, &format!("{}; id {}", dataset.vouched, shortened(&dataset.id)));
        if let Some(rows) = dataset.mock {
            page.indented(2, &format!("{rows} made-up rows to try a request on: halfdoor request ... --mock"));
        }
        match about(dataset.issuer.as_ref()).as_str() {
            "" => {}
            about => page.hanging("  about: ", about),
        }
    }
    page
}

/// What an issuer says a dataset is about, quoted: nobody has checked that.
fn about(issuer: Option<&IssuerView>) -> String {
    let Some(issuer) = issuer else { return String::new() };
    let only = if issuer.for_owner { "; signed for this owner's key" } else { "" };
    issuer.subject.as_ref().map_or_else(String::new, |subject| format!("\u{201c}{subject}\u{201d}{only}"))
}

/// A voucher just made.
pub(crate) fn voucher(made: &MadeVoucher, file: &Path) -> Page {
    let mut page = Page::new();
    let s = if made.rows == 1 { "" } else { "s" };
    page.line(&format!("{} row{s} signed: {}", made.rows, file.display()));
    page.facts(&[
        ("voucher", shortened(&made.id)),
        ("for", made.holder.clone().unwrap_or_else(|| "whoever has it".to_owned())),
    ]);
    sentences(&mut page, "Left out:", &made.left_out);
    page.gap();
    page.line("Hand it over beside the file, to its holder alone: whoever has both the voucher and a guess at the rows can check the guess.");
    page
}

fn columns(page: &mut Page, columns: &[ColumnView]) {
    let row = |column: &ColumnView| [column.name.clone(), column.of.clone()];
    page.table(["COLUMN", "TYPE"], columns.iter().map(row).collect());
}

fn seen_by(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// At most ten line numbers: a file may have many bad ones.
fn left_out(lines: &[u64]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let first: Vec<String> = lines.iter().take(10).map(u64::to_string).collect();
    let more = if lines.len() > 10 { ", ..." } else { "" };
    let s = if lines.len() == 1 { "" } else { "s" };
    format!("{} bad row{s}: line{s} {}{more}", lines.len(), first.join(", "))
}
