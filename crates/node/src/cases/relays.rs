//! Relays I use, and under which names I meet whom at them.

use super::people::addresses_of;
use crate::{
    actor::{Actor, now},
    error::NodeError,
};
use consent::{
    people::current_invites,
    record::{Person, Relay},
};
use protocol::{
    PartyId, RelayHint, SignedInvite,
    access::TOKEN_BYTES,
    limits::{ADDRESS_BYTES, INVITE_RELAYS, RELAY_ADDRESSES},
    pairing::{day, namespace},
};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};
use store::Batch;
use zeroize::Zeroizing;

/// Where the control database keeps my relays' addresses.
const TREE: &str = "node-relays";
/// And the tokens of those that give them, by peer id.
const TOKENS: &str = "node-relay-tokens";
/// Relays one node uses.
const RELAYS: usize = 16;
/// Around midnight (UTC) two days' names are used, so that clocks may differ by this much, in seconds.
const OVERLAP: u64 = 2 * 3600;

/// A name to meet under at a relay.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Meeting {
    /// The relay's peer id.
    pub(crate) relay: Vec<u8>,
    /// The namespace.
    pub(crate) namespace: String,
    /// Whom I expect there; nobody in particular for an invite.
    pub(crate) party: Option<PartyId>,
}

/// A relay's address as people give it: peer id, and the address without it.
pub(crate) fn relay_address(text: &str) -> Result<(Vec<u8>, String), NodeError> {
    let text = text.trim();
    let parsed = if text.len() > ADDRESS_BYTES { None } else { net::split_peer(text) };
    parsed.ok_or_else(|| NodeError::Invalid {
        field: "address",
        why: "a relay's address looks like /ip4/203.0.113.7/tcp/4010/p2p/12D3Koo…; its operator has it".to_owned(),
    })
}

/// What reaching people needs to know.
pub(crate) struct Surroundings {
    /// Tokens of relays that give them, by peer id.
    pub(crate) tokens: BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>,
    /// Every relay needed, in full.
    pub(crate) relays: Vec<String>,
    /// The names to meet under now.
    pub(crate) meetings: Vec<Meeting>,
    /// Transport peers of everybody who is not blocked.
    pub(crate) people: BTreeSet<Vec<u8>>,
    /// Who cannot be reached now.
    pub(crate) away: Vec<PartyId>,
}

impl Actor {
    pub(crate) fn surroundings(&self) -> Result<Surroundings, NodeError> {
        let people: BTreeSet<_> = self.peers.keys().cloned().collect();
        let away = self.peers.values().filter(|party| !self.paths.contains_key(party)).copied().collect();
        Ok(Surroundings {
            tokens: self.tokens()?,
            relays: self.needed_relays()?,
            meetings: self.meetings()?,
            people,
            away,
        })
    }

    /// Addresses of my relays, in full.
    pub(crate) fn my_relays(&self) -> Result<Vec<String>, NodeError> {
        let found = self.store.control().scan(TREE, &[], None, RELAYS * RELAY_ADDRESSES)?;
        Ok(found.into_iter().map(|(_, address)| String::from_utf8_lossy(&address).into_owned()).collect())
    }

    pub(crate) fn keep_relay(&mut self, address: &str, token: Option<&[u8]>) -> Result<(), NodeError> {
        let (peer, _) = relay_address(address)?;
        if token.is_some_and(|token| !TOKEN_BYTES.contains(&token.len())) {
            let (least, most) = (TOKEN_BYTES.start(), TOKEN_BYTES.end());
            let why = format!("a token has {least} to {most} bytes; the relay's operator has it");
            return Err(NodeError::Invalid { field: "token", why });
        }
        let mine = self.my_relays()?;
        let of_same = mine.iter().filter(|known| relay_address(known).is_ok_and(|(other, _)| other == peer)).count();
        if mine.len() >= RELAYS || of_same >= RELAY_ADDRESSES {
            let why = format!("at most {RELAYS} addresses, {RELAY_ADDRESSES} of one relay; remove one first");
            return Err(NodeError::Invalid { field: "address", why });
        }
        let mut batch = Batch::new();
        batch.put(TREE, &key(address), address.trim());
        if let Some(token) = token {
            batch.put(TOKENS, &peer, token);
        }
        Ok(self.store.control().commit(&batch)?)
    }

