//! Key shares, fresh for each request: committed, then revealed with a proof of possession, then summed.

use super::{Draws, Reader, Refused, bytes::put, transcript::Transcript};
use crate::model::HOLDERS;
use curve25519_dalek::{
    RistrettoPoint, Scalar, constants::RISTRETTO_BASEPOINT_TABLE, ristretto::RistrettoBasepointTable,
    traits::IsIdentity,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A holder's secret share of one request's key. It is wiped when dropped and never leaves its holder.
pub struct KeyShare {
    secret: Zeroizing<Scalar>,
    holder: usize,
    request: [u8; 32],
    reveal: Reveal,
}

/// A public key share with the proof that its holder knows the secret (Schnorr 1991, Fiat and Shamir 1986), which
/// stops a key computed from the others' ("rogue key"). 96 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    public: RistrettoPoint,
    commitment: RistrettoPoint,
    response: Scalar,
}

impl KeyShare {
    /// A fresh share of this holder for this request.
    #[must_use]
    pub fn generate(request: [u8; 32], holder: usize, draws: &mut Draws) -> Self {
        let secret = Zeroizing::new(draws.nonzero());
        let nonce = Zeroizing::new(draws.nonzero());
        let public = RISTRETTO_BASEPOINT_TABLE * &*secret;
        let commitment = RISTRETTO_BASEPOINT_TABLE * &*nonce;
        let response = *nonce + possession(&request, holder, &public, &commitment) * *secret;
        Self { secret, holder, request, reveal: Reveal { public, commitment, response } }
    }

    /// What is sent first: it fixes the share before any other is seen.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        self.reveal.commitment(&self.request, self.holder)
    }

    /// What is sent once every commitment is there.
    #[must_use]
    pub fn reveal(&self) -> Reveal {
        self.reveal
    }

    /// The holder whose share it is.
    #[must_use]
    pub fn holder(&self) -> usize {
        self.holder
    }

    pub(super) fn secret(&self) -> &Scalar {
        &self.secret
    }
}

impl Reveal {
    /// Its 96 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        put(&mut out, &self.public);
        put(&mut out, &self.commitment);
        out.extend_from_slice(self.response.as_bytes());
        out
    }

    /// Reads 96 bytes.
    ///
    /// # Errors
    /// They are not a reveal.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refused> {
        let mut reader = Reader::new(bytes);
        let reveal = Self { public: reader.point()?, commitment: reader.point()?, response: reader.scalar()? };
        reader.end()?;
        Ok(reveal)
    }

    pub(super) fn commitment(&self, request: &[u8; 32], holder: usize) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(b"halfdoor/joint/key share/1");
        hash.update(request);
        hash.update((holder as u64).to_be_bytes());
        hash.update(self.to_bytes());
        hash.finalize().into()
    }

    fn verifies(&self, request: &[u8; 32], holder: usize) -> bool {
        let challenge = possession(request, holder, &self.public, &self.commitment);
        let expected = self.commitment + self.public * challenge;
        !self.public.is_identity() && RISTRETTO_BASEPOINT_TABLE * &self.response == expected
    }
}

fn possession(request: &[u8; 32], holder: usize, public: &RistrettoPoint, commitment: &RistrettoPoint) -> Scalar {
    let mut transcript = Transcript::new("possession", request, holder);
    transcript.computed("public", public);
    transcript.computed("commitment", commitment);
    transcript.challenge("challenge")
}

/// The key under which one request's inputs are encrypted: the sum of all holders' shares.
pub struct JointKey {
    publics: Vec<RistrettoPoint>,
    table: RistrettoBasepointTable,
    id: [u8; 32],
}

impl JointKey {
    /// Checks every reveal against its commitment and sums the shares. Both are in the order of the holders.
    ///
    /// # Errors
    /// Too few or too many holders, a share that was not committed or not proven for this request, equal shares, or
    /// shares that cancel out.
    pub fn combine(request: [u8; 32], commitments: &[[u8; 32]], reveals: &[Reveal]) -> Result<Self, Refused> {
        if commitments.len() != reveals.len() || !HOLDERS.contains(&reveals.len()) {
            return Err(Refused::Holders);
        }
        let mut id = Sha256::new_with_prefix(b"halfdoor/joint/key/1");
        id.update(request);
        let mut publics = Vec::new();
        for (holder, (commitment, reveal)) in commitments.iter().zip(reveals).enumerate() {
            if *commitment != reveal.commitment(&request, holder) {
                return Err(Refused::Uncommitted(holder));
            }
            if !reveal.verifies(&request, holder) {
                return Err(Refused::Possession(holder));
            }
            if publics.contains(&reveal.public) {
                return Err(Refused::Key);
            }
            publics.push(reveal.public);
            id.update(reveal.public.compress().as_bytes());
        }
        let sum: RistrettoPoint = publics.iter().sum();
        if sum.is_identity() {
            return Err(Refused::Key);
        }
        Ok(Self { publics, table: RistrettoBasepointTable::create(&sum), id: id.finalize().into() })
    }

    /// Names this key, its request and its holders: what every later proof binds.
    #[must_use]
    pub fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// How many holders it needs: all of them.
    #[must_use]
    pub fn holders(&self) -> usize {
        self.publics.len()
    }

    pub(super) fn public(&self, holder: usize) -> Result<RistrettoPoint, Refused> {
        self.publics.get(holder).copied().ok_or(Refused::Holders)
    }

    pub(super) fn point(&self) -> RistrettoPoint {
        self.table.basepoint()
    }

    pub(super) fn times(&self, scalar: &Scalar) -> RistrettoPoint {
        &self.table * scalar
    }
}
