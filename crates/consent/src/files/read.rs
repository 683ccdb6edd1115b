//! An exported log, verified as it is read: only the peaks of its tree and the heads it is held to are in memory.

use super::log::{Beginning, COSIGNATURES, ITEM_BYTES, Item};
use crate::log::{Range, checkpoint};
use protocol::{
    Digest, Entry, Event, PartyId, Signed, UnixSeconds,
    cbor::{self, CborError},
    message::{Cosign, TreeHead},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// Restored backups told at most: each is a head to hold the log to.
const EPOCHS: usize = 4096;

/// A log that verified.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// Whose.
    pub party: PartyId,
    /// Its head.
    pub head: TreeHead,
    /// Who cosigned it, up to which size.
    pub cosigned: Vec<(PartyId, u64)>,
    /// Heads of backups from which it began anew.
    pub restored: Vec<TreeHead>,
    /// Time of the last entry.
    pub last: UnixSeconds,
    /// Entries of which only the hash is left.
    pub pruned: u64,
    /// Its heads at the sizes that were asked for.
    pub heads: BTreeMap<u64, TreeHead>,
}

/// What is wrong with a log file, and where.
#[derive(Debug, thiserror::Error)]
pub enum BadLog {
    /// It could not be read to its end.
    #[error("it cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It does not begin as one.
    #[error("not a log file: {0}")]
    Form(CborError),
    /// Its second item on is something else.
    #[error("{at} cannot be read: {source}")]
    Item {
        /// Which: entry N, cosignature N.
        at: String,
        /// How.
        source: CborError,
    },
    /// The items are not in their order.
    #[error("{0} is not where it belongs")]
    Order(String),
    /// It ends early.
    #[error("cut short: it ends before entry {at} of {size}")]
    Short {
        /// The first entry missing.
        at: u64,
        /// How many there should be.
        size: u64,
    },
    /// It goes on after its last entry.
    #[error("there is more after its last entry, {0}")]
    Long(u64),
    /// Its head is not signed by the party it names.
    #[error("the checkpoint does not state the log's head, or is not signed by its party")]
    Checkpoint,
    /// A cosignature that is none.
    #[error("cosignature {index} does not verify: {why}")]
    Cosignature {
        /// Counted from 0.
        index: u64,
        /// How.
        why: String,
    },
    /// Begins otherwise than with the beginning of that party's log.
    #[error("entry 0 does not begin the log of the party that signed it")]
    Begins,
    /// A time that goes back.
    #[error("entry {0} is earlier than the one before it")]
    Time(u64),
    /// The entries are not those that were signed over.
    #[error("{} not what {by} signed over", span(*.from, *.until))]
    Altered {
        /// First entry that may be another.
        from: u64,
        /// The entry after the last one that may be.
        until: u64,
        /// Who signed over them.
        by: String,
    },
}

fn span(from: u64, until: u64) -> String {
    if until == from + 1 {
        format!("entry {from} is")
    } else {
        format!("one of the entries {from} to {} is", until.saturating_sub(1))
    }
}

/// Verifies a log from its bytes, and tells its heads at the sizes in `watch`.
///
/// Every check of the protocol's chapter on log files, in this order: form, checkpoint, cosignatures, entries one after
/// the other, heads. The error names the first that fails.
pub fn verify(source: impl Read, watch: &BTreeSet<u64>) -> Result<LogFile, BadLog> {
    let mut items = Items::over(source);
    let Beginning { party, head, checkpoint } = match items.next("the beginning")? {
        Some(Item::Beginning(beginning)) => beginning,
        _ => {
            return Err(BadLog::Form(CborError::Unexpected(
                "it does not begin with a log's party and head".to_owned(),
            )));
        }
    };
    if head.size == 0 || !checkpoint::states(&checkpoint, &party, &head) {
        return Err(BadLog::Checkpoint);
    }
    let mut reading = Reading::of(party, head, watch.clone());
    let mut next = items.next("cosignature 0")?;
    let mut count = 0;
    while let Some(Item::Cosigned(bytes)) = &next {
        if count == COSIGNATURES {
            return Err(BadLog::Order(format!("cosignature {count}")));
        }
        reading.cosigned(count, bytes)?;
        count += 1;
        let at = format!("cosignature {count} or entry 0");
        next = items.next(&at)?;
    }
    for index in 0..head.size {
        match next {
            Some(Item::Entry(entry)) => reading.entry(index, &entry)?,
            Some(Item::Pruned(item)) => reading.pruned(index, &item)?,
            Some(_) => return Err(BadLog::Order(format!("the item after entry {}", index.saturating_sub(1)))),
            None => return Err(BadLog::Short { at: index, size: head.size }),
        }
        next = if index + 1 < head.size { items.next(&format!("entry {}", index + 1))? } else { None };
    }
    if !items.ended()? {
        return Err(BadLog::Long(head.size - 1));
    }
    reading.end()
}

