//! A real bank statement, and what is true of it: worked out here once more, apart from everything that the story checks.

/// Three transactions of a checking account; source and licence are beside the file.
pub(super) const OFX: &str = include_str!("../../../../tests/data/statements/checking.ofx");
/// Where it comes from, as the screen names it.
pub(super) const SOURCE: &str = "a real bank’s statement (OFX), names and numbers changed: test data of ofxparse";

/// Days of the window that is asked about; the statement’s history covers it.
pub(super) const DAYS: u16 = 7;
/// The first of them, and the day of the last transaction, as the file writes days.
const WINDOW: (&str, &str) = ("20110401", "20110407");

/// What of a transaction is needed here.
struct Line<'l> {
    day: &'l str,
    amount: &'l str,
    name: &'l str,
}

/// The transactions of the window.
fn window() -> impl Iterator<Item = Line<'static>> {
    let blocks = OFX.split("<STMTTRN>").skip(1);
    let lines = blocks.map(|block| {
        let part = |tag| block.split(tag).nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default().trim();
        let day = part("<DTPOSTED>").get(..8).unwrap_or_default();
        Line { day, amount: part("<TRNAMT>"), name: part("<NAME>") }
    });
    lines.filter(|line| (WINDOW.0..=WINDOW.1).contains(&line.day))
}

/// Transactions of the file.
pub(super) fn rows() -> u64 {
    OFX.matches("<STMTTRN>").count() as u64
}

/// Charges for returned payments in the window.
pub(super) fn returned() -> u64 {
    window().filter(|line| line.name.starts_with("RETURNED CHECK") && line.amount.starts_with('-')).count() as u64
}

/// What went out in the window, in cents.
pub(super) fn spent() -> i128 {
    let out = window().filter_map(|line| line.amount.strip_prefix('-'));
    out.filter_map(|amount| amount.replace('.', "").parse::<i128>().ok()).sum()
}

#[cfg(test)]
mod tests;
