//! Deciding: what is shown first, then the decision on what was shown.

use crate::{
    actor::{Actor, now},
    asking,
    error::NodeError,
    ledger::{Over, Question},
    prompt::Of,
    resolve::hex_of,
    running::Finding,
    show,
    views::{GrantView, Prompt, RequestView},
    wishes::{Approve, CounterOffer},
};
use consent::{
    owner::{self, StandingChoice},
    record::{DatasetRecord, GrantRecord, RequestRecord, RequestState, Side},
};
use protocol::{
    Kind, MessageId, Name,
    limits::LIFETIME_SECONDS,
    message::{Review, Terms},
};
use store::DatasetReader;

/// Seconds in the week that a counter-offer lives unless said otherwise.
const WEEK: u64 = 7 * 24 * 3600;

/// A prompt that can be shown as it is, or what has to be computed first.
pub(crate) enum Opening {
    Ready(Box<Prompt>),
    Compute(Box<Asked>),
}

/// What has to be computed before a prompt can be shown.
pub(crate) struct Asked {
    pub(crate) id: MessageId,
    pub(crate) terms: Terms,
    pub(crate) of: Of,
    pub(crate) reader: DatasetReader,
    pub(crate) over: Over,
}

impl Actor {
    /// Opens the prompt of a request, or of the counter-offer that the owner thinks of.
    pub(crate) fn open_prompt(&self, named: &str, counter: Option<&CounterOffer>) -> Result<Opening, NodeError> {
        let (id, record) = self.find_request(named)?;
        let asked = terms_of(&record)?;
        let (terms, of) = match counter {
            None => (asked, Of::Asked),
            Some(offer) => (self.proposal(&record, asked, offer)?, Of::Counter),
        };
        let mine = record.side == Side::Owner && record.state == RequestState::Waiting;
        let before = if of == Of::Asked { &record.preview } else { &record.counter };
        let dataset: Option<DatasetRecord> = self.read(|draft| draft.get(&terms.dataset.0))?;
        let had = self.read(|draft| consent::ledger::had(draft, &terms.dataset, &record.other))?;
        let current = before.as_ref().is_some_and(|preview| {
            preview.computation == terms.computation
                && preview.had == had
                && dataset.as_ref().is_some_and(|d| d.version == preview.version)
        });
        if !mine || current || dataset.is_none() {
            return Ok(Opening::Ready(Box::new(self.make_prompt(&id, &terms, of)?)));
        }
        let reader = self.reader(terms.dataset)?;
        let over = self.over(terms.dataset)?;
        Ok(Opening::Compute(Box::new(Asked { id, terms, of, reader, over })))
    }

    /// Keeps what was computed and makes the prompt of it.
    pub(crate) fn finish_prompt(
        &mut self,
        id: MessageId,
        terms: &Terms,
        of: Of,
        finding: Finding,
    ) -> Result<Prompt, NodeError> {
        let record: RequestRecord = self.read(|draft| draft.need(&id.0))?;
        let question = Question {
            party: record.other,
            dataset: terms.dataset,
            version: finding.version,
            computation: terms.computation.clone(),
        };
        let salt = protocol::Salt(rand::random());
        let preview = self.shown(&question, finding, salt)?.ok_or_else(|| NodeError::Conflict {
            why: "another dataset with the same rows was just asked about; look at the request again".to_owned(),
        })?;
        self.act(|draft, _| match of {
            Of::Asked => owner::keep_preview(draft, &id, preview),
            Of::Counter => owner::keep_counter_preview(draft, &id, preview),
        })?;
        self.make_prompt(&id, terms, of)
    }

    /// What was asked, with what the owner would have otherwise.
    fn proposal(&self, record: &RequestRecord, asked: Terms, offer: &CounterOffer) -> Result<Terms, NodeError> {
        let dataset: Option<DatasetRecord> = self.read(|draft| draft.get(&asked.dataset.0))?;
        let dataset = dataset.ok_or_else(|| NodeError::Conflict { why: "the dataset is gone".to_owned() })?;
        if record.side != Side::Owner {
            return Err(NodeError::Refused { why: "only the owner of the data makes a counter-offer".to_owned() });
        }
        let computation = asking::countered(&asked.computation, offer, &dataset.columns)?;
        Ok(Terms { computation, uses: 1, until: offer.until.unwrap_or(asked.until), ..asked })
    }

