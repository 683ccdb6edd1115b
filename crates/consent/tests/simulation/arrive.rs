//! Something arrives: what the machines do with it is what the reference says.

use crate::{
    dice::Dice,
    model::{Arrival, Asked, Granted, Kept, Violation},
    watch::{Facts, must},
    world::{Flight, OWNER, World},
};
use consent::{Path, receive, record::GrantRecord};
use protocol::{Ack, Message, MessageId, PartyId, Signed, UnixSeconds, message::Request};

/// What the reference expects of one frame at the owner's.
enum Expected {
    /// Nothing is run, kept or decided.
    Nothing,
    Run(protocol::message::Run),
    Request(Box<Signed<Request>>, Arrival),
}

impl World {
    /// Hands a frame to its receiver, coming from `peer`. `None`: a crash before anything was durable.
    pub(crate) fn arrive(&mut self, dice: &mut Dice, flight: &Flight, peer: &[u8]) -> Result<Option<Ack>, Violation> {
        let to = flight.to;
        let now = self.now();
        let expected = if to == OWNER { self.expected(flight, peer, now) } else { Expected::Nothing };
        let mine = self.parties[to].peer.clone();
        let path = Path { mine: &mine, theirs: peer };
        let decided = self.parties[to].draft(|draft, context| receive(draft, context, &flight.frame, path));
        let (ack, outline) = decided.map_err(|error| format!("a frame made its receiver fail: {error}"))?;
        if dice.mishap(5) {
            return Ok(None);
        }
        let facts = self.keep(to, outline)?;
        if to == OWNER {
            if let Ack::Accepted(id) = ack {
                self.model.taken.insert(id);
            }
            self.arrived(expected, &ack, facts, now)?;
        }
        Ok(Some(ack))
    }

    fn expected(&self, flight: &Flight, peer: &[u8], now: UnixSeconds) -> Expected {
        let Some(message) = flight.said.as_deref() else { return Expected::Nothing };
        let owner = &self.parties[OWNER];
        let sender = message.sender();
        let known =
            crate::world::ASKING.iter().any(|who| self.parties[*who].id() == sender && self.parties[*who].peer == peer);
        let fresh = !self.model.taken.contains(&message.id()) && message.acceptable(&owner.id(), now).is_ok();
        if !known || !fresh || self.model.blocked.contains(&sender) {
            return Expected::Nothing;
        }
        match message {
            Message::Run(run) if self.model.may_run(&sender, run.body(), now) => Expected::Run(run.body().clone()),
            Message::Request(request) => {
                let arrival = self.model.arrival(&sender, request.body(), now);
                match arrival {
                    Arrival::Refused => Expected::Nothing,
                    kept => Expected::Request(Box::new(request.clone()), kept),
                }
            }
            _ => Expected::Nothing,
        }
    }

    fn arrived(&mut self, expected: Expected, ack: &Ack, facts: Facts, now: UnixSeconds) -> Result<(), Violation> {
        must(facts.made.is_empty(), || "a message alone made a receipt".to_owned())?;
        let ran = match &expected {
            Expected::Run(run) => Some((run.grant, run.request, run.number, now)),
            _ => None,
        };
        must(facts.ran == Vec::from_iter(ran), || format!("ran {:?}, allowed was {ran:?}", facts.ran))?;
        if let Expected::Run(run) = &expected {
            must(matches!(ack, Ack::Accepted(_)), || format!("a live grant was not run: {ack:?}"))?;
            let grant = self.model.grants.get_mut(&run.grant).ok_or("run of nothing")?;
            grant.runs.insert(run.number, run.request);
            self.model.asked.get_mut(&run.request).ok_or("run of nothing")?.ran = true;
        }
        let Expected::Request(request, arrival) = expected else {
            must(facts.requested.is_empty(), || "a request was kept that is none, or again".to_owned())?;
            return must(facts.decided.is_empty() && facts.granted.is_empty(), || "decided by nobody".to_owned());
        };
        must(facts.requested == [request.id()], || format!("a good request was not kept: {ack:?}"))?;
        self.kept_request(&request, arrival, facts, now)
    }

    fn kept_request(
        &mut self,
        request: &Signed<Request>,
        arrival: Arrival,
        facts: Facts,
        now: UnixSeconds,
    ) -> Result<(), Violation> {
        let (id, terms) = (request.id(), request.body().terms.clone());
        let by = request.sender();
        let mut asked = Asked {
            by,
            expires: request.payload().expires,
            under: request.body().grant,
            state: Kept::Waiting,
            shown: None,
            ran: false,
            terms: terms.clone(),
        };
        let decided = usize::from(arrival != Arrival::Waits);
        must(facts.decided.len() == decided, || "decided by nobody, or not decided".to_owned())?;
        match arrival {
            Arrival::Refused | Arrival::Waits => {
                must(facts.granted.is_empty(), || "granted by nobody".to_owned())?;
            }
            Arrival::Under(grant) => {
                must(facts.granted.is_empty(), || "granted twice".to_owned())?;
                asked.state = Kept::Approved(grant);
            }
            Arrival::AcceptsOffer(offer) => {
                let offer = self.model.offers.get_mut(&offer).ok_or("accepted nothing")?;
                offer.open = false;
                let [(grant, record)] = &facts.granted[..] else {
                    return Err("an offer accepted grants once".to_owned());
                };
                asked.state = Kept::Approved(*grant);
                self.granted(
                    *grant,
                    record,
                    Granted {
                        to: by,
                        first: id,
                        uses: 1,
                        from: now,
                        until: terms.until,
                        standing: None,
                        revoked: false,
                        runs: std::collections::BTreeMap::new(),
                    },
                )?;
            }
        }
        self.model.asked.insert(id, asked);
        Ok(())
    }

    /// A grant's record says what was agreed.
    pub(crate) fn granted(&mut self, id: MessageId, record: &GrantRecord, grant: Granted) -> Result<(), Violation> {
        let (from, until) = record.window();
        let same = (record.other, record.uses(), from, until) == (grant.to, grant.uses, grant.from, grant.until);
        must(same, || format!("granted {record:?}, agreed was {grant:?}"))?;
        self.model.grants.insert(id, grant);
        Ok(())
    }

    pub(crate) fn party(&self, id: &PartyId) -> Option<usize> {
        self.parties.iter().position(|party| party.id() == *id)
    }
}
