//! Every second form of a message, each honestly signed by its sender, each refused for the reason it should be.

use crate::{
    forge::{Forged, bytes_of, field, header, value_of},
    samples::{self, NOW, Sample},
};
use ciborium::Value;
use protocol::{IdentityKey, Message, limits};

/// Bytes that nobody may accept, and how the refusal begins.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) refusal: &'static str,
    pub(crate) bytes: Vec<u8>,
}

macro_rules! refusals {
    ($($name:ident: $refusal:literal <- $bytes:expr;)*) => {
        /// Every case, for the vectors.
        pub(crate) fn cases() -> Vec<Case> {
            vec![$(Case { name: stringify!($name), refusal: $refusal, bytes: $bytes }),*]
        }
        $(#[test]
        fn $name() {
            let why = Message::open(&$bytes).expect_err("it opens").to_string();
            assert!(why.starts_with($refusal), "refused for another reason: {why}");
        })*
    };
}

refusals! {
    // the payload's encoding
    a_key_given_twice_is_refused: "payload: unexpected content" <- payload(key_twice);
    an_integer_longer_than_needed_is_refused: "payload: not in deterministic form" <- spliced("number", &[0x01], &[0x18, 0x01]);
    a_length_longer_than_needed_is_refused: "payload: not in deterministic form" <- raw(|p| replace(p, b"\x66number", b"\x78\x06number"));
    a_map_of_indefinite_length_is_refused: "payload: not in deterministic form" <- raw(indefinite_map);
    a_byte_string_of_indefinite_length_is_refused: "payload: not in deterministic form" <- raw(indefinite_bytes);
    a_text_of_indefinite_length_is_refused: "payload: not in deterministic form" <- raw(|p| replace(p, b"engine\x6ehalfdoor 0.1.0", b"engine\x7f\x6ehalfdoor 0.1.0\xff"));
    an_array_of_indefinite_length_is_refused: "payload: not in deterministic form" <- raw(|p| replace(p, b"\x65notes\x81\x6dself_asserted", b"\x65notes\x9f\x6dself_asserted\xff"));
    keys_out_of_order_are_refused: "payload: not in deterministic form" <- payload(|p| p.as_map_mut().expect("map").swap(0, 1));
    an_unknown_field_is_refused: "payload: unexpected content" <- payload(|p| p.as_map_mut().expect("map").push(("zz".into(), 1.into())));
    an_unknown_field_in_the_body_is_refused: "payload: unexpected content" <- body(|b| b.as_map_mut().expect("map").push(("zz".into(), 1.into())));
    an_unknown_field_in_an_answer_is_refused: "payload: not in deterministic form" <- body(|b| field(field(b, "answer"), "released").as_map_mut().expect("map").push(("zz".into(), 1.into())));
    a_missing_field_is_refused: "payload: unexpected content" <- body(|b| { b.as_map_mut().expect("map").pop(); });
    bytes_after_the_payload_are_refused: "payload: bytes after the end" <- raw(|mut p| { p.push(0); p });
    a_payload_cut_short_is_refused: "payload: not well-formed" <- raw(|mut p| { p.pop(); p });
    an_empty_payload_is_refused: "payload: not well-formed" <- raw(|_| vec![]);
    a_payload_that_is_a_number_is_refused: "payload: unexpected content" <- raw(|_| vec![0x01]);
    a_reserved_initial_byte_is_refused: "payload: not well-formed" <- spliced("number", &[0x01], &[0x1c]);
    an_absent_field_given_as_null_is_refused: "payload: not in deterministic form" <- ask(|b| b.as_map_mut().expect("map").insert(0, ("after".into(), Value::Null)));
    a_map_given_as_an_array_is_refused: "payload: unexpected content" <- body(|b| set(field(b, "entry"), "head", |head| {
        *head = Value::Array(vec![field(head, "size").clone(), field(head, "root").clone()]);
    }));
    a_whole_payload_given_as_an_array_is_refused: "payload: unexpected content" <- payload(|p| {
        *p = Value::Array(["nonce", "sender", "audience", "created", "expires", "body"].map(|key| field(p, key).clone()).to_vec());
    });
    an_identifier_given_as_an_array_of_numbers_is_refused: "payload: not in deterministic form" <- payload(|p| set(p, "nonce", |n| *n = Value::Array(vec![7.into(); 16])));
    an_identifier_given_as_text_is_refused: "payload: " <- payload(|p| set(p, "nonce", |n| *n = "sixteen letters!".into()));
    an_identifier_of_another_length_is_refused: "payload: unexpected content" <- payload(|p| set(p, "nonce", |n| *n = Value::Bytes(vec![7; 15])));
    a_text_given_as_bytes_is_refused: "payload: " <- body(|b| set(b, "engine", |e| *e = Value::Bytes(b"halfdoor".to_vec())));
    a_text_that_is_not_utf_8_is_refused: "payload: unexpected content" <- raw(|p| replace(p, b"halfdoor 0", b"halfdoor\xff0"));
    a_choice_of_two_is_refused: "payload: unexpected content" <- body(|b| set(b, "computation", |c| {
        let on = field(c, "mean").clone();
        c.as_map_mut().expect("map").insert(0, ("sum".into(), on));
    }));
    a_choice_of_none_is_refused: "payload: unexpected content" <- body(|b| set(b, "computation", |c| *c = Value::Map(vec![])));
    a_choice_without_its_content_is_refused: "payload: unexpected content" <- body(|b| set(b, "computation", |c| *c = "mean".into()));
    a_computation_nobody_knows_is_refused: "payload: unexpected content" <- body(|b| set(b, "computation", |c| c.as_map_mut().expect("map")[0].0 = "rows".into()));
    a_word_given_as_a_map_is_refused: "payload: " <- body(|b| set(field(field(b, "answer"), "released"), "notes", |n| {
        *n = Value::Array(vec![Value::Map(vec![("self_asserted".into(), Value::Null)])]);
    }));
    a_word_given_as_its_position_is_refused: "payload: unexpected content" <- body(|b| set(field(field(b, "answer"), "released"), "notes", |n| *n = Value::Array(vec![2.into()])));
    a_count_given_as_a_float_is_refused: "payload: unexpected content" <- body(|b| set(b, "number", |n| *n = Value::Float(1.0)));
    not_a_number_is_refused: "payload: unexpected content" <- body(|b| set(b, "number", |n| *n = Value::Float(f64::NAN)));
    a_decimal_given_as_a_float_is_refused: "payload: unexpected content" <- outcome(Value::Float(87.4125));
    a_count_given_as_a_big_number_is_refused: "payload: not in deterministic form" <- body(|b| set(b, "number", |n| *n = Value::Tag(2, Box::new(Value::Bytes(vec![1])))));
    a_negative_count_is_refused: "payload: unexpected content" <- body(|b| set(b, "number", |n| *n = (-1).into()));
    a_count_beyond_its_width_is_refused: "payload: unexpected content" <- body(|b| set(b, "number", |n| *n = (1u64 << 32 | 1).into()));
    a_tagged_value_is_refused: "payload: not in deterministic form" <- payload(|p| set(p, "created", |c| *c = Value::Tag(1, Box::new(c.clone()))));
    a_yes_given_as_a_number_is_refused: "payload: unexpected content" <- reply(|p| replace(p, b"accepted\xf5", b"accepted\x01"));
    a_yes_in_two_bytes_is_refused: "payload: not in deterministic form" <- reply(|p| replace(p, b"accepted\xf5", b"accepted\xf8\x15"));
    a_payload_nested_too_deep_is_refused: "payload: nested deeper" <- payload(|p| set(p, "body", |b| *b = nested(limits::CBOR_DEPTH)));
    a_payload_of_too_many_items_is_refused: "payload: more than" <- payload(|p| set(p, "body", |b| *b = Value::Array(vec![0.into(); limits::CBOR_ITEMS])));
    an_array_that_claims_more_than_there_is_is_refused: "payload: not well-formed" <- raw(|_| [&[0x9b][..], &[0x0f; 8]].concat());
    a_map_that_claims_more_than_can_be_counted_is_refused: "payload: more than" <- raw(|_| [&[0xbb][..], &[0xff; 8]].concat());
    a_text_that_claims_more_than_there_is_is_refused: "payload: not well-formed" <- raw(|_| [&[0x7b][..], &[0xff; 8]].concat());

    // what the payload says
    a_negative_zero_is_refused: "payload: not in deterministic form" <- outcome("-0.0".into());
    a_decimal_with_zeros_in_front_is_refused: "payload: not in deterministic form" <- outcome("087.4".into());
    a_decimal_with_an_exponent_is_refused: "payload: unexpected content" <- outcome("1e3".into());
    a_decimal_of_39_digits_is_refused: "payload: unexpected content" <- outcome("1".repeat(39).into());
    a_direction_override_in_a_column_name_is_refused: "payload: unexpected content" <- column("amount\u{202e}");
    a_zero_width_space_in_a_column_name_is_refused: "payload: unexpected content" <- column("amo\u{200b}unt");
    a_column_name_that_shows_nothing_is_refused: "payload: unexpected content" <- column("\u{3164}");
    a_terminal_escape_in_a_column_name_is_refused: "payload: a text" <- column("\u{1b}[2J");
    a_column_name_of_65_bytes_is_refused: "payload: unexpected content" <- column(&"a".repeat(65));
    an_empty_column_name_is_refused: "payload: unexpected content" <- column("");
    a_column_name_that_begins_with_a_space_is_refused: "payload: unexpected content" <- column(" amount");
    a_direction_override_in_a_search_is_refused: "search: " <- ask(|b| set(b, "search", |s| *s = "bills\u{202e}".into()));
    a_terminal_escape_in_the_engine_is_refused: "payload: a text" <- body(|b| set(b, "engine", |e| *e = "\u{1b}[31m".into()));
    a_direction_override_in_a_checkpoint_is_refused: "checkpoint: " <- edited("log-head", |p| set(field(p, "body"), "checkpoint", |c| *c = "x\n\u{202e}y\n".into()));
    a_sender_who_is_not_the_signer_is_refused: "the sender named inside" <- payload(|p| set(p, "sender", |s| *s = Value::Bytes(samples::requester().party().0.to_vec())));
    a_message_that_expires_as_it_is_made_is_refused: "its lifetime" <- payload(|p| set(p, "expires", |e| *e = NOW.into()));
    a_message_that_expires_before_it_is_made_is_refused: "its lifetime" <- payload(|p| set(p, "expires", |e| *e = (NOW - 1).into()));
    a_message_that_lives_longer_than_30_days_is_refused: "its lifetime" <- payload(|p| set(p, "expires", |e| *e = (NOW + limits::LIFETIME_SECONDS + 1).into()));
    a_presence_of_more_than_seven_days_is_refused: "not_after: " <- edited("presence", |p| set(field(p, "body"), "not_after", |n| *n = (NOW + limits::PRESENCE_SECONDS + 1).into()));

    // the envelope's encoding
    a_tagged_envelope_is_refused: "envelope: not a COSE_Sign1" <- [&[0xd2][..], &honest().bytes()].concat();
    bytes_after_the_envelope_are_refused: "envelope: the envelope is not in its deterministic form" <- [&honest().bytes()[..], &[0]].concat();
    an_envelope_cut_short_is_refused: "envelope: not a COSE_Sign1" <- { let mut b = honest().bytes(); b.pop(); b };
    no_bytes_at_all_are_refused: "envelope: not a COSE_Sign1" <- Vec::new();
    an_envelope_larger_than_a_frame_is_refused: "envelope: larger than" <- raw(|_| vec![0; limits::FRAME_BYTES]);
    an_envelope_with_a_long_length_is_refused: "envelope: the envelope is not in its deterministic form" <- [&[0x98, 0x04][..], &honest().bytes()[1..]].concat();
    an_envelope_of_indefinite_length_is_refused: "envelope: the envelope is not in its deterministic form" <- [&[0x9f][..], &honest().bytes()[1..], &[0xff]].concat();
    an_envelope_of_five_parts_is_refused: "envelope: not a COSE_Sign1" <- parts(|p| p.push(Value::Null));
    an_envelope_of_three_parts_is_refused: "envelope: not a COSE_Sign1" <- parts(|p| { p.pop(); });
    a_detached_payload_is_refused: "envelope: not a COSE_Sign1" <- parts(|p| p[2] = Value::Null);
    a_payload_that_is_text_is_refused: "envelope: not a COSE_Sign1" <- parts(|p| p[2] = "payload".into());
    an_entry_in_the_unprotected_header_is_refused: "envelope: the unprotected header is not empty" <- with(|f| f.unprotected = Value::Map(vec![(4.into(), Value::Bytes(vec![1]))]));
    an_unprotected_header_nested_too_deep_is_refused: "envelope: not a COSE_Sign1" <- with(|f| f.unprotected = nested(200));
    an_array_as_unprotected_header_is_refused: "envelope: not a COSE_Sign1" <- with(|f| f.unprotected = Value::Array(vec![]));

    // the protected header
    an_empty_protected_header_is_refused: "envelope: the protected header" <- with(|f| f.protected = vec![]);
    an_empty_map_as_protected_header_is_refused: "envelope: the protected header" <- with(|f| f.protected = vec![0xa0]);
    a_protected_header_with_a_further_entry_is_refused: "envelope: the protected header" <- protected(|h| h.push((5.into(), Value::Bytes(vec![0; 8]))));
    a_protected_header_with_a_private_entry_is_refused: "envelope: the protected header" <- protected(|h| h.push(("x".into(), 1.into())));
    a_protected_header_with_a_critical_entry_is_refused: "envelope: the protected header" <- protected(|h| h.insert(1, (2.into(), Value::Array(vec![4.into()]))));
    a_protected_header_out_of_order_is_refused: "envelope: the protected header" <- protected(|h| h.swap(0, 1));
    a_protected_header_with_an_entry_twice_is_refused: "envelope: the protected header" <- protected(|h| h.push(h[0].clone()));
    a_protected_header_with_a_long_integer_is_refused: "envelope: the protected header" <- with(|f| f.protected = replace(f.protected.clone(), &[0x01, 0x32], &[0x18, 0x01, 0x32]));
    a_protected_header_of_indefinite_length_is_refused: "envelope: the protected header" <- with(|f| f.protected = [&[0xbf][..], &f.protected[1..], &[0xff]].concat());
    a_protected_header_with_bytes_after_it_is_refused: "envelope: the protected header" <- with(|f| f.protected.push(0));
    a_protected_header_nested_without_end_is_refused: "envelope: the protected header" <- with(|f| f.protected = vec![0x81; 60_000]);
    the_older_algorithm_number_is_refused: "envelope: the protected header" <- protected(|h| h[0].1 = (-8).into());
    another_algorithm_is_refused: "envelope: the protected header" <- protected(|h| h[0].1 = (-7).into());
    no_algorithm_is_refused: "envelope: the protected header" <- protected(|h| { h.remove(0); });
    no_key_id_is_refused: "envelope: the protected header" <- protected(|h| { h.pop(); });
    a_short_key_id_is_refused: "envelope: the protected header" <- protected(|h| h[2].1 = Value::Bytes(vec![7; 31]));
    the_key_id_of_another_party_is_refused: "envelope: the signature does not match" <- protected(|h| h[2].1 = Value::Bytes(samples::requester().party().0.to_vec()));
    a_content_type_that_is_a_number_is_refused: "envelope: the protected header" <- protected(|h| h[1].1 = 60.into());
    a_content_type_of_another_family_is_refused: "envelope: the protected header" <- protected(|h| h[1].1 = "application/cbor".into());
    a_content_type_nobody_knows_is_refused: "unknown type of message" <- Forged::honest("rumour", samples::owner(), vec![0xa0]).bytes();
    a_content_type_other_than_what_was_authenticated_is_refused: "envelope: the signature does not match" <- protected(|h| h[1].1 = "application/halfdoor-decision+cbor".into());
    a_receipt_dressed_as_a_run_is_refused: "payload: unexpected content" <- Forged::honest("run", samples::owner(), sample("receipt").payload).bytes();

    // the key and the signature
    a_signature_by_another_key_is_refused: "envelope: the signature does not match" <- with(|f| f.key = samples::requester());
    a_signature_of_63_bytes_is_refused: "envelope: the signature does not match" <- with(|f| f.signature = Some(vec![1; 63]));
    a_signature_of_zeros_is_refused: "envelope: the signature does not match" <- with(|f| f.signature = Some(vec![0; 64]));
    a_signature_with_its_scalar_shifted_by_the_order_is_refused: "envelope: the signature does not match" <- shifted();
    a_weak_key_under_which_anything_verifies_is_refused: "envelope: the identity key is not a valid" <- weak(1);
    a_weak_key_in_a_second_encoding_is_refused: "envelope: the identity key is not a valid" <- weak(0xEE);
    a_key_that_is_no_point_is_refused: "envelope: the identity key is not a valid" <- protected(|h| h[2].1 = Value::Bytes([&[2][..], &[0; 31]].concat()));
}

