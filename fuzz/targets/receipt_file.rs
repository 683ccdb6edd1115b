//! A receipt file as somebody hands it over, and with the messages in it honestly signed.
#![no_main]

use consent::bundle::verify;
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = verify(bytes);
    let _ = verify(&resigned(bytes));
});
