use super::*;

fn name(text: &str) -> Result<Name, BadText> {
    text.parse()
}

fn reason(text: &str) -> Result<Text, BadText> {
    Text::new(text, Salt([0; 16]))
}

#[test]
fn words_of_many_languages_are_plain() {
    for text in ["électricité", "Straße 7", "счёт", "電気料金", "חשבון חשמל", "فاتورة", "बिजली", "₦ 3 000", "loan 🚗"]
    {
        assert!(reason(text).is_ok(), "{text}");
        assert_eq!(name(text).expect(text).as_str(), text);
        assert_eq!(neutralised(text), text);
    }
}

#[test]
fn every_direction_trick_is_refused_and_named() {
    let tricks = ['\u{061C}', '\u{200E}', '\u{200F}'].into_iter().chain('\u{202A}'..='\u{202E}');
    for trick in tricks.chain('\u{2066}'..='\u{2069}') {
        let text = format!("pay{trick}me");
        assert_eq!(reason(&text), Err(BadText::Deceptive { character: trick.into() }));
        assert_eq!(name(&text), Err(BadText::Deceptive { character: trick.into() }));
    }
    let said = reason("pay\u{202E}me").expect_err("a trick").to_string();
    assert_eq!(said, "holds the character U+202E, which could hide or reorder what is shown");
}

#[test]
fn control_characters_and_terminal_escapes_are_refused() {
    for character in ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}') {
        assert_eq!(reason(&format!("a{character}b")), Err(BadText::Deceptive { character: character.into() }));
    }
}

#[test]
fn characters_that_show_nothing_are_refused() {
    for character in [
        '\u{00AD}',
        '\u{034F}',
        '\u{115F}',
        '\u{1160}',
        '\u{17B4}',
        '\u{180B}',
        '\u{180E}',
        '\u{200B}',
        '\u{200C}',
        '\u{200D}',
        '\u{2028}',
        '\u{2029}',
        '\u{2060}',
        '\u{2800}',
        '\u{3164}',
        '\u{FE0F}',
        '\u{FEFF}',
        '\u{FFA0}',
        '\u{E000}',
        '\u{1D159}',
        '\u{E0041}',
        '\u{E0100}',
        '\u{10FFFF}',
    ] {
        assert_eq!(reason(&character.to_string()), Err(BadText::Deceptive { character: character.into() }));
    }
}

#[test]
fn what_is_not_ours_is_shown_with_its_tricks_replaced() {
    assert_eq!(neutralised("a\u{202E}b\u{1B}[2Jc\n"), "a\u{FFFD}b\u{FFFD}[2Jc\u{FFFD}");
}

#[test]
fn a_name_has_1_to_64_bytes_and_no_space_around_it() {
    assert_eq!(name(""), Err(BadText::Empty));
    assert_eq!(name(" a"), Err(BadText::Untrimmed));
    assert_eq!(name("a\u{3000}"), Err(BadText::Untrimmed));
    assert!(name(&"é".repeat(32)).is_ok());
    assert_eq!(name(&"é".repeat(33)), Err(BadText::TooLong { limit: NAME_BYTES }));
}

#[test]
fn a_text_has_at_most_2048_bytes_and_may_be_empty() {
    assert!(reason("").is_ok());
    assert!(reason(&"a".repeat(TEXT_BYTES)).is_ok());
    assert_eq!(reason(&"a".repeat(TEXT_BYTES + 1)), Err(BadText::TooLong { limit: TEXT_BYTES }));
}

#[test]
fn a_commitment_changes_with_the_text_and_with_the_salt() {
    let text = Text::new("a car", Salt([1; 16])).expect("plain");
    let other_salt = Text::new("a car", Salt([2; 16])).expect("plain");
    let other_text = Text::new("a caR", Salt([1; 16])).expect("plain");
    assert_ne!(text.commitment(), other_salt.commitment());
    assert_ne!(text.commitment(), other_text.commitment());
    assert_eq!(text.commitment(), text.clone().commitment());
}

#[test]
fn personal_text_stays_out_of_debug_output() {
    assert_eq!(format!("{:?}", reason("my wages").expect("plain")), "Text(8 bytes)");
}

#[test]
fn a_text_from_the_wire_is_checked_like_one_typed_here() {
    let bytes = crate::cbor::to_vec(&reason("my wages").expect("plain")).expect("encodes");
    assert_eq!(crate::cbor::from_slice::<Text>(&bytes).expect("plain"), reason("my wages").expect("plain"));
    let at = bytes.windows(8).position(|w| w == b"my wages").expect("there");
    let mut tricked = bytes;
    tricked[at + 2] = 0x1B;
    assert!(crate::cbor::from_slice::<Text>(&tricked).is_err());
}
