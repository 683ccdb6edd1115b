//! Bytes become text: UTF-8, or what the file says it is, or what its format has always been written in.

use super::{ReadError, Source};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// A file as text, and the encoding it turned out to have when that is not UTF-8.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: Option<&'static str>,
}

/// A file that can only be UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| ReadError::NotUtf8 { line: line_at(bytes, error.valid_up_to()) })
}

/// Bytes of a long file that are looked at together.
const BLOCK_BYTES: usize = 64 * 1024;

/// The same of a file that is read where it lies.
pub(super) fn check_utf8(file: &dyn Source) -> Result<(), ReadError> {
    let mut block = vec![0; BLOCK_BYTES];
    let (mut at, mut kept, mut line) = (0_u64, 0_usize, 1_u64);
    loop {
        let read = file.read_at(at, block.get_mut(kept..).unwrap_or_default())?;
        at += read as u64;
        let filled = block.get(..kept + read).unwrap_or_default();
        let valid = match std::str::from_utf8(filled) {
            Ok(_) => filled.len(),
            // cut within a character: its beginning is looked at again, with what follows
            Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
            Err(error) => return Err(ReadError::NotUtf8 { line: line + line_at(filled, error.valid_up_to()) - 1 }),
        };
        if read == 0 {
            return Ok(());
        }
        line += line_at(filled, valid) - 1;
        kept = filled.len() - valid;
        let end = filled.len();
        block.copy_within(valid..end, 0);
    }
}

/// A file in the encoding it states (a label of the WHATWG's Encoding Standard). What is valid UTF-8 is UTF-8, whatever
/// is stated: other encodings hardly ever are by accident, and files often state what they are not.
pub(super) fn stated<'a>(bytes: &'a [u8], label: &str) -> Result<Decoded<'a>, ReadError> {
    match (std::str::from_utf8(bytes), Encoding::for_label(label.as_bytes())) {
        (Ok(text), _) => Ok(Decoded { text: Cow::Borrowed(text), encoding: None }),
        (Err(error), None) => Err(ReadError::NotUtf8 { line: line_at(bytes, error.valid_up_to()) }),
        (Err(error), Some(encoding)) if encoding == UTF_8 => {
            Err(ReadError::NotUtf8 { line: line_at(bytes, error.valid_up_to()) })
        }
        (Err(_), Some(encoding)) => {
            let (text, wrong) = encoding.decode_without_bom_handling(bytes);
            if wrong {
                return Err(ReadError::NotInEncoding { encoding: encoding.name() });
            }
            Ok(Decoded { text, encoding: Some(encoding.name()) })
        }
    }
}

/// A file of a format that states no encoding and is older than UTF-8: Windows-1252 where it is not UTF-8.
pub(super) fn unstated(bytes: &[u8]) -> Result<Decoded<'_>, ReadError> {
    stated(bytes, WINDOWS_1252.name())
}

/// The encoding an XML file states in its first line; UTF-8 unless it does.
pub(super) fn xml(bytes: &[u8]) -> Result<Decoded<'_>, ReadError> {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes));
    let declared = head.trim_start().strip_prefix("<?xml").and_then(|head| head.split('>').next());
    let label = declared.and_then(|declared| attribute(declared, "encoding"));
    stated(bytes, label.as_deref().unwrap_or("utf-8"))
}

/// The quoted value after `name=` in a line.
fn attribute(line: &str, name: &str) -> Option<String> {
    let value = line.split_once(name)?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value.get(1..)?.split(quote).next()?.to_owned())
}

fn line_at(bytes: &[u8], position: usize) -> u64 {
    bytes.iter().take(position).filter(|byte| **byte == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests;
