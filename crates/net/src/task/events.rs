//! What the swarm reports.

use std::time::Instant;

use libp2p::{
    Multiaddr, PeerId, identify, ping,
    relay::client,
    request_response::{self as exchange, Message},
    swarm::{ConnectionId, DialError, SwarmEvent},
};
use tracing::{debug, warn};

use super::Task;
use crate::{
    address,
    behaviour::{Alive, BehaviourEvent},
    frames::{FramesEvent, What},
    limits,
};

impl Task {
    pub(super) fn on_swarm(&mut self, event: SwarmEvent<BehaviourEvent>, now: Instant) {
        self.stale |= !matches!(event, SwarmEvent::Behaviour(_));
        let Self { swarm, relays, peers, sends, .. } = self;
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event, now),
            SwarmEvent::NewListenAddr { address, .. } => {
                if relays.on_listening(&address) {
                    self.on_moved(&address, now);
                }
                self.relays.tick(&mut self.swarm, now);
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => self.on_moved(&address, now),
            SwarmEvent::ListenerClosed { listener_id, reason, .. } => {
                let why = reason.err().map(|error| deepest(&error));
                relays.on_listener_closed(listener_id, why, now);
            }
            SwarmEvent::ListenerError { error, .. } => warn!(%error, "a listener failed for a moment"),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                debug!(peer = %peer_id, relayed = endpoint.is_relayed(), "connected");
                relays.on_connected(peer_id, connection_id, &endpoint, now);
                peers.on_connected(peer_id, connection_id, &endpoint, now);
                sends.on_connections(swarm, peers, peer_id, now);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, cause, .. } => {
                let why = cause.map_or_else(|| "the connection was closed".into(), |cause| deepest(&cause));
                debug!(peer = %peer_id, why, "disconnected");
                relays.on_disconnected(peer_id, connection_id, why, now);
                peers.on_disconnected(peer_id, connection_id, now);
                sends.on_disconnected(peer_id, connection_id, now);
                sends.on_connections(swarm, peers, peer_id, now);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, peer_id, error } => {
                // an address of the relay's may stand in the text, which is for the owner's eyes; a peer's may not
                relays.on_dial_failed(connection_id, &deepest_of_dial(&error), now);
                if let Some(peer) = peer_id {
                    debug!(%peer, "a dial failed");
                    peers.on_dial_failed(peer, connection_id, &error, now);
                }
            }
            _ => {}
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent, now: Instant) {
        match event {
            BehaviourEvent::Frames(event) => self.on_frames(event, now),
            BehaviourEvent::Questions(event) => self.on_questions(event, now),
            BehaviourEvent::Access(exchange::Event::Message {
                message: Message::Response { request_id, response },
                ..
            }) => self.on_said(request_id, Some(response), now),
            BehaviourEvent::Access(exchange::Event::OutboundFailure { request_id, error, .. }) => {
                debug!(%error, "no answer to a token");
                self.on_said(request_id, None, now);
            }
            BehaviourEvent::Mail(event) => self.on_mail(event, now),
            BehaviourEvent::Probe(Alive { peer, connection, took }) => {
                self.peers.on_alive(peer, connection, took);
                self.sends.on_connections(&mut self.swarm, &self.peers, peer, now);
            }
            BehaviourEvent::Identify(identify::Event::Received { connection_id, peer_id, info }) => {
                self.on_identified(peer_id, connection_id, info.observed_addr, now);
            }
            BehaviourEvent::Circuits(client::Event::ReservationReqAccepted { relay_peer_id, .. }) => {
                self.on_reserved(relay_peer_id, now);
            }
            BehaviourEvent::Punch(event) => match event.result {
                Ok(_) => debug!(peer = %event.remote_peer_id, "reached directly"),
                Err(error) => debug!(peer = %event.remote_peer_id, error = deepest(&error), "not reached directly"),
            },
            BehaviourEvent::Ping(ping::Event { peer, connection, result: Ok(round_trip) }) => {
                self.relays.on_ping(peer, connection, round_trip);
            }
            BehaviourEvent::Ping(ping::Event { peer, connection, result: Err(error) }) => match error {
                ping::Failure::Unsupported => {}
                ping::Failure::Timeout | ping::Failure::Other { .. } => {
                    debug!(%peer, "no answer to a ping: closing the connection");
                    self.swarm.close_connection(connection);
                }
            },
            _ => {}
        }
    }

    /// The machine has another address than before, or one less: another network, a cable pulled out, a lid opened. Which
    /// connections have survived that is asked of each; whatever waited to be tried again is tried now.
    fn on_moved(&mut self, address: &Multiaddr, now: Instant) {
        if address::is_relayed(address) || address::is_loopback(address) {
            return;
        }
        debug!("this machine's addresses have changed");
        self.swarm.behaviour_mut().probe.ask_all(limits::MOVED);
        self.relays.on_moved(now);
        self.peers.on_moved(now);
        self.on_tick(now);
    }

    /// Strangers may claim to see us anywhere; a relay was chosen by the owner.
    fn on_identified(&mut self, peer: PeerId, connection: ConnectionId, observed: Multiaddr, now: Instant) {
        if self.relays.on_identified(peer, connection, &observed) {
            self.swarm.behaviour_mut().candidates.push(observed);
            self.on_tick(now);
        }
    }

    fn on_reserved(&mut self, relay: PeerId, now: Instant) {
        if self.relays.on_reserved(relay) {
            debug!(%relay, "reserved");
            self.stale = true;
            self.lookup.on_reserved(relay, now);
            self.lookup.tick(&mut self.swarm, &self.relays, now);
        }
    }

    fn on_frames(&mut self, FramesEvent { peer, connection, what }: FramesEvent, now: Instant) {
        match what {
            What::Arrived { frames, answers } => self.arrivals.on_frames(&self.events, peer, frames, answers),
            What::Answered { line, answer } => {
                self.sends.on_answer(&mut self.swarm, &self.peers, peer, (line, answer), now);
            }
            What::Ended { line, ending } => {
                debug!(%peer, %connection, ?ending, "frames were not answered");
                self.sends.on_ended(peer, line, ending, now);
            }
        }
    }

    fn on_said(&mut self, id: exchange::OutboundRequestId, said: Option<protocol::access::Said>, now: Instant) {
        self.stale = true;
        if self.relays.on_said(id, said, now) {
            self.on_tick(now);
        }
    }

    fn on_mail(
        &mut self,
        event: exchange::Event<protocol::mailbox::Question, protocol::mailbox::Answer>,
        now: Instant,
    ) {
        match event {
            exchange::Event::Message { message: Message::Response { request_id, response }, .. } => {
                self.mail.on_answer(request_id, response);
            }
            exchange::Event::OutboundFailure { request_id, error, .. } => self.mail.on_failure(request_id, &error),
            _ => return,
        }
        self.mail.tick(&mut self.swarm, &self.relays, now);
    }

    fn on_questions(
        &mut self,
        event: exchange::Event<protocol::rendezvous::Message, protocol::rendezvous::Message>,
        now: Instant,
    ) {
        match event {
            exchange::Event::Message { message: Message::Response { request_id, response }, .. } => {
                self.lookup.on_answer(request_id, response, &self.relays, now);
            }
            exchange::Event::OutboundFailure { request_id, error, .. } => {
                self.lookup.on_failure(request_id, &error, now);
            }
            _ => return,
        }
        self.stale = true;
        self.lookup.tick(&mut self.swarm, &self.relays, now);
    }
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

fn deepest_of_dial(error: &DialError) -> String {
    match error {
        DialError::Transport(errors) => errors.first().map(|(_, error)| deepest(error)).unwrap_or_default(),
        error => deepest(error),
    }
}