    pub(crate) fn approve_request(&mut self, named: &str, wish: &Approve) -> Result<RequestView, NodeError> {
        let (id, _) = self.find_request(named)?;
        let choice = owner::Approve {
            code: wish.preview.clone(),
            until: wish.until,
            standing: standing(wish)?,
            despite: wish.despite.clone(),
        };
        self.act(|draft, context| owner::approve(draft, context, &id, &choice))?;
        self.view_request(&id)
    }

    pub(crate) fn deny_request(&mut self, named: &str, because: Option<String>) -> Result<RequestView, NodeError> {
        let (id, _) = self.find_request(named)?;
        self.act(|draft, context| owner::deny(draft, context, &id, &owner::Deny { because }))?;
        self.view_request(&id)
    }

    pub(crate) fn counter_request(
        &mut self,
        named: &str,
        wish: &CounterOffer,
        preview: &str,
    ) -> Result<RequestView, NodeError> {
        let (id, record) = self.find_request(named)?;
        let proposal = self.proposal(&record, terms_of(&record)?, wish)?;
        let now = now();
        let expires = wish.expires.unwrap_or(now + WEEK).min(proposal.until);
        if expires <= now || expires > now + LIFETIME_SECONDS {
            return Err(NodeError::Invalid { field: "expires", why: "between now and 30 days from now".to_owned() });
        }
        let offer = owner::CounterOffer { code: preview.to_owned(), proposal, expires, because: wish.because.clone() };
        self.act(|draft, context| owner::counter(draft, context, &id, offer))?;
        self.view_request(&id)
    }

    pub(crate) fn list_grants(&self) -> Result<Vec<GrantView>, NodeError> {
        self.ask(|draft| {
            let all = draft.all::<GrantRecord>(&[])?;
            let views = all.iter().map(|(key, record)| show::grant(draft, &hex_of(key), record));
            let mut views = views.collect::<Result<Vec<_>, _>>()?;
            views.sort_by_key(|view| view.from);
            Ok(views)
        })
    }

    pub(crate) fn pause_grant(&mut self, named: &str) -> Result<(), NodeError> {
        let id = self.find_grant(named)?;
        self.act(|draft, context| owner::pause(draft, context, &id))
    }

    pub(crate) fn resume_grant(&mut self, named: &str) -> Result<(), NodeError> {
        let id = self.find_grant(named)?;
        self.act(|draft, _| owner::resume(draft, &id))
    }

    pub(crate) fn revoke_decision(&mut self, named: &str) -> Result<(), NodeError> {
        let id = self.find_decision(named)?;
        self.act(|draft, context| owner::revoke(draft, context, &id))
    }
}

fn terms_of(record: &RequestRecord) -> Result<Terms, NodeError> {
    let signed = record.open().map_err(|error| NodeError::Internal(error.to_string()))?;
    Ok(signed.body().terms.clone())
}

fn name(field: &'static str, text: &str) -> Result<Name, NodeError> {
    text.parse().map_err(|error: protocol::BadText| NodeError::Invalid { field, why: error.to_string() })
}

/// More than one use, or the explicit word, makes a standing grant.
fn standing(wish: &Approve) -> Result<Option<StandingChoice>, NodeError> {
    let uses = wish.uses.unwrap_or(1);
    if !wish.standing && uses == 1 {
        let unused = wish.kinds.is_empty() && wish.columns.is_empty() && wish.review.is_none() && !wish.parts;
        return if unused {
            Ok(None)
        } else {
            Err(NodeError::Invalid {
                field: "standing",
                why: "kinds, columns, review and parts belong to a standing grant".to_owned(),
            })
        };
    }
    let review = match wish.review.as_deref() {
        None | Some("each") => Review::Each,
        Some("none") => Review::None,
        Some(_) => return Err(NodeError::Invalid { field: "review", why: "each or none".to_owned() }),
    };
    Ok(Some(StandingChoice {
        uses,
        kinds: wish.kinds.iter().map(|word| listed(word)).collect::<Result<_, _>>()?,
        columns: wish.columns.iter().map(|column| name("columns", column)).collect::<Result<_, _>>()?,
        review,
        parts: wish.parts,
    }))
}

/// A kind that a standing grant may list: questions too.
fn listed(word: &str) -> Result<Kind, NodeError> {
    Kind::named(word).ok_or_else(|| {
        let known = Kind::ALL.map(Kind::name).join(", ");
        let why = format!("each one of {known}, or the name of a credit attribute (halfdoor attributes lists them)");
        NodeError::Invalid { field: "kinds", why }
    })
}
