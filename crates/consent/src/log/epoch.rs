//! Epochs: one tree per node for ever, and a restored backup shows in every head after it.

use super::{append, entry, head, inclusion};
use crate::{
    ConsentError,
    context::Context,
    draft::Draft,
    record::{Epoch, Epochs},
};
use protocol::{Event, message::Restoration};

/// Begins a new epoch: this home goes on from a backup, and what was logged after that is lost.
///
/// To be called once per restore, before anything else is logged. Every head from then on names the epoch, so that
/// somebody who had seen what is lost can tell a restored backup from a log cut back in secret.
pub fn restart(draft: &mut Draft<'_>, context: &mut Context<'_>) -> Result<(), ConsentError> {
    let head = head(draft)?;
    let index = append(draft, context, Event::Restored { head })?;
    let mut epochs: Epochs = draft.get(Epochs::KEY)?.unwrap_or_default();
    epochs.0.push(Epoch { index, id: entry(draft, index)?.leaf()? });
    draft.put(Epochs::KEY, &epochs)
}

/// The epoch in which the log had `size` entries; none in the first.
pub(super) fn of(draft: &Draft<'_>, size: u64) -> Result<Option<Epoch>, ConsentError> {
    let epochs: Epochs = draft.get(Epochs::KEY)?.unwrap_or_default();
    Ok(epochs.0.into_iter().rfind(|epoch| epoch.index < size))
}

/// The entry by which the epoch of a head of `size` began, opened and proven in that head; none in the first epoch.
pub(super) fn opening(draft: &Draft<'_>, size: u64) -> Result<Option<Restoration>, ConsentError> {
    let Some(Epoch { index, .. }) = of(draft, size)? else { return Ok(None) };
    let begun = entry(draft, index)?;
    let Event::Restored { head } = begun.what else { return Err(ConsentError::NotFound("beginning of the epoch")) };
    let inclusion = inclusion(draft, index, size)?;
    Ok(Some(Restoration { head, salt: begun.salt, time: begun.time, inclusion }))
}

#[cfg(test)]
mod tests;
