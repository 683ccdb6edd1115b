//! Why a machine could not decide, or decided against.

use crate::view::ViewError;
use protocol::{BadInvite, BadText, MessageError, cbor::CborError};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The rules or the present state do not allow it; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// Nothing has that id.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Words that cannot be accepted.
    #[error("{field}: {source}")]
    Text {
        /// Which words.
        field: &'static str,
        /// What is wrong with them.
        source: BadText,
    },
    /// An invite that cannot be used.
    #[error("invite: {0}")]
    Invite(#[from] BadInvite),
    /// Records could not be read.
    #[error("the store could not be read: {0}")]
    View(#[from] ViewError),
    /// A record that does not decode.
    #[error("a record in {table} is damaged")]
    Record {
        /// Its table.
        table: &'static str,
        /// How.
        #[source]
        source: CborError,
    },
    /// A record that another one names is not there.
    #[error("a record in {table} is missing")]
    Missing {
        /// Its table.
        table: &'static str,
    },
    /// A message of ours that breaks a limit.
    #[error("cannot be said: {0}")]
    Message(#[from] MessageError),
    /// A value that has no bytes.
    #[error("cannot be encoded: {0}")]
    Encoding(#[from] CborError),
}

/// `Ok` when `holds`, otherwise refused with those words.
pub(crate) fn allow(holds: bool, why: &str) -> Result<(), ConsentError> {
    if holds { Ok(()) } else { Err(ConsentError::Refused(why.to_owned())) }
}
