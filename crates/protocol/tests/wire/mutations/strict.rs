//! The other opinion: what deterministic bytes are, and which refusals are not about the form wire.cddl states.

use super::values::sort;
use crate::forge::bytes_of;
use ciborium::Value;
use protocol::{Decimal, MessageError, cbor::CborError};

/// The value of these bytes, if they are its deterministic encoding, within the limits, and of what messages hold.
pub(crate) fn value(bytes: &[u8]) -> Option<Value> {
    let value: Value = ciborium::from_reader(bytes).ok()?;
    let mut sorted = value.clone();
    sort(&mut sorted);
    (bytes_of(&sorted) == bytes && is_ours(&value)).then_some(value)
}

/// No float, tag or null, no key twice, no integer beyond 64 bits.
fn is_ours(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_ours),
        Value::Map(pairs) => {
            let twice = pairs.windows(2).any(|two| two[0].0 == two[1].0);
            !twice && pairs.iter().all(|(key, value)| is_ours(key) && is_ours(value))
        }
        Value::Integer(_) | Value::Bytes(_) | Value::Text(_) | Value::Bool(_) => true,
        _ => false,
    }
}

/// Whether a refusal is for something that the specification says in words and wire.cddl does not: who and when, order
/// and repetition, plain text, what is a date, the one form of a decimal.
pub(crate) fn may_refuse(why: &MessageError, payload: &[u8]) -> bool {
    match why {
        MessageError::Sender | MessageError::Lifetime | MessageError::Invalid(_) => true,
        MessageError::Payload(CborError::Unexpected(why)) => {
            ["holds the character", "white space", "not a decimal", "not a date"].iter().any(|word| why.contains(word))
        }
        MessageError::Payload(CborError::NotDeterministic) => {
            value(payload).is_some_and(|value| has_odd_decimal(&value))
        }
        MessageError::Payload(CborError::Text) => value(payload).is_some_and(|value| has_control(&value)),
        _ => false,
    }
}

fn has_control(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.chars().any(|character| character.is_ascii_control() && character != '\n'),
        Value::Array(items) => items.iter().any(has_control),
        Value::Map(pairs) => pairs.iter().any(|(key, value)| has_control(key) || has_control(value)),
        _ => false,
    }
}

fn has_odd_decimal(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.parse::<Decimal>().is_ok_and(|decimal| decimal.to_string() != *text),
        Value::Array(items) => items.iter().any(has_odd_decimal),
        Value::Map(pairs) => pairs.iter().any(|(_, value)| has_odd_decimal(value)),
        _ => false,
    }
}
