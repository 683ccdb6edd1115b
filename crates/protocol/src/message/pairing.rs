use crate::{
    Commitment, Digest, ExchangeKey, MessageId,
    envelope::{Body, Invalid},
};
use serde::{Deserialize, Serialize};

/// The joiner's first word: proves that it holds the invite's secret. See [`crate::pairing`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// SHA-256 of the invite's signed structure: which invite.
    pub invite: MessageId,
    /// Fresh for this pairing.
    pub key: ExchangeKey,
    /// Commitment to the name the joiner gives itself.
    pub name: Commitment,
    /// HMAC-SHA256 by the invite's secret over the transcript so far.
    pub proof: Digest,
}

/// The inviter's answer: proves the same, over the whole transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// The join it answers.
    pub join: MessageId,
    /// Fresh for this pairing.
    pub key: ExchangeKey,
    /// Commitment to the name the inviter gives itself.
    pub name: Commitment,
    /// HMAC-SHA256 by the invite's secret over the whole transcript.
    pub proof: Digest,
}

impl Body for Join {
    const KIND: &'static str = "join";
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

impl Body for Welcome {
    const KIND: &'static str = "welcome";
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
