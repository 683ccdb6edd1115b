//! Envelopes that our own signer would never make: each part can be chosen, and the signature is then made to match.

use ciborium::{Value, cbor};
use protocol::IdentityKey;

/// The parts of a COSE_Sign1, honest until changed.
pub(crate) struct Forged {
    pub(crate) key: IdentityKey,
    pub(crate) protected: Vec<u8>,
    pub(crate) unprotected: Value,
    pub(crate) aad: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Option<Vec<u8>>,
}

pub(crate) fn bytes_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("into memory");
    bytes
}

pub(crate) fn value_of(bytes: &[u8]) -> Value {
    ciborium::from_reader(bytes).expect("well-formed")
}

/// {1: alg, 3: content type, 4: kid}
pub(crate) fn header(algorithm: i64, content_type: &str, kid: &[u8]) -> Vec<u8> {
    let kid = Value::Bytes(kid.to_vec());
    bytes_of(&cbor!({ 1 => algorithm, 3 => content_type, 4 => kid }).expect("a map"))
}

/// The Sig_structure of RFC 9052 §4.4, written out once more, independently of the code under test.
pub(crate) fn sig_structure(protected: &[u8], aad: &str, payload: &[u8]) -> Vec<u8> {
    let part = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    bytes_of(&Value::Array(vec![Value::from("Signature1"), part(protected), part(aad.as_bytes()), part(payload)]))
}

impl Forged {
    /// An honest envelope around any payload.
    pub(crate) fn honest(kind: &str, key: IdentityKey, payload: Vec<u8>) -> Self {
        Self {
            protected: header(-19, &format!("application/halfdoor-{kind}+cbor"), key.party().as_bytes()),
            unprotected: Value::Map(vec![]),
            aad: format!("halfdoor/{kind}/1"),
            payload,
            key,
            signature: None,
        }
    }

    /// The four parts, signed as they are.
    pub(crate) fn value(&self) -> Value {
        let signed = sig_structure(&self.protected, &self.aad, &self.payload);
        let signature = self.signature.clone().unwrap_or_else(|| self.key.sign(&signed).to_vec());
        Value::Array(vec![
            Value::Bytes(self.protected.clone()),
            self.unprotected.clone(),
            Value::Bytes(self.payload.clone()),
            Value::Bytes(signature),
        ])
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        bytes_of(&self.value())
    }
}

/// The value under a text key; for editing a payload before it is signed again.
pub(crate) fn field<'a>(map: &'a mut Value, key: &str) -> &'a mut Value {
    let pairs = map.as_map_mut().expect("a map");
    pairs.iter_mut().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value).expect(key)
}
