//! Searching in names, descriptions and columns, alike for an owner and for whoever asks one.

use crate::{ConsentError, error::allow};
use icu_normalizer::DecomposingNormalizerBorrowed;
use protocol::limits::NAME_BYTES;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Words, each of which must begin a word of a text. Without any, every text is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    words: Vec<String>,
    /// Something was typed that has no letter or digit: no text has a word like that.
    nothing: bool,
}

impl Search {
    /// Reads what was typed.
    ///
    /// # Errors
    /// More than 64 bytes.
    pub fn of(text: &str) -> Result<Self, ConsentError> {
        allow(text.len() <= NAME_BYTES, "a search is longer than 64 bytes; name fewer words")?;
        let words = words(text);
        Ok(Self { nothing: words.is_empty() && !text.trim().is_empty(), words })
    }

    /// Whether each word begins a word of these texts.
    pub fn finds<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> bool {
        if self.words.is_empty() {
            return !self.nothing;
        }
        let there: Vec<String> = texts.into_iter().flat_map(words).collect();
        self.words.iter().all(|word| there.iter().any(|one| one.starts_with(word)))
    }
}

/// The words of a text, as they are compared: without case, accents and other marks.
fn words(text: &str) -> Vec<String> {
    let folded: String = DecomposingNormalizerBorrowed::new_nfkd()
        .normalize(&text.to_lowercase())
        .chars()
        .filter(|c| c.general_category_group() != GeneralCategoryGroup::Mark)
        .flat_map(plain)
        .collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Letters that are written as others where a keyboard lacks them, and have no decomposition.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let as_written = match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => "",
    };
    as_written.chars().chain(as_written.is_empty().then_some(letter))
}

#[cfg(test)]
mod tests;
