//! The token of a relay, and whether the relay was shown it since we are connected.

use libp2p::{PeerId, Swarm, request_response::OutboundRequestId};
use protocol::access::{Show, proof};
use zeroize::Zeroizing;

use crate::behaviour::Behaviour;

/// A relay's token, if it has given us one.
#[derive(Default)]
pub(super) struct Token {
    token: Zeroizing<Vec<u8>>,
    shown: Shown,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Shown {
    #[default]
    No,
    Asked(OutboundRequestId),
    Admitted,
}

impl Token {
    /// From now on this one; an empty one is none.
    pub(super) fn set(&mut self, token: &[u8]) {
        if *self.token != token {
            *self = Self { token: Zeroizing::new(token.to_vec()), shown: Shown::No };
        }
    }

    /// Whether the relay can be asked for something: it was shown the token, or there is none.
    pub(super) fn is_settled(&self) -> bool {
        self.token.is_empty() || self.shown == Shown::Admitted
    }

    /// Shows it, unless that was done.
    pub(super) fn show(&mut self, swarm: &mut Swarm<Behaviour>, relay: PeerId) {
        if self.is_settled() || self.shown != Shown::No {
            return;
        }
        let me = swarm.local_peer_id().to_bytes();
        if let Ok(proof) = proof(&self.token, &relay.to_bytes(), &me) {
            self.shown = Shown::Asked(swarm.behaviour_mut().access.send_request(&relay, Show { proof }));
        }
    }

    /// Whether that question was about this token.
    pub(super) fn asked(&self, id: OutboundRequestId) -> bool {
        self.shown == Shown::Asked(id)
    }

    /// The relay has it.
    pub(super) fn admitted(&mut self) {
        self.shown = Shown::Admitted;
    }

    /// The relay may have forgotten it, or never knew it.
    pub(super) fn forget(&mut self) {
        self.shown = Shown::No;
    }
}
