//! What a file is, told from its first bytes.

use super::{evidence::EVIDENCE_TAG, log::LOG_TAG};
use crate::bundle::RECEIPT_TAG;
use protocol::voucher::FILE_TAG as VOUCHER_TAG;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An exported outcome: [`crate::bundle`].
    Receipt,
    /// An exported log.
    Log,
    /// Two statements that contradict each other.
    Evidence,
    /// An issuer's word for a table: [`protocol::VoucherFile`].
    Voucher,
    /// A log as the first version exported it: a list of entries under nobody's name.
    OldLog,
}

/// The kind of a file whose first bytes these are, a hundred or all; none if it is no file of this program.
#[must_use]
pub fn kind(beginning: &[u8]) -> Option<Kind> {
    // a map of one pair, whose key is a text
    let tags = [
        (RECEIPT_TAG, Kind::Receipt),
        (LOG_TAG, Kind::Log),
        (EVIDENCE_TAG, Kind::Evidence),
        (VOUCHER_TAG, Kind::Voucher),
    ];
    let tagged = |tag: &str| {
        let length = u8::try_from(tag.len()).unwrap_or(u8::MAX);
        let head: &[u8] = if length < 24 { &[0xA1, 0x60 | length] } else { &[0xA1, 0x78, length] };
        beginning.strip_prefix(head).is_some_and(|rest| rest.starts_with(tag.as_bytes()))
    };
    let found = tags.into_iter().find(|(tag, _)| tagged(tag)).map(|(_, kind)| kind);
    let old = || beginning.starts_with(b"\xA2\x67entries").then_some(Kind::OldLog);
    found.or_else(old)
}
