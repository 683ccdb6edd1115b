//! Records of delimited text with the line each begins on.

use crate::{formats::ReadError, limits::ROWS, table::TableError};
use csv::{Reader, ReaderBuilder, StringRecord};

/// What may stand between fields, the usual one first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of a file decides on its delimiter.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_RECORDS: usize = 100;

/// The delimiter that cuts most of the first records into as many fields as the first one, more than one field.
pub(super) fn delimiter(text: &str) -> u8 {
    let end = text.char_indices().map(|(index, _)| index).take_while(|index| *index <= SAMPLE_BYTES).last();
    let sample = text.get(..end.filter(|_| text.len() > SAMPLE_BYTES).unwrap_or(text.len())).unwrap_or(text);
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let lengths: Vec<usize> =
            reader(sample, delimiter).records().take(SAMPLE_RECORDS).flatten().map(|record| record.len()).collect();
        let fields = lengths.first().copied().unwrap_or(0);
        let agreeing = lengths.iter().filter(|length| **length == fields).count() * 1000 / lengths.len().max(1);
        if fields > 1 && (agreeing, fields) > (best.0, best.1) {
            best = (agreeing, fields, delimiter);
        }
    }
    best.2
}

/// The first record that has any value, and its line.
pub(super) fn first(text: &str, delimiter: u8) -> Result<Option<(u64, StringRecord)>, ReadError> {
    let mut records = Records::new(text, delimiter);
    let mut record = StringRecord::new();
    Ok(records.read(&mut record)?.map(|line| (line, record)))
}

/// Hands every record that has any value to `each`, with the line it begins on, from 1.
pub(super) fn for_each(
    text: &str,
    delimiter: u8,
    mut each: impl FnMut(u64, &StringRecord) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut records = Records::new(text, delimiter);
    let (mut record, mut count, mut last) = (StringRecord::new(), 0_u64, None);
    while let Some(line) = records.read(&mut record)? {
        count += 1;
        // one more than the rows: the header
        if count > ROWS + 1 {
            return Err(TableError::TooManyRows.into());
        }
        last = Some((line, records.start));
        each(line, &record)?;
    }
    match last {
        Some((line, start)) if is_open(text.get(start..).unwrap_or_default(), delimiter) => {
            Err(ReadError::OpenQuote { line })
        }
        _ => Ok(()),
    }
}

pub(super) struct Records<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    start: usize,
    line: u64,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
        Self { text, reader: reader(text, delimiter), start: 0, line: 1 }
    }

    /// Reads the next record that has any value; its line, or `None` at the end.
    pub(super) fn read(&mut self, record: &mut StringRecord) -> Result<Option<u64>, ReadError> {
        while self.reader.read_record(record)? {
            let position = record.position().map_or(0, csv::Position::byte);
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            // the reader's position is before the blank lines it has passed over
            let rest = self.text.as_bytes().get(position..).unwrap_or_default();
            let start = position + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.line += line_ends(self.text.as_bytes().get(self.start..start).unwrap_or_default());
            self.start = start;
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(self.line));
            }
        }
        Ok(None)
    }
}

/// Ends of lines as editors count them: LF, CR LF or CR.
fn line_ends(bytes: &[u8]) -> u64 {
    let ends = |(index, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|pair| ends(*pair)).count() as u64
}

/// Whether the last record ends inside of quotes: then what is written behind it becomes part of it.
fn is_open(last: &str, delimiter: u8) -> bool {
    let probed = format!("{}\nprobe", last.trim_end_matches(['\r', '\n']));
    reader(&probed, delimiter).records().take(2).count() < 2
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}
