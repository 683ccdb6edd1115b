//! Encrypted numbers with a proof that whoever encrypted them knows them: such numbers cannot depend on the inputs,
//! so a lender cannot have an input opened by adding it to what it sends.

use super::{
    Ciphertext, Draws, JointKey, MOST_VALUES, Reader, Refused,
    batch::Batch,
    bytes::{ciphertexts_to, put_ciphertext},
    transcript::Transcript,
};
use curve25519_dalek::{RistrettoPoint, Scalar, constants::RISTRETTO_BASEPOINT_TABLE};
use zeroize::Zeroizing;

/// The lender's numbers, each encrypted, with the proof that it knows the number and the randomness (Okamoto 1992,
/// one challenge for all). 192 bytes for each number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known(Vec<One>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct One {
    value: Ciphertext,
    commitment: Ciphertext,
    number: Scalar,
    fresh: Scalar,
}

impl Known {
    /// Encrypts the numbers. The step names what they are for.
    pub(crate) fn new(key: &JointKey, step: &'static str, numbers: &[Scalar], draws: &mut Draws) -> Self {
        let encrypt = |number: &Scalar, fresh: &Scalar| Ciphertext {
            c: RISTRETTO_BASEPOINT_TABLE * fresh,
            d: RISTRETTO_BASEPOINT_TABLE * number + key.times(fresh),
        };
        let mut secrets = Zeroizing::new(Vec::with_capacity(numbers.len()));
        let mut all = Vec::with_capacity(numbers.len());
        for number in numbers {
            let drawn = [draws.nonzero(), draws.nonzero(), draws.nonzero()];
            let [fresh, nonce, nonce_fresh] = &drawn;
            let (value, commitment) = (encrypt(number, fresh), encrypt(nonce, nonce_fresh));
            all.push(One { value, commitment, number: Scalar::ZERO, fresh: Scalar::ZERO });
            secrets.push(drawn);
        }
        let challenge = challenge(key, step, &all);
        for ((one, number), [fresh, nonce, nonce_fresh]) in all.iter_mut().zip(numbers).zip(secrets.iter()) {
            one.number = nonce + challenge * number;
            one.fresh = nonce_fresh + challenge * fresh;
        }
        Self(all)
    }

    /// The encrypted numbers.
    #[must_use]
    pub fn values(&self) -> Vec<Ciphertext> {
        self.0.iter().map(|one| one.value).collect()
    }

    /// Whether the lender knows every number.
    ///
    /// # Errors
    /// It did not prove it, for this request and this step.
    pub(crate) fn verify(&self, key: &JointKey, step: &'static str, draws: &mut Draws) -> Result<(), Refused> {
        let challenge = challenge(key, step, &self.0);
        let mut batch = Batch::new();
        for one in &self.0 {
            let halves: [fn(&Ciphertext) -> RistrettoPoint; 2] = [|one| one.c, |one| one.d];
            for (at, half) in halves.into_iter().enumerate() {
                let mut equation = batch.equation(draws);
                equation.add(challenge, half(&one.value));
                equation.add(Scalar::ONE, half(&one.commitment));
                if at == 0 {
                    equation.base(-one.fresh);
                } else {
                    equation.base(-one.number);
                    equation.joint(-one.fresh);
                }
            }
        }
        if batch.holds(Some(key)) { Ok(()) } else { Err(Refused::Known) }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 192);
        for one in &self.0 {
            put_ciphertext(&mut out, &one.value);
            put_ciphertext(&mut out, &one.commitment);
            out.extend_from_slice(one.number.as_bytes());
            out.extend_from_slice(one.fresh.as_bytes());
        }
        out
    }

    pub(crate) fn from_bytes(bytes: &[u8], announced: usize) -> Result<Self, Refused> {
        let found = bytes.len() / 192;
        if found != announced || found > MOST_VALUES {
            return Err(Refused::Count { found, announced });
        }
        let mut reader = Reader::new(bytes);
        let mut one = || {
            let (value, commitment) = (reader.ciphertext()?, reader.ciphertext()?);
            Ok(One { value, commitment, number: reader.scalar()?, fresh: reader.scalar()? })
        };
        let all = (0..found).map(|_| one()).collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self(all))
    }
}

/// The lender is no holder: its place is after the last.
fn challenge(key: &JointKey, step: &'static str, all: &[One]) -> Scalar {
    let mut transcript = Transcript::new("known", key.id(), key.holders());
    transcript.bytes("purpose", step.as_bytes());
    transcript.bytes("values", &ciphertexts_to(&all.iter().map(|one| one.value).collect::<Vec<_>>()));
    transcript.bytes("commitments", &ciphertexts_to(&all.iter().map(|one| one.commitment).collect::<Vec<_>>()));
    transcript.challenge("challenge")
}
