//! What random damage does to valid messages: nothing is accepted, nothing panics, every refusal says what failed.

use crate::{
    forge::Forged,
    samples::{self, Sample},
};
use proptest::prelude::*;
use protocol::{Ack, Frame, IdentityKey, Message, SignedInvite, cbor};

/// Refusals that say what failed; the empty word or a bare "invalid" would not.
const NAMED: [&str; 9] = [
    "envelope: larger than",
    "envelope: not a COSE_Sign1 structure",
    "envelope: the envelope is not in its deterministic form",
    "envelope: the unprotected header is not empty",
    "envelope: the protected header is not the one",
    "envelope: the identity key is not a valid",
    "envelope: the signature does not match the bytes",
    "unknown type of message",
    "payload: unexpected content",
];

fn refused(bytes: &[u8]) -> String {
    let why = Message::open(bytes).expect_err("a damaged message opens").to_string();
    assert!(NAMED.iter().any(|named| why.starts_with(named)), "{why}");
    why
}

fn receipt() -> Sample {
    samples::all().into_iter().find(|sample| sample.kind == "receipt").expect("a receipt")
}

#[test]
fn a_receipt_with_any_bit_altered_is_refused_and_what_failed_is_named() {
    let receipt = receipt();
    let payload_at = receipt.envelope.windows(receipt.payload.len()).position(|window| window == receipt.payload);
    let payload =
        payload_at.expect("the payload within")..payload_at.expect("the payload within") + receipt.payload.len();
    for at in 0..receipt.envelope.len() {
        for bit in 0..8 {
            let mut damaged = receipt.envelope.clone();
            damaged[at] ^= 1 << bit;
            let why = refused(&damaged);
            if payload.contains(&at) || at >= receipt.envelope.len() - 64 {
                assert_eq!(why, "envelope: the signature does not match the bytes and the key");
            }
        }
    }
}

#[test]
fn a_message_cut_short_or_made_longer_is_refused() {
    for sample in samples::all() {
        for length in 0..sample.envelope.len() {
            refused(&sample.envelope[..length]);
        }
        for byte in [0x00, 0x40, 0x80, 0xA0, 0xF6, 0xFF] {
            refused(&[&sample.envelope[..], &[byte]].concat());
            refused(&[&[byte], &sample.envelope[..]].concat());
        }
    }
}

#[derive(Debug, Clone)]
enum Damage {
    Flip(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize),
    Splice(usize, usize),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let place = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 16));
        prop_oneof![
            (place.clone(), 1u8..).prop_map(|(at, mask)| Self::Flip(at, mask)),
            (place.clone(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, new)| Self::Insert(at, new)),
            (place.clone(), 1usize..40).prop_map(|(at, count)| Self::Remove(at, count)),
            (place.clone(), 1usize..40).prop_map(|(at, count)| Self::Repeat(at, count)),
            (place.clone(), place).prop_map(|(at, other)| Self::Splice(at, other)),
        ]
    }

    /// The bytes so damaged; spliced with the end of `other`.
    fn done_to(&self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let near = |at: usize| at % bytes.len();
        let to = |at: usize, count: usize| (near(at) + count).min(bytes.len());
        match self {
            Self::Flip(at, mask) => {
                let mut flipped = bytes.to_vec();
                flipped[near(*at)] ^= mask;
                flipped
            }
            Self::Insert(at, new) => [&bytes[..near(*at)], new, &bytes[near(*at)..]].concat(),
            Self::Remove(at, count) => [&bytes[..near(*at)], &bytes[to(*at, *count)..]].concat(),
            Self::Repeat(at, count) => [&bytes[..to(*at, *count)], &bytes[near(*at)..]].concat(),
            Self::Splice(at, from) => [&bytes[..near(*at)], &other[from % other.len()..]].concat(),
        }
    }
}

fn pair() -> impl Strategy<Value = (usize, usize)> {
    let count = samples::all().len();
    (0..count, 0..count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_message_is_never_accepted((one, other) in pair(), damages in prop::collection::vec(Damage::any(), 1..4)) {
        let all = all();
        let damaged = damages.iter().fold(all[one].envelope.clone(), |bytes, damage| {
            if bytes.is_empty() { bytes } else { damage.done_to(&bytes, &all[other].envelope) }
        });
        if !all.iter().any(|sample| sample.envelope == damaged) {
            refused(&damaged);
        }
    }

    #[test]
    fn a_damaged_payload_that_is_signed_again_opens_only_in_its_one_form((one, other) in pair(), damage in Damage::any()) {
        let all = all();
        let payload = damage.done_to(&all[one].payload, &all[other].payload);
        let forged = Forged::honest(all[one].kind, IdentityKey::from_secret(&all[one].secret), payload.clone());
        if let Ok(message) = Message::open(&forged.bytes()) {
            // what was damaged is a value, so that the bytes are the one form of another message
            prop_assert!(payload == all[one].payload || message.id() != all[one].id);
            prop_assert_eq!(form_of(&message), payload);
        }
    }

    #[test]
    fn any_bytes_at_all_are_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        refused(&bytes);
        let _ = Frame::from_slice(&bytes);
        let _ = Ack::from_slice(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let prefixed = format!("hd1{text}");
        prop_assert!(SignedInvite::read(&text).is_err());
        prop_assert!(SignedInvite::read(&prefixed).is_err());
    }

    #[test]
    fn a_frame_that_is_read_is_written_as_it_was(bytes in frame(), damage in Damage::any()) {
        let damaged = damage.done_to(&bytes, &bytes);
        if let Ok(frame) = Frame::from_slice(&damaged) {
            prop_assert_eq!(frame.to_vec().expect("a frame"), damaged);
        }
    }
}

fn all() -> &'static [Sample] {
    static ALL: std::sync::OnceLock<Vec<Sample>> = std::sync::OnceLock::new();
    ALL.get_or_init(samples::all)
}

fn form_of(message: &Message) -> Vec<u8> {
    macro_rules! form {
        ($($variant:ident),*) => { match message { $(Message::$variant(m) => cbor::to_vec(m.payload()),)* } };
    }
    form!(
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
    .expect("encodes")
}

fn frame() -> impl Strategy<Value = Vec<u8>> {
    (0..all().len(), "[a-z ]{0,40}", any::<[u8; 16]>()).prop_map(|(one, words, salt)| {
        let text = protocol::Text::new(&words, protocol::Salt(salt)).expect("plain");
        Frame::new(&all()[one].envelope, vec![text]).to_vec().expect("small")
    })
}
