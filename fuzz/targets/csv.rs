//! A file that an owner opens: delimited text, with any options. The first byte holds the options.
#![no_main]

use compute::formats::{DayMonth, DecimalMark, Format, Options, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let bit = |at: u8| first >> at & 1 == 1;
    let options = Options {
        format: Some(Format::Csv),
        skip_bad_rows: bit(0),
        header: bit(1).then_some(bit(2)),
        decimal_mark: bit(3).then_some(if bit(4) { DecimalMark::Comma } else { DecimalMark::Point }),
        day_month: bit(5).then_some(if bit(6) { DayMonth::DayFirst } else { DayMonth::MonthFirst }),
        ..Options::default()
    };
    if let Ok(reading) = read(file, &options) {
        assert!(options.skip_bad_rows || reading.skipped_rows == 0, "rows are skipped that nobody gave up");
        assert!(reading.skipped.len() as u64 <= reading.skipped_rows);
        if bit(7) {
            assert_eq!(read(file, &options).expect("it was read before").skipped_rows, reading.skipped_rows);
        }
    }
});
