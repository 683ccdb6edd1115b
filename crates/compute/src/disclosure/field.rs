//! Arithmetic modulo the Mersenne prime 2^61 − 1: exact and fast, where rational numbers would grow without bound.
//!
//! Rank modulo a prime never exceeds the rank over the rationals, and is below it only where the prime divides minors
//! that it has no reason to divide. The reduction of a product follows Knuth, The Art of Computer Programming, volume 2,
//! section 3.2.1.1 (multiplication modulo 2^e − 1).

/// The prime.
pub(super) const P: u64 = (1 << 61) - 1;

/// A weight as an element of the field.
pub(super) fn element(weight: i64) -> u64 {
    let magnitude = reduce(u128::from(weight.unsigned_abs()));
    if weight < 0 { negative(magnitude) } else { magnitude }
}

/// `a − b`.
pub(super) fn minus(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + P - b }
}

/// `−a`.
pub(super) fn negative(a: u64) -> u64 {
    minus(0, a)
}

/// `a · b`.
pub(super) fn times(a: u64, b: u64) -> u64 {
    reduce(u128::from(a) * u128::from(b))
}

/// `1 ÷ a`, by Fermat's little theorem; 0 of 0.
pub(super) fn inverse(a: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, a, P - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

/// Any number below 2^122 modulo the prime: its halves of 61 bits are added, since 2^61 ≡ 1.
fn reduce(number: u128) -> u64 {
    let low = u64::try_from(number & u128::from(P)).unwrap_or_default();
    let high = u64::try_from(number >> 61).unwrap_or_default();
    let sum = low + high;
    if sum >= P { sum - P } else { sum }
}
