//! Lists of JSON objects with objects inside, one at a time and flat: `{"a": {"b": 1}}` has the part `a.b`.
//!
//! Only plain values are kept; lists inside of an object are passed over. Memory is one object.

use super::{
    Excerpt, ReadError, RowProblem,
    json::item::{NUMBER, Value},
};
use serde::{
    Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

/// Most parts of one object; a transaction has some dozens.
const PARTS: usize = 512;
/// Deepest object within an object that is looked into.
const DEPTH: usize = 6;

/// One object of a list.
#[derive(Default)]
pub(super) struct Record {
    parts: Vec<(String, Value)>,
    /// A name that one object has twice.
    twice: Option<String>,
    other: Option<&'static str>,
}

impl Record {
    /// The text or number of a part; `None` if it is absent, null or anything else.
    pub(super) fn text(&self, part: &str) -> Option<&str> {
        match self.value(part)? {
            Value::Text(text) | Value::Number(text) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
            _ => None,
        }
    }

    /// Whether a part is true.
    pub(super) fn is_true(&self, part: &str) -> bool {
        matches!(self.value(part), Some(Value::Boolean(true)))
    }

    /// The first part of the whole that the object is in, if its only part is an object.
    pub(super) fn within(&self, of: &[&'static str]) -> Option<&'static str> {
        of.iter().copied().find(|name| {
            self.parts.iter().any(|(part, _)| part.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
        })
    }

    /// The object, or why it is none that can be read.
    pub(super) fn checked(&self) -> Result<&Self, RowProblem> {
        match (&self.twice, self.other) {
            (Some(name), _) => Err(RowProblem::Twice { column: Excerpt::of(name) }),
            (_, Some(found)) => Err(RowProblem::Item { found, expected: "objects" }),
            _ => Ok(self),
        }
    }

    fn value(&self, part: &str) -> Option<&Value> {
        self.parts.iter().find(|(name, _)| name == part).map(|(_, value)| value)
    }
}

/// Hands over every object of the list `list` of an object, or of a list that is not in any; each with its position from 1.
/// Says whether there was such a list.
pub(super) fn for_each(
    text: &str,
    list: &str,
    each: &mut dyn FnMut(u64, Record) -> Result<(), ReadError>,
) -> Result<bool, ReadError> {
    let mut walk = Walk { list, each, failed: None, position: 0, found: false };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Top { walk: &mut walk }.deserialize(&mut json).and_then(|()| json.end());
    match walk.failed {
        Some(error) => Err(error), // the reason why `read` is an error too
        None => read.map(|()| walk.found).map_err(ReadError::JsonRecords),
    }
}

struct Walk<'w> {
    list: &'w str,
    each: &'w mut dyn FnMut(u64, Record) -> Result<(), ReadError>,
    failed: Option<ReadError>,
    position: u64,
    found: bool,
}

/// The whole file.
struct Top<'a, 'w> {
    walk: &'a mut Walk<'w>,
}

/// The list.
struct List<'a, 'w> {
    walk: &'a mut Walk<'w>,
}

/// One object, or a part of it under a prefix.
struct Part<'r> {
    record: &'r mut Record,
    prefix: String,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list “{}”", self.walk.list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == self.walk.list {
                map.next_value_seed(List { walk: &mut *self.walk })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        List { walk: self.walk }.visit_seq(items)
    }
}

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.walk.found = true;
        loop {
            let mut record = Record::default();
            if items.next_element_seed(Part { record: &mut record, prefix: String::new(), depth: 0 })?.is_none() {
                return Ok(());
            }
            self.walk.position += 1;
            if let Err(error) = (self.walk.each)(self.walk.position, record) {
                self.walk.failed = Some(error);
                return Err(de::Error::custom("refused"));
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl Part<'_> {
    /// Keeps a plain value under the prefix; an item of the list that is one is no object.
    fn keep<E: de::Error>(self, value: Value, what: &'static str) -> Result<(), E> {
        if self.depth == 0 {
            self.record.other = Some(what);
            return Ok(());
        }
        if self.record.parts.len() == PARTS {
            return Err(E::custom("an object has too many names"));
        }
        if self.record.value(&self.prefix).is_some() {
            self.record.twice.get_or_insert(self.prefix.clone());
        }
        self.record.parts.push((self.prefix, value));
        Ok(())
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.keep(Value::Null, "null")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.keep(Value::Boolean(value), "true or false")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.keep(Value::Number(number.to_string()), "a number")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.keep(Value::Number(number.to_string()), "a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.keep(Value::Text(text.to_owned()), "text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        if self.depth == 0 { self.keep(Value::Nested, "a list") } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { record, prefix, depth } = self;
        let mut first = true;
        while let Some(name) = map.next_key::<String>()? {
            if std::mem::take(&mut first) && name == NUMBER {
                let number = map.next_value()?;
                return Part { record, prefix, depth }.keep(Value::Number(number), "a number");
            }
            if depth == DEPTH {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let prefix = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            map.next_value_seed(Part { record: &mut *record, prefix, depth: depth + 1 })?;
        }
        Ok(())
    }
}
