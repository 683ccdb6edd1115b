//! One element of XML with all that is in it, as a small tree: bounded in depth and number.

use super::{
    ReadError,
    markup::{Markup, MarkupProblem, Piece},
};
use quick_xml::{XmlVersion, events::BytesStart};

/// Deepest element within a record; camt.053 has 15 levels.
const DEPTH: usize = 32;
/// Most elements of one record: a batch of ten thousand payments.
const ELEMENTS: usize = 500_000;

/// An element without its prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    /// Its own text, trimmed.
    pub(super) text: String,
    pub(super) line: u64,
    attributes: Vec<(&'static str, String)>,
    pub(super) children: Vec<Element>,
}

/// Attributes that any format here asks for.
const ATTRIBUTES: &[&str] = &["Ccy", "href", "rel"];

impl Element {
    fn begin(tag: &BytesStart<'_>, line: u64) -> Self {
        let of = |name: &&'static str| {
            let found = tag.try_get_attribute(name).ok().flatten()?;
            Some((*name, found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
        };
        Self {
            name: local(tag.name().0).to_owned(),
            line,
            attributes: ATTRIBUTES.iter().filter_map(of).collect(),
            ..Self::default()
        }
    }

    /// Reads the rest of an element whose tag was just read.
    pub(super) fn read(markup: &mut Markup<'_>, tag: &BytesStart<'_>) -> Result<Self, ReadError> {
        let mut open = vec![Self::begin(tag, markup.line())];
        let mut elements = 1;
        loop {
            match markup.next()? {
                Piece::Open(tag) => {
                    elements += 1;
                    if open.len() == DEPTH {
                        return Err(markup.refused(MarkupProblem::TooDeep));
                    }
                    if elements > ELEMENTS {
                        return Err(markup.refused(MarkupProblem::TooMany));
                    }
                    open.push(Self::begin(&tag, markup.line()));
                }
                Piece::Text(text) => {
                    if let Some(innermost) = open.last_mut() {
                        innermost.text.push_str(&text);
                    }
                }
                Piece::Close(_) => {
                    let Some(mut done) = open.pop() else { continue };
                    done.text = done.text.trim().to_owned();
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Piece::End => {
                    let within = open.first().map(|element| format!("<{}>", element.name)).unwrap_or_default();
                    return Err(markup.cut_off(&within));
                }
            }
        }
    }

    /// Every child of that name.
    pub(super) fn all<'e, 'n>(&'e self, name: &'n str) -> impl Iterator<Item = &'e Element> + use<'e, 'n> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path of names.
    pub(super) fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.children.iter().find(|child| child.name == name))
    }

    /// The text of the first element at a path that has any.
    pub(super) fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).map(|element| element.text.as_str()).filter(|text| !text.is_empty())
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_str())
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
