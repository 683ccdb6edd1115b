use super::*;
use crate::Salt;

fn text(words: &str) -> Text {
    Text::new(words, Salt([5; 16])).expect(words)
}

#[test]
fn a_frame_returns_the_text_that_a_commitment_names() {
    let frame = Frame::new(b"message", vec![text("a"), text("b")]);
    let read = Frame::from_slice(&frame.to_vec().expect("small")).expect("a frame");
    assert_eq!(read, frame);
    assert_eq!(read.text(&text("b").commitment()), Some(&text("b")));
    assert_eq!(read.text(&text("c").commitment()), None);
}

#[test]
fn a_frame_of_64_kib_is_written_and_read_and_one_byte_more_is_neither() {
    let around = Frame::new(&[0; 60_000], vec![]).to_vec().expect("small").len() - 60_000;
    let largest = Frame::new(&vec![0; FRAME_BYTES - around], vec![]).to_vec().expect("just fits");
    assert_eq!(largest.len(), FRAME_BYTES);
    assert!(Frame::from_slice(&largest).is_ok());
    let larger = Frame::new(&vec![0; FRAME_BYTES - around + 1], vec![]);
    assert!(larger.to_vec().is_err());
    let bytes = cbor::to_vec(&larger).expect("encodes");
    assert!(matches!(Frame::from_slice(&bytes), Err(CborError::TooMany)));
}

#[test]
fn more_texts_than_any_message_commits_to_are_refused() {
    let frame = |count| Frame::new(b"", vec![text("a"); count]);
    assert!(frame(TEXTS_PER_FRAME).to_vec().is_ok());
    assert!(frame(TEXTS_PER_FRAME + 1).to_vec().is_err());
    let bytes = cbor::to_vec(&frame(TEXTS_PER_FRAME + 1)).expect("encodes");
    assert!(matches!(Frame::from_slice(&bytes), Err(CborError::Unexpected(_))));
}

#[test]
fn a_text_with_a_direction_trick_makes_the_frame_unreadable() {
    let bytes = Frame::new(b"", vec![text("pay me!")]).to_vec().expect("small");
    let at = bytes.windows(7).position(|window| window == b"pay me!").expect("there");
    let mut tricked = bytes;
    tricked[at + 4..at + 7].copy_from_slice("\u{202E}".as_bytes());
    assert!(matches!(Frame::from_slice(&tricked), Err(CborError::Unexpected(_))));
}

#[test]
fn an_ack_has_one_form() {
    for ack in [Ack::Accepted(MessageId([1; 32])), Ack::Refused(Refusal::WrongAudience), Ack::Later] {
        assert_eq!(Ack::from_slice(&ack.to_vec().expect("small")).expect("an ack"), ack);
    }
    // "later" as a map, in a tag, with something after it
    for other in [&b"\xA1\x65later\xF6"[..], b"\xC1\x65later", b"\x65later\x00", b"\x78\x05later", b"\x65LATER"] {
        assert!(Ack::from_slice(other).is_err(), "{other:02x?}");
    }
}
