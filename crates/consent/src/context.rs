//! What a handler is given from outside: the time, the key, fresh random bytes.

use crate::{ConsentError, draft::Draft, record::Clock};
use protocol::{IdentityKey, Nonce, PartyId, Salt, UnixSeconds};
use sha2::{Digest as _, Sha256};

/// One call's surroundings. Time and randomness are parameters: the same inputs give the same outline.
pub struct Context<'k> {
    time: UnixSeconds,
    key: &'k IdentityKey,
    seed: [u8; 32],
    drawn: u32,
}

impl<'k> Context<'k> {
    /// `time` by this machine's clock; `seed` 32 fresh random bytes for this call alone.
    #[must_use]
    pub fn new(time: UnixSeconds, key: &'k IdentityKey, seed: [u8; 32]) -> Self {
        Self { time, key, seed, drawn: 0 }
    }

    /// Now, never earlier than the latest time ever acted on: a clock set back does not revive what expired.
    pub fn now(&self, draft: &mut Draft<'_>) -> Result<UnixSeconds, ConsentError> {
        let latest: Option<Clock> = draft.get(Clock::KEY)?;
        let latest = latest.map_or(0, |clock| clock.latest);
        if self.time > latest {
            draft.put(Clock::KEY, &Clock { latest: self.time })?;
        }
        Ok(self.time.max(latest))
    }

    /// This party.
    #[must_use]
    pub fn me(&self) -> PartyId {
        self.key.party()
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &'k IdentityKey {
        self.key
    }

    /// A fresh salt.
    pub fn salt(&mut self) -> Salt {
        Salt(self.draw())
    }

    /// A fresh nonce.
    pub fn nonce(&mut self) -> Nonce {
        Nonce(self.draw())
    }

    /// Fresh secret bytes.
    pub fn secret(&mut self) -> [u8; 32] {
        self.draw()
    }

    /// SHA-256("halfdoor/fresh/1" ‖ seed ‖ counter), cut: at most 32 bytes, each draw another counter.
    fn draw<const N: usize>(&mut self) -> [u8; N] {
        let hash = Sha256::new()
            .chain_update(b"halfdoor/fresh/1")
            .chain_update(self.seed)
            .chain_update(self.drawn.to_be_bytes())
            .finalize();
        self.drawn += 1;
        let mut out = [0; N];
        for (to, from) in out.iter_mut().zip(hash) {
            *to = from;
        }
        out
    }
}

#[cfg(test)]
mod tests;
