//! The inside of `:86:`: words, or one of the structures that banks agreed on.

use crate::formats::field;

/// Characters of one line of a German subfield: a longer text goes on in the next one, in the middle of a word.
const SUBFIELD: usize = 27;

/// What the details of a transaction tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Details {
    pub(super) purpose: String,
    pub(super) name: String,
}

/// Reads the lines of one field.
pub(super) fn read(lines: &[&str]) -> Details {
    let text = lines.concat();
    if let Some(separator) = german(&text) {
        return subfields(text.get(3..).unwrap_or_default(), separator);
    }
    if text.starts_with('/') && text.contains("/NAME/") {
        return slashed(&text);
    }
    Details { purpose: field::words(&lines.join(" ")), name: String::new() }
}

/// Three digits and the character that stands before each subfield.
fn german(text: &str) -> Option<char> {
    let digits = text.get(..3)?.bytes().all(|byte| byte.is_ascii_digit());
    let separator = text.get(3..)?.chars().next()?;
    let next = text.get(3 + separator.len_utf8()..)?.as_bytes();
    let code = next.len() >= 2 && next.iter().take(2).all(u8::is_ascii_digit);
    (digits && code && !separator.is_alphanumeric() && !separator.is_whitespace()).then_some(separator)
}

/// `?00` what kind it is, `?20` to `?29` and `?60` to `?63` what for, `?32` and `?33` the other side.
fn subfields(text: &str, separator: char) -> Details {
    let (mut purpose, mut name, mut kind) = (Vec::new(), Vec::new(), Vec::new());
    for subfield in text.split(separator).skip(1) {
        let (Some(code), Some(content)) = (subfield.get(..2), subfield.get(2..)) else { continue };
        match code.parse::<u8>() {
            Ok(0) => kind.push(content),
            Ok(20..=29 | 60..=63) => purpose.push(content),
            Ok(32 | 33) => name.push(content),
            _ => {}
        }
    }
    let purpose = joined(&purpose);
    Details { purpose: if purpose.is_empty() { joined(&kind) } else { purpose }, name: joined(&name) }
}

/// A full subfield goes on in the next one; after any other a new word begins.
fn joined(subfields: &[&str]) -> String {
    let mut text = String::new();
    for subfield in subfields {
        text.push_str(subfield);
        if subfield.chars().count() < SUBFIELD {
            text.push(' ');
        }
    }
    field::words(&text)
}

/// `/TRTP/SEPA/IBAN/…/NAME/John/REMI/what for/`: keys of four capital letters between slashes.
fn slashed(text: &str) -> Details {
    let mut details = Details::default();
    let mut key = "";
    for part in text.split('/') {
        if part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_uppercase()) {
            key = part;
            continue;
        }
        let to = match key {
            "NAME" => &mut details.name,
            "REMI" => &mut details.purpose,
            _ => continue,
        };
        if !to.is_empty() && !part.is_empty() {
            to.push('/');
        }
        to.push_str(part);
    }
    Details { purpose: field::words(&details.purpose), name: field::words(&details.name) }
}
