//! What becomes durable is looked at before it does: entries only come to the log, receipts never change.

use crate::{
    model::{Made, Violation},
    world::{OWNER, World},
};
use consent::{
    Outline,
    record::{Clock, GrantRecord, ReceiptRecord, RequestRecord},
    view::{Table, View as _},
};
use protocol::{Entry, Event, MessageId, Outcome, UnixSeconds, cbor, message::Answer};

/// What one durable step did on the owner's side, as its own log and records tell it.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) requested: Vec<MessageId>,
    pub(crate) ran: Vec<(MessageId, MessageId, u32, UnixSeconds)>,
    pub(crate) decided: Vec<(MessageId, MessageId)>,
    pub(crate) granted: Vec<(MessageId, GrantRecord)>,
    pub(crate) made: Vec<(MessageId, u32, Answer)>,
    pub(crate) revoked: bool,
}

pub(crate) fn must(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl World {
    /// Checks a step's changes against what must always hold, and tells what they did.
    pub(crate) fn watch(&mut self, who: usize, outline: &Outline) -> Result<Facts, Violation> {
        let mut facts = Facts::default();
        for change in &outline.changes {
            let value = change.value.as_deref();
            match change.table {
                Table::Log | Table::LogNodes => {
                    let before = self.parties[who].view.get(change.table, &change.key).unwrap();
                    must(before.is_none() && value.is_some(), || "the log was rewritten".to_owned())?;
                    if let (Table::Log, Some(value)) = (change.table, value) {
                        self.watch_entry(who, &change.key, value, &mut facts)?;
                    }
                }
                Table::State if change.key == Clock::KEY && who == OWNER => {
                    let clock: Clock = cbor::from_slice(value.unwrap_or_default()).unwrap();
                    must(clock.latest >= self.model.clock, || "the owner's clock went back".to_owned())?;
                    self.model.clock = clock.latest;
                }
                Table::Grants if who == OWNER => {
                    let id = MessageId::try_from(&change.key[..]).unwrap();
                    let record: GrantRecord = cbor::from_slice(value.ok_or("a grant was deleted")?).unwrap();
                    must(record.spent <= record.uses(), || "a grant was spent beyond its uses".to_owned())?;
                    if !self.model.grants.contains_key(&id) {
                        facts.granted.push((id, record));
                    }
                }
                _ => {}
            }
        }
        // a receipt is looked at once the whole step is known: its release is logged in the same one
        for change in outline.changes.iter().filter(|change| change.table == Table::Receipts) {
            let id = MessageId::try_from(&change.key[..]).unwrap();
            let record = cbor::from_slice(change.value.as_deref().ok_or("a receipt was deleted")?).unwrap();
            if who == OWNER {
                self.watch_made(id, &record, &mut facts)?
            } else {
                self.watch_received(who, id, &record)?
            }
        }
        self.watch_released(who, outline)?;
        Ok(facts)
    }

    fn watch_entry(&mut self, who: usize, key: &[u8], value: &[u8], facts: &mut Facts) -> Result<(), Violation> {
        let (size, last) = self.logs[who];
        must(key == size.to_be_bytes(), || "an entry is not the next one".to_owned())?;
        let entry: Entry = cbor::from_slice(value).unwrap();
        must(entry.time >= last, || "the log went back in time".to_owned())?;
        must(entry.time >= self.parties[who].clock, || "the log is behind its party's clock".to_owned())?;
        self.logs[who] = (size + 1, entry.time);
        if who == OWNER {
            must(entry.time >= self.model.clock, || "the owner acted on a time that was over".to_owned())?;
            match entry.what {
                Event::Requested { request } => facts.requested.push(request),
                Event::Ran { grant, request, number } => facts.ran.push((grant, request, number, entry.time)),
                Event::Revoked { .. } => facts.revoked = true,
                Event::Decided { request, decision } => facts.decided.push((request, decision)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The same run always has the same receipt, byte for byte.
    fn watch_made(&mut self, id: MessageId, record: &ReceiptRecord, facts: &mut Facts) -> Result<(), Violation> {
        if self.receipts.contains_key(&id) {
            return must(self.receipts[&id] == *record.message, || "a receipt was altered".to_owned());
        }
        let body = record.open().map_err(|error| error.to_string())?.body().clone();
        let run = (body.grant, body.number);
        must(!self.model.made.contains_key(&run), || "two receipts for one run".to_owned())?;
        self.model.made.insert(run, Made { id, released: false });
        self.receipts.insert(id, record.message.to_vec());
        facts.made.push((body.grant, body.number, body.answer));
        Ok(())
    }

    /// Only what the owner released, every binding verified again, is kept by a requester.
    fn watch_received(&mut self, who: usize, id: MessageId, record: &ReceiptRecord) -> Result<(), Violation> {
        let made = self.receipts.get(&id).ok_or("a receipt was kept that the owner never made")?;
        must(*made == *record.message, || "a receipt was kept that is not the one made".to_owned())?;
        let released = self.model.made.values().any(|made| made.id == id && made.released);
        must(released, || "a receipt was kept that was never released".to_owned())?;
        let body = record.open().map_err(|error| error.to_string())?.body().clone();
        let mine: RequestRecord = self.parties[who].request(&body.request);
        let asked = mine.open().map_err(|error| error.to_string())?;
        let bound = asked.body().terms.computation == body.computation
            && asked.body().terms.version == body.version
            && mine.grant == Some(body.grant);
        must(bound, || "a receipt was kept that does not answer what was asked".to_owned())
    }

    fn watch_released(&mut self, who: usize, outline: &Outline) -> Result<(), Violation> {
        let entries = outline.changes.iter().filter(|change| change.table == Table::Log && who == OWNER);
        for entry in entries.filter_map(|change| change.value.as_deref()) {
            let Event::Released { receipt } = cbor::from_slice::<Entry>(entry).unwrap().what else { continue };
            let found = self.model.made.iter_mut().find(|(_, made)| made.id == receipt);
            let ((grant, _), made) = found.ok_or("something was released that was never made")?;
            must(!made.released, || "a receipt was released twice".to_owned())?;
            made.released = true;
            must(!self.model.grants[grant].revoked, || {
                "a receipt was released after its grant was revoked".to_owned()
            })?;
        }
        Ok(())
    }

    /// What a receipt answers is what the reference says may leave.
    pub(crate) fn answered(
        &self,
        (grant, number): (MessageId, u32),
        over: Option<(u8, Outcome)>,
        answer: &Answer,
    ) -> Result<(), Violation> {
        let allowed = over.and_then(|(version, outcome)| self.model.may_leave(&grant, number, version, &outcome));
        let left = match answer {
            Answer::Released { outcome, .. } => Some(outcome.clone()),
            Answer::NotReleased { .. } => None,
        };
        must(left == allowed, || format!("an outcome left as {left:?} that was approved as {allowed:?}"))
    }
}
