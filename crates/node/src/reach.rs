//! Reaching people: relays, the names to meet under, and who is connected how.

use crate::{
    actor::Mailbox,
    cases::{Meeting, addresses_of, invite_meetings, joinable, relay_address},
    error::NodeError,
    handle::{Node, away},
    views::{Happening, PersonView, RelayView},
};
use net::{Event, Found, Path, RelayState, RelayStatus};
use protocol::{Ack, PartyId, Refusal, SignedInvite};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinSet,
    time::{Instant, sleep},
};

/// Between two looks at where everybody is, while nothing happens.
const LOOK: Duration = Duration::from_secs(30);
/// First pause between tries to reach somebody who is away; it doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// How long one frame of the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// Between two housekeeping rounds of the consent machines.
const TICK: Duration = Duration::from_secs(20);

/// The task that keeps this node reachable and looks for those who are away.
pub(crate) struct Reach {
    pub(crate) net: net::Handle,
    pub(crate) mailbox: Mailbox,
    pub(crate) look: Arc<Notify>,
    registered: BTreeSet<(Vec<u8>, String)>,
    tries: BTreeMap<PartyId, (Instant, Duration)>,
}

impl Reach {
    pub(crate) fn new(net: net::Handle, mailbox: Mailbox, look: Arc<Notify>) -> Self {
        Self { net, mailbox, look, registered: BTreeSet::new(), tries: BTreeMap::new() }
    }

    /// Looks around until the node stops.
    pub(crate) async fn work(mut self) {
        loop {
            match self.look_around().await {
                Ok(()) => {}
                Err(NodeError::Stopping) => return,
                Err(error) => tracing::warn!(%error, "could not look for others; trying again"),
            }
            let pause = self.tries.values().map(|(at, _)| at.saturating_duration_since(Instant::now())).min();
            tokio::select! {
                () = sleep(pause.unwrap_or(LOOK).clamp(Duration::from_millis(200), LOOK)) => {}
                () = self.look.notified() => {}
            }
        }
    }

    async fn look_around(&mut self) -> Result<(), NodeError> {
        let (relays, meetings, away) = self
            .mailbox
            .call(|actor| {
                let meetings = actor.meetings()?;
                let away: BTreeSet<PartyId> = meetings.iter().filter_map(|meeting| meeting.party).collect();
                let away = away.into_iter().filter(|party| !actor.paths.contains_key(party)).collect::<Vec<_>>();
                Ok((actor.needed_relays()?, meetings, away))
            })
            .await?;
        self.net.set_relays(relays).await;
        self.register(&meetings).await;
        self.tries.retain(|party, _| away.contains(party));
        let due = away.into_iter().filter(|party| self.is_due(party)).collect::<Vec<_>>();
        for party in due {
            let theirs = meetings.iter().filter(|meeting| meeting.party == Some(party)).cloned().collect();
            tokio::spawn(find_person(self.net.clone(), self.mailbox.clone(), party, theirs));
        }
        Ok(())
    }

    /// Waits at every meeting, and no longer at those that are over.
    async fn register(&mut self, meetings: &[Meeting]) {
        let wanted: BTreeSet<_> = meetings.iter().map(|meeting| (meeting.relay.clone(), meeting.namespace.clone())).collect();
        for (relay, namespace) in self.registered.difference(&wanted) {
            self.net.unregister(relay.clone(), namespace.clone()).await;
        }
        for (relay, namespace) in wanted.difference(&self.registered) {
            self.net.register(relay.clone(), namespace.clone()).await;
        }
        self.registered = wanted;
    }

    /// Whether it is time to try again; notes that it was tried.
    fn is_due(&mut self, party: &PartyId) -> bool {
        let now = Instant::now();
        let (at, pause) = self.tries.get(party).copied().unwrap_or((now, FIRST));
        if at > now {
            return false;
        }
        self.tries.insert(*party, (now + pause, (pause * 2).min(LONGEST)));
        true
    }
}

