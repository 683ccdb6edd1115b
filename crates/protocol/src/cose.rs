//! COSE_Sign1 (RFC 9052), untagged, algorithm −19 (Ed25519, RFC 9864): one signed form, byte for byte.

use crate::{
    IdentityKey, MessageId, PartyId,
    cbor::{self, CborError},
    identity::BadSignature,
    limits::FRAME_BYTES,
};
use coset::{
    CborSerializable, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, ProtectedHeader, RegisteredLabel,
    SignatureContext, iana, sig_structure_data,
};
use sha2::{Digest as _, Sha256};

/// Why bytes are not a signed envelope of ours.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Larger than a frame.
    #[error("larger than {FRAME_BYTES} bytes")]
    TooLarge,
    /// Not a COSE_Sign1 structure: not CBOR, cut short, tagged, other fields than its four, nested beyond reason.
    #[error("not a COSE_Sign1 structure")]
    Structure,
    /// The outer structure has a second encoding: long or indefinite lengths, bytes at the end.
    #[error("the envelope is not in its deterministic form")]
    NotDeterministic,
    /// Something in the header that the signature does not cover.
    #[error("the unprotected header is not empty")]
    Unprotected,
    /// The protected header is not exactly {algorithm −19, content type, key}.
    #[error("the protected header is not the one this type of message has")]
    Header,
    /// The signature or the key.
    #[error(transparent)]
    Signature(#[from] BadSignature),
}

/// A verified envelope: who signed which payload, as what type.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The signer.
    pub(crate) signer: PartyId,
    /// The signed payload.
    pub(crate) payload: Vec<u8>,
    /// SHA-256 of the `Sig_structure`.
    pub(crate) id: MessageId,
}

/// Signs `payload` as a message of `kind`; returns the envelope and its id.
#[must_use]
pub(crate) fn sign(kind: &str, key: &IdentityKey, payload: Vec<u8>) -> (Vec<u8>, MessageId) {
    let header = header(kind, &key.party());
    let id = structure_id(&to_be_signed(kind, &header, &payload));
    let envelope = CoseSign1Builder::new()
        .protected(header)
        .payload(payload)
        .create_signature(aad(kind).as_bytes(), |bytes| key.sign(bytes).to_vec())
        .build();
    // encoding into a vector fails only on a value CBOR has no form for; this structure has none such
    (envelope.to_vec().unwrap_or_default(), id)
}

/// Verifies an envelope that must be of `kind`.
pub(crate) fn open(kind: &str, bytes: &[u8]) -> Result<Opened, EnvelopeError> {
    let envelope = parse(bytes)?;
    let signer = signer_of(&envelope.protected)?;
    let expected = header(kind, &signer);
    if envelope.protected.original_data.as_deref() != Some(&header_bytes(&expected)[..]) {
        return Err(EnvelopeError::Header);
    }
    let signature: [u8; 64] = envelope.signature.as_slice().try_into().map_err(|_| BadSignature::Mismatch)?;
    let payload = envelope.payload.ok_or(EnvelopeError::Structure)?;
    let signed = to_be_signed(kind, &expected, &payload);
    signer.verify(&signed, &signature)?;
    Ok(Opened { signer, payload, id: structure_id(&signed) })
}

/// The type a message claims in its protected header, unverified: decides which decoder is asked.
pub(crate) fn claimed_kind(bytes: &[u8]) -> Result<String, EnvelopeError> {
    match parse(bytes)?.protected.header.content_type {
        Some(RegisteredLabel::Text(text)) => text
            .strip_prefix("application/halfdoor-")
            .and_then(|rest| rest.strip_suffix("+cbor"))
            .map(str::to_owned)
            .ok_or(EnvelopeError::Header),
        _ => Err(EnvelopeError::Header),
    }
}

fn parse(bytes: &[u8]) -> Result<CoseSign1, EnvelopeError> {
    if bytes.len() > FRAME_BYTES {
        return Err(EnvelopeError::TooLarge);
    }
    cbor::check_shape(bytes).map_err(|why| match why {
        CborError::NotDeterministic | CborError::Trailing => EnvelopeError::NotDeterministic,
        _ => EnvelopeError::Structure,
    })?;
    let envelope = CoseSign1::from_slice(bytes).map_err(|_| EnvelopeError::Structure)?;
    if !envelope.unprotected.is_empty() {
        return Err(EnvelopeError::Unprotected);
    }
    if envelope.clone().to_vec().map_err(|_| EnvelopeError::Structure)? != bytes {
        return Err(EnvelopeError::NotDeterministic);
    }
    Ok(envelope)
}

fn signer_of(protected: &ProtectedHeader) -> Result<PartyId, EnvelopeError> {
    PartyId::try_from(protected.header.key_id.as_slice()).map_err(|_| EnvelopeError::Header)
}

fn header(kind: &str, signer: &PartyId) -> Header {
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::Ed25519)
        .content_type(format!("application/halfdoor-{kind}+cbor"))
        .key_id(signer.0.to_vec())
        .build()
}

fn header_bytes(header: &Header) -> Vec<u8> {
    header.clone().to_vec().unwrap_or_default()
}

fn aad(kind: &str) -> String {
    format!("halfdoor/{kind}/1")
}

fn to_be_signed(kind: &str, header: &Header, payload: &[u8]) -> Vec<u8> {
    let protected = ProtectedHeader { original_data: None, header: header.clone() };
    sig_structure_data(SignatureContext::CoseSign1, protected, None, aad(kind).as_bytes(), payload)
}

fn structure_id(to_be_signed: &[u8]) -> MessageId {
    MessageId(Sha256::digest(to_be_signed).into())
}
