//! A file that an owner opens: a statement, readings of a meter, Parquet. The first byte holds the format and the options.
#![no_main]

use compute::formats::{AccountKey, DecimalMark, Format, Options, Part, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else { return };
    let bit = |at: u8| first >> at & 1 == 1;
    let format = Format::ALL.get(usize::from(first & 0x0F)).copied();
    let map = [(Part::Date, "date"), (Part::Amount, "amount")].map(|(part, column)| (part, column.to_owned()));
    let options = Options {
        format,
        skip_bad_rows: bit(4),
        decimal_mark: bit(5).then_some(if bit(6) { DecimalMark::Comma } else { DecimalMark::Point }),
        map: if format == Some(Format::Csv) { map.to_vec() } else { Vec::new() },
        account_key: Some(AccountKey::new([7; 32])),
        ..Options::default()
    };
    if let Ok(reading) = read(file, &options) {
        assert!(options.skip_bad_rows || reading.skipped_rows == 0, "rows are skipped that nobody gave up");
        assert!(reading.skipped.len() as u64 <= reading.skipped_rows);
        assert_eq!(read(file, &options).expect("it was read before").notes, reading.notes);
    }
});
