//! Reaching people: relays, the names to meet under, and who is connected how.

use crate::{
    actor::{Actor, Mailbox},
    cases::{Meeting, Surroundings, addresses_of, invite_meetings, joinable, relay_address},
    error::NodeError,
    handle::{Node, away},
    views::{Happening, PersonView, RelayView},
};
use failpoint::Point;
use net::{Answer, Event, Found, Path, Peer, RelayState, Standing};
use protocol::{Ack, PartyId, Refusal, SignedInvite};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep},
};
use zeroize::Zeroizing;

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
    registered: BTreeSet<(Peer, String)>,
    kept: BTreeSet<Peer>,
    tries: BTreeMap<PartyId, (Instant, Duration)>,
}

impl Reach {
    pub(crate) fn new(net: net::Handle, mailbox: Mailbox, look: Arc<Notify>) -> Self {
        Self { net, mailbox, look, registered: BTreeSet::new(), kept: BTreeSet::new(), tries: BTreeMap::new() }
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
        let Surroundings { tokens, relays, meetings, people, away } =
            self.mailbox.call(|actor| actor.surroundings()).await?;
        let in_use: BTreeSet<Peer> = relays.iter().filter_map(|relay| relay_peer(relay)).collect();
        let tokens = tokens.into_iter().filter_map(|(peer, token)| Some((peer_of(&peer)?, token)));
        self.net.set_tokens(tokens.collect()).await.map_err(|_| NodeError::Stopping)?;
        if let Err(error) = self.net.set_relays(relays).await {
            tracing::warn!(%error, "not all relays are used");
        }
        self.registered.retain(|(relay, _)| in_use.contains(relay));
        self.register(&meetings).await;
        self.keep(people).await;
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
        let place = |meeting: &Meeting| Some((peer_of(&meeting.relay)?, meeting.namespace.clone()));
        let wanted: BTreeSet<_> = meetings.iter().filter_map(place).collect();
        for (relay, namespace) in self.registered.difference(&wanted).cloned().collect::<Vec<_>>() {
            // stopped already is as good
            let _ = self.net.unregister(relay, namespace.clone()).await;
            self.registered.remove(&(relay, namespace));
        }
        for (relay, namespace) in wanted.difference(&self.registered).cloned().collect::<Vec<_>>() {
            match self.net.register(relay, namespace.clone()).await {
                Ok(()) => {
                    self.registered.insert((relay, namespace));
                }
                Err(error) => tracing::debug!(%relay, %error, "not registered yet"),
            }
        }
    }

