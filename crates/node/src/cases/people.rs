//! People: invites, sessions, names, safety codes; and every frame that they send.

use crate::{
    actor::{Actor, now},
    error::NodeError,
    show,
    views::{InviteView, PersonView},
    wishes::NewInvite,
};
use consent::{
    Path, people,
    record::{InviteRecord, JoiningRecord, Person},
};
use protocol::{Ack, Frame, MessageId, Name, PartyId, Refusal, RelayHint, SignedInvite, limits::INVITE_SECONDS};

/// Seconds that an invite lives unless said otherwise.
const DAY: u64 = 24 * 3600;

impl Actor {
    pub(crate) fn list_people(&self) -> Result<Vec<PersonView>, NodeError> {
        let me = self.key.party();
        self.ask(|draft| {
            let mut views = Vec::new();
            for (key, person) in draft.all::<Person>(&[])? {
                let party = PartyId::try_from(&key[..]).map_err(|error| NodeError::Internal(error.to_string()))?;
                views.push(show::person(
                    draft,
                    &me,
                    &party,
                    &person,
                    self.paths.get(&party),
                    self.letters.count(&party, now()),
                )?);
            }
            views.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(views)
        })
    }

    pub(crate) fn view_person(&self, party: &PartyId) -> Result<PersonView, NodeError> {
        let me = self.key.party();
        let (path, left) = (self.paths.get(party), self.letters.count(party, now()));
        self.ask(|draft| show::person(draft, &me, party, &draft.need(&party.0)?, path, left))
    }

    pub(crate) fn rename_person(&mut self, named: &str, to: &str) -> Result<PersonView, NodeError> {
        let (party, _) = self.find_person(Some(named))?;
        let to: Name = to.parse().map_err(|error: protocol::BadText| invalid("name", &error))?;
        self.act(|draft, _| people::rename(draft, &party, to))?;
        self.view_person(&party)
    }

    pub(crate) fn verify_code(&mut self, named: &str, code: &str) -> Result<PersonView, NodeError> {
        let (party, _) = self.find_person(Some(named))?;
        let me = self.key.party();
        self.act(|draft, _| people::verify(draft, &me, &party, code))?;
        self.view_person(&party)
    }

    pub(crate) fn block_person(&mut self, named: &str, blocked: bool) -> Result<(Vec<u8>, PersonView), NodeError> {
        let (party, person) = self.find_person(Some(named))?;
        self.act(|draft, _| people::block(draft, &party, blocked))?;
        Ok((person.peer.into_vec(), self.view_person(&party)?))
    }

    /// Makes an invite that names my relays.
    pub(crate) fn make_invite(&mut self, wish: &NewInvite) -> Result<InviteView, NodeError> {
        let relays = self.relay_hints()?;
        if relays.is_empty() {
            let why = "no relay is configured: an invite must say where to meet".to_owned();
            return Err(NodeError::NoRelay { why });
        }
        let hint = wish.hint.as_deref().map(str::parse::<Name>).transpose();
        let hint = hint.map_err(|error| invalid("hint", &error))?;
        let expires_in = wish.expires_in.unwrap_or(DAY);
        if !(60..=INVITE_SECONDS).contains(&expires_in) {
            return Err(invalid("expires_in", &"between one minute and 30 days"));
        }
        let uses = wish.uses.unwrap_or(1);
        let made = self.act(|draft, context| people::invite(draft, context, relays, uses, expires_in, hint))?;
        self.view_invite(&made.id())
    }

    pub(crate) fn view_invite(&self, id: &MessageId) -> Result<InviteView, NodeError> {
        let record: Option<InviteRecord> = self.read(|draft| draft.get(&id.0))?;
        let record = record.ok_or_else(|| NodeError::NotFound { what: "invite", name: id.to_string() })?;
        let signed = read_invite(&record.text)?;
        let joined = record.joined.iter().map(|welcomed| self.view_person(&welcomed.party));
        Ok(InviteView {
            id: id.to_string(),
            text: signed.text().to_owned(),
            qr: signed.qr_text(),
            expires: record.expires,
            uses: record.uses,
            joined: joined.collect::<Result<_, _>>()?,
        })
    }

    /// The frame by which I join at that transport peer.
    pub(crate) fn join_frame(&mut self, invite: &SignedInvite, their_peer: &[u8]) -> Result<Vec<u8>, NodeError> {
        let my_peer = self.peer.clone();
        let (_, frame) = self.act(|draft, context| people::join(draft, context, invite, &my_peer, their_peer))?;
        bytes_of(&frame)
    }

    /// Whom an invite that I joined by led to, so far.
    pub(crate) fn joined_by(&self, invite: &MessageId) -> Result<Option<PartyId>, NodeError> {
        let record: Option<JoiningRecord> = self.read(|draft| draft.get(&invite.0))?;
        Ok(record.and_then(|record| record.paired))
    }

    /// My presence, for somebody whom I just reached.
    pub(crate) fn presence_frame(&mut self, to: &PartyId) -> Result<Vec<u8>, NodeError> {
        let (peer, mailbox) = (self.peer.clone(), self.mailbox_key()?);
        bytes_of(&self.act(|draft, context| people::presence(draft, context, to, &peer, mailbox))?)
    }

    /// A frame came in; the answer may be sent when this returns: what it says is durable.
    pub(crate) fn receive_frame(&mut self, peer: &[u8], bytes: &[u8]) -> Ack {
        let Ok(frame) = Frame::from_slice(bytes) else { return Ack::Refused(Refusal::Malformed) };
        let mine = self.peer.clone();
        let path = Path { mine: &mine, theirs: peer };
        match self.act(|draft, context| consent::receive(draft, context, &frame, path)) {
            Ok(ack) => ack,
            Err(error) => {
                tracing::error!(%error, "a message could not be kept; its sender is told to send it again");
                Ack::Later
            }
        }
    }

    /// Who a transport peer is, as records know it.
    pub(crate) fn party_at(&self, peer: &[u8]) -> Option<PartyId> {
        self.peers.get(peer).copied()
    }
}

fn bytes_of(frame: &Frame) -> Result<Vec<u8>, NodeError> {
    frame.to_vec().map_err(|error| NodeError::Internal(error.to_string()))
}

fn invalid(field: &'static str, why: &dyn std::fmt::Display) -> NodeError {
    NodeError::Invalid { field, why: why.to_string() }
}

/// An invite's text, verified and not over.
pub(crate) fn read_invite(text: &str) -> Result<SignedInvite, NodeError> {
    SignedInvite::read(text).map_err(|error| invalid("invite", &error))
}

/// The same, for joining now.
pub(crate) fn joinable(text: &str, me: &PartyId) -> Result<SignedInvite, NodeError> {
    let invite = read_invite(text)?;
    if invite.invite().inviter == *me {
        return Err(NodeError::Refused { why: "this is your own invite; give it to the other person".to_owned() });
    }
    if invite.invite().expires < now() {
        return Err(NodeError::Refused { why: "the invite has expired; ask for a new one".to_owned() });
    }
    Ok(invite)
}

/// Addresses of a relay as the network takes them.
pub(crate) fn addresses_of(hint: &RelayHint) -> Vec<String> {
    hint.addresses.iter().filter_map(|address| net::with_peer(address, &hint.peer)).collect()
}
