//! The order of a map's pairs: by their encoded keys, at every level, moved as bytes and without building values.

/// One head: major type, argument, and how many bytes it takes.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub(crate) major: u8,
    pub(crate) argument: usize,
    pub(crate) length: usize,
}

pub(crate) const BYTES: u8 = 2;
pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;
const TEXT: u8 = 3;
const TAG: u8 = 6;

impl Head {
    /// Reads a head of definite length; `None` where there is none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        let width = match first & 0x1F {
            0..24 => 0,
            low @ 24..28 => 1usize << (low - 24),
            _ => return None,
        };
        let far = rest.get(..width)?.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let near = u64::from(first & 0x1F);
        let argument = usize::try_from(if width == 0 { near } else { far }).unwrap_or(usize::MAX);
        Some(Self { major: first >> 5, argument, length: 1 + width })
    }

    /// Bytes that the shortest head for this argument takes.
    pub(crate) fn shortest(argument: usize) -> usize {
        match argument {
            0..24 => 1,
            24..0x100 => 2,
            0x100..0x1_0000 => 3,
            0x1_0000..0x1_0000_0000 => 5,
            _ => 9,
        }
    }
}

/// The same item with the pairs of every map in order. `None` unless `bytes` is one well-formed item of definite
/// lengths. Recurses as deep as the item is nested: the caller has bounded that.
pub(super) fn ordered(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let rest = write(bytes, &mut out)?;
    rest.is_empty().then_some(out)
}

/// Writes the first item; returns what follows it.
fn write<'a>(bytes: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let head = Head::read(bytes)?;
    if head.major == MAP {
        return write_map(bytes, head, out);
    }
    let inside = if matches!(head.major, BYTES | TEXT) { head.argument } else { 0 };
    let (own, mut rest) = bytes.split_at_checked(head.length.checked_add(inside)?)?;
    out.extend_from_slice(own);
    let items = match head.major {
        ARRAY => head.argument,
        TAG => 1,
        _ => 0,
    };
    for _ in 0..items {
        rest = write(rest, out)?;
    }
    Some(rest)
}

fn write_map<'a>(bytes: &'a [u8], head: Head, out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (own, mut rest) = bytes.split_at_checked(head.length)?;
    out.extend_from_slice(own);
    // not reserved for as many as the head says: it may say more than there is
    let mut pairs = Vec::new();
    for _ in 0..head.argument {
        let (key, after_key) = rest.split_at_checked(length(rest)?)?;
        let (value, after_value) = after_key.split_at_checked(length(after_key)?)?;
        pairs.push((key, value));
        rest = after_value;
    }
    pairs.sort_by_key(|(key, _)| *key);
    for (key, value) in pairs {
        out.extend_from_slice(key);
        write(value, out)?;
    }
    Some(rest)
}

/// Bytes of the first item.
fn length(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut left) = (0usize, 1usize);
    while left > 0 {
        let head = Head::read(bytes.get(at..)?)?;
        at = at.checked_add(head.length)?;
        left -= 1;
        match head.major {
            BYTES | TEXT => at = at.checked_add(head.argument)?,
            ARRAY => left = left.checked_add(head.argument)?,
            MAP => left = left.checked_add(head.argument.checked_mul(2)?)?,
            TAG => left = left.checked_add(1)?,
            _ => {}
        }
    }
    Some(at)
}
