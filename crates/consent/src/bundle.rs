//! A file that proves an outcome without a node: the signed messages, verified again from their bytes.

use crate::{
    ConsentError,
    draft::Draft,
    record::{DecisionRecord, ReceiptRecord, RequestRecord},
    requester::{Check, binding_checks},
};
use protocol::{
    MessageId, Signed, Text,
    cbor::{self, CborError},
    message::{Decision, Receipt, Request},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Largest bundle: four messages and their texts.
pub const BUNDLE_BYTES: usize = 256 * 1024;

/// An exported outcome. The tag exists from day one; log proofs under later heads come with it as further fields.
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
        /// request, decision, standing grant or receipt.
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
    let request: RequestRecord = draft.expect(&signed.body().request.0)?;
    let decision: DecisionRecord = match request.decision {
        Some(id) => draft.expect(&id.0)?,
        None => return Err(ConsentError::NotFound("decision")),
    };
    let standing = match request.grant.filter(|grant| Some(*grant) != request.decision) {
        Some(id) => Some(draft.expect::<DecisionRecord>(&id.0)?.message),
        None => None,
    };
    let reason: Option<Text> = draft.get(&request.open()?.body().reason.0)?;
    let parts = Parts {
        request: request.message,
        decision: decision.message,
        standing,
        receipt: kept.message,
        texts: reason.into_iter().collect(),
    };
    Ok(cbor::to_vec(&Bundle::V1(parts))?)
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
    let checks = binding_checks(&request, &decision, standing.as_ref(), &receipt)?;
    let reason = match parts.texts.as_slice() {
        [] => None,
        [text] if text.commitment() == request.body().reason => Some(text.as_str().to_owned()),
        _ => return Err(BadBundle::Text),
    };
    Ok(Verified { request, decision, receipt, reason, checks })
}

#[cfg(test)]
mod tests;