#[test]
fn a_message_opens_as_no_type_but_its_own() {
    for sample in samples::all() {
        assert_eq!(Message::open(&sample.envelope).expect(sample.form).kind(), sample.kind);
        let as_run = protocol::Signed::<protocol::message::Run>::open(&sample.envelope);
        assert_eq!(as_run.is_ok(), sample.kind == "run", "{}", sample.form);
    }
}

#[test]
fn what_is_forged_honestly_opens() {
    assert_eq!(honest().bytes(), sample("receipt").envelope);
    for unchanged in [payload(|_| {}), raw(|p| p), parts(|_| {}), protected(|_| {}), ask(|_| {}), reply(|p| p)] {
        Message::open(&unchanged).expect("an honest message");
    }
}

fn sample(kind: &str) -> Sample {
    samples::all().into_iter().find(|sample| sample.kind == kind).expect(kind)
}

fn honest() -> Forged {
    Forged::honest("receipt", samples::owner(), sample("receipt").payload)
}

fn with(change: impl FnOnce(&mut Forged)) -> Vec<u8> {
    let mut forged = honest();
    change(&mut forged);
    forged.bytes()
}

/// The four parts changed after signing.
fn parts(change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let mut value = honest().value();
    change(value.as_array_mut().expect("an array"));
    bytes_of(&value)
}

