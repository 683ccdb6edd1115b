//! Datasets: mine, and what others let me see of theirs.

use crate::print::{Page, day_and_time, shortened, unambiguous};
use node::views::{CatalogPage, ColumnView, DatasetView, RulesView};

/// My datasets, one line each.
pub(crate) fn datasets(datasets: &[DatasetView]) -> Page {
    let mut page = Page::new();
    if datasets.is_empty() {
        page.line("Nothing stored yet: halfdoor data add FILE --tag TAG --description \"...\"");
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
pub(crate) fn catalog(catalog: &CatalogPage) -> Page {
    let mut page = Page::new();
    if !catalog.fresh {
        page.line("They could not be asked now; this is what they told last.");
        page.gap();
    }
    if catalog.datasets.is_empty() {
        page.line("Nothing that they let you see.");
    }
    for dataset in &catalog.datasets {
        page.gap();
        page.line(&format!("{} of {}: {} rows", dataset.tag, dataset.owner, dataset.rows));
        page.indented(2, &dataset.description);
        let columns: Vec<String> = dataset.columns.iter().map(|c| format!("{} ({})", c.name, c.of)).collect();
        page.hanging("  columns: ", &columns.join(", "));
        page.indented(2, &format!("{}; id {}", dataset.vouched, shortened(&dataset.id)));
    }
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