    /// Stays connected with everybody who is not blocked.
    async fn keep(&mut self, people: BTreeSet<Vec<u8>>) {
        let wanted: BTreeSet<Peer> = people.iter().filter_map(|peer| peer_of(peer)).collect();
        for peer in self.kept.difference(&wanted).copied().collect::<Vec<_>>() {
            let _ = self.net.release(peer).await;
        }
        let mut kept: BTreeSet<Peer> = self.kept.intersection(&wanted).copied().collect();
        for peer in wanted.difference(&self.kept).copied().collect::<Vec<_>>() {
            match self.net.keep(peer, vec![]).await {
                Ok(()) => {
                    kept.insert(peer);
                }
                Err(error) => tracing::warn!(%peer, %error, "not kept connected"),
            }
        }
        self.kept = kept;
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

/// Looks for somebody at every relay where we may meet, and connects: their transport key may be a new one.
async fn find_person(net: net::Handle, mailbox: Mailbox, party: PartyId, meetings: Vec<Meeting>) {
    for found in discover(&net, &meetings).await {
        match net.connect(found.peer, found.addresses).await {
            Ok(_) => {
                // their place may be new to me, and mine to them
                if let Ok(frame) = mailbox.call(move |actor| actor.presence_frame(&party)).await {
                    let _ = net.send(found.peer, frame, HANDSHAKE).await;
                }
                return;
            }
            Err(error) => tracing::debug!(%party, %error, "not reached"),
        }
    }
}

/// Who waits at these meetings.
async fn discover(net: &net::Handle, meetings: &[Meeting]) -> Vec<Found> {
    let searches = meetings.iter().filter_map(|meeting| Some((peer_of(&meeting.relay)?, meeting.namespace.clone())));
    let found = net.discover(searches.collect()).await.unwrap_or_else(|error| {
        tracing::debug!(%error, "nobody found");
        Vec::new()
    });
    let mut by_peer: BTreeMap<Peer, Found> = BTreeMap::new();
    for one in found {
        by_peer.entry(one.peer).and_modify(|known| known.addresses.extend(one.addresses.clone())).or_insert(one);
    }
    by_peer.into_values().collect()
}

/// Joins by an invite: finds the inviter at its relays, hands over the join message, waits for the welcome.
pub(crate) async fn connect(node: &Node, text: &str, patience: Duration) -> Result<PersonView, NodeError> {
    let text = text.to_owned();
    let invite = node.mailbox.call(move |actor| joinable(&text, &actor.key.party())).await?;
    let (id, hints) = (invite.id(), &invite.invite().relays);
    let tokens = hints.iter().filter(|hint| !hint.token.is_empty());
    let tokens = tokens.map(|hint| (hint.peer.to_vec(), Zeroizing::new(hint.token.to_vec()))).collect();
    let relays = (hints.iter().flat_map(addresses_of).collect::<Vec<_>>(), tokens);
    node.mailbox.call(move |actor| Ok(actor.visiting.insert(id, relays))).await?;
    node.look.notify_one();
    let joined = seek(node, &invite, Instant::now() + patience).await;
    node.mailbox.call(move |actor| Ok(actor.visiting.remove(&id))).await?;
    node.look.notify_one();
    joined
}

async fn seek(node: &Node, invite: &SignedInvite, deadline: Instant) -> Result<PersonView, NodeError> {
    let mut pause = Duration::from_millis(100);
    loop {
        for found in discover(&node.net, &invite_meetings(invite)).await {
            if node.net.connect(found.peer, found.addresses).await.is_err() {
                continue;
            }
            if let Some(person) = join_at(node, invite, found.peer, deadline).await? {
                return Ok(person);
            }
        }
        if Instant::now() + pause > deadline {
            return Err(unreached(node, invite).await);
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Hands the join message over at that peer; `None`: it is not the inviter, or it did not answer.
async fn join_at(
    node: &Node,
    invite: &SignedInvite,
    peer: Peer,
    deadline: Instant,
) -> Result<Option<PersonView>, NodeError> {
    let (ticket, theirs) = (invite.clone(), peer.to_bytes());
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
    let paired = node.wait(patience, || async { node.mailbox.call(move |actor| actor.joined_by(&id)).await }).await?;
    let Some(party) = paired else { return Ok(None) };
    node.look.notify_one();
    node.mailbox.call(move |actor| actor.view_person(&party)).await.map(Some)
}

async fn unreached(node: &Node, invite: &SignedInvite) -> NodeError {
    let states = node.net.relays().await.unwrap_or_default();
    let theirs: Vec<_> = invite.invite().relays.iter().filter_map(|relay| peer_of(&relay.peer)).collect();
    let there = |state: &RelayState| matches!(state.standing, Standing::Connected | Standing::Reserved);
    let reached = states.iter().any(|state| theirs.contains(&state.peer) && there(state));
    if reached {
        return away(
            "the inviter does not wait at the relay now; ask them to keep their program running, then connect again",
        );
    }
    NodeError::NoRelay { why: "the relay that the invite names cannot be reached from here".to_owned() }
}

/// Takes what the network tells: who comes and goes, and what they say.
pub(crate) async fn listen(
    net: net::Handle,
    mut events: mpsc::Receiver<Event>,
    mailbox: Mailbox,
    [look, post]: [Arc<Notify>; 2],
) {
    while let Some(event) = events.recv().await {
        let taken = match event {
            Event::Connected { peer, path } | Event::PathChanged { peer, path } => {
                note_path(&mailbox, peer, Some(path)).await
            }
            Event::Disconnected { peer } => {
                look.notify_one();
                note_path(&mailbox, peer, None).await
            }
            Event::RelayChanged(_) => {
                look.notify_one();
                post.notify_one();
                let told = |actor: &mut Actor| {
                    actor.tell(happened("relay", String::new()));
                    Ok(())
                };
                mailbox.call(told).await
            }
            Event::Frames { peer, frames, answer } => {
                tokio::spawn(take_frames(net.clone(), mailbox.clone(), peer, frames, answer));
                Ok(())
            }
        };
        if matches!(taken, Err(NodeError::Stopping)) {
            return;
        }
    }
}

/// Keeps frames in their order, all of them with one write to the disk, and acks them when that is done.
async fn take_frames(net: net::Handle, mailbox: Mailbox, peer: Peer, frames: Vec<Vec<u8>>, answer: Answer) {
    let from = peer.to_bytes();
    let taken = mailbox
        .call(move |actor| {
            let known = actor.party_at(&from);
            // what comes behind a frame that cannot be kept now must not overtake it: it comes again, as that does
            let acks =
                frames.iter().map(|frame| actor.receive_frame(&from, frame)).take_while(|ack| *ack != Ack::Later);
            let acks: Vec<Ack> = acks.collect();
            let now_known = actor.party_at(&from);
            Ok((acks, now_known.filter(|_| known.is_none())))
        })
        .await;
    let Ok((acks, newly)) = taken else { return };
    failpoint::pass(Point::MessageKept);
    // an ack that cannot be written ends the answers there: the frame comes again
    answer.send(acks.iter().map_while(|ack| ack.to_vec().ok()).collect());
    if newly.is_some() {
        // an error means that network or node is stopping
        let path = net.path(peer).await.ok();
        let _ = note_path(&mailbox, peer, path).await;
    }
}

async fn note_path(mailbox: &Mailbox, peer: Peer, path: Option<Path>) -> Result<(), NodeError> {
    mailbox
        .call(move |actor| {
            let Some(party) = actor.party_at(&peer.to_bytes()) else { return Ok(()) };
            let word = path.filter(|path| *path != Path::Away).map(path_word);
            let before = match word {
                Some(word) => actor.paths.insert(party, word),
                None => actor.paths.remove(&party),
            };
            if before != word {
                actor.tell(happened("path", party.to_string()));
            }
            if before.is_none() && word.is_some() {
                // each holds the other to its log: what was logged since they met last is shown
                actor.act(|draft, context| consent::log::heads::greet(draft, context, &party))?;
                // and each tells the key under which the other finds it while it is away
                actor.couriers.post.notify_one();
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
    let Some(peer) = peer_of(peer) else { return };
    // an error means that the network has stopped: nobody comes in
    let _ = if blocked { net.block(peer).await } else { net.unblock(peer).await };
}

/// A relay of mine and how it stands.
pub(crate) fn relay_view(address: String, states: &[RelayState]) -> RelayView {
    let peer = relay_peer(&address);
    let standing = states.iter().find(|state| Some(state.peer) == peer).map(|state| &state.standing);
    let (state, detail) = match standing {
        None | Some(Standing::Connecting) => ("connecting", None),
        Some(Standing::Connected) => ("connected", None),
        Some(Standing::Reserved) => ("reserved", None),
        Some(Standing::Failed { why, retry_in }) => {
            ("failed", Some(format!("{why}; tried again within {} s", retry_in.as_secs().max(1))))
        }
    };
    RelayView { address, state: state.to_owned(), detail }
}

fn relay_peer(address: &str) -> Option<Peer> {
    relay_address(address).ok().and_then(|(peer, _)| peer_of(&peer))
}

/// A path as people read it.
pub(crate) fn path_word(path: Path) -> &'static str {
    match path {
        Path::Direct => "direct",
        Path::Relayed => "relayed",
        Path::Away => "away",
    }
}

/// A peer id of a record; one that is none is nobody's.
pub(crate) fn peer_of(bytes: &[u8]) -> Option<Peer> {
    Peer::from_bytes(bytes).ok()
}
