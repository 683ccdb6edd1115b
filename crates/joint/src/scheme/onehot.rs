//! A feature as one encrypted 1 among encrypted 0s, with a proof of exactly that in a size that grows with the
//! logarithm of the bins: the unit vector argument of Zhang, Oliynykov and Balogun, "A Treasury System for
//! Cryptocurrencies" (NDSS 2019), which extends Groth and Kohlweiss (EUROCRYPT 2015).

use super::{
    Ciphertext, Draws, JointKey, Reader, Refused,
    batch::{Batch, SECOND_TABLE},
    bytes::{ciphertexts_to, put, put_ciphertext},
    transcript::Transcript,
};
use curve25519_dalek::{
    RistrettoPoint, Scalar,
    constants::{RISTRETTO_BASEPOINT_POINT, RISTRETTO_BASEPOINT_TABLE},
    traits::Identity,
};
use std::collections::BTreeSet;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

/// One encrypted feature: 64 bytes for each bin, 256 for each bit of a bin's number, and 32.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneHot {
    bins: Vec<Ciphertext>,
    /// The same as bytes: making them is a good part of the work.
    encoded: Vec<u8>,
    bits: Vec<Bit>,
    sums: Vec<Ciphertext>,
    response: Scalar,
}

/// Commitments to one bit of the hot bin's number, and the answers to the challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bit {
    bit: RistrettoPoint,
    mask: RistrettoPoint,
    product: RistrettoPoint,
    z: Scalar,
    w: Scalar,
    v: Scalar,
}

/// What only the prover knows of a bit.
struct Secret {
    bit: Scalar,
    mask: Scalar,
    blinds: [Scalar; 3],
}

impl OneHot {
    /// Encrypts bin `hot` of `bins` as this holder's value of a feature.
    ///
    /// # Errors
    /// There is no such bin, or not 2 to 64 bins.
    pub fn new(
        key: &JointKey,
        holder: usize,
        feature: usize,
        (hot, bins): (usize, usize),
        draws: &mut Draws,
    ) -> Result<Self, Refused> {
        if hot >= bins || !(2..=64).contains(&bins) {
            return Err(Refused::Bin { bin: hot, bins });
        }
        let randomness: Zeroizing<Vec<Scalar>> = Zeroizing::new((0..bins).map(|_| draws.scalar()).collect());
        let encrypted = randomness.iter().enumerate().map(|(bin, fresh)| {
            let one = one_where((bin as u64).ct_eq(&(hot as u64)));
            Ciphertext { c: RISTRETTO_BASEPOINT_TABLE * fresh, d: key.times(fresh) + one }
        });
        Ok(Self::prove(key, (holder, feature), hot, encrypted.collect(), &randomness, draws))
    }

    pub(super) fn prove(
        key: &JointKey,
        (holder, feature): (usize, usize),
        hot: usize,
        bins: Vec<Ciphertext>,
        randomness: &[Scalar],
        draws: &mut Draws,
    ) -> Self {
        let depth = depth(bins.len());
        let secrets: Vec<Secret> = (0..depth)
            .rev()
            .map(|at| Secret {
                bit: Scalar::from((hot as u64 >> at) & 1),
                mask: draws.scalar(),
                blinds: [draws.scalar(), draws.scalar(), draws.scalar()],
            })
            .collect();
        let mut bits: Vec<Bit> = secrets.iter().map(Secret::commit).collect();
        let encoded = ciphertexts_to(&bins);
        let mut transcript = Transcript::new("one-hot", key.id(), holder);
        let y = first(&mut transcript, feature, &encoded, &bits);
        let fresh: Zeroizing<Vec<Scalar>> = Zeroizing::new((0..depth).map(|_| draws.scalar()).collect());
        let coefficients = coefficients(&secrets, y);
        let sums: Vec<Ciphertext> = coefficients
            .iter()
            .zip(fresh.iter())
            .map(|(number, fresh)| Ciphertext {
                c: RISTRETTO_BASEPOINT_TABLE * fresh,
                d: RISTRETTO_BASEPOINT_TABLE * number + key.times(fresh),
            })
            .collect();
        let x = second(&mut transcript, &sums);
        for (bit, secret) in bits.iter_mut().zip(&secrets) {
            let [alpha, gamma, delta] = secret.blinds;
            bit.z = secret.bit * x + secret.mask;
            bit.w = alpha * x + gamma;
            bit.v = alpha * (x - bit.z) + delta;
        }
        let highest = powers(x).nth(depth).unwrap_or(Scalar::ONE);
        let response = randomness.iter().zip(powers(y)).map(|(r, y)| r * y).sum::<Scalar>() * highest
            + fresh.iter().zip(powers(x)).map(|(r, x)| r * x).sum::<Scalar>();
        Self { bins, encoded, bits, sums, response }
    }

