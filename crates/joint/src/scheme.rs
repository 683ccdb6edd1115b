//! Additively homomorphic n-of-n encryption: exponential ElGamal over ristretto255 (RFC 9496), without a dealer.
//!
//! The joint key is the sum of the holders' key shares; a ciphertext of `m` is `(r·G, m·G + r·P)`. Nothing opens
//! unless every holder gives its share. Every proof runs on a transcript that binds the protocol, the request, the
//! joint key and the holder, so that a proof of another request or holder does not verify here.

use curve25519_dalek::{
    RistrettoPoint, Scalar,
    constants::{RISTRETTO_BASEPOINT_POINT, RISTRETTO_BASEPOINT_TABLE},
    traits::{Identity, VartimeMultiscalarMul},
};
use std::{
    collections::BTreeMap,
    iter::Sum,
    ops::{Add, Sub},
};

mod batch;
mod blind;
mod bytes;
mod draws;
mod key;
mod known;
mod onehot;
mod share;
#[cfg(test)]
pub(crate) mod tests;
mod transcript;

pub use blind::Blinding;
pub use draws::Draws;
pub use key::{JointKey, KeyShare, Reveal};
pub use known::Known;
pub use onehot::OneHot;
pub use share::{Share, open};

pub(crate) use bytes::{Reader, ciphertexts_from, ciphertexts_to};

/// Most values that one evaluation may open: a hundred trees of depth 6 open two for each of 6,400 leaves.
pub const MOST_VALUES: usize = 1 << 14;

/// Why a message of another party is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The wrong length, a point that is none, or a number not in its only form.
    #[error("the bytes are not a message of this step")]
    Malformed,
    /// Fewer than two or more than five holders, or not one message of each.
    #[error("one message of each of two to five holders is needed")]
    Holders,
    /// The revealed key share is not the committed one.
    #[error("holder {0} revealed another key share than it committed to")]
    Uncommitted(usize),
    /// No proof that the holder knows its key, for this request.
    #[error("holder {0} did not prove that it has its key for this request")]
    Possession(usize),
    /// Two holders have one key, or the keys cancel out.
    #[error("the key shares do not make a joint key")]
    Key,
    /// Not one bin out of those there are.
    #[error("bin {bin} is not among the {bins} there are")]
    Bin {
        /// The bin asked for.
        bin: usize,
        /// How many there are.
        bins: usize,
    },
    /// A proof of an input does not verify.
    #[error("an input is not proven to be exactly one bin, by its own holder, for this request")]
    Input,
    /// Two inputs have a ciphertext in common.
    #[error("a ciphertext was sent twice")]
    Copied,
    /// Not as many values as announced, or more than may be.
    #[error("{found} values to open, announced were {announced}")]
    Count {
        /// How many came.
        found: usize,
        /// How many were announced.
        announced: usize,
    },
    /// A value that would open whatever the key.
    #[error("a value to open is not encrypted")]
    Bare,
    /// A holder did not blind, or not as it must.
    #[error("holder {0} did not blind every value")]
    Blinding(usize),
    /// A number of the lender's that may depend on inputs.
    #[error("the lender did not prove that it knows the numbers it adds")]
    Known,
    /// A share that is not this holder's of these values.
    #[error("holder {0} sent a share that is not its own of these values")]
    Share(usize),
    /// The evaluation asks for a feature that nobody encrypted.
    #[error("feature {0} was not encrypted, or with too few bins")]
    Missing(usize),
}

/// An encrypted number. Sums and differences are those of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ciphertext {
    pub(crate) c: RistrettoPoint,
    pub(crate) d: RistrettoPoint,
}

impl Ciphertext {
    /// The number itself, not hidden: the constant part of a linear combination.
    #[must_use]
    pub fn clear(number: u64) -> Self {
        Self { c: RistrettoPoint::identity(), d: RISTRETTO_BASEPOINT_TABLE * &Scalar::from(number) }
    }

