//! A receipt file as somebody hands it over, and where a signature is a wall, signed anew.
#![no_main]

use consent::{
    bundle::{BadBundle, verify},
    files::{Kind, kind},
};
use halfdoor_fuzz::resigned;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match verify(bytes) {
        Ok(_) => assert_eq!(kind(bytes), Some(Kind::Receipt)),
        Err(BadBundle::Message { .. }) => drop(verify(&resigned(bytes))),
        Err(_) => {}
    }
});
