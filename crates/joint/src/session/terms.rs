//! What everybody agreed to before the first message: who takes part, which features, what is opened.

use crate::{
    evaluation::Bins,
    model::{HOLDERS, MOST_FEATURES},
    scheme::MOST_VALUES,
};
use protocol::{
    Digest, PartyId,
    cbor::{self, CborError},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Most bins of a feature.
const MOST_BINS: u8 = 64;

/// One feature that a holder encrypts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its position in the model.
    pub feature: u16,
    /// Its holder, counted from 0.
    pub holder: u8,
    /// How many bins its quantiser has.
    pub bins: u8,
    /// Where each encrypted bin after the first begins.
    #[serde(deserialize_with = "protocol::cbor::at_most::<64, _, _>")]
    pub cuts: Vec<u8>,
}

impl Asked {
    /// The bins that are encrypted.
    #[must_use]
    pub fn encrypted(&self) -> Bins {
        Bins::merged(self.bins, &self.cuts.iter().copied().collect())
    }
}

/// The terms of one joint score. Their digest names it, and every key and proof of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Random, so that no two scores have the same terms.
    pub nonce: Digest,
    /// The holders, in their order.
    #[serde(deserialize_with = "protocol::cbor::at_most::<5, _, _>")]
    pub holders: Vec<PartyId>,
    /// Whose model it is.
    pub lender: PartyId,
    /// The holder to whom the outcome opens: the applicant.
    pub opener: u8,
    /// What is encrypted, in order of feature.
    #[serde(deserialize_with = "protocol::cbor::at_most::<1024, _, _>")]
    pub features: Vec<Asked>,
    /// How many values are opened.
    pub announced: u16,
    /// The class that a zero among them means.
    pub class: u8,
    /// The commitment to the model.
    pub model: Digest,
    /// The commitment to the evaluation's seed.
    pub seed: Digest,
    /// From 1: how often this lender has asked about this applicant.
    pub attempt: u32,
}

/// Terms that nobody should agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the terms of the joint score: {0}")]
pub struct BadTerms(pub &'static str);

impl Terms {
    /// Whether they are within every limit and do not contradict themselves. Whoever is handed terms checks them
    /// before anything else.
    ///
    /// # Errors
    /// The first thing that is not.
    pub fn check(&self) -> Result<(), BadTerms> {
        let require = |holds: bool, why| if holds { Ok(()) } else { Err(BadTerms(why)) };
        require(HOLDERS.contains(&self.holders.len()), "two to five holders are needed")?;
        let parties: BTreeSet<_> = self.holders.iter().chain([&self.lender]).collect();
        require(parties.len() == self.holders.len() + 1, "a party is named twice")?;
        require(usize::from(self.opener) < self.holders.len(), "the one who opens is no holder")?;
        require((1..=MOST_FEATURES).contains(&self.features.len()), "no features, or too many")?;
        require(self.features.is_sorted_by(|a, b| a.feature < b.feature), "features out of order, or one twice")?;
        for asked in &self.features {
            require(usize::from(asked.holder) < self.holders.len(), "a feature is nobody's")?;
            require((2..=MOST_BINS).contains(&asked.bins), "a feature has not 2 to 64 bins")?;
            let inside = asked.cuts.iter().all(|cut| (1..asked.bins).contains(cut));
            require(inside && !asked.cuts.is_empty(), "a feature is cut nowhere, or where it has no bin")?;
            require(asked.cuts.is_sorted_by(|a, b| a < b), "cuts out of order, or one twice")?;
        }
        require((1..=MOST_VALUES).contains(&self.announced()), "no values to open, or too many")?;
        require(self.class <= 1, "there are two classes")?;
        require(self.attempt >= 1, "attempts count from 1")
    }

    /// Names this score: SHA-256 of "halfdoor/joint/terms/1" and the terms' deterministic CBOR.
    ///
    /// # Errors
    /// The terms do not encode.
    pub fn id(&self) -> Result<[u8; 32], CborError> {
        let hash = Sha256::new_with_prefix(b"halfdoor/joint/terms/1").chain_update(cbor::to_vec(self)?);
        Ok(hash.finalize().into())
    }

    /// How many values are opened.
    #[must_use]
    pub fn announced(&self) -> usize {
        self.announced.into()
    }

    /// What a holder is asked to encrypt.
    pub fn of(&self, holder: usize) -> impl Iterator<Item = &Asked> {
        self.features.iter().filter(move |asked| usize::from(asked.holder) == holder)
    }
}
