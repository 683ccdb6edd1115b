//! XML and its ancestor SGML as pieces, each with its line, bounded whatever the file.
//!
//! Nothing is expanded: the five entities of XML and characters by number are known, a document type is refused, so
//! there is nothing that grows when it is read. Tags are bounded in length, and whoever builds a tree bounds its depth.

use super::{Excerpt, ReadError};
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesEnd, BytesStart, Event},
};
use std::borrow::Cow;

/// Longest tag with its attributes, in bytes.
const TAG_BYTES: usize = 4096;

/// Why markup cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupProblem {
    /// Not well-formed.
    #[error("it is not well-formed ({why})")]
    NotWellFormed {
        /// The reader's words.
        why: Excerpt,
    },
    /// A document type, which no format here has and which can make a file grow without end.
    #[error("a document type (DOCTYPE) is not taken; remove it, or export the file again")]
    DocumentType,
    /// An entity that only a document type could define.
    #[error("the entity &{name}; is not known")]
    Entity {
        /// Its name.
        name: Excerpt,
    },
    /// A tag of absurd length.
    #[error("a tag is longer than {TAG_BYTES} bytes")]
    LongTag,
    /// Elements within elements without end.
    #[error("elements are nested too deeply")]
    TooDeep,
    /// One record with more elements than any has.
    #[error("one record holds too many elements")]
    TooMany,
}

/// One piece of a file.
pub(super) enum Piece<'a> {
    Open(BytesStart<'a>),
    Close(BytesEnd<'a>),
    Text(Cow<'a, str>),
    End,
}

/// Pieces of a file in order.
pub(super) struct Markup<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    lenient: bool,
    /// How far lines are counted.
    counted: usize,
    line: u64,
}

impl<'a> Markup<'a> {
    /// Well-formed XML.
    pub(super) fn strict(text: &'a str) -> Self {
        Self::new(text, false)
    }

    /// Tags that need not be closed, lone ampersands, entities nobody defined.
    pub(super) fn lenient(text: &'a str) -> Self {
        Self::new(text, true)
    }

    fn new(text: &'a str, lenient: bool) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = !lenient;
        config.allow_unmatched_ends = lenient;
        config.allow_dangling_amp = lenient;
        Self { reader, text, lenient, counted: 0, line: 1 }
    }

    /// The line on which the last piece begins, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next piece that is a tag or holds text.
    pub(super) fn next(&mut self) -> Result<Piece<'a>, ReadError> {
        loop {
            self.count_to(self.reader.buffer_position());
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    self.count_to(self.reader.error_position());
                    return Err(self.refused(MarkupProblem::NotWellFormed { why: Excerpt::of(&error.to_string()) }));
                }
            };
            return Ok(match event {
                Event::Start(tag) if tag.len() > TAG_BYTES => return Err(self.refused(MarkupProblem::LongTag)),
                Event::Start(tag) => Piece::Open(tag),
                Event::End(tag) => Piece::Close(tag),
                Event::Text(text) => Piece::Text(text.into_inner()),
                Event::CData(text) => Piece::Text(text.into_inner()),
                Event::GeneralRef(reference) => Piece::Text(self.resolved(&reference)?),
                Event::DocType(_) => return Err(self.refused(MarkupProblem::DocumentType)),
                Event::Eof => Piece::End,
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            });
        }
    }

    fn resolved(&self, reference: &quick_xml::events::BytesRef<'a>) -> Result<Cow<'a, str>, ReadError> {
        let name: &str = reference;
        let character = reference.resolve_char_ref().ok().flatten().map(|c| Cow::Owned(c.to_string()));
        let found = character.or_else(|| resolve_predefined_entity(name).map(Cow::Borrowed));
        match found {
            Some(text) => Ok(text),
            None if self.lenient && name == "nbsp" => Ok(Cow::Borrowed(" ")),
            None if self.lenient => Ok(Cow::Owned(format!("&{name};"))),
            None => Err(self.refused(MarkupProblem::Entity { name: Excerpt::of(name) })),
        }
    }

    /// The refusal of a file for what stands on the present line.
    pub(super) fn refused(&self, problem: MarkupProblem) -> ReadError {
        ReadError::Markup { line: self.line, problem }
    }

    /// The refusal of a file that ends too early.
    pub(super) fn cut_off(&self, within: &str) -> ReadError {
        ReadError::CutOff { line: self.line, within: Excerpt::of(within) }
    }

    fn count_to(&mut self, position: u64) {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let passed = self.text.as_bytes().get(self.counted..position).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = self.counted.max(position);
    }
}

#[cfg(test)]
mod tests;