/// What is known of the log after some entries.
struct Reading {
    file: LogFile,
    range: Range,
    epoch: Option<Digest>,
    time: UnixSeconds,
    watch: BTreeSet<u64>,
    /// Heads it is held to, by size, each with who signed it.
    held: BTreeMap<u64, Vec<(TreeHead, String)>>,
    /// Entries that are what was signed over.
    good: u64,
}

impl Reading {
    fn of(party: PartyId, head: TreeHead, watch: BTreeSet<u64>) -> Self {
        let file = LogFile {
            party,
            head,
            cosigned: Vec::new(),
            restored: Vec::new(),
            last: 0,
            pruned: 0,
            heads: BTreeMap::new(),
        };
        let held = BTreeMap::from([(head.size, vec![(head, "its party".to_owned())])]);
        Self { file, range: Range::default(), epoch: None, time: 0, watch, held, good: 0 }
    }

    fn cosigned(&mut self, index: u64, bytes: &[u8]) -> Result<(), BadLog> {
        let bad = |why: String| BadLog::Cosignature { index, why };
        let cosign = Signed::<Cosign>::open(bytes).map_err(|error| bad(error.to_string()))?;
        let (by, head) = (cosign.sender(), cosign.body().head);
        if cosign.payload().audience != self.file.party {
            return Err(bad("it is of another party's log".to_owned()));
        }
        if head.size > self.file.head.size {
            return Err(bad(format!("it is of {} entries, and the file has fewer", head.size)));
        }
        self.file.cosigned.push((by, head.size));
        self.held.entry(head.size).or_default().push((head, format!("{by}, who cosigned it,")));
        Ok(())
    }

    fn entry(&mut self, index: u64, entry: &Entry) -> Result<(), BadLog> {
        let item = entry.leaf().map_err(|source| BadLog::Item { at: format!("entry {index}"), source })?;
        if index == 0 && entry.what != (Event::Begun { party: self.file.party }) {
            return Err(BadLog::Begins);
        }
        if entry.time < self.time {
            return Err(BadLog::Time(index));
        }
        self.time = entry.time;
        self.file.last = entry.time;
        if let Event::Restored { head } = entry.what {
            if head != self.head() || self.file.restored.len() >= EPOCHS {
                let by = format!("entry {index}, which begins an epoch,");
                return Err(BadLog::Altered { from: self.good, until: index + 1, by });
            }
            self.file.restored.push(head);
            self.epoch = Some(item);
        }
        self.push(&item)
    }

    fn pruned(&mut self, index: u64, item: &Digest) -> Result<(), BadLog> {
        if index == 0 {
            return Err(BadLog::Begins);
        }
        self.file.pruned += 1;
        self.push(item)
    }

    fn push(&mut self, item: &Digest) -> Result<(), BadLog> {
        self.range.push(item);
        let size = self.range.size();
        let held = self.held.remove(&size);
        if held.is_none() && !self.watch.contains(&size) {
            return Ok(());
        }
        let head = self.head();
        if let Some(held) = held {
            if let Some((_, by)) = held.into_iter().find(|(signed, _)| *signed != head) {
                return Err(BadLog::Altered { from: self.good, until: size, by });
            }
            self.good = size;
        }
        if self.watch.contains(&size) {
            self.file.heads.insert(size, head);
        }
        Ok(())
    }

    fn head(&self) -> TreeHead {
        TreeHead { size: self.range.size(), root: self.range.root(), epoch: self.epoch }
    }

    fn end(self) -> Result<LogFile, BadLog> {
        Ok(self.file)
    }
}

/// The items of a sequence, of which no more than one and the beginning of the next are in memory.
struct Items<R> {
    source: R,
    buffer: Vec<u8>,
    at: usize,
    first: bool,
}

impl<R: Read> Items<R> {
    fn over(source: R) -> Self {
        Self { source, buffer: Vec::new(), at: 0, first: true }
    }

    /// The next item; none at the end. `at` names it in an error.
    fn next(&mut self, at: &str) -> Result<Option<Item>, BadLog> {
        self.fill()?;
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let window = rest.get(..ITEM_BYTES).unwrap_or(rest);
        let item = cbor::first_item(window).and_then(|length| {
            let bytes = window.get(..length).ok_or(CborError::Malformed)?;
            Ok((length, cbor::from_slice::<Item>(bytes)?))
        });
        let first = std::mem::replace(&mut self.first, false);
        match item {
            Ok((length, item)) => {
                self.at += length;
                Ok(Some(item))
            }
            Err(source) if first => Err(BadLog::Form(source)),
            Err(source) => Err(BadLog::Item { at: at.to_owned(), source }),
        }
    }

    fn ended(&mut self) -> Result<bool, BadLog> {
        self.fill()?;
        Ok(self.buffer.len() == self.at)
    }

    /// Reads on until a whole item must be there, or the source has ended.
    fn fill(&mut self) -> Result<(), BadLog> {
        if self.buffer.len() - self.at >= ITEM_BYTES {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let wanted = (4 * ITEM_BYTES - self.buffer.len()) as u64;
        self.source.by_ref().take(wanted).read_to_end(&mut self.buffer)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
