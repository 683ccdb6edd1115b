//! A backup file as somebody hands it over, and what is in it, honestly sealed. The first byte says from where on the
//! fuzzer writes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::cbor;
use store::backup::fuzzing::{altered, file, header, items};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    match first % 5 {
        0 => drop(file(rest)),
        1 => drop(header(rest)),
        2 => read(rest),
        3 => read(&framed(rest)),
        _ => {
            let Some(([low, high, how], plain)) = rest.split_first_chunk() else { return };
            let how = Some(*how).filter(|how| *how != 0);
            let at = usize::from(u16::from_le_bytes([*low, *high]));
            assert!(altered(plain, at, how).is_err(), "a file that is not as it was written is read");
        }
    }
});

fn read(plain: &[u8]) {
    if let Ok(again) = items(plain) {
        assert_eq!(again, plain, "a second form is accepted");
    }
}

/// Each item of a CBOR sequence behind its length.
fn framed(mut sequence: &[u8]) -> Vec<u8> {
    let mut framed = Vec::new();
    while !sequence.is_empty() {
        let length = cbor::first_item(sequence).unwrap_or(sequence.len());
        let (item, rest) = sequence.split_at(length);
        framed.extend_from_slice(&(length as u32).to_be_bytes());
        framed.extend_from_slice(item);
        sequence = rest;
    }
    framed
}
