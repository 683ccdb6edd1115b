//! Entries of a party's log: ids and salted hashes of what happened, never contents.

use crate::{
    DatasetId, Digest, MessageId, PartyId, Salt, UnixSeconds, VersionHash,
    cbor::{self, CborError},
    message::TreeHead,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// One thing that happened. Its leaf in the Merkle tree is SHA-256 of its deterministic CBOR.
///
/// The salt keeps a neighbour in a proof from being guessed by trying likely contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Random.
    pub salt: Salt,
    /// When, by this party's clock.
    pub time: UnixSeconds,
    /// What.
    pub what: Event,
}

/// What an entry records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// The log begins.
    Begun {
        /// Whose log.
        party: PartyId,
    },
    /// A session was opened with somebody.
    Paired {
        /// With whom.
        party: PartyId,
    },
    /// A dataset, or a further version of it, was stored.
    Stored {
        /// The pointer.
        dataset: DatasetId,
        /// The version.
        version: VersionHash,
    },
    /// A dataset was removed and its key destroyed.
    Removed {
        /// The pointer.
        dataset: DatasetId,
    },
    /// A request was made or received.
    Requested {
        /// The request.
        request: MessageId,
    },
    /// A decision was made or received.
    Decided {
        /// The request decided.
        request: MessageId,
        /// The decision.
        decision: MessageId,
    },
    /// A run was checked, counted and begun.
    Ran {
        /// The grant.
        grant: MessageId,
        /// The request whose computation ran.
        request: MessageId,
        /// The run's number.
        number: u32,
    },
    /// A run was asked for and refused.
    RunRefused {
        /// The message that asked.
        run: MessageId,
    },
    /// A receipt was made or received.
    Receipted {
        /// The receipt.
        receipt: MessageId,
    },
    /// A receipt was handed to the transport for the first time.
    Released {
        /// The receipt.
        receipt: MessageId,
    },
    /// A run's outcome was kept back for good.
    Withheld {
        /// The grant.
        grant: MessageId,
        /// The run's number.
        number: u32,
    },
    /// A grant or counter-offer was revoked.
    Revoked {
        /// The decision revoked.
        decision: MessageId,
    },
    /// A counterparty's log head was checked and cosigned.
    HeadSeen {
        /// Whose log.
        party: PartyId,
        /// Its head.
        head: TreeHead,
    },
    /// Personal text was erased.
    Erased {
        /// SHA-256 of what was named: a request's or a party's id.
        subject: Digest,
    },
    /// The home was restored from a backup: a new epoch of the log begins, whose id is this entry's leaf.
    Restored {
        /// The log as the backup had it; what was logged after that is lost.
        head: TreeHead,
    },
    /// The owner said yes to an outcome despite a rule that refused it.
    Overridden {
        /// The request decided.
        request: MessageId,
        /// The decision.
        decision: MessageId,
    },
    /// This party vouched for the rows of a file.
    Vouched {
        /// The voucher.
        voucher: MessageId,
    },
    /// An offer or a refusal was made or received.
    Offered {
        /// The offer.
        offer: MessageId,
    },
    /// An offer was answered, or the answer was received.
    OfferAnswered {
        /// The offer.
        offer: MessageId,
        /// The answer.
        reply: MessageId,
    },
}

impl Entry {
    /// SHA-256 of the deterministic CBOR: the item of the Merkle tree's leaf.
    pub fn leaf(&self) -> Result<Digest, CborError> {
        Ok(Digest(Sha256::digest(cbor::to_vec(self)?).into()))
    }
}
