//! What several targets share: envelopes signed around whatever the fuzzer made, so that it gets past the signature.

use ciborium::Value;
use protocol::{IdentityKey, Message, cbor};

/// Every kind of message, in the order of the first byte of an input to `payload`.
pub const KINDS: [&str; 15] = [
    "join",
    "welcome",
    "presence",
    "catalog-ask",
    "catalog-answer",
    "request",
    "decision",
    "run",
    "receipt",
    "revoke",
    "offer",
    "offer-reply",
    "head-ask",
    "log-head",
    "cosign",
];

/// The owner's and the requester's key of the vectors, as their messages name them.
const SECRETS: [[u8; 32]; 2] = [[0x0A; 32], [0x0B; 32]];

/// A payload as an envelope of `kind`, signed by the key of the vectors that it names.
pub fn sealed(kind: &str, payload: &[u8]) -> Vec<u8> {
    let keys = SECRETS.map(|secret| IdentityKey::from_secret(&secret));
    let [owner, requester] = &keys;
    let named = |key: &IdentityKey| payload.windows(32).position(|window| window == key.party().as_bytes());
    // an invite names one party; a message names two, the audience (a longer key on the wire) after the sender
    let last = |key| named(key).unwrap_or(0);
    let key = if last(requester) > last(owner) { requester } else { owner };
    let part = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let header = Value::Map(vec![
        (1.into(), (-19).into()),
        (3.into(), format!("application/halfdoor-{kind}+cbor").into()),
        (4.into(), part(key.party().as_bytes())),
    ]);
    let protected = bytes_of(&header);
    let aad = format!("halfdoor/{kind}/1");
    let signed = [Value::from("Signature1"), part(&protected), part(aad.as_bytes()), part(payload)];
    let signature = key.sign(&bytes_of(&Value::Array(signed.to_vec())));
    bytes_of(&Value::Array(vec![part(&protected), Value::Map(vec![]), part(payload), part(&signature)]))
}

fn bytes_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("into memory");
    bytes
}

/// A signed payload that opens is the one encoding of what it says.
pub fn open_payload(kind: &str, payload: &[u8]) {
    let envelope = sealed(kind, payload);
    let Ok(message) = Message::open(&envelope) else { return };
    assert_eq!((message.kind(), message.bytes()), (kind, &envelope[..]));
    assert_eq!(payload_of(&message), payload, "a second encoding is accepted");
}

fn payload_of(message: &Message) -> Vec<u8> {
    macro_rules! payload {
        ($($variant:ident),*) => { match message { $(Message::$variant(m) => cbor::to_vec(m.payload()),)* } };
    }
    payload!(
        Join,
        Welcome,
        Presence,
        CatalogAsk,
        CatalogAnswer,
        Request,
        Decision,
        Run,
        Receipt,
        Revoke,
        Offer,
        OfferReply,
        HeadAsk,
        LogHead,
        Cosign
    )
    .expect("what was decoded encodes")
}
