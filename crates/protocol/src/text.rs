//! Words people wrote: bounded, free of control characters and direction tricks, committed to with a salt.

use crate::{
    Commitment, Salt,
    limits::{NAME_BYTES, TEXT_BYTES},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Why a text is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadText {
    /// Nothing in it.
    #[error("empty")]
    Empty,
    /// Longer than its limit.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit, in UTF-8 bytes.
        limit: usize,
    },
    /// Holds a character that shows nothing, or changes how its neighbours are shown.
    #[error("holds the character U+{character:04X}, which could hide or reorder what is shown")]
    Deceptive {
        /// Its code point.
        character: u32,
    },
    /// Begins or ends with white space.
    #[error("begins or ends with white space")]
    Untrimmed,
}

/// Whether a character shows something and leaves its neighbours as they are.
///
/// Refused: control characters, format characters (direction overrides and isolates, zero-width, tags),
/// line and paragraph separators, surrogates, private use, unassigned. The two joiners U+200C and U+200D
/// are refused too: writing that needs them loses little, and an invisible character in a consent prompt is worse.
/// So are the letters, marks and symbols that show nothing: a name of Hangul fillers looks empty, and a chain of
/// variation selectors can carry a hidden message.
fn is_plain(character: char) -> bool {
    use GeneralCategory as G;
    !is_blank(character)
        && !matches!(
            character.general_category(),
            G::Control
                | G::Format
                | G::LineSeparator
                | G::ParagraphSeparator
                | G::Surrogate
                | G::PrivateUse
                | G::Unassigned
        )
}

/// Unicode's `Default_Ignorable_Code_Point`s that are assigned and not format characters, and two blank symbols.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\u{034F}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FFA0}'
            | '\u{1D159}'
            | '\u{E0100}'..='\u{E01EF}'
    )
}

/// At most `limit` bytes of characters that show something and leave their neighbours as they are.
pub(crate) fn check(text: &str, limit: usize) -> Result<(), BadText> {
    if text.len() > limit {
        return Err(BadText::TooLong { limit });
    }
    match text.chars().find(|c| !is_plain(*c)) {
        Some(character) => Err(BadText::Deceptive { character: character.into() }),
        None => Ok(()),
    }
}

/// The text with every character that could hide or reorder something replaced by U+FFFD: for showing what is not ours.
#[must_use]
pub fn neutralised(text: &str) -> String {
    text.chars().map(|c| if is_plain(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// A name of a person, a dataset or a column: 1 to 64 bytes of plain text, trimmed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that stands in this program; tests read each back.
    pub(crate) fn of_ours(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for Name {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        check(text, NAME_BYTES)?;
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.trim() != text {
            return Err(BadText::Untrimmed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// Personal text with the salt of its commitment: travels beside a signed message, never inside it.
///
/// The message holds [`Text::commitment`], so its signature survives the erasure of the text.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    salt: Salt,
    text: String,
}

impl Text {
    /// At most 2,048 bytes of plain text; empty is allowed (somebody gave no reason).
    pub fn new(text: &str, salt: Salt) -> Result<Self, BadText> {
        check(text, TEXT_BYTES)?;
        Ok(Self { salt, text: text.to_owned() })
    }

    /// SHA-256("halfdoor/text/1" ‖ salt ‖ text).
    #[must_use]
    pub fn commitment(&self) -> Commitment {
        let hash = Sha256::new().chain_update(b"halfdoor/text/1").chain_update(self.salt.0).chain_update(&self.text);
        Commitment(hash.finalize().into())
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Text {
    /// Personal text never reaches a log line by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.text.len())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            salt: Salt,
            text: String,
        }
        let Parts { salt, text } = Parts::deserialize(from)?;
        Self::new(&text, salt).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
