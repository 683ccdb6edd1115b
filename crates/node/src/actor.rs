//! The actor: one thread that owns store and consent. Durable first, then act, then answer.
//!
//! Jobs that wait at the same time share one sync ([`group`]): each sees what those before it decided, and none of them
//! is answered, and nothing they decided happens, before all of it is on the disk. If the disk fails, nobody is answered
//! and the node stops: what cannot be logged is not released.

mod group;

use self::group::{Group, Keeper};
use crate::{
    cases::Letters, courier::Couriers, error::NodeError, ledger::Ledgers, records::Records, running::Computations,
    views::Happening,
};
use consent::{ConsentError, Context, Draft, Effect, Notice, Outline, time::Progress};
use protocol::{IdentityKey, MessageId, PartyId, UnixSeconds};
use std::{collections::BTreeMap, time::SystemTime};
use store::{Applied, Batch, Store, StoreError};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// Jobs that may wait for the actor: what is beyond waits in its caller, so a flood grows no queue.
const JOBS: usize = 256;
/// Jobs that share a sync at most: the first of them waits for the last.
const TOGETHER: usize = 64;

/// Addresses of an invite's relays, and the tokens of those that have one, by peer id.
pub(crate) type Visited = (Vec<String>, BTreeMap<Vec<u8>, zeroize::Zeroizing<Vec<u8>>>);

/// Something for the actor to do.
type Job = Box<dyn FnOnce(&mut Actor) + Send>;

/// Owns everything durable. Every method runs on its own thread, one after the other.
pub(crate) struct Actor {
    pub(crate) store: Store,
    pub(crate) key: IdentityKey,
    /// My transport peer id.
    pub(crate) peer: Vec<u8>,
    /// Others by transport peer id, as their records name it.
    pub(crate) peers: BTreeMap<Vec<u8>, PartyId>,
    /// Who is connected, and how.
    pub(crate) paths: BTreeMap<PartyId, &'static str>,
    /// Relays of invites that I am joining by, and their tokens.
    pub(crate) visiting: BTreeMap<MessageId, Visited>,
    pub(crate) couriers: Couriers,
    pub(crate) computations: Computations,
    pub(crate) ledgers: Ledgers,
    pub(crate) letters: Letters,
    events: broadcast::Sender<Happening>,
    progress: Progress,
    group: Group<Effect>,
    /// Told when the store fails: the node ends.
    stopping: watch::Sender<bool>,
    ending: bool,
}

/// A way to give the actor jobs. The actor ends when told to, or when the last of these is gone.
#[derive(Clone)]
pub(crate) struct Mailbox(mpsc::Sender<Job>);

/// Where the actor's jobs come out.
pub(crate) struct Inbox(mpsc::Receiver<Job>);

/// A mailbox and where it empties.
pub(crate) fn mailbox() -> (Mailbox, Inbox) {
    let (sender, receiver) = mpsc::channel(JOBS);
    (Mailbox(sender), Inbox(receiver))
}

impl Mailbox {
    /// Lets the actor do something and waits for what comes of it.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Actor) -> Result<T, NodeError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |actor| {
            let done = job(actor);
            // a caller that no longer waits loses only the answer, never the deed
            actor.group.answer(Box::new(move |durable| drop(answer.send(durable.and(done)))));
        });
        self.0.send(job).await.map_err(|_| NodeError::Stopping)?;
        answered.await.map_err(|_| NodeError::Stopping)?
    }
}

impl Actor {
    pub(crate) fn new(
        store: Store,
        key: IdentityKey,
        peer: Vec<u8>,
        couriers: Couriers,
        computations: Computations,
        events: broadcast::Sender<Happening>,
        stopping: watch::Sender<bool>,
    ) -> Result<Self, NodeError> {
        let mut actor = Self {
            store,
            key,
            peer,
            peers: BTreeMap::new(),
            paths: BTreeMap::new(),
            visiting: BTreeMap::new(),
            couriers,
            computations,
            ledgers: Ledgers::default(),
            letters: Letters::default(),
            events,
            progress: Progress::default(),
            group: Group::default(),
            stopping,
            ending: false,
        };
        actor.learn_peers()?;
        Ok(actor)
    }

    /// Does one job after the other until there are no more. Those that wait by then share the sync of the first.
    pub(crate) fn work(mut self, mut inbox: Inbox) {
        while let Some(first) = inbox.0.blocking_recv() {
            first(&mut self);
            for _ in 1..TOGETHER {
                if self.ending {
                    break;
                }
                let Ok(next) = inbox.0.try_recv() else { break };
                next(&mut self);
            }
            if self.close_group().is_err() || self.ending {
                return;
            }
        }
    }

