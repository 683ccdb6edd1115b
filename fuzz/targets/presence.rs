//! The payload of a presence, honestly signed: the message that any peer of a session may send first.
#![no_main]

use halfdoor_fuzz::open_payload;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|payload: &[u8]| open_payload("presence", payload));
