//! An evidence file as somebody hands it over, and with the messages in it honestly signed.
#![no_main]

use consent::files::Evidence;
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Evidence::verify(bytes);
    let _ = Evidence::verify(&resigned(bytes));
});
