//! An envelope as it comes from a stream. Whatever opens is kept as it was received.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Message;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = Message::open(bytes) {
        assert_eq!(message.bytes(), bytes);
    }
});
