//! What the machines read: records in tables, by key. Somebody else keeps them.

use std::{collections::BTreeMap, error::Error};

/// The tables of records. A new one is added at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Single values by name.
    State,
    /// By party.
    People,
    /// Invites made, by id.
    Invites,
    /// Invites being joined, by id.
    Joining,
    /// My datasets, by pointer.
    Datasets,
    /// Others' datasets as told, by party ‖ pointer.
    Catalog,
    /// Requests made and received, by id.
    Requests,
    /// Request ids in order of arrival, by counter.
    RequestOrder,
    /// Decisions made and received, by id.
    Decisions,
    /// Grants given and held, by id.
    Grants,
    /// Runs, by grant ‖ number.
    Runs,
    /// Runs begun and not finished, by grant ‖ number.
    OpenRuns,
    /// Receipts given and received, by id.
    Receipts,
    /// What is owed to a party, by party ‖ counter.
    Outbox,
    /// Messages accepted, by the beginning of their ids, until they expire.
    Seen,
    /// Personal texts, by commitment.
    Texts,
    /// Log entries, by index.
    Log,
    /// Hashes of complete subtrees, by level ‖ index.
    LogNodes,
    /// Heads of logs that one party signed and another checked, by party ‖ whose ‖ epoch ‖ size.
    Heads,
    /// Requests that wait for my decision, by who asks ‖ order.
    Waiting,
    /// Requests that may still run under a grant, by grant ‖ order.
    Approved,
    /// Made-up rows, by pointer of their dataset.
    Mocks,
    /// Datasets that share rows, by the first of them.
    Lineages,
    /// Who the rows of a lineage are, by lineage ‖ piece.
    LineageRows,
    /// Outcomes that were released, by lineage ‖ party ‖ what was asked.
    Releases,
    /// What they tell of which rows, by the same ‖ piece.
    Told,
    /// Offers and refusals made and received, by id.
    Offers,
    /// The same, by the first receipt each rests on ‖ id.
    OffersOn,
    /// Requests made and received that may still be decided, by order.
    Undecided,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 29] = [
        Self::State,
        Self::People,
        Self::Invites,
        Self::Joining,
        Self::Datasets,
        Self::Catalog,
        Self::Requests,
        Self::RequestOrder,
        Self::Decisions,
        Self::Grants,
        Self::Runs,
        Self::OpenRuns,
        Self::Receipts,
        Self::Outbox,
        Self::Seen,
        Self::Texts,
        Self::Log,
        Self::LogNodes,
        Self::Heads,
        Self::Waiting,
        Self::Approved,
        Self::Mocks,
        Self::Lineages,
        Self::LineageRows,
        Self::Releases,
        Self::Told,
        Self::Offers,
        Self::OffersOn,
        Self::Undecided,
    ];

    /// The table of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Its name in a store. Never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::People => "people",
            Self::Invites => "invites",
            Self::Joining => "joining",
            Self::Datasets => "consent-datasets",
            Self::Catalog => "catalog",
            Self::Requests => "requests",
            Self::RequestOrder => "request-order",
            Self::Decisions => "decisions",
            Self::Grants => "grants",
            Self::Runs => "runs",
            Self::OpenRuns => "open-runs",
            Self::Receipts => "receipts",
            Self::Outbox => "outbox",
            Self::Seen => "seen",
            Self::Texts => "texts",
            Self::Log => "log",
            Self::LogNodes => "log-nodes",
            Self::Heads => "heads",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Mocks => "mocks",
            Self::Lineages => "lineages",
            Self::LineageRows => "lineage-rows",
            Self::Releases => "releases",
            Self::Told => "told",
            Self::Offers => "offers",
            Self::OffersOn => "offers-on",
            Self::Undecided => "undecided",
        }
    }
}

/// Why records could not be read.
pub type ViewError = Box<dyn Error + Send + Sync>;

/// Key and value of a record.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Records as they are durable now.
pub trait View {
    /// The record under a key.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError>;

    /// Up to `limit` records in key order whose keys begin with `prefix` and are greater than `after`.
    fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, ViewError>;
}

/// A change to one record: its new value, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which table.
    pub table: Table,
    /// Which key.
    pub key: Vec<u8>,
    /// The new value; `None` deletes.
    pub value: Option<Vec<u8>>,
}

/// Records in memory: for simulations, and for checking what a store does.
#[derive(Clone, Debug, Default)]
pub struct MemoryView(BTreeMap<(Table, Vec<u8>), Vec<u8>>);

impl MemoryView {
    /// Carries changes out, all at once.
    pub fn apply(&mut self, changes: Vec<Change>) {
        for Change { table, key, value } in changes {
            match value {
                Some(value) => self.0.insert((table, key), value),
                None => self.0.remove(&(table, key)),
            };
        }
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl View for MemoryView {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.0.get(&(table, key.to_vec())).cloned())
    }

    fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, ViewError> {
        let from = after.map_or_else(|| prefix.to_vec(), <[u8]>::to_vec);
        let found = self
            .0
            .range((table, from)..)
            .take_while(|((of, key), _)| *of == table && key.starts_with(prefix))
            .filter(|((_, key), _)| after.is_none_or(|after| key.as_slice() > after))
            .take(limit);
        Ok(found.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }
}

#[cfg(test)]
mod tests;
