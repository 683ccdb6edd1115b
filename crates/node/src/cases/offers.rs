//! Offers and refusals: made, listed, answered.

use crate::{
    actor::{Actor, now},
    error::NodeError,
    resolve::hex_of,
    show,
    views::{OfferReasonView, OfferView, RestsOn},
    wishes::NewOffer,
};
use consent::{
    Draft, bundle, offers,
    record::{OfferRecord, OfferState, ReceiptRecord, RequestRecord},
};
use protocol::{
    Commitment, MessageId, PartyId, Text,
    message::{Answer, OfferKind},
};

/// Seconds in the two weeks for which an offer stands unless said otherwise.
const TWO_WEEKS: u64 = 14 * 24 * 3600;
/// Longest time for which an offer may stand, in seconds: a year.
const LONGEST: u64 = 366 * 24 * 3600;

impl Actor {
    /// Makes an offer or a refusal to whoever gave the answers that it rests on.
    pub(crate) fn make_offer(&mut self, wish: &NewOffer) -> Result<OfferView, NodeError> {
        let kind = match wish.kind.as_str() {
            "offer" => OfferKind::Offer,
            "refusal" => OfferKind::Refusal,
            _ => return Err(invalid("kind", "offer or refusal")),
        };
        let until = wish.until.unwrap_or(now() + TWO_WEEKS);
        if until > now() + LONGEST {
            return Err(invalid("until", "at most a year from now"));
        }
        let mut reasons = Vec::new();
        for reason in &wish.reasons {
            reasons.push((self.find_receipt(&reason.receipt)?, reason.words.clone()));
        }
        let mut receipts: Vec<MessageId> = Vec::new();
        for named in &wish.receipts {
            receipts.push(self.find_receipt(named)?);
        }
        // what a reason is tied to is what the refusal rests on
        receipts.extend(reasons.iter().map(|(receipt, _)| *receipt));
        let mut seen = std::collections::BTreeSet::new();
        receipts.retain(|receipt| seen.insert(*receipt));
        let first = receipts.first().ok_or_else(|| invalid("receipts", "name at least one answer that it rests on"))?;
        let to: PartyId = self.read(|draft| draft.need::<ReceiptRecord>(&first.0))?.other;
        let new = offers::NewOffer { kind, words: wish.words.clone(), receipts, reasons, until };
        let id = self.act(|draft, context| offers::make(draft, context, &to, new))?;
        self.ask(|draft| view(draft, &id, &draft.need(&id.0)?))
    }

    /// Every offer and refusal, newest first.
    pub(crate) fn list_offers(&self) -> Result<Vec<OfferView>, NodeError> {
        self.ask(|draft| {
            let all = draft.all::<OfferRecord>(&[])?;
            let views = all.iter().map(|(key, record)| {
                let id = MessageId::try_from(&key[..]).map_err(|error| NodeError::Internal(error.to_string()))?;
                view(draft, &id, record)
            });
            let mut views = views.collect::<Result<Vec<_>, _>>()?;
            views.sort_by_key(|view| std::cmp::Reverse(view.made));
            Ok(views)
        })
    }

    pub(crate) fn one_offer(&self, named: &str) -> Result<OfferView, NodeError> {
        let id = self.find_offer(named)?;
        self.ask(|draft| view(draft, &id, &draft.need(&id.0)?))
    }

    pub(crate) fn answer_offer(&mut self, named: &str, accepted: bool) -> Result<OfferView, NodeError> {
        let id = self.find_offer(named)?;
        self.act(|draft, context| offers::answer(draft, context, &id, accepted))?;
        self.ask(|draft| view(draft, &id, &draft.need(&id.0)?))
    }
}

fn view(draft: &Draft<'_>, id: &MessageId, record: &OfferRecord) -> Result<OfferView, NodeError> {
    let signed = record.open().map_err(|error| NodeError::Internal(error.to_string()))?;
    let body = signed.body();
    let offer = body.kind == OfferKind::Offer;
    let open = offer && matches!(record.state, OfferState::Sending | OfferState::Told);
    let state = match record.state {
        OfferState::Accepted => "accepted",
        OfferState::Declined => "declined",
        OfferState::Refused => "refused",
        _ if open && now() > body.until => "expired",
        OfferState::Sending => "sending",
        OfferState::Told if offer => "waiting",
        OfferState::Told => "told",
    };
    let reasons = body.reasons.iter().map(|reason| {
        let words = words(draft, &reason.words)?;
        Ok(OfferReasonView { on: rests_on(draft, &reason.receipt)?, words })
    });
    Ok(OfferView {
        id: hex_of(&id.0),
        direction: show::direction(record.side, "received", "sent"),
        person: show::name_of(draft, &record.other)?,
        kind: if offer { "offer" } else { "refusal" }.to_owned(),
        words: words(draft, &body.terms)?,
        rests_on: body.receipts.iter().map(|receipt| rests_on(draft, receipt)).collect::<Result<_, _>>()?,
        reasons: reasons.collect::<Result<_, NodeError>>()?,
        made: record.at,
        until: offer.then_some(body.until),
        state: state.to_owned(),
        detail: record.refusal.map(|refusal| show::refused(refusal).to_owned()),
        answered: record.answered,
    })
}

/// Words as they may be shown; none once they were erased.
fn words(draft: &Draft<'_>, commitment: &Commitment) -> Result<Option<String>, NodeError> {
    let text: Option<Text> = draft.get(&commitment.0)?;
    Ok(text.map(|text| protocol::text::neutralised(text.as_str())))
}

/// An answer that something rests on, told in the words of the question.
fn rests_on(draft: &Draft<'_>, receipt: &MessageId) -> Result<RestsOn, NodeError> {
    let id = hex_of(&receipt.0);
    let exported = bundle::export(draft, receipt)?;
    let verified = bundle::verify(&exported).map_err(|error| NodeError::Internal(error.to_string()))?;
    let request: RequestRecord = draft.need(&verified.receipt.body().request.0)?;
    let (_, sentence) = show::subject(draft, &request, &verified.request.body().terms)?;
    let value = match &verified.receipt.body().answer {
        Answer::Released { outcome, .. } => Some(outcome.to_string()),
        Answer::NotReleased { .. } => None,
    };
    Ok(RestsOn { receipt: id, sentence, value })
}

fn invalid(field: &'static str, why: &str) -> NodeError {
    NodeError::Invalid { field, why: why.to_owned() }
}
