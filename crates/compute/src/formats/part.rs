//! The parts of a transaction that a column of a CSV file can hold, by name.

/// A part of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The day it was booked.
    Date,
    /// What moved; money in is positive.
    Amount,
    /// What went out, in a column of its own, with or without a sign.
    Debit,
    /// What came in, in a column of its own.
    Credit,
    /// The currency (ISO 4217).
    Currency,
    /// What it was for; several columns can be given and are joined.
    Description,
    /// The other side.
    Counterparty,
    /// What is in the account afterwards.
    Balance,
    /// Which account it is; only a hash of it is kept.
    Account,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 9] = [
        Self::Date,
        Self::Amount,
        Self::Debit,
        Self::Credit,
        Self::Currency,
        Self::Description,
        Self::Counterparty,
        Self::Balance,
        Self::Account,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Debit => "debit",
            Self::Credit => "credit",
            Self::Currency => "currency",
            Self::Description => "description",
            Self::Counterparty => "counterparty",
            Self::Balance => "balance",
            Self::Account => "account",
        }
    }

    /// The part of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}