    pub(crate) fn drop_relay(&mut self, address: &str) -> Result<(), NodeError> {
        if self.store.control().get(TREE, &key(address))?.is_none() {
            return Err(NodeError::NotFound { what: "relay", name: address.to_owned() });
        }
        let mut batch = Batch::new();
        batch.delete(TREE, &key(address));
        let (peer, _) = relay_address(address)?;
        let of_same = |known: &&String| relay_address(known).is_ok_and(|(other, _)| other == peer);
        if self.my_relays()?.iter().filter(of_same).count() < 2 {
            batch.delete(TOKENS, &peer);
        }
        Ok(self.store.control().commit(&batch)?)
    }

    /// My relays as an invite names them.
    pub(crate) fn relay_hints(&self) -> Result<Vec<RelayHint>, NodeError> {
        let mut by_peer: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
        for full in self.my_relays()? {
            let (peer, address) = relay_address(&full)?;
            by_peer.entry(peer).or_default().push(address);
        }
        let hint = |(peer, addresses): (Vec<u8>, Vec<String>)| {
            let token = self.store.control().get(TOKENS, &peer)?.unwrap_or_default();
            Ok(RelayHint { peer: ByteBuf::from(peer), addresses, token: ByteBuf::from(token) })
        };
        by_peer.into_iter().take(INVITE_RELAYS).map(hint).collect()
    }

    /// The tokens of relays: those their operators gave me go before those of invites.
    fn tokens(&self) -> Result<BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>, NodeError> {
        let mut tokens: BTreeMap<_, _> = self.visiting.values().flat_map(|(_, tokens)| tokens.clone()).collect();
        for (_, person) in self.read(|draft| draft.all::<Person>(&[]))? {
            let theirs = person.relays.into_iter().filter(|relay| !relay.token.is_empty());
            tokens.extend(theirs.map(|relay| (relay.peer.into_vec(), Zeroizing::new(relay.token.into_vec()))));
        }
        let mine = self.store.control().scan(TOKENS, &[], None, RELAYS)?;
        tokens.extend(mine.into_iter().map(|(peer, token)| (peer, Zeroizing::new(token))));
        Ok(tokens)
    }

    /// Every relay that I need: mine, those at which I meet somebody, those of an invite that I am joining by.
    fn needed_relays(&self) -> Result<Vec<String>, NodeError> {
        let mut all: BTreeSet<String> = self.my_relays()?.into_iter().collect();
        all.extend(self.visiting.values().flat_map(|(addresses, _)| addresses.clone()));
        for (_, person) in self.read(|draft| draft.all::<Person>(&[]))? {
            if !person.blocked {
                all.extend(person.relays.iter().flat_map(|relay| addresses_of(&hint(relay))));
            }
        }
        Ok(all.into_iter().collect())
    }

    /// The names to meet under now.
    fn meetings(&self) -> Result<Vec<Meeting>, NodeError> {
        let mine: Vec<_> = self.relay_hints()?.into_iter().map(|relay| relay.peer.into_vec()).collect();
        let mut all = BTreeSet::new();
        for (key, person) in self.read(|draft| draft.all::<Person>(&[]))? {
            let Ok(party) = PartyId::try_from(&key[..]) else { continue };
            let relays = person.relays.iter().map(|relay| relay.peer.to_vec()).chain(mine.iter().cloned());
            if !person.blocked {
                all.extend(names(&person.secret, relays, Some(party)));
            }
        }
        for (_, invite) in self.read(|draft| current_invites(draft, now()))? {
            let signed = super::people::read_invite(&invite.text)?;
            let relays: Vec<_> = signed.invite().relays.iter().map(|relay| relay.peer.to_vec()).collect();
            all.extend(names(&invite.secret, relays.into_iter(), None));
        }
        Ok(all.into_iter().collect())
    }
}

/// The names under which the inviter of an invite waits.
pub(crate) fn invite_meetings(invite: &SignedInvite) -> Vec<Meeting> {
    let relays: Vec<_> = invite.invite().relays.iter().map(|relay| relay.peer.to_vec()).collect();
    names(&invite.invite().secret, relays.into_iter(), None)
}

fn names(secret: &[u8; 32], relays: impl Iterator<Item = Vec<u8>>, party: Option<PartyId>) -> Vec<Meeting> {
    let now = now();
    let days: BTreeSet<u64> = [now.saturating_sub(OVERLAP), now, now + OVERLAP].into_iter().map(day).collect();
    relays
        .flat_map(|relay| days.iter().map(move |day| (relay.clone(), *day)))
        .filter_map(|(relay, day)| Some(Meeting { namespace: namespace(secret, &relay, day).ok()?, relay, party }))
        .collect()
}

fn hint(relay: &Relay) -> RelayHint {
    RelayHint { peer: relay.peer.clone(), addresses: relay.addresses.clone(), token: relay.token.clone() }
}

fn key(address: &str) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(address.trim().as_bytes()).into()
}
