//! An ack as it comes from a stream: what is read is written as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Ack;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(ack) = Ack::from_slice(bytes) {
        assert_eq!(ack.to_vec().expect("what was read is within its limits"), bytes);
    }
});