/// Looks for somebody at every relay where we may meet, and connects.
async fn find_person(net: net::Handle, mailbox: Mailbox, party: PartyId, meetings: Vec<Meeting>) {
    let Ok(me) = mailbox.call(|actor| Ok(actor.peer.clone())).await else { return };
    for found in discover(&net, meetings, &me).await {
        match net.connect(found.peer.clone(), found.addresses).await {
            Ok(_) => {
                // their place may be new to me, and mine to them
                if let Ok(frame) = mailbox.call(move |actor| actor.presence_frame(&party)).await {
                    let _ = net.send(&found.peer, frame, HANDSHAKE).await;
                }
                return;
            }
            Err(error) => tracing::debug!(%party, %error, "not reached"),
        }
    }
}

/// Who waits at these meetings, apart from me.
async fn discover(net: &net::Handle, meetings: Vec<Meeting>, me: &[u8]) -> Vec<Found> {
    let mut asked = JoinSet::new();
    for meeting in meetings {
        let net = net.clone();
        asked.spawn(async move { net.discover(meeting.relay, meeting.namespace).await.unwrap_or_default() });
    }
    let mut found: BTreeMap<Vec<u8>, Found> = BTreeMap::new();
    while let Some(answer) = asked.join_next().await {
        for one in answer.unwrap_or_default().into_iter().filter(|one| one.peer != me) {
            found.entry(one.peer.clone()).and_modify(|known| known.addresses.extend(one.addresses.clone())).or_insert(one);
        }
    }
    found.into_values().collect()
}

