//! Deterministic CBOR (RFC 8949 §4.2.1): one value, one encoding; anything else is refused.

use crate::limits::{CBOR_DEPTH, CBOR_ITEMS};
use ciborium::Value;
use ciborium_ll::{Decoder, Header};
use serde::{Serialize, de::DeserializeOwned};

/// Why bytes are not the deterministic CBOR of what they should be.
#[derive(Debug, thiserror::Error)]
pub enum CborError {
    /// Cut short, or not CBOR at all.
    #[error("not well-formed CBOR")]
    Malformed,
    /// Nested deeper than [`CBOR_DEPTH`].
    #[error("nested deeper than {CBOR_DEPTH} levels")]
    TooDeep,
    /// More items than [`CBOR_ITEMS`].
    #[error("more than {CBOR_ITEMS} items")]
    TooMany,
    /// Bytes after the end of the value.
    #[error("bytes after the end of the value")]
    Trailing,
    /// Decodes, but is not the one encoding that its value has.
    #[error("not in deterministic form (key order, integer length, duplicate or unknown key)")]
    NotDeterministic,
    /// Well-formed, and not what was expected here.
    #[error("unexpected content: {0}")]
    Unexpected(String),
    /// A value that has no CBOR form.
    #[error("cannot be encoded: {0}")]
    Unencodable(String),
}

/// Encodes with map keys in the order of their encoded bytes; refuses what [`from_slice`] would find too deep or too many.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CborError> {
    let bytes = deterministic(value)?;
    check_shape(&bytes)?;
    Ok(bytes)
}

/// Decodes exactly one value and refuses every form but the deterministic one.
///
/// Errors name what is wrong: see [`CborError`]. Nothing is allocated before the item count is known to be bounded.
pub fn from_slice<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    check_shape(bytes)?;
    let value: T = ciborium::de::from_reader_with_recursion_limit(bytes, CBOR_DEPTH + 2)
        .map_err(|e| CborError::Unexpected(e.to_string()))?;
    if deterministic(&value)? != bytes {
        return Err(CborError::NotDeterministic);
    }
    Ok(value)
}

fn deterministic<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CborError> {
    let value = Value::serialized(value).map_err(|e| CborError::Unencodable(e.to_string()))?;
    encode(&sorted(value)?)
}

fn encode(value: &Value) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|e| CborError::Unencodable(e.to_string()))?;
    Ok(bytes)
}

fn sorted(value: Value) -> Result<Value, CborError> {
    Ok(match value {
        Value::Map(pairs) => {
            let mut keyed = pairs
                .into_iter()
                .map(|(key, value)| Ok((encode(&key)?, key, sorted(value)?)))
                .collect::<Result<Vec<_>, CborError>>()?;
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Map(keyed.into_iter().map(|(_, key, value)| (key, value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect::<Result<_, _>>()?),
        other => other,
    })
}

/// Walks the bytes without building anything: well-formed, one item, bounded depth and count, definite lengths.
pub(crate) fn check_shape(bytes: &[u8]) -> Result<(), CborError> {
    let mut decoder = Decoder::from(bytes);
    let mut open: Vec<usize> = vec![1];
    let mut items = 0usize;
    while let Some(left) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        items += 1;
        if items > CBOR_ITEMS {
            return Err(CborError::TooMany);
        }
        match decoder.pull().map_err(|_| CborError::Malformed)? {
            Header::Array(Some(count)) => open.push(count),
            Header::Map(Some(pairs)) => open.push(pairs.checked_mul(2).ok_or(CborError::TooMany)?),
            Header::Tag(_) => open.push(1),
            Header::Bytes(Some(length)) | Header::Text(Some(length)) => skip(&mut decoder, bytes, length)?,
            Header::Array(None) | Header::Map(None) | Header::Bytes(None) | Header::Text(None) | Header::Break => {
                return Err(CborError::NotDeterministic);
            }
            Header::Positive(_) | Header::Negative(_) | Header::Float(_) | Header::Simple(_) => {}
        }
        if open.len() > CBOR_DEPTH + 1 {
            return Err(CborError::TooDeep);
        }
    }
    if decoder.offset() == bytes.len() { Ok(()) } else { Err(CborError::Trailing) }
}

fn skip(decoder: &mut Decoder<&[u8]>, bytes: &[u8], length: usize) -> Result<(), CborError> {
    use ciborium_io::Read as _;
    let left = bytes.len().saturating_sub(decoder.offset());
    if length > left {
        return Err(CborError::Malformed);
    }
    let mut sink = [0u8; 512];
    let mut rest = length;
    while rest > 0 {
        let step = rest.min(sink.len());
        decoder.read_exact(&mut sink[..step]).map_err(|_| CborError::Malformed)?;
        rest -= step;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
