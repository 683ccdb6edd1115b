//! A log file as somebody hands it over, read as a stream, and with the cosignatures in it honestly signed.
#![no_main]

use consent::files::verify;
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|bytes: &[u8]| {
    let watch = BTreeSet::from([1, 2, 3]);
    let _ = verify(bytes, &watch);
    let _ = verify(&*resigned(bytes), &watch);
});
