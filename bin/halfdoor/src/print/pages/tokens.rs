//! Tokens of other programs, and what was called.

use crate::print::{Page, day_and_time};
use node::views::{CallView, MadeToken, TokenView};

/// A token just made: the one time that its text is seen.
pub(crate) fn made_token(made: &MadeToken) -> Page {
    let mut page = Page::new();
    page.verbatim(&made.token);
    page.gap();
    let until = made.of.until.map_or_else(|| "it is revoked".to_owned(), day_and_time);
    page.line(&format!("{} may {} until {until}.", made.of.name, may(made)));
    page.line("Keep the text where only that program reads it. It is not shown again, and this node does not know it.");
    page
}

/// Every token, one line each.
pub(crate) fn tokens(tokens: &[TokenView]) -> Page {
    let mut page = Page::new();
    if tokens.is_empty() {
        page.line("No token but the home's own. For a program of yours: halfdoor tokens add NAME --scope read");
        return page;
    }
    let row = |token: &TokenView| {
        [
            token.name.clone(),
            token.scope.to_string(),
            day_and_time(token.made),
            token.until.map_or_else(|| "revoked".to_owned(), day_and_time),
            token.used.map_or_else(|| "never".to_owned(), day_and_time),
            token.id.clone(),
        ]
    };
    page.table(["NAME", "SCOPE", "MADE", "UNTIL", "LAST USED", "ID"], tokens.iter().map(row).collect());
    page
}

/// Calls, newest first.
pub(crate) fn calls(calls: &[CallView]) -> Page {
    let mut page = Page::new();
    if calls.is_empty() {
        page.line("No such call.");
        return page;
    }
    let row = |call: &CallView| {
        let status = call.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        [day_and_time(call.time), call.by.clone(), status, format!("{} {}", call.method, call.route)]
    };
    page.table(["WHEN", "BY", "STATUS", "CALL"], calls.iter().map(row).collect());
    page
}

fn may(made: &MadeToken) -> &'static str {
    use node::wishes::Scope;
    match made.of.scope {
        Scope::Read => "read",
        Scope::Request => "read and request",
        Scope::Decide => "read, request and decide",
    }
}