/// The entries of the protected header changed before signing.
fn protected(change: impl FnOnce(&mut Vec<(Value, Value)>)) -> Vec<u8> {
    with(|forged| {
        let mut header = value_of(&forged.protected);
        change(header.as_map_mut().expect("a map"));
        forged.protected = bytes_of(&header);
    })
}

/// A sample's payload changed as a value, then signed by whoever signed the sample.
fn edited(kind: &'static str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let honest = sample(kind);
    let mut value = value_of(&honest.payload);
    change(&mut value);
    Forged::honest(kind, IdentityKey::from_secret(&honest.secret), bytes_of(&value)).bytes()
}

fn payload(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    edited("receipt", change)
}

fn body(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    payload(|payload| change(field(payload, "body")))
}

fn ask(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    edited("catalog-ask", |payload| change(field(payload, "body")))
}

fn outcome(value: Value) -> Vec<u8> {
    body(|body| set(field(field(field(body, "answer"), "released"), "outcome"), "decimal", |decimal| *decimal = value))
}

fn column(name: &str) -> Vec<u8> {
    body(|body| set(field(field(body, "computation"), "mean"), "column", |column| *column = name.into()))
}

fn set(map: &mut Value, key: &str, change: impl FnOnce(&mut Value)) {
    change(field(map, key));
}