    /// Makes durable what was applied, carries out what is to happen after it, answers everybody who waits for that.
    ///
    /// # Errors
    /// The disk's: everybody who waited was told, and the node stops.
    fn close_group(&mut self) -> Result<(), NodeError> {
        let closed = std::mem::take(&mut self.group).close(self);
        closed.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "nothing can be made durable; the node stops");
            self.ending = true;
            self.stopping.send_replace(true);
            error.into()
        })
    }

    /// No further job is done; the store is closed when the thread ends.
    pub(crate) fn end(&mut self) {
        self.ending = true;
    }

    /// Reads what was applied; who is answered with it waits for its sync.
    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Draft<'_>) -> Result<T, ConsentError>) -> Result<T, NodeError> {
        let records = Records(self.store.control());
        Ok(ask(&Draft::over(&records))?)
    }

    /// Decides something: applies its changes. They are durable before anything it decided happens or is answered.
    pub(crate) fn act<T>(
        &mut self,
        decide: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
    ) -> Result<T, NodeError> {
        let (value, outline) = self.decide(decide)?;
        let batch = Records::batch(outline.changes);
        if !batch.is_empty() {
            self.group.applied(self.store.control().apply(&batch)?);
        }
        self.follow(outline.effects)?;
        Ok(value)
    }

    /// As [`Actor::act`], with another way to make the changes durable (together with a manifest, or erasing). What was
    /// decided before is settled first.
    pub(crate) fn act_with<T>(
        &mut self,
        decide: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
        commit: impl FnOnce(&mut Store, Batch, &T) -> Result<(), NodeError>,
    ) -> Result<T, NodeError> {
        self.close_group()?;
        let (value, outline) = self.decide(decide)?;
        let batch = Records::batch(outline.changes);
        if !batch.is_empty() {
            commit(&mut self.store, batch, &value)?;
        }
        self.follow(outline.effects)?;
        Ok(value)
    }

    /// Applies changes that nobody has to decide, such as a record of calls. They are durable before anybody is answered.
    pub(crate) fn keep(&mut self, batch: &Batch) -> Result<(), NodeError> {
        if !batch.is_empty() {
            self.group.applied(self.store.control().apply(batch)?);
        }
        Ok(())
    }

    fn decide<T>(
        &self,
        decide: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
    ) -> Result<(T, Outline), NodeError> {
        let records = Records(self.store.control());
        let mut draft = Draft::over(&records);
        let mut context = Context::new(now(), &self.key, rand::random());
        let value = decide(&mut draft, &mut context)?;
        Ok((value, draft.finish()))
    }

    /// Lets what was decided happen once it is durable. Which transport peer is which party follows the records at once,
    /// as every read does.
    fn follow(&mut self, effects: Vec<Effect>) -> Result<(), NodeError> {
        let met = |effect: &Effect| matches!(effect, Effect::Notify(Notice::Paired(_) | Notice::PersonChanged(_)));
        let people = effects.iter().any(met);
        self.group.then(effects);
        if people { self.learn_peers() } else { Ok(()) }
    }

    /// Tells whoever listens; nobody listening is fine.
    pub(crate) fn tell(&self, happening: Happening) {
        let _ = self.events.send(happening);
    }

    /// Reads again which transport peer is which party.
    pub(crate) fn learn_peers(&mut self) -> Result<(), NodeError> {
        let people = self.read(|draft| draft.all::<consent::record::Person>(&[]))?;
        self.peers = people
            .into_iter()
            .filter(|(_, person)| !person.blocked)
            .filter_map(|(key, person)| Some((person.peer.into_vec(), PartyId::try_from(&key[..]).ok()?)))
            .collect();
        self.paths.retain(|party, _| self.peers.values().any(|known| known == party));
        Ok(())
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self) -> Result<(), NodeError> {
        self.computations.columns.tidy();
        self.renew_mailbox_key()?;
        let mut progress = std::mem::take(&mut self.progress);
        let done = self.act(|draft, context| consent::time::passed(draft, context, &mut progress));
        self.progress = progress;
        done
    }
}

impl Keeper<Effect> for Actor {
    fn sync(&mut self, applied: Applied) -> Result<(), StoreError> {
        self.store.control().sync(applied)
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Deliver(party) => self.couriers.wake(party),
            Effect::Notify(notice) => self.tell(happening(notice)),
            Effect::Compute { grant, number } => {
                if let Err(error) = self.compute_run(grant, number) {
                    tracing::error!(%error, "a run could not be begun; it is taken up again at the next start");
                }
            }
            Effect::Try { ask, to, dataset, computation } => {
                if let Err(error) = self.try_on_mock((ask, to), dataset, *computation) {
                    tracing::warn!(%error, "a try on made-up rows could not be begun; whoever asked asks again");
                }
            }
        }
    }

    fn stopped(&self) -> StoreError {
        StoreError::Stopped { path: self.store.home().control() }
    }
}

/// Seconds since 1970 by this machine's clock; a clock before 1970 counts as 1970.
pub(crate) fn now() -> UnixSeconds {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn happening(notice: Notice) -> Happening {
    let (what, id, of) = match notice {
        Notice::Paired(party) => ("paired", party.to_string(), None),
        Notice::InviteRefused(invite) => ("invite-refused", invite.to_string(), None),
        Notice::RequestArrived(id) => ("request", id.to_string(), Some("arrived".to_owned())),
        Notice::RequestChanged(id) => ("request", id.to_string(), Some("changed".to_owned())),
        Notice::GrantChanged(id) => ("grant", id.to_string(), None),
        Notice::Paused(id) => ("paused", id.to_string(), None),
        Notice::Receipted { receipt, request } => ("receipt", receipt.to_string(), Some(request.to_string())),
        Notice::OfferChanged(id) => ("offer", id.to_string(), None),
        Notice::MockCame(ask) => ("mock", ask.to_string(), None),
        Notice::CatalogArrived(ask) => ("catalog", ask.to_string(), None),
        Notice::DatasetChanged(id) => ("dataset", id.to_string(), None),
        Notice::PersonChanged(party) => ("person", party.to_string(), None),
        Notice::LogForked(party) => ("fork", party.to_string(), None),
        Notice::LogRestored(party) => ("restored", party.to_string(), None),
        Notice::Undelivered { to, message } => ("undelivered", message.to_string(), Some(to.to_string())),
    };
    Happening { what: what.to_owned(), id, of }
}
