//! What one party says in one step, who may see it, and how a score ends.

use super::{
    outcome::{SignedOutcome, Unbelieved},
    terms::BadTerms,
};
use crate::scheme::Refused;
use zeroize::Zeroizing;

/// What a party says, in the order of the rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A holder fixes its key share: 32 bytes.
    Commit,
    /// It reveals the share with the proof of possession: 96 bytes.
    Reveal,
    /// Its encrypted features, in their order, with proofs.
    Inputs,
    /// The lender's evaluation: 64 bytes for each value.
    Evaluation,
    /// A holder's turn of blinding: 160 bytes for each value.
    Blinding,
    /// Its shares of the opening: 32 bytes for each value and 64. Only the opener may see them.
    Share,
    /// All holders' shares, in their order, by the opener. Only holders may see them, never the lender.
    Release,
    /// A holder's signature of the outcome: 64 bytes, then the statement.
    Signature,
}

/// To whom a post goes, besides nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every holder and the lender.
    Everybody,
    /// The opener alone.
    Opener,
    /// The holders.
    Holders,
}

impl Step {
    /// Who may see such a post.
    #[must_use]
    pub fn audience(self) -> Audience {
        match self {
            Self::Share => Audience::Opener,
            Self::Release => Audience::Holders,
            _ => Audience::Everybody,
        }
    }
}

/// One party's message of one step.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Which step.
    pub step: Step,
    /// Whose: the holder's number, or the number of holders for the lender.
    pub author: u8,
    /// What it says.
    pub payload: serde_bytes::ByteBuf,
}

/// How a score ended for this party.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Every holder signed.
    Signed(Box<SignedOutcome>),
    /// Nothing opened: a party refused, vanished, or sent something that does not verify.
    Aborted(String),
    /// The time was over before the applicant released the outcome.
    Withheld,
}

/// Why a post is not taken. What names a party ends the score.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The terms.
    #[error(transparent)]
    Terms(#[from] BadTerms),
    /// Something that was sent does not verify.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A signature.
    #[error(transparent)]
    Unbelieved(#[from] Unbelieved),
    /// A post of somebody who has no such step, or too long.
    #[error("party {0} may not say that")]
    Foreign(u8),
    /// Two different posts of one step.
    #[error("party {0} said two different things in one step")]
    Twice(u8),
    /// The score has ended.
    #[error("this joint score has ended")]
    Ended,
    /// Something of this party does not encode.
    #[error(transparent)]
    Encoding(#[from] protocol::cbor::CborError),
    /// This party has no bin for a feature it is asked for, or it was handed another role's own.
    #[error("a feature that is asked for has no value here")]
    Own,
    /// No fresh share is drawn where one was drawn before.
    #[error("the secret of this joint score is gone: it cannot go on here")]
    Secret,
}

/// All of a party's side that must outlive a crash, besides the terms.
#[derive(Clone)]
pub struct Kept {
    /// Its own posts and those it took.
    pub posts: Vec<Post>,
    /// From which its key share was drawn, for as long as it is needed.
    pub secret: Option<Zeroizing<[u8; 32]>>,
    /// How it ended.
    pub ended: Option<End>,
}

impl Step {
    pub(super) fn all() -> [Self; 8] {
        use Step::{Blinding, Commit, Evaluation, Inputs, Release, Reveal, Share, Signature};
        [Commit, Reveal, Inputs, Evaluation, Blinding, Share, Release, Signature]
    }
}
