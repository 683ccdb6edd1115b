//! Shares of an opening, each with a proof that it is the holder's own.

use super::{
    Ciphertext, Draws, JointKey, KeyShare, MOST_VALUES, Opened, Reader, Refused,
    bytes::{ciphertexts_to, put},
    transcript::Transcript,
};
use curve25519_dalek::{RistrettoPoint, Scalar, constants::RISTRETTO_BASEPOINT_TABLE, traits::VartimeMultiscalarMul};
use zeroize::Zeroizing;

/// One holder's shares of all values, 32 bytes each, and one proof of 64 bytes for all of them: equality of
/// logarithms (Chaum and Pedersen 1992) over one weighted sum (RFC 9497, section 2.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    points: Vec<RistrettoPoint>,
    challenge: Scalar,
    response: Scalar,
}

impl Share {
    /// This holder's shares of the values.
    ///
    /// # Errors
    /// The key share is of another key.
    pub fn new(key: &JointKey, own: &KeyShare, values: &[Ciphertext], draws: &mut Draws) -> Result<Self, Refused> {
        if key.public(own.holder())? != RISTRETTO_BASEPOINT_TABLE * own.secret() {
            return Err(Refused::Share(own.holder()));
        }
        let points: Vec<RistrettoPoint> = values.iter().map(|value| value.c * own.secret()).collect();
        let mut composite = Composite::of(key, own.holder(), values, &points);
        let nonce = Zeroizing::new(draws.nonzero());
        let challenge = composite.challenge(&(RISTRETTO_BASEPOINT_TABLE * &*nonce), &(composite.values * *nonce));
        Ok(Self { points, challenge, response: *nonce - challenge * own.secret() })
    }

    /// Whether it is this holder's share of exactly these values, of this request.
    ///
    /// # Errors
    /// It is not.
    pub fn verify(&self, key: &JointKey, holder: usize, values: &[Ciphertext]) -> Result<(), Refused> {
        if self.points.len() != values.len() {
            return Err(Refused::Count { found: self.points.len(), announced: values.len() });
        }
        let public = key.public(holder)?;
        let mut composite = Composite::of(key, holder, values, &self.points);
        let first = RistrettoPoint::vartime_double_scalar_mul_basepoint(&self.challenge, &public, &self.response);
        let second = RistrettoPoint::vartime_multiscalar_mul(
            [self.response, self.challenge],
            [composite.values, composite.points],
        );
        if composite.challenge(&first, &second) == self.challenge { Ok(()) } else { Err(Refused::Share(holder)) }
    }

    /// Its bytes: 32 for each value and 64.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.points.len() * 32 + 64);
        self.points.iter().for_each(|point| put(&mut out, point));
        out.extend_from_slice(self.challenge.as_bytes());
        out.extend_from_slice(self.response.as_bytes());
        out
    }

    /// Reads a share of so many values.
    ///
    /// # Errors
    /// The bytes are not that.
    pub fn from_bytes(bytes: &[u8], values: usize) -> Result<Self, Refused> {
        if values > MOST_VALUES {
            return Err(Refused::Count { found: values, announced: MOST_VALUES });
        }
        let mut reader = Reader::new(bytes);
        let points = (0..values).map(|_| reader.point()).collect::<Result<_, _>>()?;
        let share = Self { points, challenge: reader.scalar()?, response: reader.scalar()? };
        reader.end()?;
        Ok(share)
    }
}

/// The values and the shares as one weighted sum each.
struct Composite {
    transcript: Transcript,
    values: RistrettoPoint,
    points: RistrettoPoint,
}

impl Composite {
    fn of(key: &JointKey, holder: usize, values: &[Ciphertext], points: &[RistrettoPoint]) -> Self {
        let mut transcript = Transcript::new("share", key.id(), holder);
        transcript.bytes("values", &ciphertexts_to(values));
        points.iter().for_each(|point| transcript.computed("share", point));
        let weights: Vec<Scalar> = values.iter().map(|_| transcript.challenge("weight")).collect();
        let values = RistrettoPoint::vartime_multiscalar_mul(&weights, values.iter().map(|value| value.c));
        let points = RistrettoPoint::vartime_multiscalar_mul(&weights, points);
        Self { transcript, values, points }
    }

    fn challenge(&mut self, first: &RistrettoPoint, second: &RistrettoPoint) -> Scalar {
        self.transcript.computed("first", first);
        self.transcript.computed("second", second);
        self.transcript.challenge("challenge")
    }
}

/// Opens the values with the shares of all holders, in their order, each checked first.
///
/// # Errors
/// A holder's share is missing or not its own of these values.
pub fn open(key: &JointKey, values: &[Ciphertext], shares: &[Share]) -> Result<Vec<Opened>, Refused> {
    if shares.len() != key.holders() {
        return Err(Refused::Holders);
    }
    shares.iter().enumerate().try_for_each(|(holder, share)| share.verify(key, holder, values))?;
    let mut opened: Vec<Opened> = values.iter().map(|value| Opened(value.d)).collect();
    for share in shares {
        opened.iter_mut().zip(&share.points).for_each(|(one, point)| one.0 -= point);
    }
    Ok(opened)
}
