//! What several targets share: envelopes signed around whatever the fuzzer made, so that it gets past the signature.

use ciborium::Value;
use protocol::{IdentityKey, Message, cbor};
use std::sync::LazyLock;

/// Every kind of message, in the order of the first byte of an input to `payload`.
pub const KINDS: [&str; 17] = [
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
    "mock-ask",
    "mock-answer",
];

/// The owner's and the requester's key of the vectors, as their messages name them. Made once: half of an input's time
/// would go into making them.
static KEYS: LazyLock<[IdentityKey; 2]> =
    LazyLock::new(|| [[0x0A; 32], [0x0B; 32]].map(|secret| IdentityKey::from_secret(&secret)));

/// A payload as an envelope of `kind`, signed by the key of the vectors that it names.
pub fn sealed(kind: &str, payload: &[u8]) -> Vec<u8> {
    let [owner, requester] = &*KEYS;
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

/// A file with every envelope in it signed anew, as what it says it is: a payload that was altered there gets past the
/// signature. Ends before the first item that is not CBOR.
pub fn resigned(mut file: &[u8]) -> Vec<u8> {
    let mut again = Vec::new();
    while !file.is_empty() {
        let Ok(item) = ciborium::from_reader::<Value, _>(&mut file) else { break };
        again.extend_from_slice(&bytes_of(&resign(item)));
    }
    again
}

fn resign(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(resign).collect()),
        Value::Map(pairs) => Value::Map(pairs.into_iter().map(|(key, value)| (key, resign(value))).collect()),
        Value::Bytes(bytes) => Value::Bytes(envelope(&bytes).unwrap_or(bytes)),
        other => other,
    }
}

fn envelope(bytes: &[u8]) -> Option<Vec<u8>> {
    let Ok(Value::Array(parts)) = ciborium::from_reader(bytes) else { return None };
    let [Value::Bytes(protected), _, Value::Bytes(payload), _] = parts.as_slice() else { return None };
    let Ok(Value::Map(header)) = ciborium::from_reader(&protected[..]) else { return None };
    let content = header.iter().find_map(|(_, value)| value.as_text())?;
    let kind = content.strip_prefix("application/halfdoor-")?.strip_suffix("+cbor")?;
    Some(sealed(kind, payload))
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
        Cosign,
        MockAsk,
        MockAnswer
    )
    .expect("what was decoded encodes")
}
