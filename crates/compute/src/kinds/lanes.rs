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

    #[inline(always)]
    fn add_plain(self, value: u64) -> Self {
        Self { low: self.low.wrapping_add(value), high: self.high.wrapping_add(value >> 32) }
    }

    /// The sum of `count` values of which these are the sums.
    fn exact(self, count: usize) -> i128 {
        self.plain() - ((count as i128) << 63)
    }

    /// The sum of what was added as it is.
    fn plain(self) -> i128 {
        let least = u128::from(self.high) << 32;
        let above = self.low.wrapping_sub(self.high << 32);
        // fewer than 2^32 values of 64 bits: both have less than 97 bits
        (least + u128::from(above)) as i128
    }
}

/// The exact sum.
pub(super) fn sum(values: &[i64]) -> i128 {
    let block = |values: &[i64]| values.iter().fold(Pair::default(), |pair, value| pair.add(*value));
    values.chunks(BLOCK).map(|values| block(values).exact(values.len())).sum()
}

/// The exact sum, and the bits that any value has and that all have: in one pass, since values come from memory.
fn sum_and_bits(values: &[i64]) -> (i128, i64, i64) {
    let (mut sum, mut ones, mut zeros) = (0, 0, -1);
    for values in values.chunks(BLOCK) {
        let mut pair = Pair::default();
        for value in values {
            pair = pair.add(*value);
            ones |= value;
            zeros &= value;
        }
        sum += pair.exact(values.len());
    }
    (sum, ones, zeros)
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

/// Adds each value to the sums that its slot names, and counts it. Sums wrap: see [`bound`].
pub(super) fn scatter(values: &[i64], slots: &[u32], sums: &mut [Slot]) {
    for (value, slot) in values.iter().zip(slots) {
        if let Some(to) = sums.get_mut(*slot as usize) {
            let magnitude = value.unsigned_abs();
            to.sum = to.sum.wrapping_add(*value);
            to.magnitudes = to.magnitudes.wrapping_add(magnitude);
            to.largest = to.largest.max(magnitude);
            to.count += 1;
        }
    }
}

/// The sums of some values, of their magnitudes, and the largest of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) count: u64,
    pub(super) sum: i128,
    pub(super) magnitudes: i128,
    pub(super) largest: u64,
}

/// The same of one group, in 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) sum: i64,
    pub(super) magnitudes: u64,
    pub(super) largest: u64,
    pub(super) count: u64,
}

impl Slot {
    pub(super) fn found(self) -> Found {
        let Self { sum, magnitudes, largest, count } = self;
        Found { count, sum: sum.into(), magnitudes: magnitudes.into(), largest }
    }
}

/// What is found of all values. Where the largest makes no more than `percent` of the magnitudes for certain, it is not
/// looked for and comes as 0: then it makes no more of any sum of magnitudes that these are part of.
pub(super) fn magnitudes(values: &[i64], percent: u8) -> Found {
    let (sum, ones, zeros) = sum_and_bits(values);
    // the bits of all magnitudes together: none is larger
    let (magnitudes, bound) = if ones >= 0 {
        (sum, ones as u64)
    } else if zeros < 0 {
        (-sum, (!zeros as u64) + 1)
    } else {
        let magnitudes = values.iter().map(|value| value.unsigned_abs());
        let (pair, bits) =
            magnitudes.fold((Pair::default(), 0), |(pair, bits), value| (pair.add_plain(value), bits | value));
        (pair.plain(), bits)
    };
    let may_matter = u128::from(bound) * 100 > magnitudes.unsigned_abs() * u128::from(percent);
    let largest = if may_matter { values.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0) } else { 0 };
    Found { count: values.len() as u64, sum, magnitudes, largest }
}

/// What is found of the values that a mask of the same length keeps.
pub(super) fn magnitudes_kept(values: &[i64], kept: &BooleanBuffer) -> Found {
    let mut found = Found::default();
    let bits = kept.bit_chunks();
    let words = bits.iter().chain([bits.remainder_bits()]);
    for (values, word) in values.chunks(WORD).zip(words) {
        let (sum, magnitudes, largest) = kept_short(values, word);
        found.count += u64::from(word.count_ones());
        found.largest = found.largest.max(largest);
        if largest >> SHORT_BITS == 0 {
            found.sum += i128::from(sum);
            found.magnitudes += i128::from(magnitudes);
        } else {
            let (sum, magnitudes) = kept_long(values, word);
            found.sum += sum;
            found.magnitudes += magnitudes;
        }
    }
    found
}

/// Bits of a magnitude of which a word's worth has a sum in 64 bits.
const SHORT_BITS: u32 = u64::BITS - 1 - WORD.ilog2();

/// Of the values that one word of a mask keeps: their sum and that of their magnitudes, both modulo 2^64, and the largest
/// magnitude.
#[inline(always)]
fn kept_short(values: &[i64], mut word: u64) -> (i64, u64, u64) {
    let (mut sum, mut magnitudes, mut largest) = (0_i64, 0_u64, 0_u64);
    while let Some(value) = values.get(word.trailing_zeros() as usize) {
        let magnitude = value.unsigned_abs();
        sum = sum.wrapping_add(*value);
        magnitudes = magnitudes.wrapping_add(magnitude);
        largest = largest.max(magnitude);
        // without its lowest bit
        word &= word - 1;
    }
    (sum, magnitudes, largest)
}

/// The same sums, whole.
#[cold]
fn kept_long(values: &[i64], word: u64) -> (i128, i128) {
    let kept = (0..).zip(values).filter(|(at, _)| word >> at & 1 == 1);
    kept.fold((0, 0), |(sum, magnitudes), (_, value)| {
        (sum + i128::from(*value), magnitudes + i128::from(value.unsigned_abs()))
    })
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
