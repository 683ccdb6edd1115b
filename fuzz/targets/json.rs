//! A file that an owner opens: JSON, or whatever its first character makes of it.
#![no_main]

use compute::formats::{Options, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for skip_bad_rows in [false, true] {
        let options = Options { skip_bad_rows, ..Options::default() };
        if let Ok(reading) = read(bytes, &options) {
            assert!(skip_bad_rows || reading.skipped_rows == 0, "rows are skipped that nobody gave up");
            assert!(reading.skipped.len() as u64 <= reading.skipped_rows);
        }
    }
});
