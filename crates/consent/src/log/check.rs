//! Whether my log is whole: every entry against its leaf, every subtree against its halves, every head against the root.

use super::{range::Range, size, tree};
use crate::{
    ConsentError,
    draft::Draft,
    record::{Epochs, HeadRecord, Node, Person},
};
use protocol::{Digest, Entry, Event, PartyId, UnixSeconds, message::TreeHead};

/// Faults told at most: a log with more is damaged everywhere.
const FAULTS: usize = 100;

/// A check on its way. It holds no more than the peaks of the tree, so that a log of any length is checked in pages,
/// between which other work is done; entries never change, and those that come meanwhile are not looked at.
#[derive(Clone, Debug)]
pub struct Check {
    /// What does not agree, each in words.
    pub faults: Vec<String>,
    size: u64,
    last: UnixSeconds,
    range: Range,
    epoch: Option<Digest>,
    /// Heads that others cosigned, by size: what they hold me to.
    cosigned: Vec<(String, TreeHead)>,
    done: bool,
}

impl Check {
    /// Of the log as it is now.
    pub fn begin(draft: &Draft<'_>) -> Result<Self, ConsentError> {
        let people = draft.all::<Person>(&[])?.into_iter();
        let mut cosigned: Vec<_> =
            people.filter_map(|(_, person)| Some((person.name.to_string(), person.shown?))).collect();
        cosigned.sort_by_key(|(_, head)| head.size);
        cosigned.reverse();
        let (size, range) = (size(draft)?, Range::default());
        Ok(Self { faults: Vec::new(), size, last: 0, range, epoch: None, cosigned, done: false })
    }

    /// Entries it checks in all, and how many it has.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.size, self.range.size())
    }

    /// Looks at up to `limit` entries more; false when there is nothing left to look at.
    pub fn go_on(&mut self, draft: &Draft<'_>, limit: u64) -> Result<bool, ConsentError> {
        let from = self.range.size();
        let until = self.size.min(from.saturating_add(limit));
        for index in from..until {
            let item = self.item(draft, index)?;
            self.subtrees(draft, index, item)?;
            self.compare();
        }
        if until == self.size && !self.done {
            self.done = true;
            self.end(draft)?;
        }
        Ok(!self.done)
    }

    /// The item at an index, its entry looked at; none where that is missing.
    fn item(&mut self, draft: &Draft<'_>, index: u64) -> Result<Option<Digest>, ConsentError> {
        let Some(entry) = draft.get::<Entry>(&index.to_be_bytes())? else {
            self.fault(format!("entry {index} is missing"));
            return Ok(None);
        };
        let item = entry.leaf()?;
        if entry.time < self.last {
            self.fault(format!("entry {index} is earlier than the one before it"));
        }
        self.last = entry.time;
        if let Event::Restored { head } = entry.what {
            if head != self.head() {
                self.fault(format!("entry {index} begins an epoch, and not after the entries before it"));
            }
            self.epoch = Some(item);
        }
        Ok(Some(item))
    }

    /// What is kept goes into the tree above, so that one alteration is one fault.
    fn subtrees(&mut self, draft: &Draft<'_>, index: u64, item: Option<Digest>) -> Result<(), ConsentError> {
        let kept = |level: u8| Ok(draft.get::<Node>(&tree::key(level, index >> level))?.map(|node| node.0));
        let leaf = kept(0)?;
        if item.is_some_and(|item| leaf != Some(tree::leaf_hash(&item))) {
            self.fault(format!("entry {index} is not the one that was logged"));
        }
        let levels = (1u8..).take(index.trailing_ones() as usize);
        let above = levels.map(kept).collect::<Result<Vec<_>, ConsentError>>()?;
        let (mut above, mut damaged) = (above.into_iter(), Vec::new());
        let made = leaf.or(item.map(|item| tree::leaf_hash(&item))).unwrap_or(Digest([0; 32]));
        self.range.push_hash(made, |level, made| {
            let stored = above.next().flatten();
            if stored != Some(made) {
                damaged.push((index >> level) << level);
            }
            stored.unwrap_or(made)
        });
        for first in damaged {
            self.fault(format!("the tree over entries {first} to {index} is damaged"));
        }
        Ok(())
    }

    fn head(&self) -> TreeHead {
        TreeHead { size: self.range.size(), root: self.range.root(), epoch: self.epoch }
    }

    /// Against what others cosigned at this size.
    fn compare(&mut self) {
        while let Some((who, head)) = self.cosigned.pop_if(|(_, head)| head.size <= self.range.size()) {
            if head != self.head() {
                self.fault(format!("the first {} entries are not those that {who} cosigned", head.size));
            }
        }
    }

    fn end(&mut self, draft: &Draft<'_>) -> Result<(), ConsentError> {
        for (who, head) in std::mem::take(&mut self.cosigned) {
            self.fault(format!("{who} cosigned {} entries, and there are {}", head.size, self.size));
        }
        let beyond = self.size.checked_sub(1).map(u64::to_be_bytes);
        if size(draft)? == self.size
            && let Some((key, _)) = draft.scan::<Entry>(&[], beyond.as_ref().map(<[u8; 8]>::as_slice), 1)?.first()
        {
            let index = key.as_slice().try_into().map_or(u64::MAX, u64::from_be_bytes);
            self.fault(format!("an entry beyond the log's size: {index}"));
        }
        let epochs: Epochs = draft.get(Epochs::KEY)?.unwrap_or_default();
        let last = epochs.0.iter().rfind(|epoch| epoch.index < self.size).map(|epoch| epoch.id);
        if last != self.epoch {
            self.fault("the epoch of the log is not the one that its entries tell".to_owned());
        }
        self.cosignatures(draft)
    }

    /// What was kept of cosignatures is what the people's records say.
    fn cosignatures(&mut self, draft: &Draft<'_>) -> Result<(), ConsentError> {
        for (key, person) in draft.all::<Person>(&[])? {
            let Ok(party) = PartyId::try_from(&key[..]) else { continue };
            let kept: Option<HeadRecord> = draft.get(&HeadRecord::mine(&party))?;
            if kept.is_some_and(|kept| Some(kept.head) != person.shown) {
                self.fault(format!("the cosignature kept of {} is not of the head it cosigned last", person.name));
            }
        }
        Ok(())
    }

    fn fault(&mut self, words: String) {
        if self.faults.len() < FAULTS {
            self.faults.push(words);
        }
    }
}