    /// The encrypted bins.
    #[must_use]
    pub fn bins(&self) -> &[Ciphertext] {
        &self.bins
    }

    /// Whether each input is exactly one bin, encrypted by its own holder for this request, and none is another's
    /// copy. Inputs are named by holder and feature.
    ///
    /// # Errors
    /// One of them is not.
    pub fn verify_all(key: &JointKey, inputs: &[(usize, usize, &Self)], draws: &mut Draws) -> Result<(), Refused> {
        let mut seen = BTreeSet::new();
        let mut batch = Batch::new();
        for &(holder, feature, input) in inputs {
            // the first half of each ciphertext
            if !input.encoded.chunks(64).all(|one| seen.insert(one.get(..32))) {
                return Err(Refused::Copied);
            }
            if one_bare(&input.bins) {
                return Err(Refused::Input);
            }
            input.equations(key, holder, feature, &mut batch, draws);
        }
        if batch.holds(Some(key)) { Ok(()) } else { Err(Refused::Input) }
    }

    fn equations(&self, key: &JointKey, holder: usize, feature: usize, batch: &mut Batch, draws: &mut Draws) {
        let mut transcript = Transcript::new("one-hot", key.id(), holder);
        let y = first(&mut transcript, feature, &self.encoded, &self.bits);
        let x = second(&mut transcript, &self.sums);
        for bit in &self.bits {
            let mut equation = batch.equation(draws);
            equation.add(x, bit.bit);
            equation.add(Scalar::ONE, bit.mask);
            equation.base(-bit.z);
            equation.second(-bit.w);
            let mut equation = batch.equation(draws);
            equation.add(x - bit.z, bit.bit);
            equation.add(Scalar::ONE, bit.product);
            equation.second(-bit.v);
        }
        // the hot bin's number has these bits: every bin's weight at the challenge
        let mut weights = vec![Scalar::ONE];
        for bit in &self.bits {
            weights = weights.iter().flat_map(|weight| [weight * (x - bit.z), weight * bit.z]).collect();
        }
        let expected: Scalar = weights.iter().zip(powers(y)).map(|(weight, y)| weight * y).sum();
        let highest = powers(x).nth(self.bits.len()).unwrap_or(Scalar::ONE);
        let halves: [fn(&Ciphertext) -> RistrettoPoint; 2] = [|one| one.c, |one| one.d];
        for (at, half) in halves.into_iter().enumerate() {
            let mut equation = batch.equation(draws);
            for (one, y) in self.bins.iter().zip(powers(y)) {
                equation.add(y * highest, half(one));
            }
            for (one, x) in self.sums.iter().zip(powers(x)) {
                equation.add(x, half(one));
            }
            if at == 0 {
                equation.base(-self.response);
            } else {
                equation.base(-expected);
                equation.joint(-self.response);
            }
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.encoded.clone();
        for bit in &self.bits {
            [bit.bit, bit.mask, bit.product].iter().for_each(|point| put(&mut out, point));
            [bit.z, bit.w, bit.v].iter().for_each(|scalar| out.extend_from_slice(scalar.as_bytes()));
        }
        self.sums.iter().for_each(|one| put_ciphertext(&mut out, one));
        out.extend_from_slice(self.response.as_bytes());
        out
    }

    /// How many bytes a feature of so many bins has.
    #[must_use]
    pub fn length(bins: usize) -> usize {
        bins * 64 + depth(bins) * 256 + 32
    }

    /// Reads a feature of so many bins.
    ///
    /// # Errors
    /// The bytes are not that.
    pub fn from_bytes(bytes: &[u8], bins: usize) -> Result<Self, Refused> {
        if !(2..=64).contains(&bins) || bytes.len() != Self::length(bins) {
            return Err(Refused::Malformed);
        }
        let mut reader = Reader::new(bytes);
        let encrypted = (0..bins).map(|_| reader.ciphertext()).collect::<Result<_, _>>()?;
        let mut bit = || {
            let (bit, mask, product) = (reader.point()?, reader.point()?, reader.point()?);
            Ok(Bit { bit, mask, product, z: reader.scalar()?, w: reader.scalar()?, v: reader.scalar()? })
        };
        let bits = (0..depth(bins)).map(|_| bit()).collect::<Result<_, _>>()?;
        let sums = (0..depth(bins)).map(|_| reader.ciphertext()).collect::<Result<_, _>>()?;
        let response = reader.scalar()?;
        reader.end()?;
        let encoded = bytes.get(..bins * 64).unwrap_or_default().to_vec();
        Ok(Self { bins: encrypted, encoded, bits, sums, response })
    }
}

impl Secret {
    fn commit(&self) -> Bit {
        let [alpha, gamma, delta] = &self.blinds;
        let commit = |number: &Scalar, blind: &Scalar| RISTRETTO_BASEPOINT_TABLE * number + &*SECOND_TABLE * blind;
        Bit {
            bit: commit(&self.bit, alpha),
            mask: commit(&self.mask, gamma),
            product: commit(&(self.bit * self.mask), delta),
            z: Scalar::ZERO,
            w: Scalar::ZERO,
            v: Scalar::ZERO,
        }
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.bit.zeroize();
        self.mask.zeroize();
        self.blinds.zeroize();
    }
}

fn one_bare(bins: &[Ciphertext]) -> bool {
    bins.iter().any(Ciphertext::is_bare)
}

/// The generator where the choice is true, else the neutral element, in the same time.
fn one_where(choice: Choice) -> RistrettoPoint {
    RistrettoPoint::conditional_select(&RistrettoPoint::identity(), &RISTRETTO_BASEPOINT_POINT, choice)
}

/// Bits of the number of the last bin.
fn depth(bins: usize) -> usize {
    bins.next_power_of_two().trailing_zeros() as usize
}

fn powers(of: Scalar) -> impl Iterator<Item = Scalar> {
    std::iter::successors(Some(Scalar::ONE), move |last| Some(last * of))
}

/// The coefficients, below the highest power, of the sum over all bins of `y^bin` times the bin's polynomial: the
/// product of `bit·x + mask` for each 1 of its number and of `(1 − bit)·x − mask` for each 0.
fn coefficients(secrets: &[Secret], y: Scalar) -> Vec<Scalar> {
    let mut polynomials = vec![vec![Scalar::ONE]];
    for secret in secrets {
        let (one, zero) = ((secret.bit, secret.mask), (Scalar::ONE - secret.bit, -secret.mask));
        polynomials = polynomials.iter().flat_map(|p| [times(p, zero), times(p, one)]).collect();
    }
    let mut sums = vec![Scalar::ZERO; secrets.len()];
    for (polynomial, y) in polynomials.iter().zip(powers(y)) {
        sums.iter_mut().zip(polynomial).for_each(|(sum, coefficient)| *sum += coefficient * y);
    }
    sums
}

/// A polynomial, lowest coefficient first, times `slope·x + constant`.
fn times(polynomial: &[Scalar], (slope, constant): (Scalar, Scalar)) -> Vec<Scalar> {
    let low = polynomial.iter().map(|one| one * constant).chain([Scalar::ZERO]);
    let high = [Scalar::ZERO].into_iter().chain(polynomial.iter().map(|one| one * slope));
    low.zip(high).map(|(low, high)| low + high).collect()
}

fn first(transcript: &mut Transcript, feature: usize, encoded: &[u8], bits: &[Bit]) -> Scalar {
    transcript.number("feature", feature);
    // in their order, so each is bound to its bin
    transcript.bytes("ciphertexts", encoded);
    for bit in bits {
        transcript.computed("bit", &bit.bit);
        transcript.computed("mask", &bit.mask);
        transcript.computed("product", &bit.product);
    }
    transcript.challenge("y")
}

fn second(transcript: &mut Transcript, sums: &[Ciphertext]) -> Scalar {
    transcript.bytes("sums", &ciphertexts_to(sums));
    transcript.challenge("x")
}
