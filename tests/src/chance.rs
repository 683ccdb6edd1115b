//! Randomness that can be repeated.

use std::ops::Range;

/// Environment variable that replays a scenario.
const VARIABLE: &str = "HALFDOOR_SEED";

/// SplitMix64 (Steele, Lea, Flood 2014), from a seed that is printed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// From `HALFDOOR_SEED`, or a fresh seed; either is printed, which a failed test shows.
    ///
    /// # Panics
    /// When `HALFDOOR_SEED` is no number.
    #[must_use]
    pub fn new() -> Self {
        let seed = match std::env::var(VARIABLE) {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("{VARIABLE} is a number of at most 20 digits")),
            Err(_) => rand::random(),
        };
        println!("to replay: {VARIABLE}={seed}");
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A chance of its own, which follows from this one.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.bits())
    }

    /// A number of a range that is not empty.
    pub fn of(&mut self, range: Range<u64>) -> u64 {
        range.start + self.bits() % (range.end - range.start)
    }

    /// A word of lower-case letters that nobody writes by accident.
    pub fn word(&mut self, letters: usize) -> String {
        (0..letters).map(|_| char::from(b'a' + self.of(0..26) as u8)).collect()
    }
}

impl Default for Chance {
    fn default() -> Self {
        Self::new()
    }
}
