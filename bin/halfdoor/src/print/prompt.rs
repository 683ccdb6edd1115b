//! The consent prompt, in the one order people learn to read it.

use super::{Page, day_and_time, shortened};
use node::views::{Prompt, Who};

/// Who, wants, reads, leaves, could work out, why, how long, undo. Everything on it was made from the signed bytes.
pub(crate) fn prompt(prompt: &Prompt) -> Page {
    let mut page = Page::new();
    write(prompt, &mut page);
    page
}

fn write(prompt: &Prompt, page: &mut Page) {
    let request = &prompt.request;
    page.line(&format!("Request {}, made {}", shortened(&request.id), day_and_time(request.created)));
    part(page, "Who", &format!("{}, {}", prompt.who.name, key(&prompt.who)));
    page.indented(2, &format!("key {}", prompt.who.party));
    part(page, "Wants", &prompt.wants);
    part(page, "Reads", &prompt.reads);
    part(page, "Leaves this computer", &prompt.leaves.sentence);
    if let Some(value) = &prompt.leaves.value
        && !prompt.leaves.sentence.contains(value.as_str())
    {
        page.indented(2, value);
    }
    page.gap();
    page.line("What they could work out");
    match prompt.could_work_out.as_slice() {
        [] => page.indented(2, "nothing further was found"),
        several => several.iter().for_each(|one| page.hanging("  - ", one)),
    }
    part(page, "Why", &prompt.why);
    match prompt.words.as_str() {
        "" => page.indented(2, "They wrote no words of their own."),
        words => {
            page.hanging("  > ", &format!("\u{201c}{words}\u{201d}"));
            page.indented(2, "(their own words, not checked)");
        }
    }
    part(page, "How long, how often", &prompt.how_long);
    part(page, "Undo", &prompt.undo);
    page.gap();
}

fn part(page: &mut Page, heading: &str, text: &str) {
    page.gap();
    page.line(heading);
    page.indented(2, text);
}

/// What is known of the key, in words.
fn key(who: &Who) -> &str {
    match who.key.as_str() {
        "verified" => "key verified: you compared the safety code",
        "first seen" => "first seen: nobody has compared the safety code yet (halfdoor people NAME)",
        "changed" => "KEY CHANGED: this is not the key you knew; compare the safety code before anything else",
        other => other,
    }
}

#[cfg(test)]
mod tests;
