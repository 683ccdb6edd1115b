//! From a value to its bin.

/// A value that is not a finite number has no bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a value is not a finite number: give every feature a number")]
pub struct Unquantisable;

/// The linear quantiser of the model's file: `clip(round_half_even(x / scale + zero_point) - offset, 0, bins - 1)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiser {
    scale: f64,
    zero_point: i64,
    offset: i64,
    bits: u8,
}

impl Quantiser {
    /// `None` where the scale is not positive and finite, the bits are not 1 to 6, or the shifts pass ±2³¹.
    #[must_use]
    pub fn new(scale: f64, zero_point: i64, offset: i64, bits: u8) -> Option<Self> {
        let fits = |shift: i64| i32::try_from(shift).is_ok();
        let sound = scale.is_normal() && scale > 0.0 && (1..=super::MOST_BITS).contains(&bits);
        (sound && fits(zero_point) && fits(offset)).then_some(Self { scale, zero_point, offset, bits })
    }

    /// How many bins there are.
    #[must_use]
    pub fn bins(&self) -> u8 {
        1 << self.bits
    }

    /// The bin of `value`.
    ///
    /// # Errors
    /// The value is infinite or not a number.
    pub fn bin(&self, value: f64) -> Result<u8, Unquantisable> {
        if !value.is_finite() {
            return Err(Unquantisable);
        }
        // both shifts are below 2³¹, so they are exact as floats
        let shifted = (value / self.scale + self.zero_point as f64).round_ties_even() - self.offset as f64;
        Ok(shifted.clamp(0.0, f64::from(self.bins() - 1)) as u8)
    }

    /// Every part exactly, the scale by its bits: what a commitment covers.
    pub(crate) fn exact(&self) -> (u64, i64, i64, u8) {
        (self.scale.to_bits(), self.zero_point, self.offset, self.bits)
    }
}
