//! Exact decimals: what money is on the way from a column to a receipt.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp::Ordering, fmt, str::FromStr};

/// `mantissa × 10^-scale`. The scale is kept: 12.50 and 12.5 are equal in value and differ in form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// A text that is not a plain decimal number of at most 38 digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a decimal number of at most 38 digits")]
pub struct BadDecimal;

/// Largest magnitude: 38 nines, as Arrow's Decimal128.
const MAX: u128 = 10u128.pow(38) - 1;

impl Decimal {
    /// `mantissa × 10^-scale`; refuses more than 38 digits on either side of the point.
    pub fn new(mantissa: i128, scale: u8) -> Result<Self, BadDecimal> {
        if mantissa.unsigned_abs() > MAX || scale > 38 {
            return Err(BadDecimal);
        }
        Ok(Self { mantissa, scale })
    }

    /// The unscaled integer.
    #[must_use]
    pub fn mantissa(&self) -> i128 {
        self.mantissa
    }

    /// Digits after the point.
    #[must_use]
    pub fn scale(&self) -> u8 {
        self.scale
    }

    /// The nearest double, for programs that ask for one.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The same value without zeros at the end of the fraction.
    #[must_use]
    pub fn normalized(&self) -> Self {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Orders by value, whatever the scales.
    #[must_use]
    pub fn cmp_value(&self, other: &Self) -> Ordering {
        let (a, b) = (self.parts(), other.parts());
        match (self.mantissa < 0, other.mantissa < 0) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => a.cmp(&b),
            (true, true) => b.cmp(&a),
        }
    }

    /// Whole part and fraction padded to 38 digits: comparable as pairs.
    fn parts(&self) -> (u128, u128) {
        let unit = 10u128.pow(u32::from(self.scale));
        let magnitude = self.mantissa.unsigned_abs();
        (magnitude / unit, (magnitude % unit) * 10u128.pow(38 - u32::from(self.scale)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

impl FromStr for Decimal {
    type Err = BadDecimal;

    /// Accepts `-?digits[.digits]` only: no exponent, no plus, no separators.
    fn from_str(text: &str) -> Result<Self, BadDecimal> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let point_without_digits = rest.contains('.') && fraction.is_empty();
        if whole.is_empty() || point_without_digits || !plain(whole) || !plain(fraction) || rest.len() > 80 {
            return Err(BadDecimal);
        }
        let scale = u8::try_from(fraction.len()).map_err(|_| BadDecimal)?;
        let digits = format!("{whole}{fraction}");
        let magnitude: i128 = digits.parse().map_err(|_| BadDecimal)?;
        Self::new(if negative { -magnitude } else { magnitude }, scale)
    }
}

impl From<u64> for Decimal {
    fn from(count: u64) -> Self {
        Self { mantissa: count.into(), scale: 0 }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
