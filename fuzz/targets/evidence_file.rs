//! An evidence file as somebody hands it over, and where a signature is a wall, signed anew.
#![no_main]

use consent::files::{BadEvidence, Evidence, Kind, kind};
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Evidence::verify(bytes) {
        Ok(_) => assert_eq!(kind(bytes), Some(Kind::Evidence)),
        Err(BadEvidence::Statement { .. }) => drop(Evidence::verify(&resigned(bytes))),
        Err(_) => {}
    }
});
