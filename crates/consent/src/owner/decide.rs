//! The owner decides: on what was shown, and on nothing else.

use super::request::{answerable, live};
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    ledger, log, outbox,
    people::words,
    record::{DatasetRecord, DecisionRecord, GrantRecord, Preview, Previewed, RequestRecord, RequestState, Side},
    vouching,
};
use protocol::{
    Digest, Event, Kind, MessageId, Name, Signed, UnixSeconds, cbor,
    message::{Approval, Counter, Decision, Denial, Grant, Once, Parts, Request, Review, Standing, Terms},
};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

/// Characters of a preview's code that a decision must name at least.
const CODE_AT_LEAST: usize = 12;

/// A yes.
#[derive(Clone, Debug, Default)]
pub struct Approve {
    /// Code of the preview that was shown, at least its first 12 characters.
    pub code: String,
    /// Not after; what was asked for unless chosen.
    pub until: Option<UnixSeconds>,
    /// Several uses instead of one, by explicit choice.
    pub standing: Option<StandingChoice>,
    /// Release although a rule refuses it: why, in the owner's own words, which stay with her decision.
    pub despite: Option<String>,
}

/// Bounds of a standing grant. Its kind and column are those asked unless more are chosen.
#[derive(Clone, Debug, Default)]
pub struct StandingChoice {
    /// Runs in all.
    pub uses: u32,
    /// Further kinds.
    pub kinds: Vec<Kind>,
    /// Further columns.
    pub columns: Vec<Name>,
    /// Whether each outcome waits for the owner.
    pub review: Review,
    /// Whether filters and groups over the columns are covered too, as they are where the request itself has any.
    pub parts: bool,
}

/// A no.
#[derive(Clone, Debug, Default)]
pub struct Deny {
    /// In the owner's words.
    pub because: Option<String>,
}

/// Not that, but this.
#[derive(Clone, Debug)]
pub struct CounterOffer {
    /// Code of the counter-offer's preview that was shown.
    pub code: String,
    /// The complete other request.
    pub proposal: Terms,
    /// Until when it can be accepted.
    pub expires: UnixSeconds,
    /// In the owner's words.
    pub because: Option<String>,
}

/// What a decision names to say what it is made on: binds request, version, computation and outcome.
pub fn preview_code(request: &MessageId, preview: &Preview) -> Result<String, ConsentError> {
    let commitment = preview.commitment()?.map(|(commitment, _)| commitment);
    let bound = (request, preview.version, preview.computation.hash()?, commitment);
    let hash = Sha256::new().chain_update(b"halfdoor/preview/1").chain_update(cbor::to_vec(&bound)?).finalize();
    Ok(Digest(hash.into()).to_string().chars().take(20).collect())
}

/// Keeps what the owner is about to be shown of a request, so that the decision can bind it.
pub fn keep_preview(draft: &mut Draft<'_>, id: &MessageId, preview: Preview) -> Result<String, ConsentError> {
    let mut record = waiting(draft, id)?;
    let asked = record.open()?.body().terms.computation == preview.computation;
    allow(asked, "what was computed is not what was asked for")?;
    let code = preview_code(id, &preview)?;
    record.preview = Some(vouching::shown(draft, &record, preview)?);
    draft.put(&id.0, &record)?;
    Ok(code)
}

/// Keeps what the owner is about to be shown of a counter-offer.
pub fn keep_counter_preview(draft: &mut Draft<'_>, id: &MessageId, preview: Preview) -> Result<String, ConsentError> {
    let mut record = waiting(draft, id)?;
    let code = preview_code(id, &preview)?;
    record.counter = Some(vouching::shown(draft, &record, preview)?);
    draft.put(&id.0, &record)?;
    Ok(code)
}

/// No.
pub fn deny(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId, deny: &Deny) -> Result<(), ConsentError> {
    waiting(draft, id)?;
    let because = deny.because.as_deref().map(|text| words("because", text, context.salt())).transpose()?;
    let body = Decision::Deny(Denial { request: *id, because: because.as_ref().map(protocol::Text::commitment) });
    decide(draft, context, id, body, because, RequestState::Denied)?;
    Ok(())
}

