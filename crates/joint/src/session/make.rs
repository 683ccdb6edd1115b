//! A party's own posts, each made once.

use super::{Post, Session, Step, Trouble, outcome::Came, signature};
use crate::{
    evaluation::Evaluation,
    plan::Plan,
    scheme::{Blinding, Draws, JointKey, KeyShare, OneHot, Refused, Share},
};
use protocol::IdentityKey;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What a party brings of its own.
pub enum Own<'a> {
    /// A holder: the bin of each of its features, and the key that signs the outcome.
    Holder(&'a BTreeMap<u16, u8>, &'a IdentityKey),
    /// The lender: its plan, and the seed it committed to.
    Lender(&'a Plan, &'a [u8; 32]),
}

impl Session {
    /// Makes the post that is due. It, and the secret, must be durable before it is sent. `fresh` are 32 random bytes
    /// of the operating system for this call alone.
    ///
    /// # Errors
    /// This party cannot make it; nothing changed.
    pub fn make(&mut self, own: &Own<'_>, fresh: &[u8; 32]) -> Result<Option<Post>, Trouble> {
        let Some(step) = self.due() else { return Ok(None) };
        let payload = match (step, own) {
            (Step::Evaluation, Own::Lender(plan, seed)) => self.evaluate(plan, seed)?,
            (_, Own::Lender(..)) | (Step::Evaluation, _) => return Err(Trouble::Own),
            (Step::Commit, _) => self.share_of(fresh).commitment().to_vec(),
            (Step::Reveal, _) => self.share()?.reveal().to_bytes(),
            (Step::Inputs, Own::Holder(bins, _)) => self.encrypt(bins, fresh)?,
            (Step::Blinding, _) => {
                let mut draws = self.draws("blind", fresh);
                Blinding::new(self.key()?, self.me, &self.progress.values, &mut draws).to_bytes()
            }
            (Step::Share, _) => {
                let mut draws = self.draws("share", fresh);
                Share::new(self.key()?, &self.share()?, &self.progress.values, &mut draws)?.to_bytes()
            }
            (Step::Release, _) => self.shares(),
            (Step::Signature, Own::Holder(_, key)) => {
                let class = self.opened().ok_or(Trouble::Own)?;
                signature(&self.statement(Came::Class(class)), key)?
            }
        };
        if step == Step::Commit {
            self.secret = Some(Zeroizing::new(*fresh));
        }
        let made = self.keep(step, payload);
        // an own post verifies, or this program is wrong: then it goes no further
        let advanced = self.advance(fresh);
        advanced.inspect_err(|trouble| self.abort(&trouble.to_string()))?;
        Ok(Some(made))
    }

    /// Drawn again from the same secret it is the same share, with the same proof: nothing is used twice.
    fn share(&self) -> Result<KeyShare, Trouble> {
        self.secret.as_ref().map(|secret| self.share_of(secret)).ok_or(Trouble::Secret)
    }

    fn share_of(&self, secret: &[u8; 32]) -> KeyShare {
        KeyShare::generate(self.id, self.me, &mut self.draws("key", secret))
    }

    fn draws(&self, label: &str, fresh: &[u8; 32]) -> Draws {
        Draws::new(label, &self.id, fresh)
    }

    fn key(&self) -> Result<&JointKey, Trouble> {
        Ok(self.progress.key.as_ref().ok_or(Refused::Holders)?)
    }

    fn encrypt(&self, bins: &BTreeMap<u16, u8>, fresh: &[u8; 32]) -> Result<Vec<u8>, Trouble> {
        let (key, mut draws) = (self.key()?, self.draws("encrypt", fresh));
        let mut payload = Vec::new();
        for asked in self.terms.of(self.me) {
            let bin = *bins.get(&asked.feature).filter(|bin| **bin < asked.bins).ok_or(Trouble::Own)?;
            let encrypted = asked.encrypted();
            let place = (encrypted.place(bin), encrypted.count());
            payload.extend(OneHot::new(key, self.me, asked.feature.into(), place, &mut draws)?.to_bytes());
        }
        Ok(payload)
    }

    fn evaluate(&self, plan: &Plan, seed: &[u8; 32]) -> Result<Vec<u8>, Trouble> {
        let inputs = self.progress.inputs.as_ref().ok_or(Trouble::Own)?;
        // a class or a seed other than announced would make every outcome wrong, or an audit fail
        let announced = (self.terms.class, self.terms.seed.0);
        if (plan.class(), crate::evaluation::seed_commitment(seed)) != announced {
            return Err(Trouble::Own);
        }
        Ok(Evaluation::new(plan, inputs, self.key()?, seed, self.terms.announced())?.to_bytes())
    }

    fn shares(&self) -> Vec<u8> {
        let shares = (0..self.lender()).filter_map(|holder| self.posts.get(&(Step::Share, holder)));
        shares.flatten().copied().collect()
    }
}
