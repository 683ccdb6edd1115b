//! JSON that is safe to look at: what could deceive a terminal is written as an escape, and nothing is lost.

use crate::error::CliError;
use serde::Serialize;
use std::fmt::Write as _;

/// Prints a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| CliError::failed("the answer cannot be written as JSON").because(e))?;
    super::out(&(escaped(&text) + "\n"))
}

/// The same JSON with every deceptive character as `\uXXXX`. JSON's own writer escapes only those below U+0020; a
/// terminal also obeys U+009B, and shows U+202E by turning what follows around.
pub(super) fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    let mut buffer = [0; 2];
    for character in json.chars() {
        // DEL is ASCII and no syntax of JSON; everything else that is not plain can only be inside a string.
        if character == '\n' || (character.is_ascii() && !character.is_ascii_control()) || is_plain(character) {
            safe.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut buffer) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

fn is_plain(character: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = character.encode_utf8(&mut buffer);
    protocol::text::neutralised(text) == text
}

#[cfg(test)]
mod tests;