/// Not that, but this; what would leave instead was shown.
pub fn counter(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    offer: CounterOffer,
) -> Result<(), ConsentError> {
    let record = waiting(draft, id)?;
    let request = record.open()?;
    let preview = shown(id, record.counter.as_ref(), &offer.code)?;
    let dataset = unchanged(draft, &request, preview)?;
    let proposal = &offer.proposal;
    let same = preview.computation == proposal.computation
        && proposal.dataset == request.body().terms.dataset
        && proposal.version == preview.version;
    allow(same, "the counter-offer is not the one that was shown")?;
    allow(answerable(&dataset, &offer.proposal.computation), "the dataset cannot answer that")?;
    allow(offer.proposal.uses == 1, "a counter-offer is for one run")?;
    let now = context.now(draft)?;
    allow(offer.expires > now && offer.proposal.until > now, "the counter-offer would have expired already")?;
    // accepting it asks nobody again: what a rule advises against is no offer
    if let Previewed::Value { against: Some(rule), .. } = &preview.shown {
        return Err(ConsentError::Refused(format!("{rule}; offer something else")));
    }
    let Some((commitment, _)) = preview.commitment()? else {
        return Err(ConsentError::Refused("nothing could leave for that counter-offer".to_owned()));
    };
    let because = offer.because.as_deref().map(|text| words("because", text, context.salt())).transpose()?;
    let body = Decision::Counter(Counter {
        request: *id,
        proposal: offer.proposal,
        preview: commitment,
        expires: offer.expires,
        because: because.as_ref().map(protocol::Text::commitment),
    });
    decide(draft, context, id, body, because, RequestState::Countered)?;
    Ok(())
}

/// Yes, to exactly what was shown; or to several within bounds, by explicit choice.
pub fn approve(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    choice: &Approve,
) -> Result<(), ConsentError> {
    let record = waiting(draft, id)?;
    let request = record.open()?;
    let preview = shown(id, record.preview.as_ref(), &choice.code)?;
    unchanged(draft, &request, preview)?;
    match &preview.shown {
        Previewed::Nothing { why } => return Err(ConsentError::Refused(format!("nothing can leave: {why}"))),
        Previewed::Value { against: Some(rule), .. } if choice.despite.is_none() => {
            let how = "To release it despite that, say so in your own words.";
            return Err(ConsentError::Refused(format!("{rule} {how}")));
        }
        Previewed::Value { against: None, .. } if choice.despite.is_some() => {
            return Err(ConsentError::Refused("no rule refuses this; approve it as it is".to_owned()));
        }
        Previewed::Value { .. } => {}
    }
    let had = ledger::had(draft, &request.body().terms.dataset, &record.other)?;
    allow(preview.had == had, "they have been told more since you looked; look at the request again")?;
    let despite = match &choice.despite {
        Some(text) => {
            allow(!text.trim().is_empty(), "say in words why it is to be released despite the rule")?;
            Some(words("despite", text, context.salt())?)
        }
        None => None,
    };
    if let Some(grant) = record.grant {
        allow(choice.standing.is_none(), "this request is under a standing grant already")?;
        grant_under(draft, context, id, grant)?;
        return looked(draft, context, id, despite);
    }
    let until = choice.until.unwrap_or(request.body().terms.until);
    match &choice.standing {
        None => grant_once(draft, context, id, until)?,
        Some(standing) => {
            allow(
                !matches!(&preview.shown, Previewed::Value { against: Some(_), .. }),
                "a standing grant never overrides a rule",
            )?;
            grant_standing(draft, context, id, until, standing)?;
        }
    }
    looked(draft, context, id, despite)
}

/// Notes with the decision just made that the owner was shown the outcome, and what she said where it is despite a rule.
fn looked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    despite: Option<protocol::Text>,
) -> Result<(), ConsentError> {
    let record: RequestRecord = draft.need(&id.0)?;
    let decision = record.decision.ok_or(ConsentError::NotFound("decision"))?;
    let mut kept: DecisionRecord = draft.need(&decision.0)?;
    kept.seen = true;
    if let Some(text) = despite {
        kept.despite = Some(text.commitment());
        draft.put(&text.commitment().0, &text)?;
        log::append(draft, context, Event::Overridden { request: *id, decision })?;
    }
    draft.put(&decision.0, &kept)
}

/// The request, if it is mine to decide and not decided.
fn waiting(draft: &Draft<'_>, id: &MessageId) -> Result<RequestRecord, ConsentError> {
    let record: RequestRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("request"))?;
    allow(record.side == Side::Owner, "this request was made by you; only the owner of the data decides it")?;
    allow(record.state == RequestState::Waiting, "this request is no longer waiting for a decision")?;
    Ok(record)
}

/// The preview, if the decision names it.
fn shown<'p>(id: &MessageId, preview: Option<&'p Preview>, code: &str) -> Result<&'p Preview, ConsentError> {
    let preview =
        preview.ok_or_else(|| ConsentError::Refused("look at the request first: nothing was shown yet".to_owned()))?;
    let named = code.trim().to_ascii_lowercase();
    let same = named.len() >= CODE_AT_LEAST && preview_code(id, preview)?.starts_with(&named);
    allow(same, "that is not the preview that was shown last; look at the request again")?;
    Ok(preview)
}

