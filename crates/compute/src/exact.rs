//! Exact division and square root, rounded half to even (IEEE 754-2019, 4.3.1, roundTiesToEven).

use num_bigint::{BigInt, BigUint, Sign};
use protocol::Decimal;
use std::cmp::Ordering;

/// `numerator ÷ denominator`, rounded half to even; `None` if the denominator is zero.
pub(crate) fn divide_half_even(numerator: &BigInt, denominator: &BigUint) -> Option<BigInt> {
    if *denominator == BigUint::ZERO {
        return None;
    }
    let magnitude = numerator.magnitude();
    let quotient = magnitude / denominator;
    let remainder = magnitude - &quotient * denominator;
    let rounded = round(quotient, (remainder * 2u8).cmp(denominator));
    Some(BigInt::from_biguint(sign(numerator), rounded))
}

/// `√(numerator ÷ denominator)`, rounded half to even; `None` if the denominator is zero.
///
/// With `q = ⌊√⌊n/d⌋⌋` the root lies in `[q, q + 1)`, and it is above `q + ½` exactly when `4n > (2q + 1)² d`.
pub(crate) fn root_half_even(numerator: &BigUint, denominator: &BigUint) -> Option<BigUint> {
    if *denominator == BigUint::ZERO {
        return None;
    }
    let floor = (numerator / denominator).sqrt();
    let odd = &floor * 2u8 + 1u8;
    let half = (numerator * 4u8).cmp(&(&odd * &odd * denominator));
    Some(round(floor, half))
}

/// `value × 10^power`.
pub(crate) fn shifted(value: &BigInt, power: u32) -> BigInt {
    value * BigInt::from(10u8).pow(power)
}

/// `mantissa × 10^-scale` as a decimal of at most 38 digits.
pub(crate) fn decimal(mantissa: &BigInt, scale: u8) -> Option<Decimal> {
    Decimal::new(i128::try_from(mantissa).ok()?, scale).ok()
}

/// `floor`, or one more, by where the rest lies from the half.
fn round(floor: BigUint, rest_to_half: Ordering) -> BigUint {
    let up = match rest_to_half {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => floor.bit(0),
    };
    if up { floor + 1u8 } else { floor }
}

fn sign(value: &BigInt) -> Sign {
    if value.sign() == Sign::Minus { Sign::Minus } else { Sign::Plus }
}

#[cfg(test)]
mod tests;
