//! What the node can ask of the network.

use std::{
    collections::BTreeMap,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use libp2p::{Multiaddr, PeerId};
use protocol::{
    limits::FRAME_BYTES,
    mailbox::{Answer, Question},
};
use tokio::sync::{mpsc, oneshot};
use zeroize::Zeroizing;

use crate::{
    address,
    config::Config,
    error::{ConnectError, LookupError, MailError, NetError, RelaysError, SendError, Stopped},
    event::{Event, Found, Path, RelayState, RouteState},
    limits,
    lookup::Searcher,
    mail::Writer,
    peer::{self, Peer},
    peers::{Pinger, Waiter},
    sends::Sender,
    task::Task,
};

/// Starts the network on the current tokio runtime; returns when it listens. It runs until [`Handle::shutdown`], or
/// until every handle or the events' receiver is dropped.
///
/// # Errors
/// Fails on a damaged key, and on an address that is none or cannot be listened on.
pub async fn start(config: Config) -> Result<(Handle, mpsc::Receiver<Event>), NetError> {
    let key = peer::keypair(&config.transport_secret).ok_or(NetError::Key)?;
    let relays = grouped(&config.relays)?;
    let (commands, inbox) = mpsc::channel(limits::COMMANDS);
    let (events, outbox) = mpsc::channel(limits::EVENTS);
    let peer = Peer(key.public().to_peer_id());
    let task = Task::start(key, &config.listen, relays, inbox, events).await?;
    tokio::spawn(task.run());
    Ok((Handle { peer, commands }, outbox))
}

/// A request to the task, with the place for its answer.
pub(crate) enum Command {
    SetTokens(BTreeMap<PeerId, Zeroizing<Vec<u8>>>, oneshot::Sender<()>),
    SetRelays(BTreeMap<PeerId, Vec<Multiaddr>>, oneshot::Sender<()>),
    Relays(oneshot::Sender<Vec<RelayState>>),
    Register(PeerId, String, oneshot::Sender<Result<(), LookupError>>),
    Unregister(PeerId, String, oneshot::Sender<()>),
    Discover(PeerId, String, Searcher),
    Mail(PeerId, Question, Writer),
    Connect(PeerId, Vec<Multiaddr>, Waiter),
    Keep(PeerId, Option<Vec<Multiaddr>>, oneshot::Sender<bool>),
    Send(PeerId, Vec<u8>, Sender),
    Path(PeerId, oneshot::Sender<Path>),
    Ping(PeerId, Pinger),
    Hurry(oneshot::Sender<()>),
    Routes(oneshot::Sender<Vec<RouteState>>),
    Circuits(PeerId, oneshot::Sender<Vec<String>>),
    Listening(oneshot::Sender<Vec<String>>),
    Disconnect(PeerId, oneshot::Sender<()>),
    Block(PeerId, bool, oneshot::Sender<()>),
    Shutdown(oneshot::Sender<()>),
}

/// Between two looks at how far an examination got.
const LOOK: Duration = Duration::from_millis(200);

/// Speaks to the network's task. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    peer: Peer,
    commands: mpsc::Sender<Command>,
}

/// A frame on its way: resolves to its answer. Dropped before the frame is sent, it is not sent.
#[derive(Debug)]
pub struct Posted(oneshot::Receiver<Result<Vec<u8>, SendError>>);

impl Future for Posted {
    type Output = Result<Vec<u8>, SendError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.get_mut().0).poll(context).map(|answer| answer.unwrap_or(Err(SendError::Stopped(Stopped))))
    }
}

impl Handle {
    /// Who we are to the transport.
    pub fn local_peer(&self) -> Peer {
        self.peer
    }