/// The payload's bytes changed, then signed.
fn raw(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    with(|forged| forged.payload = change(std::mem::take(&mut forged.payload)))
}

fn reply(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let honest = sample("offer-reply");
    Forged::honest("offer-reply", IdentityKey::from_secret(&honest.secret), change(honest.payload)).bytes()
}

fn spliced(key: &str, old: &[u8], new: &[u8]) -> Vec<u8> {
    raw(|payload| replace(payload, &[key.as_bytes(), old].concat(), &[key.as_bytes(), new].concat()))
}

/// The one place where `old` stands, replaced.
fn replace(bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    let places: Vec<usize> =
        bytes.windows(old.len()).enumerate().filter(|(_, w)| *w == old).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 1, "{old:02x?} does not stand there once");
    [&bytes[..places[0]], new, &bytes[places[0] + old.len()..]].concat()
}

fn key_twice(payload: &mut Value) {
    let pairs = payload.as_map_mut().expect("a map");
    pairs.insert(1, pairs[1].clone());
}

fn indefinite_map(payload: Vec<u8>) -> Vec<u8> {
    [&[0xbf][..], &payload[1..], &[0xff]].concat()
}

fn indefinite_bytes(payload: Vec<u8>) -> Vec<u8> {
    let nonce: [u8; 16] = samples::counting(0xA0);
    let definite = [&b"nonce\x50"[..], &nonce].concat();
    replace(payload, &definite, &[&b"nonce\x5f\x50"[..], &nonce, &[0xff]].concat())
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
}

/// The honest signature with the group's order added to its scalar: verifies where that is not looked at.
fn shifted() -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    parts(|parts| {
        let signature = parts[3].as_bytes_mut().expect("bytes");
        let mut carry = 0u16;
        for (digit, add) in signature[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*digit) + u16::from(add) + carry;
            (*digit, carry) = (sum as u8, sum >> 8);
        }
    })
}

/// Key and R are the neutral point in the encoding that begins so, S is zero: the equation holds for every message.
fn weak(first: u8) -> Vec<u8> {
    let mut point = [0u8; 32];
    point[0] = first;
    if first != 1 {
        point[1..31].fill(0xFF);
        point[31] = 0x7F;
    }
    let mut value = value_of(&sample("receipt").payload);
    set(&mut value, "sender", |sender| *sender = Value::Bytes(point.to_vec()));
    let mut forged = honest();
    forged.payload = bytes_of(&value);
    forged.protected = header(-19, "application/halfdoor-receipt+cbor", &point);
    forged.signature = Some([&point[..], &[0; 32]].concat());
    forged.bytes()
}
