//! A file that proves an outcome without a node: the signed messages, verified again from their bytes.

use crate::{
    ConsentError,
    draft::Draft,
    log,
    record::{DecisionRecord, HeadRecord, Person, ReceiptRecord, RequestRecord, Side},
    requester::{Check, binding_checks, later_checks},
};
use protocol::{
    Digest, MessageId, PartyId, Signed, Text,
    cbor::{self, CborError},
    message::{Cosign, Decision, LogHead, Receipt, Request, TreeHead},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Largest bundle: five messages and their texts.
pub const BUNDLE_BYTES: usize = 256 * 1024;
/// Key of its one pair.
pub(crate) const RECEIPT_TAG: &str = "halfdoor-receipt-1";

/// An exported outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bundle {
    /// The first form.
    #[serde(rename = "halfdoor-receipt-1")]
    V1(Parts),
}

/// Its parts: signed messages as they travelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// The request.
    pub request: ByteBuf,
    /// The decision on it.
    pub decision: ByteBuf,
    /// The decision that gave the standing grant, where the run was one use of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<ByteBuf>,
    /// The receipt.
    pub receipt: ByteBuf,
    /// The requester's words, unless erased.
    pub texts: Vec<Text>,
    /// The head to which the requester held the owner, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
}

/// A head in which the receipt's own continues, signed by the owner and cosigned by the requester.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// The head.
    pub head: TreeHead,
    /// Its checkpoint.
    pub checkpoint: String,
    /// Proof that it continues the receipt's head; empty where it is that one.
    pub consistency: Vec<Digest>,
    /// The requester's signed cosignature of it.
    pub cosign: ByteBuf,
}

/// What a bundle says, and what of it holds.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The request.
    pub request: Signed<Request>,
    /// The decision.
    pub decision: Signed<Decision>,
    /// The receipt.
    pub receipt: Signed<Receipt>,
    /// The requester's words, if they come along and match.
    pub reason: Option<String>,
    /// Every binding.
    pub checks: Vec<Check>,
    /// The head to which the requester held the owner; what of it holds is among the checks.
    pub later: Option<Later>,
}

/// Why a file is not a bundle, naming the part that fails.
#[derive(Debug, thiserror::Error)]
pub enum BadBundle {
    /// Larger than any bundle.
    #[error("larger than {BUNDLE_BYTES} bytes: not a receipt file")]
    TooLarge,
    /// Not a bundle's bytes.
    #[error("not a receipt file: {0}")]
    Form(#[from] CborError),
    /// A message in it does not verify.
    #[error("the {part} in it does not verify: {source}")]
    Message {
        /// request, decision, standing grant, receipt or cosignature.
        part: &'static str,
        /// How.
        source: protocol::MessageError,
    },
    /// Words that no message in it commits to.
    #[error("the words in it are not the ones that were signed")]
    Text,
    /// The bindings could not be computed.
    #[error(transparent)]
    Bindings(#[from] ConsentError),
}

/// Puts together what proves a receipt, by its id.
pub fn export(draft: &Draft<'_>, receipt: &MessageId) -> Result<Vec<u8>, ConsentError> {
    let kept: ReceiptRecord = draft.get(&receipt.0)?.ok_or(ConsentError::NotFound("receipt"))?;
    let signed = kept.open()?;
    let request: RequestRecord = draft.need(&signed.body().request.0)?;
    let decision: DecisionRecord = match request.decision {
        Some(id) => draft.need(&id.0)?,
        None => return Err(ConsentError::NotFound("decision")),
    };
    let standing = match request.grant.filter(|grant| Some(*grant) != request.decision) {
        Some(id) => Some(draft.need::<DecisionRecord>(&id.0)?.message),
        None => None,
    };
    let reason: Option<Text> = draft.get(&request.open()?.body().reason.0)?;
    let later = later(draft, &kept, &signed)?;
    let parts = Parts {
        request: request.message,
        decision: decision.message,
        standing,
        receipt: kept.message,
        texts: reason.into_iter().collect(),
        later,
    };
    Ok(cbor::to_vec(&Bundle::V1(parts))?)
}

fn later(draft: &Draft<'_>, kept: &ReceiptRecord, receipt: &Signed<Receipt>) -> Result<Option<Later>, ConsentError> {
    let head = receipt.body().entry.head;
    match kept.side {
        Side::Owner => later_of_mine(draft, &kept.other, &head),
        Side::Requester => later_of_theirs(draft, &kept.other, &head),
    }
}

/// The owner has the tree: whatever they cosigned last, if it is not earlier.
fn later_of_mine(draft: &Draft<'_>, to: &PartyId, head: &TreeHead) -> Result<Option<Later>, ConsentError> {
    let record: Option<HeadRecord> = draft.get(&HeadRecord::mine(to))?;
    let Some(record) = record.filter(|record| record.head.size >= head.size) else { return Ok(None) };
    let (Some(checkpoint), Some(cosign)) = (record.checkpoint, record.cosign) else { return Ok(None) };
    let consistency =
        if record.head.size == head.size { Vec::new() } else { log::consistency(draft, head.size, record.head.size)? };
    Ok(Some(Later { head: record.head, checkpoint, consistency, cosign }))
}

/// The requester has what was shown to it for this receipt.
fn later_of_theirs(draft: &Draft<'_>, of: &PartyId, head: &TreeHead) -> Result<Option<Later>, ConsentError> {
    let Some(person) = draft.get::<Person>(&of.0)? else { return Ok(None) };
    let ended = person.ended.iter().position(|ended| ended.seen.epoch == head.epoch);
    let key = HeadRecord::theirs(of, ended.unwrap_or(person.ended.len()), head.size);
    let record: Option<HeadRecord> = draft.get(&key)?;
    let Some(record) = record.filter(|record| record.head == *head) else { return Ok(None) };
    let (Some(shown), Some(cosign)) = (record.shown, record.cosign) else { return Ok(None) };
    let LogHead { head: later, checkpoint, consistency, .. } = Signed::<LogHead>::open(&shown)?.body().clone();
    let consistency = if later.size == head.size { Vec::new() } else { consistency };
    Ok(Some(Later { head: later, checkpoint, consistency, cosign }))
}

/// Verifies a bundle from its bytes alone.
pub fn verify(bytes: &[u8]) -> Result<Verified, BadBundle> {
    if bytes.len() > BUNDLE_BYTES {
        return Err(BadBundle::TooLarge);
    }
    let Bundle::V1(parts) = cbor::from_slice(bytes)?;
    let part = |part: &'static str| move |source| BadBundle::Message { part, source };
    let request = Signed::<Request>::open(&parts.request).map_err(part("request"))?;
    let decision = Signed::<Decision>::open(&parts.decision).map_err(part("decision"))?;
    let receipt = Signed::<Receipt>::open(&parts.receipt).map_err(part("receipt"))?;
    let standing = parts.standing.as_ref().map(|bytes| Signed::<Decision>::open(bytes)).transpose();
    let standing = standing.map_err(part("standing grant"))?;
    let mut checks = binding_checks(&request, &decision, standing.as_ref(), &receipt)?;
    if let Some(later) = &parts.later {
        let cosign = Signed::<Cosign>::open(&later.cosign).map_err(part("cosignature"))?;
        checks.extend(later_checks(&request, &receipt, later, &cosign));
    }
    let reason = match parts.texts.as_slice() {
        [] => None,
        [text] if text.commitment() == request.body().reason => Some(text.as_str().to_owned()),
        _ => return Err(BadBundle::Text),
    };
    Ok(Verified { request, decision, receipt, reason, checks, later: parts.later })
}

#[cfg(test)]
mod tests;
