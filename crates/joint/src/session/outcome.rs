//! What the holders sign in the end, and what it takes for a lender to believe it.

use super::terms::Terms;
use protocol::{
    Digest, IdentityKey,
    cbor::{self, CborError},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What came of a joint score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// The model's class.
    Class(u8),
    /// The applicant did not release it in time.
    Withheld,
}

/// What is signed: the score, and everything it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The digest of the terms.
    pub score: Digest,
    /// The commitment to the model.
    pub model: Digest,
    /// The digest of all inputs and the evaluation, as far as they were sent; zeros before.
    pub made: Digest,
    /// Which attempt it was.
    pub attempt: u32,
    /// What came of it.
    pub came: Came,
}

/// Why an outcome is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbelieved {
    /// Of another score, model or attempt.
    #[error("the outcome is of another joint score")]
    Other,
    /// Not one signature of each holder.
    #[error("the outcome has {found} signatures, {needed} holders must sign")]
    Missing {
        /// How many it has.
        found: usize,
        /// How many there must be.
        needed: usize,
    },
    /// A signature that is not that holder's.
    #[error("holder {0} did not sign this outcome")]
    Signature(usize),
    /// A class that no model has.
    #[error("there is no class {0}")]
    Class(u8),
}

impl Statement {
    /// The bytes that are signed: "halfdoor/joint/outcome/1" and the deterministic CBOR.
    ///
    /// # Errors
    /// It does not encode.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, CborError> {
        let mut bytes = b"halfdoor/joint/outcome/1".to_vec();
        bytes.extend(cbor::to_vec(self)?);
        Ok(bytes)
    }

    /// One holder's signature (Ed25519, RFC 8032).
    ///
    /// # Errors
    /// It does not encode.
    pub fn sign(&self, key: &IdentityKey) -> Result<[u8; 64], CborError> {
        Ok(key.sign(&self.signed_bytes()?))
    }

    /// Whether that holder signed this statement, of this score.
    ///
    /// # Errors
    /// It did not, or the statement is of another score.
    pub fn verify(&self, terms: &Terms, holder: usize, signature: &[u8]) -> Result<(), Unbelieved> {
        let score = terms.id().map_err(|_| Unbelieved::Other)?;
        if (self.score.0, self.model, self.attempt) != (score, terms.model, terms.attempt) {
            return Err(Unbelieved::Other);
        }
        if let Came::Class(class @ 2..) = self.came {
            return Err(Unbelieved::Class(class));
        }
        let wrong = Unbelieved::Signature(holder);
        let (Some(party), Ok(signature)) = (terms.holders.get(holder), signature.try_into()) else { return Err(wrong) };
        let bytes = self.signed_bytes().map_err(|_| Unbelieved::Other)?;
        party.verify(&bytes, signature).map_err(|_| wrong)
    }
}

/// A statement with its signatures, in the order of the holders: what a lender keeps and anybody checks offline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedOutcome {
    /// What was agreed.
    pub terms: Terms,
    /// What came of it.
    pub statement: Statement,
    /// One of each holder.
    #[serde(deserialize_with = "protocol::cbor::at_most::<5, _, _>")]
    pub signatures: Vec<ByteBuf>,
}

impl SignedOutcome {
    /// Whether every holder that the terms name signed this outcome of these terms.
    ///
    /// # Errors
    /// The first thing that is not so. Terms beyond their limits count as another score.
    pub fn verify(&self) -> Result<Came, Unbelieved> {
        self.terms.check().map_err(|_| Unbelieved::Other)?;
        let (found, needed) = (self.signatures.len(), self.terms.holders.len());
        if found != needed {
            return Err(Unbelieved::Missing { found, needed });
        }
        for (holder, signature) in self.signatures.iter().enumerate() {
            self.statement.verify(&self.terms, holder, signature)?;
        }
        Ok(self.statement.came)
    }
}
