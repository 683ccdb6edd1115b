//! The file that both load: amounts of two to six digits after the point, and a hundred kinds of them. Made from a seed,
//! so that every run has the same.

use anyhow::Context as _;
use parquet::{
    basic::Compression,
    data_type::{DataType, DoubleType, Int64Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use std::{fs::File, path::Path, sync::Arc};

const SCHEMA: &str = "message amounts { required double amount; required int64 kind; }";
/// Rows of one group of the file, about as DuckDB and pandas write them.
const GROUP_ROWS: u32 = 122_880;
const SEED: u64 = 4;
const KINDS: u64 = 100;

/// Writes a file of so many rows.
pub(super) fn write(to: &Path, rows: u32) -> anyhow::Result<()> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut writer = SerializedFileWriter::new(File::create(to)?, schema, Arc::new(properties))?;
    let mut chance = Chance(SEED);
    let mut left = rows;
    while left > 0 {
        let group = left.min(GROUP_ROWS);
        let (amounts, kinds): (Vec<f64>, Vec<i64>) = (0..group).map(|_| row(&mut chance)).unzip();
        let mut to = writer.next_row_group()?;
        for column in 0..2 {
            let mut to = to.next_column()?.context("a column is missing")?;
            match column {
                0 => to.typed::<DoubleType>().write_batch(&amounts, None, None)?,
                _ => to.typed::<Int64Type>().write_batch(&kinds as &[<Int64Type as DataType>::T], None, None)?,
            };
            to.close()?;
        }
        to.close()?;
        left -= group;
    }
    writer.close()?;
    Ok(())
}

/// Between -2000 and 8000, with two to six digits after the point.
fn row(chance: &mut Chance) -> (f64, i64) {
    let unit = 10_u64.pow(2 + (chance.next() % 5) as u32);
    let mantissa = (chance.next() % (10_000 * unit)) as f64 - (2_000 * unit) as f64;
    // both are whole numbers below 2^53: the quotient is the double nearest to the decimal
    (mantissa / unit as f64, (chance.next() % KINDS) as i64)
}

/// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
