//! The payload of any kind of message, honestly signed: the first byte chooses the kind.
#![no_main]

use halfdoor_fuzz::{KINDS, open_payload};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some((first, payload)) = bytes.split_first() {
        open_payload(KINDS[usize::from(*first) % KINDS.len()], payload);
    }
});
