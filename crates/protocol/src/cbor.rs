//! Deterministic CBOR (RFC 8949 §4.2.1): one value, one encoding; anything else is refused.

mod bounded;
pub(crate) mod order;

pub use bounded::at_most;

use crate::{
    limits::{CBOR_DEPTH, CBOR_ITEMS},
    text::neutralised,
};
use ciborium::de::Error as DecodeError;
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
    /// A text that is longer than any that belongs here, or holds a control character other than a line feed.
    #[error("a text longer than any that belongs here, or with a control character")]
    Text,
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

/// Longest part of a decoder's reason that is kept, in characters: it can quote what a stranger sent.
const REASON: usize = 160;

/// Encodes with map keys in the order of their encoded bytes; refuses what [`from_slice`] would find too deep or too many.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CborError> {
    deterministic(value, 0)
}

/// Decodes exactly one value and refuses every form but the deterministic one.
///
/// Errors name what is wrong: see [`CborError`]. Nothing is allocated before the item count is known to be bounded.
/// Lists in `T` are to be read by [`at_most`], so that nothing is reserved on a sender's word.
pub fn from_slice<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    check_shape(bytes)?;
    decode(bytes)
}

/// Like [`from_slice`], for what a stranger sent: refuses texts longer than `text` bytes or with a control character.
pub fn from_stranger<T: Serialize + DeserializeOwned>(bytes: &[u8], text: usize) -> Result<T, CborError> {
    check_whole(bytes, Some(text))?;
    decode(bytes)
}

fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let value: T = ciborium::de::from_reader_with_recursion_limit(bytes, CBOR_DEPTH + 2).map_err(unexpected)?;
    if deterministic(&value, bytes.len())? != bytes {
        return Err(CborError::NotDeterministic);
    }
    Ok(value)
}

/// Decodes what this program encoded itself and has from where nobody else can write: its form is not checked again.
///
/// # Errors
/// Bytes that are not one such value.
pub fn own<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, CBOR_DEPTH + 2).map_err(unexpected)?;
    if rest.is_empty() { Ok(value) } else { Err(CborError::Trailing) }
}

/// The one encoding of a value, whose length is known or 0.
fn deterministic<T: Serialize + ?Sized>(value: &T, length: usize) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::with_capacity(length);
    ciborium::into_writer(value, &mut bytes).map_err(|e| CborError::Unencodable(e.to_string()))?;
    check_shape(&bytes)?;
    order::ordered(&bytes).ok_or(CborError::Malformed)
}

/// What the decoder expected, shortened, and without what could hide or reorder the line it is shown in.
fn unexpected<E>(error: DecodeError<E>) -> CborError {
    let why = match error {
        DecodeError::Semantic(_, why) => why,
        DecodeError::Syntax(at) => format!("no item at byte {at}"),
        DecodeError::Io(_) => return CborError::Malformed,
        DecodeError::RecursionLimitExceeded => return CborError::TooDeep,
    };
    let end = why.char_indices().nth(REASON).map_or(why.len(), |(at, _)| at);
    CborError::Unexpected(neutralised(why.get(..end).unwrap_or_default()))
}

/// Walks the bytes without building anything: well-formed, one item, bounded depth and count, definite lengths.
pub(crate) fn check_shape(bytes: &[u8]) -> Result<(), CborError> {
    check_whole(bytes, None)
}

fn check_whole(bytes: &[u8], text: Option<usize>) -> Result<(), CborError> {
    if walk(bytes, text)? == bytes.len() { Ok(()) } else { Err(CborError::Trailing) }
}

/// Length in bytes of the first item of a CBOR sequence (RFC 8742), of which more may follow.
pub fn first_item(bytes: &[u8]) -> Result<usize, CborError> {
    walk(bytes, None)
}

fn walk(bytes: &[u8], text: Option<usize>) -> Result<usize, CborError> {
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
            Header::Bytes(Some(length)) => drop(skip(&mut decoder, bytes, length)?),
            Header::Text(Some(length)) => check_text(skip(&mut decoder, bytes, length)?, text)?,
            Header::Array(None) | Header::Map(None) | Header::Bytes(None) | Header::Text(None) | Header::Break => {
                return Err(CborError::NotDeterministic);
            }
            Header::Positive(_) | Header::Negative(_) | Header::Float(_) | Header::Simple(_) => {}
        }
        if open.len() > CBOR_DEPTH + 1 {
            return Err(CborError::TooDeep);
        }
    }
    Ok(decoder.offset())
}

/// Decoders quote a text that they did not expect, and escape it: five bytes and more for one control character.
fn check_text(text: &[u8], longest: Option<usize>) -> Result<(), CborError> {
    let Some(longest) = longest else { return Ok(()) };
    let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\n';
    if text.len() > longest || text.iter().any(control) { Err(CborError::Text) } else { Ok(()) }
}

/// Passes over the content of a string; returns it.
fn skip<'a>(decoder: &mut Decoder<&[u8]>, bytes: &'a [u8], length: usize) -> Result<&'a [u8], CborError> {
    use ciborium_io::Read as _;
    let rest = bytes.get(decoder.offset()..).unwrap_or_default();
    let content = rest.get(..length).ok_or(CborError::Malformed)?;
    let mut sink = [0u8; 512];
    for part in content.chunks(sink.len()) {
        let sink = sink.get_mut(..part.len()).ok_or(CborError::Malformed)?;
        decoder.read_exact(sink).map_err(|_| CborError::Malformed)?;
    }
    Ok(content)
}

#[cfg(test)]
mod tests;
