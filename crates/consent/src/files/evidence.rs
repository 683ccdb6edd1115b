//! Evidence: two statements signed by the same party that cannot both be true.

use crate::{
    ConsentError,
    draft::Draft,
    log::statement::{BadStatement, Contradiction, Statement, contradiction},
    record::Person,
};
use protocol::{
    PartyId,
    cbor::{self, CborError},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Largest evidence file: two messages.
pub const EVIDENCE_BYTES: usize = 256 * 1024;
/// Key of its one pair.
pub(super) const EVIDENCE_TAG: &str = "halfdoor-evidence-1";

#[derive(Serialize, Deserialize)]
enum File {
    #[serde(rename = "halfdoor-evidence-1")]
    V1(Parts),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    first: ByteBuf,
    second: ByteBuf,
}

/// A contradiction, and the two statements that prove it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Said by the same party about its own log.
    pub statements: [Statement; 2],
    /// How they contradict each other.
    pub contradiction: Contradiction,
}

/// Why a file proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum BadEvidence {
    /// Larger than any.
    #[error("larger than {EVIDENCE_BYTES} bytes: not an evidence file")]
    TooLarge,
    /// Not its bytes.
    #[error("not an evidence file: {0}")]
    Form(#[from] CborError),
    /// A statement in it does not verify.
    #[error("the {part} statement in it does not verify: {source}")]
    Statement {
        /// first or second.
        part: &'static str,
        /// How.
        source: BadStatement,
    },
    /// By two parties.
    #[error("the two statements are signed by two different parties")]
    Parties,
    /// Nothing is wrong with what they say.
    #[error("the two statements do not contradict each other")]
    Nothing,
}

impl Evidence {
    /// The evidence kept against somebody, as a file.
    ///
    /// [`ConsentError::NotFound`]: there is none, or only one of the two statements was kept.
    pub fn export(draft: &Draft<'_>, party: &PartyId) -> Result<Vec<u8>, ConsentError> {
        let person: Person = draft.get(&party.0)?.ok_or(ConsentError::NotFound("person"))?;
        match (person.against, person.fork) {
            (Some(first), Some(second)) => Ok(cbor::to_vec(&File::V1(Parts { first, second }))?),
            _ => Err(ConsentError::NotFound("evidence against that person")),
        }
    }

    /// What a file proves, from its bytes alone.
    pub fn verify(bytes: &[u8]) -> Result<Self, BadEvidence> {
        if bytes.len() > EVIDENCE_BYTES {
            return Err(BadEvidence::TooLarge);
        }
        let File::V1(Parts { first, second }) = cbor::from_slice(bytes)?;
        let open =
            |part, bytes: &[u8]| Statement::open(bytes).map_err(|source| BadEvidence::Statement { part, source });
        let statements = [open("first", &first)?, open("second", &second)?];
        if statements[0].party != statements[1].party {
            return Err(BadEvidence::Parties);
        }
        let contradiction = contradiction(&statements[0], &statements[1]).ok_or(BadEvidence::Nothing)?;
        Ok(Self { statements, contradiction })
    }
}

#[cfg(test)]
mod tests;
