//! The content of an invite, honestly signed.
#![no_main]

use halfdoor_fuzz::sealed;
use libfuzzer_sys::fuzz_target;
use protocol::{SignedInvite, cbor, invite::Ticket};

fuzz_target!(|payload: &[u8]| {
    let text = format!("hd1{}", base32(&sealed("invite", payload)));
    if let Ok(read) = SignedInvite::read(&text) {
        assert_eq!(cbor::to_vec(&Ticket::V1(read.invite().clone())).expect("encodes"), payload);
    }
});

/// RFC 4648 without padding, in lower case.
fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
    let letter = |five: usize| (0..5).fold(0, |sum, at| sum << 1 | usize::from(bit(5 * five + at)));
    let letters = b"abcdefghijklmnopqrstuvwxyz234567";
    (0..(8 * bytes.len()).div_ceil(5)).map(|five| char::from(letters[letter(five)])).collect()
}
