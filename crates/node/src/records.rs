//! Consent's records in the store's control database.

use consent::view::{Change, Pair, Table, View, ViewError};
use store::{Batch, Control, after};

/// A view of the records that are durable now.
pub(crate) struct Records<'s>(pub(crate) &'s Control);

/// Records read from the store at once; a scan goes on until it has what was asked for.
const PAGE: usize = 512;

impl Records<'_> {
    /// Changes as one atomic, durable batch.
    pub(crate) fn batch(changes: Vec<Change>) -> Batch {
        let mut batch = Batch::new();
        for Change { table, key, value } in changes {
            match value {
                Some(value) => batch.put(table.name(), &key, value),
                None => batch.delete(table.name(), &key),
            };
        }
        batch
    }
}

impl View for Records<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.0.get(table.name(), key)?)
    }

    fn scan(&self, table: Table, prefix: &[u8], last: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, ViewError> {
        let mut from = last.map(after);
        let mut found = Vec::new();
        while found.len() < limit {
            let wanted = PAGE.min(limit - found.len());
            let page = self.0.scan(table.name(), prefix, from.as_deref(), wanted)?;
            let (got, next) = (page.len(), page.last().map(|(key, _)| after(key)));
            found.extend(page);
            if got < wanted {
                break;
            }
            from = next;
        }
        Ok(found)
    }
}