    /// The same of a number that may be negative.
    pub(crate) fn signed(number: i64) -> Self {
        Self { c: RistrettoPoint::identity(), d: RISTRETTO_BASEPOINT_TABLE * &signed(number) }
    }

    /// The sum of each number times its public factor. The factors are the caller's own: time may tell them to it.
    pub(crate) fn combined(terms: &[(i64, Self)]) -> Self {
        let factors: Vec<Scalar> = terms.iter().map(|(factor, _)| signed(*factor)).collect();
        let sum = |half: fn(&Self) -> RistrettoPoint| {
            RistrettoPoint::vartime_multiscalar_mul(&factors, terms.iter().map(|(_, one)| half(one)))
        };
        Self { c: sum(|one| one.c), d: sum(|one| one.d) }
    }

    /// Encrypts a number under the joint key.
    #[must_use]
    pub fn encrypt(key: &JointKey, number: u64, draws: &mut Draws) -> Self {
        Self::clear(number).rerandomised(key, draws)
    }

    /// Encrypts a random number that is not 0: what padding is made of.
    #[must_use]
    pub fn nonzero(key: &JointKey, draws: &mut Draws) -> Self {
        Self::clear(1).times(draws).rerandomised(key, draws)
    }

    /// The same number under fresh randomness: nobody without the key sees that it is the same.
    #[must_use]
    pub fn rerandomised(self, key: &JointKey, draws: &mut Draws) -> Self {
        let fresh = draws.scalar();
        Self { c: self.c + RISTRETTO_BASEPOINT_TABLE * &fresh, d: self.d + key.times(&fresh) }
    }

    /// The number times a drawn one that is not 0: 0 stays 0, all others become equally likely.
    #[must_use]
    pub fn times(self, draws: &mut Draws) -> Self {
        self.scaled(&draws.nonzero())
    }

    pub(crate) fn scaled(self, by: &Scalar) -> Self {
        Self { c: self.c * by, d: self.d * by }
    }

    /// Whether the first half is the neutral element: such a value opens without any key.
    pub(crate) fn is_bare(&self) -> bool {
        self.c == RistrettoPoint::identity()
    }
}

impl Add for Ciphertext {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { c: self.c + other.c, d: self.d + other.d }
    }
}

impl Sub for Ciphertext {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { c: self.c - other.c, d: self.d - other.d }
    }
}

impl Sum for Ciphertext {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self { c: RistrettoPoint::identity(), d: RistrettoPoint::identity() }, Add::add)
    }
}

pub(crate) fn signed(number: i64) -> Scalar {
    let size = Scalar::from(number.unsigned_abs());
    if number < 0 { -size } else { size }
}

/// What all shares together open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened(pub(crate) RistrettoPoint);

impl Opened {
    /// Whether the number is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == RistrettoPoint::identity()
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(crate) fn minus(&self, number: i64) -> Self {
        Self(self.0 - RISTRETTO_BASEPOINT_TABLE * &signed(number))
    }

    /// The number, where it is at most `most`: found in about twice the root of that many steps (Shanks 1971).
    pub(crate) fn found(&self, most: u64) -> Option<u64> {
        let stride = most.isqrt() + 1;
        let mut small = BTreeMap::new();
        let mut at = RistrettoPoint::identity();
        for number in 0..stride {
            small.insert(at.compress().to_bytes(), number);
            at += RISTRETTO_BASEPOINT_POINT;
        }
        let mut rest = self.0;
        for strides in 0..=stride {
            if let Some(number) = small.get(rest.compress().as_bytes()) {
                return Some(strides * stride + number).filter(|found| *found <= most);
            }
            rest -= at;
        }
        None
    }

    /// The number, where it is at most `most`: found by counting, so `most` must be small.
    #[must_use]
    pub fn small(&self, most: u64) -> Option<u64> {
        let mut at = RistrettoPoint::identity();
        for number in 0..=most {
            if at == self.0 {
                return Some(number);
            }
            at += RISTRETTO_BASEPOINT_POINT;
        }
        None
    }
}
