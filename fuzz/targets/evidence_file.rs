//! An evidence file as somebody hands it over.
#![no_main]

use consent::files::Evidence;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Evidence::verify(bytes);
});
