//! A log file as somebody hands it over, read as a stream.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|bytes: &[u8]| {
    let _ = consent::files::verify(bytes, &BTreeSet::from([1, 2, 3]));
});
