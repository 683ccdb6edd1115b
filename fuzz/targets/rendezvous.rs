//! A question to a relay, or its answer: what is read is written as something that reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::rendezvous::{ANSWER_REGISTRATIONS, Message};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = Message::from_bytes(bytes) {
        let registrations = message.discover_response.as_ref().map_or(0, |answer| answer.registrations.len());
        assert!(registrations <= ANSWER_REGISTRATIONS);
        assert_eq!(Message::from_bytes(&message.to_bytes()).expect("written by us"), message);
    }
});
