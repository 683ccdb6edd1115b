//! Four parties, what travels between them, and how one step happens: drafted, looked at, made durable, or lost.

use crate::{
    dice::Dice,
    model::{Model, Violation},
    testing::{HOUR, Party, owner_and_requester, pair, terms},
    watch::{Facts, must},
};
use consent::{
    ConsentError, Context, Draft, Effect, Outline, outbox,
    owner::{Approve, StandingChoice},
    record::Clock,
    view::Table,
};
use protocol::{Ack, Frame, Kind, Message, MessageId, UnixSeconds, message::Review};
use std::{collections::BTreeMap, rc::Rc};

/// The one with the data.
pub(crate) const OWNER: usize = 0;
/// Two who ask, and one nobody knows.
pub(crate) const ASKING: [usize; 2] = [1, 2];
pub(crate) const STRANGER: usize = 3;

/// A part of the world that does not do what it should: the simulation must find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Nothing,
    /// The owner's store keeps only a part of what is to be durable at once: of a run, the log and no count.
    LosesCounts,
    /// The owner's store does not keep which messages were taken.
    ForgetsMessages,
    /// The owner's store does not keep the latest time acted on.
    ForgetsTime,
    /// The owner's node hands outcomes over without recording the release first.
    SkipsRelease,
    /// The owner's store does not keep that a grant was revoked.
    ForgetsRevocations,
}

/// Where it stands that something ran.
const COUNTS: [Table; 4] = [Table::Grants, Table::Runs, Table::OpenRuns, Table::Requests];

/// Something on its way.
#[derive(Clone)]
pub(crate) struct Flight {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Where it waits in the sender's outbox; empty when the sender owes it to nobody.
    pub(crate) key: Vec<u8>,
    pub(crate) frame: Frame,
    /// What it says, if it is said to the owner: opened once, however often it arrives.
    pub(crate) said: Option<Rc<Message>>,
}

impl Flight {
    pub(crate) fn new(from: usize, to: usize, key: Vec<u8>, frame: Frame) -> Self {
        let said = if to == OWNER { Message::open(&frame.message).ok().map(Rc::new) } else { None };
        Self { from, to, key, frame, said }
    }
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) parties: Vec<Party>,
    pub(crate) model: Model,
    /// Entries in each log, and the time of the last one.
    pub(crate) logs: Vec<(u64, UnixSeconds)>,
    /// Receipts the owner made, as first made.
    pub(crate) receipts: BTreeMap<MessageId, Vec<u8>>,
    /// Requests made by honest means, and by whom.
    pub(crate) mine: Vec<(usize, MessageId)>,
    /// Sent and neither lost nor taken.
    pub(crate) flying: Vec<Flight>,
    /// Acks on their way back.
    pub(crate) acks: Vec<(Flight, Ack)>,
    /// Everything ever sent: somebody on the way has kept it.
    pub(crate) kept: Vec<Flight>,
    /// Runs the owner's node is to compute; lost in a crash, found again.
    pub(crate) computing: Vec<(MessageId, u32)>,
    pub(crate) broken: Broken,
    /// What was done, for whoever looks into a failure.
    pub(crate) done: Vec<&'static str>,
}

impl World {
    /// Everybody connected who will be, the dataset stored.
    pub(crate) fn begin() -> Self {
        let (mut owner, bank) = owner_and_requester();
        let mut other = Party::new(3, "Other");
        pair(&mut owner, &mut other);
        let stranger = Party::new(4, "Stranger");
        let parties = vec![owner, bank, other, stranger];
        let logs = parties.iter().map(|party| (party.events().len() as u64, 0)).collect();
        let model = Model { version: Some(1), clock: crate::testing::START, ..Model::default() };
        Self {
            parties,
            model,
            logs,
            receipts: BTreeMap::new(),
            mine: vec![],
            flying: vec![],
            acks: vec![],
            kept: vec![],
            computing: vec![],
            broken: Broken::Nothing,
            done: vec![],
        }
    }

    /// A life already led for a while, so that a short sequence comes to what is rare: one grant for once, one
    /// standing without review and one with, a request under each of those, one waiting, and a counter-offer.
    pub(crate) fn grown() -> Result<Self, Violation> {
        let (mut world, mut dice) = (Self::begin(), Dice::calm());
        let [bank, other] = ASKING;
        let end = crate::testing::START + 24 * HOUR;
        let kinds = [(bank, Kind::Mean), (bank, Kind::Max), (bank, Kind::Sum), (other, Kind::Mean), (other, Kind::Max)];
        for (who, kind) in kinds {
            world.ask_for(who, terms(kind), None, end)?;
        }
        world.talk_out(&mut dice)?;
        let asked: Vec<MessageId> = world.mine.iter().map(|(_, id)| *id).collect();
        let [once, unreviewed, _, reviewed, countered] = asked[..] else { return Err("five requests".to_owned()) };
        for (id, standing) in [(once, None), (unreviewed, Some(Review::None)), (reviewed, Some(Review::Each))] {
            let code = world.look(&id)?.unwrap_or_default();
            let standing = standing.map(|review| StandingChoice { uses: 2, review, ..StandingChoice::default() });
            world.approve(&id, Approve { code, standing, ..Approve::default() }, true)?;
        }
        world.counter(&mut dice, &countered)?;
        world.talk_out(&mut dice)?;
        for (who, kind, first) in [(bank, Kind::Max, unreviewed), (other, Kind::Mean, reviewed)] {
            let grant = world.parties[who].request(&first).grant;
            world.ask_for(who, terms(kind), grant, end)?;
        }
        world.talk_out(&mut dice)?;
        Ok(world)
    }

