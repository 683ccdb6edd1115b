//! What the node asks.

use std::time::Instant;

use super::Task;
use crate::{error::LookupError, handle::Command};

impl Task {
    /// Whoever asked may be gone; then the answer is dropped.
    pub(super) fn on_command(&mut self, command: Command, now: Instant) {
        let Self { swarm, relays, lookup, mail, peers, sends, .. } = self;
        match command {
            Command::SetTokens(tokens, answer) => {
                relays.set_tokens(tokens);
                let _ = answer.send(());
            }
            Command::SetRelays(wanted, answer) => {
                relays.set(swarm, now, wanted);
                let _ = answer.send(());
            }
            Command::Relays(answer) => {
                let _ = answer.send(self.relay_states(now));
            }
            Command::Register(relay, namespace, answer) => {
                let known = relays.contains(&relay);
                let _ = answer.send(match known {
                    true => lookup.register(relay, namespace, now),
                    false => Err(LookupError::UnknownRelay),
                });
                lookup.tick(swarm, relays, now);
            }
            Command::Unregister(relay, namespace, answer) => {
                lookup.unregister(swarm, relays, relay, namespace);
                let _ = answer.send(());
            }
            Command::Discover(relay, namespace, searcher) => {
                lookup.discover(relay, namespace, searcher, now);
                lookup.tick(swarm, relays, now);
            }
            Command::Mail(relay, question, writer) => {
                mail.ask(relay, question, writer, now);
                mail.tick(swarm, relays, now);
            }
            Command::Connect(peer, addresses, waiter) => {
                peers.connect(peer, addresses, waiter, now);
                self.on_tick(now);
            }
            Command::Keep(peer, addresses, answer) => {
                let _ = answer.send(peers.keep(swarm, peer, addresses, now));
                self.on_tick(now);
            }
            Command::Send(peer, frame, sender) => sends.send(swarm, peers, peer, frame, sender, now),
            Command::Path(peer, answer) => {
                let _ = answer.send(peers.path(&peer));
            }
            Command::Ping(peer, answer) => peers.ping(swarm, peer, answer),
            Command::Hurry(answer) => {
                relays.on_moved(now);
                relays.tick(swarm, now);
                let _ = answer.send(());
            }
            Command::Routes(answer) => {
                let _ = answer.send(relays.routes());
            }
            Command::Circuits(peer, answer) => {
                let _ = answer.send(relays.circuits_to(peer).iter().map(ToString::to_string).collect());
            }
            Command::Listening(answer) => {
                let _ = answer.send(swarm.listeners().map(ToString::to_string).collect());
            }
            Command::Disconnect(peer, answer) => {
                let _ = swarm.disconnect_peer_id(peer);
                let _ = answer.send(());
            }
            Command::Block(peer, block, answer) => {
                match block {
                    true => swarm.behaviour_mut().blocked.block_peer(peer),
                    false => swarm.behaviour_mut().blocked.unblock_peer(peer),
                };
                let _ = answer.send(());
            }
            // the loop takes it before it comes here
            Command::Shutdown(_) => {}
        }
    }
}
