//! A log file as somebody hands it over, read as a stream, and where a signature is a wall,
//! signed anew.
#![no_main]

use consent::files::{BadLog, Kind, kind, verify};
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|bytes: &[u8]| {
    let watch = BTreeSet::from([1, 2, 3]);
    match verify(bytes, &watch) {
        Ok(_) => assert_eq!(kind(bytes), Some(Kind::Log)),
        Err(BadLog::Cosignature { .. }) => drop(verify(&*resigned(bytes), &watch)),
        Err(_) => {}
    }
});
