//! Sums over numbers of 64 bits, exact and as fast as memory gives them.
//!
//! Two wrapping sums decide the exact one. With `u = x + 2^63`, which is not negative, and `h` the upper half of u, the
//! sum of u lies between `2^32·Σh` and `2^32·Σh + n·2^32`; that is less than 2^64 wide as long as n is below 2^32, so what
//! the wrapping sum says of it modulo 2^64 tells where. No value is looked at twice and nothing can overflow, whatever
//! the values are, so the loops have no branch and become vector instructions.

use arrow::buffer::{BooleanBuffer, Buffer};

/// Rows of which one word of a mask tells.
const WORD: usize = 64;
/// Rows that are added before their sum is made exact: far below the 2^32 that would do.
const BLOCK: usize = 1 << 20;

/// The two sums of some values.
#[derive(Clone, Copy, Default)]
struct Pair {
    /// Σu modulo 2^64.
    low: u64,
    /// Σh.
    high: u64,
}

impl Pair {
    #[inline(always)]
    fn add(self, value: i64) -> Self {
        let lifted = (value as u64) ^ (1 << 63);
        Self { low: self.low.wrapping_add(lifted), high: self.high.wrapping_add(lifted >> 32) }
    }

    /// The sum of `count` values of which these are the sums.
    fn exact(self, count: usize) -> i128 {
        let least = u128::from(self.high) << 32;
        let above = self.low.wrapping_sub(self.high << 32);
        // fewer than 2^32 values of 64 bits: both have less than 97 bits
        ((least + u128::from(above)) as i128) - ((count as i128) << 63)
    }
}

/// The exact sum.
pub(super) fn sum(values: &[i64]) -> i128 {
    let block = |values: &[i64]| values.iter().fold(Pair::default(), |pair, value| pair.add(*value));
    values.chunks(BLOCK).map(|values| block(values).exact(values.len())).sum()
}

/// How many of the values a mask of the same length keeps, and their exact sum.
pub(super) fn sum_kept(values: &[i64], kept: &BooleanBuffer) -> (u64, i128) {
    let (mut total, mut counted) = (0, 0);
    let bits = kept.bit_chunks();
    let words = bits.iter().chain([bits.remainder_bits()]);
    let (mut pair, mut pending) = (Pair::default(), 0);
    for (values, word) in values.chunks(WORD).zip(words) {
        let count = word.count_ones() as usize;
        if count == values.len() {
            pair = values.iter().fold(pair, |pair, value| pair.add(*value));
        } else {
            let mut word = word;
            while let Some(value) = values.get(word.trailing_zeros() as usize) {
                pair = pair.add(*value);
                // without its lowest bit
                word &= word - 1;
            }
        }
        pending += count;
        if pending >= BLOCK {
            total += pair.exact(pending);
            counted += pending as u64;
            (pair, pending) = (Pair::default(), 0);
        }
    }
    (counted + pending as u64, total + pair.exact(pending))
}

/// What no sum of some of these values exceeds in magnitude.
pub(super) fn bound(values: &[i64]) -> u128 {
    // the bits of all magnitudes together: none is larger, but by one for a negative value
    let bits = values.iter().fold(0, |bits, value| bits | (value ^ (value >> 63)) as u64);
    (u128::from(bits) + 1) * values.len() as u128
}

/// Adds each value to the sum that its slot names, and counts it. Sums wrap: see [`bound`].
pub(super) fn scatter(values: &[i64], slots: &[u32], sums: &mut [(i64, u64)]) {
    for (value, slot) in values.iter().zip(slots) {
        if let Some((sum, count)) = sums.get_mut(*slot as usize) {
            *sum = sum.wrapping_add(*value);
            *count += 1;
        }
    }
}

/// Which values hold.
pub(super) fn mask<T: Copy>(values: &[T], holds: impl Fn(T) -> bool) -> BooleanBuffer {
    let word = |values: &[T]| (0..).zip(values).fold(0_u64, |word, (at, value)| word | u64::from(holds(*value)) << at);
    let (whole, rest) = values.as_chunks::<WORD>();
    let mut words: Vec<u64> = Vec::with_capacity(whole.len() + 1);
    words.extend(whole.iter().map(|values| word(values)));
    if !rest.is_empty() {
        words.push(word(rest));
    }
    BooleanBuffer::new(Buffer::from_vec(words), 0, values.len())
}

#[cfg(test)]
mod tests;
