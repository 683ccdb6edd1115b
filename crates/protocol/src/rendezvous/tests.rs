use super::*;

#[test]
fn a_question_has_the_bytes_the_specification_gives_it() {
    // field 1 (kind) = 3, field 5 (discover) { field 1 (ns) = "abc", field 2 (limit) = 16 }
    let expected = [0x08, 0x03, 0x2a, 0x07, 0x0a, 0x03, b'a', b'b', b'c', 0x10, 0x10];
    assert_eq!(Message::discover("abc".into()).to_bytes(), expected);
    assert_eq!(Message::from_bytes(&expected).unwrap(), Message::discover("abc".into()));
}

#[test]
fn cut_or_foreign_bytes_are_no_message() {
    let whole = Message::register("abc".into(), vec![7; 100], 7200).to_bytes();
    assert!(Message::from_bytes(&whole[..whole.len() - 1]).is_err());
    assert!(Message::from_bytes(b"GET / HTTP/1.1\r\n").is_err());
}

#[test]
fn a_full_answer_fits_its_bound() {
    let register = Register {
        namespace: Some("n".repeat(NAMESPACE_BYTES)),
        signed_peer_record: Some(vec![1; RECORD_BYTES]),
        ttl: Some(u64::MAX),
    };
    let answer = Message::discovered(Ok((vec![register; ANSWER_REGISTRATIONS], vec![0; 8 + NAMESPACE_BYTES])));
    assert!(answer.to_bytes().len() <= ANSWER_BYTES);
    assert!(
        Message::register("n".repeat(NAMESPACE_BYTES), vec![1; RECORD_BYTES], 1).to_bytes().len() <= QUESTION_BYTES
    );
}

#[test]
fn an_answer_of_more_registrations_than_fit_is_refused_before_it_is_built() {
    let answer = |count| Message::discovered(Ok((vec![Register::default(); count], vec![]))).to_bytes();
    assert!(Message::from_bytes(&answer(ANSWER_REGISTRATIONS)).is_ok());
    assert!(matches!(Message::from_bytes(&answer(ANSWER_REGISTRATIONS + 1)), Err(BadRendezvous::TooMany)));
    // two answers in one message are merged by the decoder, and counted together
    let twice = [answer(ANSWER_REGISTRATIONS), answer(1)].concat();
    assert!(matches!(Message::from_bytes(&twice), Err(BadRendezvous::TooMany)));
}
