//! A home's records as they are: what cannot be read is not there, and is told apart by who looks at all of them.

use consent::view::{Pair, Table, View, ViewError};
use std::error::Error as _;
use store::{Remaining, StoreError, after};

/// Records read at once.
pub(super) const PAGE: usize = 64;

/// Consent's records in what is left of a control database.
pub(super) struct Readable<'r>(pub(super) &'r Remaining);

impl View for Readable<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.0.get(table.name(), key).unwrap_or_default())
    }

    fn scan(&self, table: Table, prefix: &[u8], last: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, ViewError> {
        let mut from = last.map(after);
        let mut found = Vec::new();
        while found.len() < limit {
            let page = self.0.page(table.name(), prefix, from.as_deref(), PAGE)?;
            let Some((highest, _)) = page.last() else { break };
            from = Some(after(highest));
            found.extend(page.into_iter().filter_map(|(key, value)| Some((key, value.ok()?))));
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// What is wrong, without the next step that its own words may name.
pub(super) fn why(error: &StoreError) -> String {
    let mut words = match error {
        StoreError::Damaged { what, .. } => format!("{what} is damaged"),
        other => other.to_string(),
    };
    let mut below = error.source();
    while let Some(cause) = below {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        below = cause.source();
    }
    words
}
