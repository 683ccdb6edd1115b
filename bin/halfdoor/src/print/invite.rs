//! An invite to read out, to copy and to photograph.

use super::{Page, day_and_time};
use node::views::InviteView;
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

/// The invite as text and, where the page is wide enough, as a QR code.
pub(crate) fn invite(invite: &InviteView) -> Page {
    let mut page = Page::new();
    page.line("Hand this invite to the person you want to connect with, and to nobody else:");
    page.gap();
    // Never wrapped, so that it can be copied. An invite is letters and digits; anything else is not shown.
    page.verbatim(&plain(&invite.text));
    page.gap();
    match code(&invite.qr, page.width()) {
        Ok(code) => page.verbatim(&code),
        Err(columns) => page.line(&format!("(Its QR code needs a window of {columns} columns.)")),
    }
    page.gap();
    let people = if invite.uses == 1 { "one person".to_owned() } else { format!("{} people", invite.uses) };
    page.line(&format!(
        "For {people}, until {}. They join with: halfdoor connect INVITE",
        day_and_time(invite.expires)
    ));
    page
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Two modules above each other in one character, or the columns it would need. Light modules are drawn and dark ones
/// left out, which is right on the dark background that most terminals have; cameras read the inverse as well.
fn code(text: &str, width: usize) -> Result<String, usize> {
    let code = QrCode::with_error_correction_level(plain(text), EcLevel::L).map_err(|_| usize::MAX)?;
    let drawn = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    let columns = drawn.lines().next().map_or(0, |line| line.chars().count());
    if columns <= width { Ok(drawn) } else { Err(columns) }
}

#[cfg(test)]
mod tests;
