use super::*;
use crate::cbor;

#[test]
fn an_identifier_is_hex_where_people_read_and_bytes_on_the_wire() {
    let salt = Salt([0xAB; 16]);
    assert_eq!(salt.to_string(), "ab".repeat(16));
    assert_eq!("AB".repeat(16).parse(), Ok(salt));
    assert_eq!(serde_json::to_string(&salt).expect("json"), format!("\"{salt}\""));
    assert_eq!(cbor::to_vec(&salt).expect("cbor"), [&[0x50][..], &salt.0].concat());
}

#[test]
fn hex_of_another_length_or_alphabet_is_refused() {
    for text in ["", "ab", &"ab".repeat(15), &"ab".repeat(17), &"ag".repeat(16), &format!("{} ", "ab".repeat(16))] {
        assert_eq!(text.parse::<Salt>(), Err(BadId { expected: 32 }), "{text}");
    }
}

#[test]
fn the_short_form_of_an_id_is_its_first_eight_characters() {
    let id = MessageId([0xC4; 32]);
    assert_eq!(id.short(), "c4c4c4c4");
    assert!(id.to_string().starts_with(&id.short()));
}
