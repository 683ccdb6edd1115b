//! The form of a block and of a tile: a version, then records in order of their keys.
//!
//! A record is: length of its key (one byte) ‖ 0 for a value or 1 for the number of a tile ‖ length of that (u32,
//! big-endian) ‖ key ‖ value or number (u64, big-endian).

use crate::error::StoreError;

const VERSION: u8 = 1;
const HEADER: usize = 6;
const VALUE: u8 = 0;
const TILE: u8 = 1;

/// What a record's key stands for, where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held<'b> {
    /// The value.
    Here(&'b [u8]),
    /// The tile that has the value, under the same key.
    In(u64),
}

/// Bytes that a record adds.
pub(super) fn width(key: &[u8], held: &Held<'_>) -> usize {
    HEADER
        + key.len()
        + match held {
            Held::Here(value) => value.len(),
            Held::In(_) => 8,
        }
}

/// Records, already in order, as a block.
pub(super) fn encode<'b>(records: impl Iterator<Item = (&'b [u8], Held<'b>)>) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    for (key, held) in records {
        let number;
        let (kind, content) = match held {
            Held::Here(value) => (VALUE, value),
            Held::In(tile) => {
                number = tile.to_be_bytes();
                (TILE, &number[..])
            }
        };
        // keys have 64 bytes at most and values 200 KiB
        bytes.extend_from_slice(&[key.len() as u8, kind]);
        bytes.extend_from_slice(&(content.len() as u32).to_be_bytes());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(content);
    }
    bytes
}

/// The records of a block in order. After one that cannot be read there is none.
pub(super) fn records(block: &[u8]) -> impl Iterator<Item = Result<(&[u8], Held<'_>), StoreError>> {
    let (version, mut rest) = block.split_first().map_or((0, block), |(version, rest)| (*version, rest));
    let mut broken = version != VERSION;
    let mut told = false;
    std::iter::from_fn(move || {
        if told || (rest.is_empty() && !broken) {
            return None;
        }
        match next(rest).filter(|_| !broken) {
            Some((key, held, others)) => {
                rest = others;
                Some(Ok((key, held)))
            }
            None => {
                (broken, told) = (true, true);
                Some(Err(StoreError::damaged("a block of records", "it has another form")))
            }
        }
    })
}

/// What stands under a key.
pub(super) fn find<'b>(block: &'b [u8], key: &[u8]) -> Result<Option<Held<'b>>, StoreError> {
    for record in records(block) {
        let (found, held) = record?;
        if found >= key {
            return Ok((found == key).then_some(held));
        }
    }
    Ok(None)
}

fn next(bytes: &[u8]) -> Option<(&[u8], Held<'_>, &[u8])> {
    let (&[key, kind, a, b, c, d], rest) = bytes.split_first_chunk::<HEADER>()?;
    let (key, rest) = rest.split_at_checked(usize::from(key))?;
    let (content, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?)?;
    let held = match kind {
        VALUE => Held::Here(content),
        TILE => Held::In(u64::from_be_bytes(content.try_into().ok()?)),
        _ => return None,
    };
    Some((key, held, rest))
}
