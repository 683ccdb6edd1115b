//! A walk through a structure of Thrift's compact protocol that sets no memory aside.
//!
//! Source: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// Deepest structure within a structure; a footer has six levels.
const DEPTH: u8 = 16;

/// Where a walk is.
pub(super) struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
    depth: u8,
}

impl<'b> Walk<'b> {
    pub(super) fn over(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// How many bytes it has passed.
    pub(super) fn passed(&self) -> usize {
        self.at
    }

    /// Passes a structure; `each` is told the whole numbers among its own fields. `None` if the bytes are no structure.
    pub(super) fn structure(&mut self, each: &mut dyn FnMut(i16, i64)) -> Option<()> {
        if self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        let mut id = 0_i16;
        loop {
            let header = self.byte()?;
            if header == 0 {
                self.depth -= 1;
                return Some(());
            }
            id = match header >> 4 {
                0 => i16::try_from(self.zigzag()?).ok()?,
                delta => id.checked_add(delta.into())?,
            };
            match header & 0x0F {
                1 | 2 => {} // true and false have no bytes of their own
                4..=6 => each(id, self.zigzag()?),
                kind => self.value(kind)?,
            }
        }
    }

    fn value(&mut self, kind: u8) -> Option<()> {
        match kind {
            1..=3 => self.pass(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.pass(length)
            }
            9 | 10 => {
                let header = self.byte()?;
                let length = if header >> 4 == 15 { self.varint()? } else { u64::from(header >> 4) };
                self.values(length, &[header & 0x0F])
            }
            11 => match self.varint()? {
                0 => Some(()),
                length => {
                    let kinds = self.byte()?;
                    self.values(length, &[kinds >> 4, kinds & 0x0F])
                }
            },
            12 => self.structure(&mut |_, _| {}),
            13 => self.pass(16),
            _ => None,
        }
    }

    /// Passes so many times a value of each kind. Every value has at least a byte.
    fn values(&mut self, times: u64, kinds: &[u8]) -> Option<()> {
        if times > u64::try_from(self.bytes.len() - self.at).ok()? || self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        for _ in 0..times {
            kinds.iter().try_for_each(|kind| self.value(*kind))?;
        }
        self.depth -= 1;
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn pass(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|at| *at <= self.bytes.len())?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some(i64::try_from(value >> 1).ok()? ^ -i64::from(value & 1 == 1))
    }
}

#[cfg(test)]
mod tests;
