use super::*;
use ciborium::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair {
    longer: u64,
    b: bool,
}

fn nested(levels: usize) -> Vec<u8> {
    [vec![0x81; levels], vec![0xF6]].concat()
}

#[test]
fn keys_are_in_the_order_of_their_encoded_bytes_and_not_of_the_struct() {
    let bytes = to_vec(&Pair { longer: 500, b: true }).expect("encodes");
    assert_eq!(bytes, b"\xA2\x61b\xF5\x66longer\x19\x01\xF4");
    assert_eq!(from_slice::<Pair>(&bytes).expect("decodes"), Pair { longer: 500, b: true });
}

#[test]
fn integers_have_the_examples_of_rfc_8949() {
    for (value, bytes) in [
        (0, &[0x00][..]),
        (23, &[0x17]),
        (24, &[0x18, 0x18]),
        (1_000_000, &[0x1A, 0x00, 0x0F, 0x42, 0x40]),
        (u64::MAX, &[0x1B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
    ] {
        assert_eq!(to_vec(&value).expect("encodes"), bytes);
        assert_eq!(from_slice::<u64>(bytes).expect("decodes"), value);
    }
}

#[test]
fn maps_of_maps_are_sorted_at_every_level() {
    let inner = BTreeMap::from([("aa", 1), ("b", 2)]);
    let bytes = to_vec(&BTreeMap::from([("zz", inner.clone()), ("y", inner)])).expect("encodes");
    assert_eq!(bytes, b"\xA2\x61y\xA2\x61b\x02\x62aa\x01\x62zz\xA2\x61b\x02\x62aa\x01");
}

#[test]
fn sixteen_levels_are_read_and_seventeen_are_not() {
    assert!(check_shape(&nested(CBOR_DEPTH)).is_ok());
    assert!(matches!(check_shape(&nested(CBOR_DEPTH + 1)), Err(CborError::TooDeep)));
    assert!(matches!(check_shape(&nested(1_000_000)), Err(CborError::TooDeep)));
}

#[test]
fn tags_and_empty_arrays_count_as_levels() {
    let tags = [vec![0xC1; CBOR_DEPTH + 1], vec![0x00]].concat();
    assert!(matches!(check_shape(&tags), Err(CborError::TooDeep)));
    let ends_empty = [vec![0x81; CBOR_DEPTH], vec![0x80]].concat();
    assert!(matches!(check_shape(&ends_empty), Err(CborError::TooDeep)));
}

#[test]
fn as_many_items_as_allowed_are_read_and_one_more_is_not() {
    let array = |count: u16| [&[0x99][..], &count.to_be_bytes(), &vec![0x00; usize::from(count)]].concat();
    let most = u16::try_from(CBOR_ITEMS - 1).expect("fits");
    assert!(check_shape(&array(most)).is_ok());
    assert!(matches!(check_shape(&array(most + 1)), Err(CborError::TooMany)));
}

#[test]
fn what_a_receiver_would_refuse_is_not_encoded() {
    assert!(matches!(to_vec(&vec![0u8; CBOR_ITEMS]), Err(CborError::TooMany)));
    let deep = (0..=CBOR_DEPTH).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    assert!(matches!(to_vec(&deep), Err(CborError::TooDeep)));
}

#[test]
fn every_prefix_of_a_value_is_cut_short() {
    let bytes = to_vec(&Pair { longer: 500, b: true }).expect("encodes");
    for length in 0..bytes.len() {
        assert!(matches!(from_slice::<Pair>(&bytes[..length]), Err(CborError::Malformed)), "{length}");
    }
}

#[test]
fn half_precision_and_long_floats_of_a_count_are_refused() {
    for float in [&[0xF9, 0x3C, 0x00][..], &[0xFA, 0x3F, 0x80, 0, 0], &[0xFB, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0]] {
        assert!(matches!(from_slice::<u64>(float), Err(CborError::Unexpected(_))));
    }
}

#[test]
fn a_break_outside_an_indefinite_item_is_refused() {
    assert!(matches!(check_shape(&[0xFF]), Err(CborError::NotDeterministic)));
    assert!(matches!(check_shape(&[0x81, 0xFF]), Err(CborError::NotDeterministic)));
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(deserialize_with = "at_most::<2, _, _>")]
    list: Vec<u64>,
}

#[test]
fn a_list_as_long_as_its_bound_is_read_and_a_longer_one_is_not() {
    let listed = |list: Vec<u64>| to_vec(&Listed { list }).expect("encodes");
    assert_eq!(from_slice::<Listed>(&listed(vec![1, 2])).expect("decodes").list, [1, 2]);
    let why = from_slice::<Listed>(&listed(vec![1, 2, 3])).expect_err("too long").to_string();
    assert_eq!(why, "unexpected content: a list of more than 2");
}

#[test]
fn a_reason_quotes_little_of_a_stranger_and_nothing_that_hides() {
    let key = "\u{202e}[2J".repeat(300);
    let map = Value::Map(vec![(key.into(), 0.into())]);
    let why = from_slice::<Listed>(&to_vec(&map).expect("encodes")).expect_err("an unknown field").to_string();
    assert!(why.starts_with("unexpected content: unknown field"), "{why}");
    assert!(why.chars().count() < 200 && !why.contains('\u{202e}'), "{why}");
}

#[test]
fn pairs_are_ordered_in_maps_within_arrays_tags_and_maps() {
    let map = |first: Value, second: Value| Value::Map(vec![("b".into(), first), ("a".into(), second)]);
    let inner = || map(1.into(), 2.into());
    let whole = map(Value::Array(vec![inner()]), Value::Tag(9, Box::new(inner())));
    let bytes = to_vec(&whole).expect("encodes");
    assert_eq!(bytes, b"\xA2\x61a\xC9\xA2\x61a\x02\x61b\x01\x61b\x81\xA2\x61a\x02\x61b\x01");
}

#[test]
fn what_is_not_one_whole_item_has_no_order() {
    for bytes in [&[][..], &[0xA1], &[0xA1, 0x00], &[0x82, 0x00], &[0x42, 0x00], &[0x00, 0x00], &[0x9F, 0xFF], &[0x1C]]
    {
        assert_eq!(order::ordered(bytes), None, "{bytes:?}");
    }
    assert_eq!(order::ordered(&[0xBB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), None);
    assert_eq!(order::ordered(&[0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), None);
}

#[test]
fn a_long_text_or_one_with_a_control_character_of_a_stranger_is_refused_before_it_is_decoded() {
    let longest = |text: &str| from_stranger::<String>(&to_vec(text).expect("encodes"), 10);
    assert_eq!(longest("two\nlines.").expect("short"), "two\nlines.");
    assert!(matches!(longest("eleven long"), Err(CborError::Text)));
    for control in ["\0", "\t", "\r", "\u{1b}[2J", "\u{7f}"] {
        assert!(matches!(longest(control), Err(CborError::Text)), "{control:?}");
    }
    let own = "\t".repeat(5_000);
    assert_eq!(from_slice::<String>(&to_vec(&own).expect("encodes")).expect("our own"), own);
}
