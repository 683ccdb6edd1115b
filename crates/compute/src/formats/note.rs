//! What the owner should know of a file that was read: sentences that quote nothing private.

use super::{Excerpt, Place};

/// Something about a file that its rows do not show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// Transactions that may still change.
    #[error("{count} pending transaction{} left out", if *count == 1 { " is" } else { "s are" })]
    Pending {
        /// How many.
        count: u64,
    },
    /// A part of the file that holds no transactions of an account.
    #[error("{place}: {part} is not read")]
    NotRead {
        /// What it is.
        part: Excerpt,
        /// Where it begins.
        place: Place,
    },
    /// Two transactions of one account whose bank gave them one id. Both are kept.
    #[error("{again} has the id of {first}; both are kept, so look whether it is the same one twice")]
    SameId {
        /// The one before.
        first: Place,
        /// The one after.
        again: Place,
    },
    /// A transaction that takes the place of an earlier one, or deletes it. Both are kept.
    #[error("{place} corrects an earlier transaction; both are kept")]
    Correction {
        /// Where it is.
        place: Place,
    },
    /// Amounts in several currencies.
    #[error("amounts are in several currencies ({}); a sum over all of them means little", list(currencies))]
    Currencies {
        /// The first few.
        currencies: Vec<Excerpt>,
    },
    /// Not UTF-8.
    #[error("it was read as {encoding}")]
    Encoding {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// The balances a statement states differ by another amount than its transactions add up to.
    #[error(
        "{place}: the transactions do not add up to the change of the balance; no balances are kept of this statement"
    )]
    Unbalanced {
        /// Where the statement is.
        place: Place,
    },
    /// Moments became days.
    #[error("column “{column}”: of each moment only the day is kept (UTC)")]
    Moments {
        /// The column.
        column: Excerpt,
    },
    /// More notes than are listed.
    #[error("and {count} more notes like these")]
    More {
        /// How many.
        count: u64,
    },
}

fn list(items: &[Excerpt]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
