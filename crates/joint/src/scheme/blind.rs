//! Each holder in turn multiplies every value by a secret number of its own, so that only "0 or not" is left of it,
//! also for a lender that knows what it multiplied with and sits beside the one who opens.

use super::{
    Ciphertext, Draws, JointKey, MOST_VALUES, Reader, Refused,
    batch::Batch,
    bytes::{ciphertexts_to, put_ciphertext},
    transcript::Transcript,
};
use curve25519_dalek::Scalar;
use zeroize::Zeroizing;

/// One holder's turn: every value multiplied, each by its own number, with the proof (Chaum and Pedersen 1992, over
/// the two halves of the value). 160 bytes for each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blinding(Vec<Blinded>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Blinded {
    value: Ciphertext,
    commitment: Ciphertext,
    response: Scalar,
}

impl Blinding {
    /// Multiplies the values.
    #[must_use]
    pub fn new(key: &JointKey, holder: usize, values: &[Ciphertext], draws: &mut Draws) -> Self {
        let factors = Zeroizing::new(values.iter().map(|_| draws.nonzero()).collect::<Vec<_>>());
        Self::by(key, holder, values, &factors, draws)
    }

    /// Multiplies each value by its factor, whatever that is.
    pub(super) fn by(
        key: &JointKey,
        holder: usize,
        values: &[Ciphertext],
        factors: &[Scalar],
        draws: &mut Draws,
    ) -> Self {
        let nonces = Zeroizing::new(values.iter().map(|_| draws.nonzero()).collect::<Vec<_>>());
        let mut all = Vec::with_capacity(values.len());
        for (value, (factor, nonce)) in values.iter().zip(factors.iter().zip(nonces.iter())) {
            all.push(Blinded { value: value.scaled(factor), commitment: value.scaled(nonce), response: Scalar::ZERO });
        }
        let challenge = challenge(key, holder, values, &all);
        for (one, (factor, nonce)) in all.iter_mut().zip(factors.iter().zip(nonces.iter())) {
            one.response = nonce + challenge * factor;
        }
        Self(all)
    }

    /// The values as they go on to the next holder.
    #[must_use]
    pub fn values(&self) -> Vec<Ciphertext> {
        self.0.iter().map(|one| one.value).collect()
    }

    /// Whether this holder multiplied each of these values by a number that is not 0.
    ///
    /// # Errors
    /// It did not, or it gave a value back as it was.
    pub fn verify(
        &self,
        key: &JointKey,
        holder: usize,
        before: &[Ciphertext],
        draws: &mut Draws,
    ) -> Result<(), Refused> {
        if self.0.len() != before.len() {
            return Err(Refused::Count { found: self.0.len(), announced: before.len() });
        }
        let challenge = challenge(key, holder, before, &self.0);
        let mut batch = Batch::new();
        for (one, before) in self.0.iter().zip(before) {
            // an input that is not bare times 0 would be
            if one.value == *before || one.value.is_bare() {
                return Err(Refused::Blinding(holder));
            }
            for (base, after, commitment) in
                [(before.c, one.value.c, one.commitment.c), (before.d, one.value.d, one.commitment.d)]
            {
                let mut equation = batch.equation(draws);
                equation.add(one.response, base);
                equation.add(-challenge, after);
                equation.add(-Scalar::ONE, commitment);
            }
        }
        if batch.holds(None) { Ok(()) } else { Err(Refused::Blinding(holder)) }
    }

    /// Its bytes: 160 for each value.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 160);
        for one in &self.0 {
            put_ciphertext(&mut out, &one.value);
            put_ciphertext(&mut out, &one.commitment);
            out.extend_from_slice(one.response.as_bytes());
        }
        out
    }

    /// Reads the turn of a holder over so many values.
    ///
    /// # Errors
    /// The bytes are not that.
    pub fn from_bytes(bytes: &[u8], values: usize) -> Result<Self, Refused> {
        let found = bytes.len() / 160;
        if found != values || found > MOST_VALUES {
            return Err(Refused::Count { found, announced: values });
        }
        let mut reader = Reader::new(bytes);
        let mut one = || {
            Ok(Blinded { value: reader.ciphertext()?, commitment: reader.ciphertext()?, response: reader.scalar()? })
        };
        let all = (0..found).map(|_| one()).collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self(all))
    }
}

/// One challenge for all values: it depends on all of them, before and after.
fn challenge(key: &JointKey, holder: usize, before: &[Ciphertext], all: &[Blinded]) -> Scalar {
    let mut transcript = Transcript::new("blind", key.id(), holder);
    transcript.bytes("before", &ciphertexts_to(before));
    transcript.bytes("after", &ciphertexts_to(&all.iter().map(|one| one.value).collect::<Vec<_>>()));
    transcript.bytes("commitments", &ciphertexts_to(&all.iter().map(|one| one.commitment).collect::<Vec<_>>()));
    transcript.challenge("challenge")
}
