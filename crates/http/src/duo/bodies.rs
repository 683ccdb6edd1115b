//! What Duo's programs send. Unknown fields are ignored, as Duo did; everything that is used must be of its form.

use crate::problem::{Kind, Problem};
use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use serde_json::Number;
use std::fmt::{self, Write as _};

/// The body of `store_data`.
#[derive(Debug, Deserialize)]
pub(super) struct StoreData {
    pub(super) data: Numbers,
    pub(super) tag: String,
    #[serde(default)]
    pub(super) description: String,
}

/// A flat, non-empty JSON list of numbers, kept as JSON text so that every digit stays.
///
/// It is checked while it is read: eight megabytes of list never become a tree of values.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Numbers(pub(super) String);

/// The body of `request_data`. Duo's `name` of a request was shown nowhere; it is taken and let go.
#[derive(Debug, Deserialize)]
pub(super) struct RequestData {
    id: Option<u64>,
    ix: Option<u64>,
    idx: Option<u64>,
    pub(super) computation: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// The body of `request_decision`.
#[derive(Debug, Deserialize)]
pub(super) struct RequestDecision {
    id: Option<u64>,
    ix: Option<u64>,
    idx: Option<u64>,
    decision: String,
    /// Words for the other side, with a denial.
    pub(super) reason: Option<String>,
}

/// The body of `run_computation`.
#[derive(Debug, Deserialize)]
pub(super) struct RunComputation {
    id: Option<u64>,
    ix: Option<u64>,
    idx: Option<u64>,
}

/// What an owner may answer here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Approve,
    Deny,
}

impl RequestData {
    pub(super) fn index(&self) -> Result<u64, Problem> {
        only([self.id, self.ix, self.idx])
    }
}

impl RequestDecision {
    pub(super) fn index(&self) -> Result<u64, Problem> {
        only([self.id, self.ix, self.idx])
    }

    /// The decision. Any other word is refused: a slip of the pen is not a denial.
    pub(super) fn word(&self) -> Result<Word, Problem> {
        match self.decision.as_str() {
            "approve" => Ok(Word::Approve),
            "deny" => Ok(Word::Deny),
            _ => Err(Problem::new(Kind::Invalid, "decision: neither \"approve\" nor \"deny\"; nothing was decided")),
        }
    }
}

impl RunComputation {
    pub(super) fn index(&self) -> Result<u64, Problem> {
        only([self.id, self.ix, self.idx])
    }
}

/// Duo called an index `id`, `ix` or `idx`, each in another call; any one of them will do.
fn only(names: [Option<u64>; 3]) -> Result<u64, Problem> {
    let mut given = names.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(index), None) => Ok(index),
        (None, _) => {
            Err(Problem::new(Kind::Invalid, "the index is missing").hint("send it as \"id\", \"ix\" or \"idx\""))
        }
        (Some(_), Some(_)) => {
            Err(Problem::new(Kind::Invalid, "the index is given more than once; send one of id, ix, idx"))
        }
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Numbers;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Numbers, A::Error> {
        let mut text = String::from("[");
        while let Some(number) = items.next_element::<Number>()? {
            if text.len() > 1 {
                text.push(',');
            }
            write!(text, "{number}").map_err(de::Error::custom)?;
        }
        if text.len() == 1 {
            return Err(de::Error::custom("the list is empty"));
        }
        text.push(']');
        Ok(Numbers(text))
    }
}

#[cfg(test)]
mod tests;
