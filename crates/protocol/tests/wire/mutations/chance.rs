//! Chance from a number, so that every mutation can be made again (SplitMix64, Steele and others, OOPSLA 2014).

/// A stream of choices.
pub(crate) struct Chance(u64);

impl From<u64> for Chance {
    fn from(seed: u64) -> Self {
        Self(seed)
    }
}

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Less than `bound`, or 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("fits")
    }

    pub(crate) fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Bytes that CBOR gives a meaning more often than others.
    pub(crate) fn telling_byte(&mut self) -> u8 {
        const TELLING: [u8; 20] = [
            0x00, 0x17, 0x18, 0x1B, 0x20, 0x40, 0x5F, 0x60, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC2, 0xD2, 0xF4, 0xF6, 0xF8,
            0xFB, 0xFF,
        ];
        if self.below(2) == 0 { *self.of(&TELLING) } else { self.byte() }
    }
}

#[expect(clippy::disallowed_methods, reason = "how many mutations are tried, or which one, is for whoever runs them")]
pub(crate) fn chosen(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
