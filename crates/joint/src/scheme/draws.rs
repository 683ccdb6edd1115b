//! Randomness from a 32-byte seed: the same seed, label and context always give the same numbers.

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use curve25519_dalek::Scalar;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Numbers drawn from a seed by ChaCha20 (RFC 8439). A holder takes a fresh seed of the operating system for every
/// step and never draws twice from one: two proofs made with the same numbers would give away its secret. A lender
/// commits to its seed, so that an auditor draws the same numbers.
pub struct Draws(ChaCha20Rng);

impl Draws {
    /// Draws for one use: the label says which, the context binds it to a request or a key.
    #[must_use]
    pub fn new(label: &str, context: &[u8], seed: &[u8; 32]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"halfdoor/joint/draws/1");
        for part in [label.as_bytes(), context] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(seed);
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(hash.finalize().into());
        Self(ChaCha20Rng::from_seed(*key))
    }

    /// A number below the group's order; 64 drawn bytes leave no bias that could be seen.
    pub(crate) fn scalar(&mut self) -> Scalar {
        let mut bytes = Zeroizing::new([0; 64]);
        self.0.fill_bytes(bytes.as_mut());
        Scalar::from_bytes_mod_order_wide(&bytes)
    }

    pub(crate) fn nonzero(&mut self) -> Scalar {
        loop {
            let drawn = self.scalar();
            if drawn != Scalar::ZERO {
                return drawn;
            }
        }
    }

    /// 128 bits: enough to weigh the equations of a batch.
    pub(crate) fn weight(&mut self) -> Scalar {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Scalar::from(u128::from_le_bytes(bytes))
    }

    /// Every number below `end` equally likely; 0 where there is none.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let Some(whole) = u64::MAX.checked_rem(end).map(|rest| u64::MAX - rest) else { return 0 };
        loop {
            let drawn = self.0.next_u64();
            if drawn < whole {
                return drawn % end;
            }
        }
    }

    /// Every order equally likely (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }
}
