//! Which form a home has, and how an older one is brought to the present form.
//!
//! The form's version stands in the control database, where the last page of a step changes it in the same commit as
//! the records. A second copy stands in `control/FORMAT`, outside the database: it is raised *before* the first page, so
//! that a program that knows only the older form refuses a home that is on its way, and is read before the database is
//! opened, so that a newer home is left as it is to the last byte.
//!
//! A step goes page by page, each page one commit, with the place of the next in it: interrupted anywhere, it goes on
//! where it was. No copy of the home is made.

use crate::{
    control::Control,
    engine::Batch,
    error::{Cause, StoreError},
    files,
    home::Home,
};
use failpoint::Point;

/// The version of a home's form that this program reads and writes.
///
/// 1: the first walk. 2: tables that find requests, receipts and heads without reading all of them. 3: records of a long
/// history may lie in blocks, see [`crate::engine::Packed`]. 4: decimals of a chunk may lie in 8 bytes each.
/// 5: numbers of a chunk may lie in fewer. 6: requests that may still be decided are found without reading all of them. 7:
/// messages accepted are remembered by the beginning of their ids.
pub const SCHEMA: u64 = 7;

/// The tree of the store's own records.
pub(crate) const TREE: &str = "store";
/// The version, a u64 (big-endian).
pub(crate) const SCHEMA_KEY: &[u8] = b"schema";
/// While a step is under way: the version it began from (u64, big-endian) ‖ the place of its next page.
const UNDER_WAY_KEY: &[u8] = b"migration";
/// A version, a space, the version of the program, a line feed.
const FORMAT_BYTES: usize = 64;

/// One page of a step: what changes, and where the next page begins, unless this was the last.
#[derive(Debug)]
pub struct Page {
    /// Changes of at most one commit.
    pub batch: Batch,
    /// Whatever tells the step where to go on, up to 1 KiB.
    pub next: Option<Vec<u8>>,
}

/// Makes the page of the step from a version to the next that begins at a place (`None`: the beginning). The same page
/// made twice has the same effect.
pub type Pages<'p> = dyn FnMut(u64, &Control, Option<&[u8]>) -> Result<Page, Cause> + 'p;

/// Refuses a home of a newer program before anything in it is opened.
pub(crate) fn check_format_file(home: &Home) -> Result<(), StoreError> {
    let path = home.format_file();
    let Some(bytes) = files::read_bounded(&path, FORMAT_BYTES)? else { return Ok(()) };
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split_whitespace();
    let version: Option<u64> = words.next().and_then(|word| word.parse().ok());
    match version {
        Some(version) if version > SCHEMA => Err(StoreError::newer(what(home), version, SCHEMA, words.next())),
        Some(_) => Ok(()),
        None => Err(StoreError::damaged(path.display().to_string(), "it names no version")),
    }
}

/// Says outside the database which version the home has, or is on its way to.
pub(crate) fn write_format_file(home: &Home) -> Result<(), StoreError> {
    let text = format!("{SCHEMA} {}\n", env!("CARGO_PKG_VERSION"));
    files::write_whole(&home.format_file(), text.as_bytes())
}

/// The version that the control database states.
pub(crate) fn version(home: &Home, control: &Control) -> Result<u64, StoreError> {
    let found = control.get(TREE, SCHEMA_KEY)?.and_then(|bytes| bytes.try_into().ok().map(u64::from_be_bytes));
    match found {
        Some(found) if found > SCHEMA => Err(StoreError::newer(what(home), found, SCHEMA, None)),
        Some(found @ 1..) => Ok(found),
        _ => Err(StoreError::damaged("the control database", "its format record is missing")),
    }
}

/// Brings a home to the present version, or goes on doing so. `None`: nobody knows how, and an older home is refused.
pub(crate) fn bring_up(home: &Home, control: &Control, pages: Option<&mut Pages<'_>>) -> Result<(), StoreError> {
    let found = version(home, control)?;
    if found == SCHEMA {
        return Ok(());
    }
    let Some(pages) = pages else {
        return Err(StoreError::Older { what: what(home), found, needed: SCHEMA });
    };
    write_format_file(home)?;
    for from in found..SCHEMA {
        tracing::info!(from, to = from + 1, "bringing the home to the next version");
        step(control, from, pages)?;
    }
    Ok(())
}

fn step(control: &Control, from: u64, pages: &mut Pages<'_>) -> Result<(), StoreError> {
    let mut place = under_way(control, from)?;
    loop {
        let page = pages(from, control, place.as_deref()).map_err(|source| StoreError::Migration { from, source })?;
        let mut batch = page.batch;
        match &page.next {
            Some(next) => batch.put(TREE, UNDER_WAY_KEY, [&from.to_be_bytes()[..], next].concat()),
            None => batch.delete(TREE, UNDER_WAY_KEY).put(TREE, SCHEMA_KEY, (from + 1).to_be_bytes()),
        };
        control.commit(&batch)?;
        failpoint::pass(Point::PageCommitted);
        place = page.next;
        if place.is_none() {
            return Ok(());
        }
    }
}

/// Where an interrupted step from that version goes on.
fn under_way(control: &Control, from: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(kept) = control.get(TREE, UNDER_WAY_KEY)? else { return Ok(None) };
    let (version, place) = kept.split_first_chunk().ok_or_else(|| {
        StoreError::damaged("the control database", "the place at which a step between versions goes on is no place")
    })?;
    Ok((u64::from_be_bytes(*version) == from).then(|| place.to_vec()))
}

fn what(home: &Home) -> String {
    format!("the home {}", home.root().display())
}

#[cfg(test)]
mod tests;