    /// Tokens by relay, for those that serve only whom they gave one; shown once [`Self::set_relays`] names the relay.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn set_tokens(&self, tokens: BTreeMap<Peer, Zeroizing<Vec<u8>>>) -> Result<(), Stopped> {
        let tokens = tokens.into_iter().map(|(peer, token)| (peer.0, token)).collect();
        self.ask(|answer| Command::SetTokens(tokens, answer)).await
    }

    /// Uses these relays from now on, given by full addresses ending in `/p2p/ID`; several addresses of one relay (TCP
    /// and QUIC, IPv4 and IPv6) are welcome, of which the first [`protocol::limits::RELAY_ADDRESSES`] are used.
    /// Connections with relays that stay are untouched; registrations at relays
    /// that go are forgotten.
    ///
    /// # Errors
    /// Fails, and changes nothing, if an address is no relay's or there are too many.
    pub async fn set_relays(&self, addresses: Vec<String>) -> Result<(), RelaysError> {
        let relays = grouped(&addresses)?;
        Ok(self.ask(|answer| Command::SetRelays(relays, answer)).await?)
    }

    /// The relays in use and how we stand with them.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn relays(&self) -> Result<Vec<RelayState>, Stopped> {
        self.ask(Command::Relays).await
    }

    /// Keeps us listed at `relay` under `namespace` from now on: again at half of each life, and after the relay was
    /// lost, however often. Returns at once; [`RelayState::registered`] tells how far it got.
    ///
    /// # Errors
    /// Fails if the relay is not in use, the namespace is empty or too long, or there are too many.
    pub async fn register(&self, relay: Peer, namespace: String) -> Result<(), LookupError> {
        self.ask(|answer| Command::Register(relay.0, namespace, answer)).await?
    }

    /// Ends [`Self::register`], of effect at the relay as soon as it hears of it.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn unregister(&self, relay: Peer, namespace: String) -> Result<(), Stopped> {
        self.ask(|answer| Command::Unregister(relay.0, namespace, answer)).await
    }

    /// Who is listed at each relay under exactly the namespace; ourselves left out. Waits for a relay that is just
    /// being connected, [`limits::LOOKUP_TIME`] at most.
    ///
    /// # Errors
    /// Fails if nobody was found and some search failed, with the last reason.
    pub async fn discover(&self, searches: Vec<(Peer, String)>) -> Result<Vec<Found>, LookupError> {
        let mut asked = Vec::new();
        for (relay, namespace) in searches {
            let (answer, found) = oneshot::channel();
            self.command(Command::Discover(relay.0, namespace, answer)).await?;
            asked.push(found);
        }
        let (mut all, mut failed) = (Vec::new(), None);
        for found in asked {
            match found.await.map_err(|_| Stopped)? {
                Ok(found) => all.extend(found),
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            Some(error) if all.is_empty() => Err(error),
            _ => Ok(all),
        }
    }

    /// Asks the mailbox of `relay`. Waits for a relay that is just being connected, and for the answers of what it was
    /// asked before: [`limits::LOOKUP_TIME`] at most, and as long again for the answer.
    ///
    /// # Errors
    /// Fails if there is no answer. What the relay refuses is an answer.
    pub async fn mail(&self, relay: Peer, question: Question) -> Result<Answer, MailError> {
        self.ask(|answer| Command::Mail(relay.0, question, answer)).await?
    }

    /// Connects with a peer, unless it is connected already. Circuit addresses are used if they go through a relay in
    /// use; without any address, the peer is sought through all of them. A relayed connection becomes a direct one by
    /// itself where that is possible.
    ///
    /// # Errors
    /// Fails if no address works within [`limits::CONNECT_TIME`].
    pub async fn connect(&self, peer: Peer, addresses: Vec<String>) -> Result<Path, ConnectError> {
        let addresses = parsed(&addresses)?;
        self.ask(|answer| Command::Connect(peer.0, addresses, answer)).await?
    }

    /// Stays connected with a peer: dials it now, and again after each loss, 1 s to 60 s later; its connections have
    /// no idle timeout on this side. Addresses as with [`Self::connect`]; they replace earlier ones.
    ///
    /// # Errors
    /// Fails on an address that is none, or if too many peers are kept.
    pub async fn keep(&self, peer: Peer, addresses: Vec<String>) -> Result<(), ConnectError> {
        let addresses = parsed(&addresses)?;
        match self.ask(|answer| Command::Keep(peer.0, Some(addresses), answer)).await? {
            true => Ok(()),
            false => Err(ConnectError::Busy),
        }
    }

    /// Ends [`Self::keep`]; an open connection stays while it is used.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn release(&self, peer: Peer) -> Result<(), Stopped> {
        self.ask(|answer| Command::Keep(peer.0, None, answer)).await.map(|_| ())
    }

    /// Sends a frame and waits for its answer, `timeout` at most; see [`Self::post`].
    ///
    /// # Errors
    /// Fails if the peer is not connected or gives no answer; see [`SendError`].
    pub async fn send(&self, peer: Peer, frame: Vec<u8>, timeout: Duration) -> Result<Vec<u8>, SendError> {
        let answer = async { self.post(peer, frame).await?.await };
        tokio::time::timeout(timeout, answer).await.map_err(|_| SendError::Timeout)?
    }

    /// Sends a frame behind those that were posted to the same peer before, without waiting for their answers;
    /// [`limits::WINDOW`] of them are under way at once. The peer receives them in this order. Frames lost with their
    /// connection are sent once more over the next, so a peer may receive a frame twice; where one fails, those behind
    /// it fail too. Without any answer for [`limits::FRAME_TIME`] all of them fail.
    ///
    /// # Errors
    /// Fails if the frame is too large or the network was shut down; all else is heard from [`Posted`].
    pub async fn post(&self, peer: Peer, frame: Vec<u8>) -> Result<Posted, SendError> {
        if frame.len() > FRAME_BYTES {
            return Err(SendError::TooLarge(frame.len()));
        }
        let (sender, answered) = oneshot::channel();
        self.command(Command::Send(peer.0, frame, sender)).await?;
        Ok(Posted(answered))
    }

    /// How a peer is reached.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn path(&self, peer: Peer) -> Result<Path, Stopped> {
        self.ask(|answer| Command::Path(peer.0, answer)).await
    }

    /// How a peer is reached, and how long a round trip takes that way; nothing if it is away or gives no answer.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn ping(&self, peer: Peer) -> Result<Option<(Path, Duration)>, Stopped> {
        let (answer, answered) = oneshot::channel();
        self.command(Command::Ping(peer.0, answer)).await?;
        // an answer that never comes means that the connection was lost
        Ok(tokio::time::timeout(limits::TCP_SILENT, answered).await.ok().and_then(Result::ok))
    }

    /// Tries every address of every relay now and tells how each does, [`limits::EXAMINE_TIME`] later at most.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn examine(&self) -> Result<Vec<RouteState>, Stopped> {
        let end = Instant::now() + limits::EXAMINE_TIME;
        self.ask(Command::Hurry).await?;
        loop {
            let routes = self.ask(Command::Routes).await?;
            let known = |route: &RouteState| route.tried && (!route.reached || route.round_trip.is_some());
            if routes.iter().all(known) || Instant::now() >= end {
                return Ok(routes);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Where to dial a peer of which only the id is known: one circuit address through each relay in use.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn addresses_for(&self, peer: Peer) -> Result<Vec<String>, Stopped> {
        self.ask(|answer| Command::Circuits(peer.0, answer)).await
    }

    /// The addresses listened on, circuits included.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn listen_addresses(&self) -> Result<Vec<String>, Stopped> {
        self.ask(Command::Listening).await
    }

    /// Closes every connection with a peer. A kept peer is dialled again: [`Self::release`] it first.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn disconnect(&self, peer: Peer) -> Result<(), Stopped> {
        self.ask(|answer| Command::Disconnect(peer.0, answer)).await
    }

    /// Closes every connection with a peer and accepts none, until [`Self::unblock`] or the end of the process.
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn block(&self, peer: Peer) -> Result<(), Stopped> {
        self.ask(|answer| Command::Block(peer.0, true, answer)).await
    }

    /// Ends [`Self::block`].
    ///
    /// # Errors
    /// Fails if the network was shut down.
    pub async fn unblock(&self, peer: Peer) -> Result<(), Stopped> {
        self.ask(|answer| Command::Block(peer.0, false, answer)).await
    }

    /// Closes every connection and waits until that is done, two seconds at most.
    pub async fn shutdown(&self) {
        // stopped already is as good
        let _ = self.ask(Command::Shutdown).await;
    }

    async fn command(&self, command: Command) -> Result<(), Stopped> {
        self.commands.send(command).await.map_err(|_| Stopped)
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Stopped> {
        let (answer, answered) = oneshot::channel();
        self.command(command(answer)).await?;
        answered.await.map_err(|_| Stopped)
    }
}

/// Groups full relay addresses by relay.
fn grouped(addresses: &[String]) -> Result<BTreeMap<PeerId, Vec<Multiaddr>>, RelaysError> {
    let mut relays: BTreeMap<PeerId, Vec<Multiaddr>> = BTreeMap::new();
    for text in addresses {
        let (peer, address) = address::relay(text)?;
        let of_relay = relays.entry(peer).or_default();
        if !of_relay.contains(&address) && of_relay.len() < protocol::limits::RELAY_ADDRESSES {
            of_relay.push(address);
        }
    }
    if relays.len() > limits::RELAYS { Err(RelaysError::TooMany) } else { Ok(relays) }
}

fn parsed(addresses: &[String]) -> Result<Vec<Multiaddr>, ConnectError> {
    if addresses.len() > limits::ADDRESSES {
        return Err(ConnectError::Address(format!("more than {} addresses of one peer", limits::ADDRESSES)));
    }
    let parse = |text: &String| address::parse(text).map_err(|error| ConnectError::Address(error.to_string()));
    addresses.iter().map(parse).collect()
}