    /// Everybody talks, without mishap, until nothing is owed.
    fn talk_out(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        for _ in 0..20 {
            self.talk(dice)?;
        }
        Ok(())
    }

    /// The moment the owner's side acts on now.
    pub(crate) fn now(&self) -> UnixSeconds {
        self.model.clock.max(self.parties[OWNER].clock)
    }

    /// One step of somebody's node, made durable. The inner error is a refusal; it changes nothing.
    pub(crate) fn act<T>(
        &mut self,
        who: usize,
        handler: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
    ) -> Result<Result<(T, Facts), ConsentError>, Violation> {
        match self.parties[who].draft(handler) {
            Ok((value, outline)) => Ok(Ok((value, self.keep(who, outline)?))),
            Err(error @ (ConsentError::Missing { .. } | ConsentError::Record { .. } | ConsentError::View(_))) => {
                Err(format!("records do not fit together: {error}"))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    /// Looks at what is to become durable, and lets it.
    pub(crate) fn keep(&mut self, who: usize, mut outline: Outline) -> Result<Facts, Violation> {
        let facts = self.watch(who, &outline)?;
        if who == OWNER {
            let broken = self.broken;
            let removed = outline.changes.iter().any(|change| change.table == Table::Datasets);
            if broken == Broken::LosesCounts && !facts.ran.is_empty() {
                outline.effects.clear();
            }
            outline.changes.retain(|change| !match broken {
                Broken::LosesCounts => !facts.ran.is_empty() && COUNTS.contains(&change.table),
                Broken::ForgetsMessages => change.table == Table::Seen,
                Broken::ForgetsTime => change.table == Table::State && change.key == Clock::KEY,
                Broken::ForgetsRevocations => {
                    facts.revoked && !removed && [Table::Grants, Table::Requests].contains(&change.table)
                }
                Broken::Nothing | Broken::SkipsRelease => false,
            });
        }
        self.parties[who].keep(outline);
        for effect in std::mem::take(&mut self.parties[who].effects) {
            if let Effect::Compute { grant, number } = effect {
                self.computing.push((grant, number));
            }
        }
        Ok(facts)
    }

    /// Puts the next thing owed on its way, as the node does: a release is durable before anything leaves.
    pub(crate) fn send(&mut self, dice: &mut Dice, from: usize, to: usize) -> Result<Option<Flight>, Violation> {
        let party = self.parties[to].id();
        let Some(next) = self.parties[from].read(|draft| outbox::next(draft, &party)) else { return Ok(None) };
        if next.releases && self.broken != Broken::SkipsRelease {
            let key = next.key.clone();
            let (_, outline) = self.parties[from]
                .draft(|draft, context| outbox::release(draft, context, &key))
                .map_err(|error| error.to_string())?;
            if dice.mishap(10) {
                return Ok(None); // a crash before the release was durable: nothing leaves
            }
            self.keep(from, outline)?;
            if dice.mishap(10) {
                return Ok(None); // a crash after it: released, sent later
            }
        }
        if self.receipts.contains_key(&next.id) {
            let logged = self.model.made.values().any(|made| made.id == next.id && made.released);
            must(logged, || "an outcome was handed over without a durable release".to_owned())?;
        }
        let flight = Flight::new(from, to, next.key, next.frame);
        self.kept.push(flight.clone());
        Ok(Some(flight))
    }

    /// Nothing is wrong between the logs: what a requester has checked is still in the owner's.
    pub(crate) fn logs_agree(&self) -> Result<(), Violation> {
        let owner = &self.parties[OWNER];
        for asking in ASKING.map(|who| &self.parties[who]) {
            let person: consent::record::Person = asking.record(&owner.id().0);
            must(person.fork.is_none(), || "an honest log was taken for a fork".to_owned())?;
            if let Some(seen) = person.seen {
                let then = owner.read(|draft| consent::log::head_at(draft, seen.size));
                must(then == seen, || "a cosigned head is no longer in the log".to_owned())?;
            }
        }
        for party in &self.parties {
            let faults = party.read(consent::log::faults);
            must(faults.is_empty(), || format!("a log does not agree with itself: {faults:?}"))?;
        }
        Ok(())
    }
}
