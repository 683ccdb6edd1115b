//! A frame as it comes from a stream: what is read is written as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{Frame, Message};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(frame) = Frame::from_slice(bytes) {
        assert_eq!(frame.to_vec().expect("what was read is within its limits"), bytes);
        let _ = Message::open(&frame.message);
        assert!(frame.texts.iter().all(|text| frame.text(&text.commitment()).is_some()));
    }
});
