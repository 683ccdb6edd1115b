//! Chance from a seed: SplitMix64 (Steele, Lea, Flood 2014), so that a sequence can be replayed by its number.

pub(crate) struct Dice {
    state: u64,
    /// Nothing goes wrong by chance.
    calm: bool,
}

impl Dice {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0xA076_1D64_78BD_642F), calm: false }
    }

    pub(crate) fn calm() -> Self {
        Self { state: 0, calm: true }
    }

    /// From 0 to `sides` − 1.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// Whether something that happens so often in a hundred happens.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }

    /// Whether a mishap happens that does so often in a hundred.
    pub(crate) fn mishap(&mut self, percent: u64) -> bool {
        !self.calm && self.chance(percent)
    }

    /// A position in something of that length.
    pub(crate) fn place(&mut self, length: usize) -> Option<usize> {
        (length > 0).then(|| self.roll(length as u64) as usize)
    }

    pub(crate) fn pick<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        self.place(items.len()).map(|at| items[at].clone())
    }
}