/// The dataset, if it still is what was shown.
fn unchanged(draft: &Draft<'_>, request: &Signed<Request>, preview: &Preview) -> Result<DatasetRecord, ConsentError> {
    let dataset: Option<DatasetRecord> = draft.get(&request.body().terms.dataset.0)?;
    let same =
        dataset.filter(|dataset| dataset.version == preview.version && dataset.version == request.body().terms.version);
    same.ok_or_else(|| {
        ConsentError::Refused("the dataset changed since the request was shown; look at it again".to_owned())
    })
}

/// Grants the previewed outcome, once.
pub(super) fn grant_once(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    until: UnixSeconds,
) -> Result<(), ConsentError> {
    let record: RequestRecord = draft.need(&id.0)?;
    let preview = record.preview.as_ref().ok_or(ConsentError::NotFound("preview"))?;
    let (outcome, salt) = preview.commitment()?.ok_or(ConsentError::NotFound("preview"))?;
    let from = context.now(draft)?;
    allow(until > from, "the end of the grant is in the past")?;
    let once = Once { version: preview.version, outcome, from, until };
    give(draft, context, id, Grant::Once(once), Some(salt))
}

fn grant_standing(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    until: UnixSeconds,
    choice: &StandingChoice,
) -> Result<(), ConsentError> {
    let terms = draft.need::<RequestRecord>(&id.0)?.open()?.body().terms.clone();
    let from = context.now(draft)?;
    allow(until > from, "the end of the grant is in the past")?;
    let mut kinds = choice.kinds.clone();
    kinds.extend(terms.computation.kinds());
    kinds.sort();
    kinds.dedup();
    let mut columns = choice.columns.clone();
    columns.extend(terms.computation.columns().into_iter().cloned());
    columns.sort();
    columns.dedup();
    let standing = Standing {
        dataset: terms.dataset,
        kinds,
        columns,
        purpose: terms.purpose,
        uses: choice.uses,
        from,
        until,
        review: choice.review,
        parts: (choice.parts || terms.computation.in_parts()).then_some(Parts::FiltersAndGroups),
    };
    give(draft, context, id, Grant::Standing(standing), None)
}

/// One more use of a standing grant.
pub(super) fn grant_under(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    grant: MessageId,
) -> Result<(), ConsentError> {
    let standing: GrantRecord = draft.need(&grant.0)?;
    let now = context.now(draft)?;
    live(&standing, now)
        .map_err(|_| ConsentError::Refused("the standing grant is revoked, expired or spent".to_owned()))?;
    let body = Decision::Approve(Approval { request: *id, grant: Grant::Under(grant) });
    decide(draft, context, id, body, None, RequestState::Approved)?;
    Ok(())
}

fn give(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    grant: Grant,
    salt: Option<protocol::Salt>,
) -> Result<(), ConsentError> {
    let body = Decision::Approve(Approval { request: *id, grant: grant.clone() });
    let decision = decide(draft, context, id, body, None, RequestState::Approved)?;
    let mut record: RequestRecord = draft.need(&id.0)?;
    record.grant = Some(decision);
    let dataset = record.open()?.body().terms.dataset;
    let given = GrantRecord {
        side: Side::Owner,
        other: record.other,
        request: *id,
        dataset,
        grant,
        salt,
        spent: 0,
        revoked: None,
        as_of: None,
        paused: None,
    };
    draft.put(&id.0, &record)?;
    draft.put(&decision.0, &given)?;
    draft.notify(Notice::GrantChanged(decision));
    Ok(())
}

/// Signs the decision, keeps it, logs it, owes it to the requester.
fn decide(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    body: Decision,
    because: Option<protocol::Text>,
    state: RequestState,
) -> Result<MessageId, ConsentError> {
    let mut record: RequestRecord = draft.need(&id.0)?;
    let signed = outbox::say(draft, context, &record.other, body, because.into_iter().collect())?;
    let kept = DecisionRecord {
        request: *id,
        message: ByteBuf::from(signed.bytes()),
        revoked: None,
        seen: false,
        despite: None,
    };
    draft.put(&signed.id().0, &kept)?;
    record.state = state;
    record.decision = Some(signed.id());
    record.decided = Some(context.now(draft)?);
    draft.put(&id.0, &record)?;
    log::append(draft, context, Event::Decided { request: *id, decision: signed.id() })?;
    draft.notify(Notice::RequestChanged(*id));
    Ok(signed.id())
}

#[cfg(test)]
mod tests;
