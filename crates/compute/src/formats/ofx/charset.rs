//! The header of OFX says which characters follow; then tags are told from text that happens to hold a `<`.

use crate::formats::{
    ReadError,
    encoding::{self, Decoded},
};
use std::borrow::Cow;

/// How much of a file its header can fill.
const HEADER_BYTES: usize = 2048;

/// The file as text. The header of 1.x (`ENCODING:USASCII`, `CHARSET:1252`, one per line or all in one) or the first
/// line of XML states the encoding; what states none, and is not UTF-8, is Windows-1252 as 1.x has always been.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, ReadError> {
    let head = String::from_utf8_lossy(bytes.get(..HEADER_BYTES).unwrap_or(bytes)).to_ascii_uppercase();
    let header = head.split("<OFX").next().unwrap_or_default();
    if header.contains("<?XML") {
        return encoding::xml(bytes);
    }
    let (encoding, charset) = (stated(header, "ENCODING:"), stated(header, "CHARSET:"));
    let label = match (encoding.as_deref(), charset.as_deref()) {
        (Some("UTF-8" | "UNICODE"), _) => "utf-8".to_owned(),
        (_, Some(charset)) if charset.starts_with("125") => format!("windows-{}", charset.get(..4).unwrap_or("1252")),
        (_, Some(charset)) if charset.starts_with("ISO-8859-") => charset.to_owned(),
        _ => return encoding::unstated(bytes),
    };
    encoding::stated(bytes, &label)
}

/// The word after a header's name.
fn stated(header: &str, name: &str) -> Option<String> {
    let value = header.split_once(name)?.1.trim_start_matches([' ', '\t']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(value.len());
    value.get(..end).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The text with every `<` that begins no tag written as an entity; lines stay where they are.
pub(super) fn tidied(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut tidied = String::new();
    let mut kept = 0;
    for (at, _) in text.match_indices('<').filter(|(at, _)| !begins_tag(bytes.get(at + 1..).unwrap_or_default())) {
        tidied.push_str(text.get(kept..at).unwrap_or_default());
        tidied.push_str("&lt;");
        kept = at + 1;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    tidied.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(tidied)
}

/// Whether what follows a `<` is the rest of a tag, a comment, CDATA or an instruction.
fn begins_tag(rest: &[u8]) -> bool {
    let name = match rest.first() {
        Some(b'!' | b'?') => return true,
        Some(b'/') => rest.get(1..).unwrap_or_default(),
        _ => rest,
    };
    if !name.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'_' | b'-' | b':'));
    match end.and_then(|end| name.get(end..)) {
        Some([b'>' | b'/', ..]) => true,
        // attributes, which OFX has none of, but some roots do
        Some(after @ [b' ' | b'\t' | b'\r' | b'\n', ..]) => {
            after.iter().find(|byte| matches!(byte, b'<' | b'>')) == Some(&b'>')
        }
        _ => false,
    }
}
