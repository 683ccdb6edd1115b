//! The items of a JSON list, one at a time: memory is one item, not the list.

use crate::{formats::ReadError, limits::ROWS, table::TableError};
use protocol::limits::COLUMNS;
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

/// The name under which serde_json hands over the text of a number with a fraction, an exponent or more than 64 bits,
/// when its precision is arbitrary. An object that uses it is read as that number: harmless, since the text is read as
/// a number either way.
pub(in crate::formats) const NUMBER: &str = "$serde_json::private::Number";

/// One item of the list.
pub(super) enum Item {
    Value(Value),
    Object(Vec<(String, Value)>),
}

/// A plain value, or a nested one of which nothing is kept.
pub(in crate::formats) enum Value {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Nested,
}

impl Item {
    /// What it is, for a message.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Value(Value::Null) => "null",
            Self::Value(Value::Boolean(_)) => "true or false",
            Self::Value(Value::Number(_)) => "a number",
            Self::Value(Value::Text(_)) => "text",
            Self::Value(Value::Nested) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl Value {
    /// The value, for a message.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Number(text) | Self::Text(text) => text,
            Self::Nested => "a list or an object",
        }
    }
}

/// Hands every item of a list to `each`, with its position from 1.
pub(super) fn for_each(text: &str, each: impl FnMut(u64, Item) -> Result<(), ReadError>) -> Result<(), ReadError> {
    let mut failed = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = List { each, failed: &mut failed }.deserialize(&mut json).and_then(|()| json.end());
    match failed {
        Some(error) => Err(error), // the reason why `read` is an error too
        None => Ok(read?),
    }
}

struct List<'a, F> {
    each: F,
    failed: &'a mut Option<ReadError>,
}

impl<'de, F: FnMut(u64, Item) -> Result<(), ReadError>> DeserializeSeed<'de> for List<'_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(u64, Item) -> Result<(), ReadError>> Visitor<'de> for List<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers or of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(item) = items.next_element::<Item>()? {
            index += 1;
            let taken = if index > ROWS { Err(TableError::TooManyRows.into()) } else { (self.each)(index, item) };
            if let Err(error) = taken {
                *self.failed = Some(error);
                return Err(de::Error::custom("refused"));
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ItemVisitor)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ValueVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or an object")
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item::Value(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Item, E> {
        Ok(Item::Value(Value::Boolean(value)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Value(Value::Number(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Value(Value::Number(number.to_string())))
    }

    fn visit_str<E>(self, text: &str) -> Result<Item, E> {
        Ok(Item::Value(Value::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Item, A::Error> {
        ValueVisitor.visit_seq(items).map(Item::Value)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if entries.is_empty() && name == NUMBER {
                return Ok(Item::Value(Value::Number(map.next_value()?)));
            }
            if entries.len() == 2 * COLUMNS {
                return Err(de::Error::custom("an object has too many names"));
            }
            entries.push((name, map.next_value()?));
        }
        Ok(Item::Object(entries))
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut first = true;
        while let Some(name) = map.next_key::<String>()? {
            if first && name == NUMBER {
                return Ok(Value::Number(map.next_value()?));
            }
            first = false;
            map.next_value::<IgnoredAny>()?;
        }
        Ok(Value::Nested)
    }
}
