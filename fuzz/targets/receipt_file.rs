//! A receipt file as somebody hands it over.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = consent::bundle::verify(bytes);
});
