//! Memory of accepted messages, under whole ids and with named fields until version 6.

use crate::{
    ConsentError,
    draft::Draft,
    record::{Record, Seen},
    view::Table,
};
use protocol::UnixSeconds;
use serde::{Deserialize, Serialize};

/// Messages that one page looks at.
pub(super) const PAGE: usize = 256;

/// Either form: a page that is made twice finds its own work.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Either {
    Now(Seen),
    Before { expires: UnixSeconds },
}

impl Record for Either {
    const TABLE: Table = Table::Seen;
}

/// Puts one page of them under the beginnings of their ids. Answers where the next page begins; `None` after the last.
///
/// # Errors
/// A record that cannot be read.
pub(super) fn shorten(draft: &mut Draft<'_>, after: Option<&[u8]>) -> Result<Option<Vec<u8>>, ConsentError> {
    let page = draft.scan::<Either>(&[], after, PAGE)?;
    let next = (page.len() == PAGE).then(|| page.last().map(|(key, _)| key.clone())).flatten();
    for (key, either) in page {
        if let (Either::Before { expires }, Some((short, _))) = (either, key.split_at_checked(Seen::KEY_BYTES)) {
            draft.delete::<Either>(&key);
            draft.put(short, &Seen { expires })?;
        }
    }
    Ok(next)
}
