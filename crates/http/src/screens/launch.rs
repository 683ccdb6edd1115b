//! The page that opens the screens: a file in the home, so that who can read it is this user, and no command line has it.

use super::words::launch as words;
use maud::{DOCTYPE, html};
use std::net::SocketAddr;

/// Its name in the home.
pub(crate) const FILE: &str = "screen.html";
/// Path that takes the launch token.
pub(crate) const PATH: &str = "/open";
/// Characters of a launch token.
const TOKEN: usize = 43;

/// The file: it leads to the screens at once, under a name that only this node has, or by a link under the address
/// where a browser does not know such names.
pub(super) fn page(host: &str, address: SocketAddr, token: &str) -> String {
    let at = |host: &str| format!("http://{host}:{}{PATH}?launch={token}", address.port());
    let (named, plain) = (at(host), format!("http://{address}{PATH}?launch={token}"));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="referrer" content="no-referrer";
                meta http-equiv="refresh" content={ "0; url=" (named) };
                title { "Halfdoor" }
            }
            body {
                p { a href=(named) { (words::OPEN) } }
                p { (words::PLAIN) " " a href=(plain) { (words::PLAIN_LINK) } }
            }
        }
    }
    .into_string()
}

/// Whether a text has the form of a launch token. It says nothing about whether it opens anything.
pub(super) fn is_one(text: &str) -> bool {
    text.len() == TOKEN && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
