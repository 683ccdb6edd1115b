//! Many equations between points checked as one (Bellare, Garay and Rabin 1998: the small-exponents test).

use super::{Draws, key::JointKey};
use curve25519_dalek::{
    RistrettoPoint, Scalar,
    constants::RISTRETTO_BASEPOINT_POINT,
    ristretto::RistrettoBasepointTable,
    traits::{IsIdentity, VartimeMultiscalarMul},
};
use sha2::{Digest, Sha512};
use std::sync::LazyLock;

/// The second generator of commitments: nobody knows its logarithm, for it is hashed from a name.
pub(super) static SECOND: LazyLock<RistrettoPoint> =
    LazyLock::new(|| RistrettoPoint::from_uniform_bytes(&Sha512::digest(b"halfdoor/joint/second generator/1").into()));

/// The same, made ready for many multiplications.
pub(super) static SECOND_TABLE: LazyLock<RistrettoBasepointTable> =
    LazyLock::new(|| RistrettoBasepointTable::create(&SECOND));

/// A sum of points that is neutral when every equation holds, and else only with a chance of 2^-128, whatever the
/// prover does: it does not know the weights.
pub(super) struct Batch {
    base: Scalar,
    second: Scalar,
    joint: Scalar,
    scalars: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self { base: Scalar::ZERO, second: Scalar::ZERO, joint: Scalar::ZERO, scalars: Vec::new(), points: Vec::new() }
    }

    /// Begins one equation "the sum is neutral".
    pub(super) fn equation(&mut self, draws: &mut Draws) -> Equation<'_> {
        Equation { weight: draws.weight(), batch: self }
    }

    /// Whether all hold.
    pub(super) fn holds(mut self, key: Option<&JointKey>) -> bool {
        self.scalars.extend([self.base, self.second]);
        self.points.extend([RISTRETTO_BASEPOINT_POINT, *SECOND]);
        if let Some(key) = key {
            self.scalars.push(self.joint);
            self.points.push(key.point());
        }
        RistrettoPoint::vartime_multiscalar_mul(&self.scalars, &self.points).is_identity()
    }
}

pub(super) struct Equation<'a> {
    weight: Scalar,
    batch: &'a mut Batch,
}

impl Equation<'_> {
    pub(super) fn add(&mut self, by: Scalar, point: RistrettoPoint) {
        self.batch.scalars.push(self.weight * by);
        self.batch.points.push(point);
    }

    pub(super) fn base(&mut self, by: Scalar) {
        self.batch.base += self.weight * by;
    }

    pub(super) fn second(&mut self, by: Scalar) {
        self.batch.second += self.weight * by;
    }

    pub(super) fn joint(&mut self, by: Scalar) {
        self.batch.joint += self.weight * by;
    }
}
