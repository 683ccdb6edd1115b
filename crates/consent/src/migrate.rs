//! Records of an earlier version, brought to the present one page by page.
//!
//! The store counts versions and keeps the place; what a step does to records is here, pure. A field that was added is no
//! step: it is optional, and absent in older records. A step is for tables that are made from others.

mod seen;

use crate::{ConsentError, draft::Draft, record::index};

/// Makes one page of the step from version `from` to the next, beginning at a place (`None`: the beginning). Answers
/// where the next page begins; `None` after the last. The same page made twice changes nothing more.
///
/// # Errors
/// [`ConsentError::Refused`] for a version that no step begins from; what reading the records answers.
pub fn page(draft: &mut Draft<'_>, from: u64, place: Option<&[u8]>) -> Result<Option<Vec<u8>>, ConsentError> {
    match from {
        // requests are found by the person who asks and by the grant under which they may run
        // (1), those that may still be decided by their order (5)
        1 | 5 => index::rebuild(draft, place),
        // how records (2) and chunks of columns (3, 4) lie in the store, which changes none of them
        2..=4 => Ok(None),
        // messages accepted are remembered in fewer bytes
        6 => seen::shorten(draft, place),
        other => Err(ConsentError::Refused(format!("nothing is known of records of version {other}"))),
    }
}

#[cfg(test)]
mod tests;