/// Joins by an invite: finds the inviter at its relays, hands over the join message, waits for the welcome.
pub(crate) async fn connect(node: &Node, text: &str, patience: Duration) -> Result<PersonView, NodeError> {
    let text = text.to_owned();
    let (invite, me) = node.mailbox.call(move |actor| Ok((joinable(&text, &actor.key.party())?, actor.peer.clone()))).await?;
    let deadline = Instant::now() + patience;
    let relays: Vec<String> = invite.invite().relays.iter().flat_map(addresses_of).collect();
    node.net.add_relays(relays).await;
    let mut pause = Duration::from_millis(200);
    loop {
        for found in discover(&node.net, invite_meetings(&invite), &me).await {
            if node.net.connect(found.peer.clone(), found.addresses).await.is_err() {
                continue;
            }
            if let Some(person) = join_at(node, &invite, &found.peer, deadline).await? {
                return Ok(person);
            }
        }
        if Instant::now() + pause > deadline {
            return Err(unreached(node, &invite).await);
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Hands the join message over at that peer; `None`: it is not the inviter, or it did not answer.
async fn join_at(
    node: &Node,
    invite: &SignedInvite,
    peer: &[u8],
    deadline: Instant,
) -> Result<Option<PersonView>, NodeError> {
    let (ticket, theirs) = (invite.clone(), peer.to_vec());
    let frame = node.mailbox.call(move |actor| actor.join_frame(&ticket, &theirs)).await?;
    let Ok(answer) = node.net.send(peer, frame, HANDSHAKE).await else { return Ok(None) };
    match Ack::from_slice(&answer) {
        Ok(Ack::Accepted(_)) => {}
        Ok(Ack::Refused(Refusal::Invite)) => {
            let why = "the inviter refuses this invite: it is spent, expired, or another's; ask for a new one";
            return Err(NodeError::Refused { why: why.to_owned() });
        }
        Ok(Ack::Refused(_) | Ack::Later) | Err(_) => return Ok(None),
    }
    let id = invite.id();
    let patience = deadline.saturating_duration_since(Instant::now());
    let paired = node
        .wait(patience, || async { node.mailbox.call(move |actor| actor.joined_by(&id)).await })
        .await?;
    let Some(party) = paired else { return Ok(None) };
    node.look.notify_one();
    node.mailbox.call(move |actor| actor.view_person(&party)).await.map(Some)
}

async fn unreached(node: &Node, invite: &SignedInvite) -> NodeError {
    let states = node.net.relays().await;
    let theirs: Vec<_> = invite.invite().relays.iter().map(|relay| relay.peer.to_vec()).collect();
    let reached = states.iter().any(|s| theirs.contains(&s.peer) && matches!(s.state, RelayState::Connected | RelayState::Reserved));
    if reached {
        return away("the inviter does not wait at the relay now; ask them to keep their program running, then connect again");
    }
    NodeError::NoRelay { why: "the relay that the invite names cannot be reached from here".to_owned() }
}

/// Takes what the network tells: who comes and goes, and what they say.
pub(crate) async fn listen(net: net::Handle, mut events: mpsc::Receiver<Event>, mailbox: Mailbox, look: Arc<Notify>) {
    while let Some(event) = events.recv().await {
        let taken = match event {
            Event::Connected { peer, path } | Event::PathChanged { peer, path } => {
                note_path(&mailbox, peer, Some(path)).await
            }
            Event::Disconnected { peer } => {
                look.notify_one();
                note_path(&mailbox, peer, None).await
            }
            Event::RelayChanged { .. } => {
                look.notify_one();
                mailbox.call(|actor| Ok(actor.tell(happened("relay", String::new())))).await
            }
            Event::Frame { peer, frame, answer } => {
                tokio::spawn(take_frame(net.clone(), mailbox.clone(), peer, frame, answer));
                Ok(())
            }
        };
        if matches!(taken, Err(NodeError::Stopping)) {
            return;
        }
    }
}

async fn take_frame(
    net: net::Handle,
    mailbox: Mailbox,
    peer: Vec<u8>,
    frame: Vec<u8>,
    answer: tokio::sync::oneshot::Sender<Vec<u8>>,
) {
    let from = peer.clone();
    let taken = mailbox
        .call(move |actor| {
            let known = actor.party_at(&from);
            let ack = actor.receive_frame(&from, &frame);
            let now_known = actor.party_at(&from);
            Ok((ack, now_known.filter(|_| known.is_none())))
        })
        .await;
    let Ok((ack, newly)) = taken else { return };
    if let Ok(bytes) = ack.to_vec() {
        // the other side may have gone; it asks again
        let _ = answer.send(bytes);
    }
    if newly.is_some() {
        let path = net.path(&peer).await;
        let _ = note_path(&mailbox, peer, Some(path)).await;
    }
}

async fn note_path(mailbox: &Mailbox, peer: Vec<u8>, path: Option<Path>) -> Result<(), NodeError> {
    mailbox
        .call(move |actor| {
            let Some(party) = actor.party_at(&peer) else { return Ok(()) };
            let word = match path {
                Some(Path::Direct) => Some("direct"),
                Some(Path::Relayed) => Some("relayed"),
                Some(Path::Away) | None => None,
            };
            let before = match word {
                Some(word) => actor.paths.insert(party, word),
                None => actor.paths.remove(&party),
            };
            if before != word {
                actor.tell(happened("path", party.to_string()));
            }
            if word.is_some() {
                actor.couriers.wake(party);
            }
            Ok(())
        })
        .await
}

fn happened(what: &str, id: String) -> Happening {
    Happening { what: what.to_owned(), id, of: None }
}

/// Lets the consent machines notice that time passes.
pub(crate) async fn keep_time(mailbox: Mailbox) {
    loop {
        match mailbox.call(|actor| actor.tick()).await {
            Ok(()) => {}
            Err(NodeError::Stopping) => return,
            Err(error) => tracing::error!(%error, "housekeeping failed; trying again"),
        }
        sleep(TICK).await;
    }
}

/// Keeps somebody's transport peer out, or lets it in again.
pub(crate) async fn block(net: &net::Handle, peer: &[u8], blocked: bool) {
    if blocked { net.block(peer).await } else { net.unblock(peer).await }
}

/// A relay of mine and how it stands.
pub(crate) fn relay_view(address: String, states: &[RelayStatus]) -> RelayView {
    let peer = relay_address(&address).map(|(peer, _)| peer).unwrap_or_default();
    let state = states.iter().find(|status| status.peer == peer).map(|status| &status.state);
    let (state, detail) = match state {
        None | Some(RelayState::Connecting) => ("connecting", None),
        Some(RelayState::Connected) => ("connected", None),
        Some(RelayState::Reserved) => ("reserved", None),
        Some(RelayState::Failed { why }) => ("failed", Some(why.clone())),
    };
    RelayView { address, state: state.to_owned(), detail }
}

