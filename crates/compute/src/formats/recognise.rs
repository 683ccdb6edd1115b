//! Which format a file is in, by what is in it: a file's name says what somebody hoped.

use super::{Excerpt, Format, ReadError, camt053, fdx, parquet, plaid};

/// How much of a file decides.
const HEAD_BYTES: usize = 16 * 1024;

/// First bytes of what must be unpacked or exported before it can be read.
const PACKED: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1F\x8B", "packed by gzip"),
    (b"BZh", "packed by bzip2"),
    (b"\xFD7zXZ\x00", "packed by xz"),
    (b"\x28\xB5\x2F\xFD", "packed by zstd"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
];

/// Refuses what is no statement but holds one.
pub(super) fn refuse_packed(bytes: &[u8]) -> Result<(), ReadError> {
    if let Some((_, what)) = PACKED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ReadError::Packed { what });
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(ReadError::Printed { what: "a PDF" });
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(ReadError::Printed { what: "an old spreadsheet" });
    }
    Ok(())
}

/// The format of a file that is not packed.
pub(super) fn recognise(bytes: &[u8]) -> Result<Format, ReadError> {
    if bytes.starts_with(parquet::MAGIC) {
        return Ok(Format::Parquet);
    }
    if is_binary(bytes) {
        return Err(ReadError::Unrecognised);
    }
    let head = head(bytes);
    let has = |words: &str| head.contains(words);
    match head.chars().next() {
        Some('<') if has("<ofx>") || has("<ofx ") || has("<?ofx") => Ok(Format::Ofx),
        Some('<') if camt053::OTHERS.iter().any(|(other, _)| has(other)) => Err(unknown(&head)),
        Some('<') if has(camt053::NAMESPACE) || has("<bktocstmrstmt") => Ok(Format::Camt053),
        Some('<') if has("http://naesb.org/espi") => Ok(Format::Espi),
        Some('<') => Err(unknown(&head)),
        _ if head.starts_with("{1:") || is_mt940(&head) => Ok(Format::Mt940),
        Some('[') => Ok(Format::Json),
        Some('{') => Ok(records(bytes)),
        Some('!') if ["!type:", "!account", "!option:", "!clear:"].iter().any(|first| head.starts_with(first)) => {
            Ok(Format::Qif)
        }
        _ if head.starts_with("ofxheader") => Ok(Format::Ofx),
        _ => Ok(Format::Csv),
    }
}

/// The first bytes in lower case, from the first that is not white space; what is not ASCII is replaced.
fn head(bytes: &[u8]) -> String {
    let first = bytes.trim_ascii_start();
    let head = first.get(..HEAD_BYTES).unwrap_or(first);
    head.iter().map(|byte| if byte.is_ascii() { byte.to_ascii_lowercase().into() } else { '\u{FFFD}' }).collect()
}

/// No text has a zero byte, and UTF-16 has many.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8192).any(|byte| *byte == 0)
}

/// Lines that begin with the fields every statement of SWIFT begins with; banks put lines of their own above them.
fn is_mt940(head: &str) -> bool {
    let begins = |tag: &str| head.lines().any(|line| line.starts_with(tag));
    begins(":20:") && begins(":25:")
}

/// Whose transactions an object holds; the list may come late in it.
fn records(bytes: &[u8]) -> Format {
    // what is not UTF-8 is no JSON: its reader says so
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let has = |name: &str| text.contains(name);
    match has(&format!("\"{}\"", plaid::LIST)) {
        true if fdx::MARKS.iter().any(|mark| has(mark)) => Format::Fdx,
        true => Format::Plaid,
        false => Format::Json,
    }
}

/// Names the root of XML that is none of the formats.
fn unknown(head: &str) -> ReadError {
    let tags =
        head.split('<').skip(1).map(|tag| tag.split(['>', ' ', '/', '\r', '\n', '\t']).next().unwrap_or_default());
    let root = tags.into_iter().find(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or_default();
    if root == "html" || head.starts_with("<!doctype html") {
        return ReadError::Printed { what: "a web page" };
    }
    if let Some((_, what)) = camt053::OTHERS.iter().find(|(namespace, _)| head.contains(namespace)) {
        return ReadError::NoStatement { what };
    }
    ReadError::UnknownXml { root: Excerpt::of(root) }
}

#[cfg(test)]
mod tests;
