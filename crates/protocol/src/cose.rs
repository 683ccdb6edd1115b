//! COSE_Sign1 (RFC 9052), untagged, algorithm −19 (Ed25519, RFC 9864): one signed form, byte for byte.

use crate::{
    IdentityKey, MessageId, PartyId,
    cbor::{
        self, CborError,
        order::{ARRAY, BYTES, Head, MAP},
    },
    identity::BadSignature,
    limits::FRAME_BYTES,
};
use coset::{
    CborSerializable, CoseSign1Builder, Header, HeaderBuilder, ProtectedHeader, RegisteredLabel, SignatureContext,
    iana, sig_structure_data,
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

/// Longest protected header, in bytes: the longest of ours has 85.
const HEADER_BYTES: usize = 128;

/// An envelope, verified now or before: who signed which payload, as what type.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    /// The signer.
    pub(crate) signer: PartyId,
    /// The signed payload.
    pub(crate) payload: &'a [u8],
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
pub(crate) fn open<'a>(kind: &str, bytes: &'a [u8]) -> Result<Opened<'a>, EnvelopeError> {
    let (opened, signed, signature) = read(kind, bytes)?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| BadSignature::Mismatch)?;
    opened.signer.verify(&signed, &signature)?;
    Ok(opened)
}

/// As [`open`], for what was verified before: the signature is not looked at.
pub(crate) fn reopen<'a>(kind: &str, bytes: &'a [u8]) -> Result<Opened<'a>, EnvelopeError> {
    Ok(read(kind, bytes)?.0)
}

/// What an envelope of `kind` says, the bytes that are signed, and the signature, unverified.
fn read<'a>(kind: &str, bytes: &'a [u8]) -> Result<(Opened<'a>, Vec<u8>, &'a [u8]), EnvelopeError> {
    let Parts { protected, payload, signature } = parse(bytes)?;
    let signer = PartyId::try_from(claims(protected)?.key_id.as_slice()).map_err(|_| EnvelopeError::Header)?;
    let expected = header(kind, &signer);
    if protected != header_bytes(&expected) {
        return Err(EnvelopeError::Header);
    }
    let signed = to_be_signed(kind, &expected, payload);
    Ok((Opened { signer, payload, id: structure_id(&signed) }, signed, signature))
}

/// The type a message claims in its protected header, unverified: decides which decoder is asked.
pub(crate) fn claimed_kind(bytes: &[u8]) -> Result<String, EnvelopeError> {
    match claims(parse(bytes)?.protected)?.content_type {
        Some(RegisteredLabel::Text(text)) => text
            .strip_prefix("application/halfdoor-")
            .and_then(|rest| rest.strip_suffix("+cbor"))
            .map(str::to_owned)
            .ok_or(EnvelopeError::Header),
        _ => Err(EnvelopeError::Header),
    }
}

/// The parts of a COSE_Sign1, where they lie. The unprotected header is empty.
struct Parts<'a> {
    protected: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

/// Takes an envelope apart without copying it: what it holds is a stranger's until the signature is verified.
fn parse(bytes: &[u8]) -> Result<Parts<'_>, EnvelopeError> {
    if bytes.len() > FRAME_BYTES {
        return Err(EnvelopeError::TooLarge);
    }
    cbor::check_shape(bytes).map_err(|why| match why {
        CborError::NotDeterministic | CborError::Trailing => EnvelopeError::NotDeterministic,
        _ => EnvelopeError::Structure,
    })?;
    let (parts, rest) = of_kind(bytes, ARRAY)?;
    let (protected, rest) = byte_string(rest)?;
    let (unprotected, rest) = of_kind(rest, MAP)?;
    if unprotected != 0 {
        return Err(EnvelopeError::Unprotected);
    }
    let (payload, rest) = byte_string(rest)?;
    let (signature, rest) = byte_string(rest)?;
    if parts != 4 || !rest.is_empty() {
        return Err(EnvelopeError::Structure);
    }
    let shortest = |part: &[u8]| Head::shortest(part.len()) + part.len();
    if bytes.len() != 2 + shortest(protected) + shortest(payload) + shortest(signature) {
        return Err(EnvelopeError::NotDeterministic);
    }
    Ok(Parts { protected, payload, signature })
}

/// The argument of a head of this major type, and what follows.
fn of_kind(bytes: &[u8], major: u8) -> Result<(usize, &[u8]), EnvelopeError> {
    let head = Head::read(bytes).filter(|head| head.major == major).ok_or(EnvelopeError::Structure)?;
    Ok((head.argument, bytes.get(head.length..).unwrap_or_default()))
}

fn byte_string(bytes: &[u8]) -> Result<(&[u8], &[u8]), EnvelopeError> {
    let (length, rest) = of_kind(bytes, BYTES)?;
    rest.split_at_checked(length).ok_or(EnvelopeError::Structure)
}

/// What a protected header says, unverified.
fn claims(protected: &[u8]) -> Result<Header, EnvelopeError> {
    if protected.len() > HEADER_BYTES {
        return Err(EnvelopeError::Header);
    }
    Header::from_slice(protected).map_err(|_| EnvelopeError::Header)
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
