//! Requests: made, listed, accepted after a counter-offer, run.

use crate::{
    actor::{Actor, now},
    asking,
    error::NodeError,
    prompt,
    resolve::hex_of,
    show,
    views::{RequestDraft, RequestView},
    wishes::{NewRequest, RequestFilter},
};
use consent::{
    record::{CatalogRecord, Ordered, RequestRecord, Side},
    requester,
};
use protocol::{
    MessageId, PartyId, UnixSeconds,
    limits::{LIFETIME_SECONDS, USES},
    message::{Purpose, Terms},
};

/// A request as its words are understood.
struct Wished {
    party: PartyId,
    terms: Terms,
    expires: UnixSeconds,
    /// What its owner told of the dataset.
    told: CatalogRecord,
}

/// Seconds in the week that a request lives unless said otherwise.
const WEEK: u64 = 7 * 24 * 3600;

impl Actor {
    /// Makes a request of a dataset that its owner has told of.
    pub(crate) fn make_request(&mut self, wish: &NewRequest) -> Result<RequestView, NodeError> {
        let Wished { party, terms, expires, .. } = self.wished(wish)?;
        let grant = wish.grant.as_deref().map(|named| self.find_grant(named)).transpose()?;
        let id =
            self.act(|draft, context| requester::request(draft, context, &party, terms, &wish.reason, grant, expires))?;
        self.view_request(&id)
    }

    /// What the owner would be shown of a request that is still being written. Nothing is made or sent.
    pub(crate) fn draft_request(&self, wish: &NewRequest) -> Result<RequestDraft, NodeError> {
        let Wished { terms, told, .. } = self.wished(wish)?;
        let words = protocol::Text::new(&wish.reason, protocol::Salt([0; 16]));
        let words = words.map_err(|error| invalid("reason", error.to_string()))?;
        let known = show::Known::told(&told);
        let known = known.ok_or_else(|| invalid("dataset", "its name cannot be shown".to_owned()))?;
        Ok(RequestDraft {
            wants: known.sentence(&terms.computation, None),
            reads: prompt::reads(known.tag.as_str(), &terms, None),
            why: terms.purpose.sentence().to_owned(),
            words: protocol::text::neutralised(words.as_str()),
            how_long: prompt::how_long(wish.grant.is_some(), &terms),
            tells: prompt::tells(&terms.computation).to_owned(),
        })
    }

    fn wished(&self, wish: &NewRequest) -> Result<Wished, NodeError> {
        let (party, _) = self.find_person(Some(&wish.person))?;
        let dataset = self.find_catalogued(&party, &wish.dataset)?;
        let computation = asking::computation(wish, &dataset.pointer.columns)?;
        let purpose = wish.purpose.as_deref().unwrap_or("credit_application");
        let uses = wish.uses.unwrap_or(1);
        if !(1..=USES).contains(&uses) {
            return Err(invalid("uses", format!("between 1 and {USES}")));
        }
        let now = now();
        let expires = wish.expires.unwrap_or(now + WEEK);
        let terms = Terms {
            dataset: dataset.pointer.dataset,
            version: dataset.pointer.version,
            computation,
            purpose: Purpose::named(purpose).ok_or_else(|| invalid("purpose", purposes()))?,
            uses,
            until: wish.until.unwrap_or(now + WEEK),
        };
        if expires <= now || expires > now + LIFETIME_SECONDS {
            return Err(invalid("expires", "between now and 30 days from now".to_owned()));
        }
        if terms.until <= now {
            return Err(invalid("until", "already past".to_owned()));
        }
        Ok(Wished { party, terms, expires, told: dataset })
    }

    pub(crate) fn view_request(&self, id: &MessageId) -> Result<RequestView, NodeError> {
        self.ask(|draft| show::request(draft, &hex_of(&id.0), &draft.need(&id.0)?))
    }

    /// Requests in order of arrival.
    pub(crate) fn list_requests(&self, filter: &RequestFilter) -> Result<Vec<RequestView>, NodeError> {
        let party = filter.person.as_deref().map(|named| self.find_person(Some(named))).transpose()?;
        let side = match filter.direction.as_deref() {
            None => None,
            Some("received") => Some(Side::Owner),
            Some("sent") => Some(Side::Requester),
            Some(_) => return Err(invalid("direction", "received or sent".to_owned())),
        };
        self.ask(|draft| {
            let mut views = Vec::new();
            for (_, Ordered(id)) in draft.all::<Ordered>(&[])? {
                let record: RequestRecord = draft.need(&id.0)?;
                let wanted = side.is_none_or(|side| side == record.side)
                    && party.as_ref().is_none_or(|(party, _)| *party == record.other);
                if wanted {
                    views.push(show::request(draft, &hex_of(&id.0), &record)?);
                }
            }
            views.retain(|view| filter.state.as_ref().is_none_or(|state| *state == view.state));
            Ok(views)
        })
    }

    /// Accepts the counter-offer made to a request of mine.
    pub(crate) fn accept_counter(&mut self, named: &str) -> Result<RequestView, NodeError> {
        let (id, _) = self.find_request(named)?;
        let new = self.act(|draft, context| requester::accept(draft, context, &id))?;
        self.view_request(&new)
    }

    /// Says that what was approved is to run now; returns the request and, if it is there already, its receipt.
    pub(crate) fn ask_to_run(&mut self, named: &str) -> Result<(MessageId, Option<MessageId>), NodeError> {
        let (id, record) = self.find_request(named)?;
        if record.side == Side::Requester && record.receipt.is_some() {
            return Ok((id, record.receipt));
        }
        self.act(|draft, context| requester::run(draft, context, &id))?;
        Ok((id, None))
    }
}

fn invalid(field: &'static str, why: String) -> NodeError {
    NodeError::Invalid { field, why }
}

fn purposes() -> String {
    let names: Vec<_> = Purpose::ALL.iter().map(|purpose| purpose.name()).collect();
    format!("one of {}", names.join(", "))
}
