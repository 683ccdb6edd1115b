//! Records of delimited text with the line each begins on.

use crate::{
    formats::{
        ReadError, Source,
        source::{self, Onward},
    },
    limits::{ROW_BYTES, ROWS},
    table::TableError,
};
use csv::{Reader, ReaderBuilder, StringRecord};
use std::{
    borrow::Cow,
    cell::RefCell,
    io::{self, Read},
    rc::Rc,
};

/// What may stand between fields, the usual one first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much of a file decides on its delimiter.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_RECORDS: usize = 100;
/// What is read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Delimited text in UTF-8, in memory or where it lies.
#[derive(Clone, Copy)]
pub(super) enum Text<'t> {
    Whole(&'t str),
    File(&'t dyn Source),
}

impl<'t> Text<'t> {
    /// Tells a file that a reading from front to end begins.
    pub(super) fn begin(self, pass: u32, of: u32) {
        if let Self::File(file) = self {
            file.begin(pass, of);
        }
    }

    fn open(self) -> Box<dyn Read + 't> {
        match self {
            Self::Whole(text) => Box::new(text.as_bytes()),
            Self::File(file) => Box::new(Onward { source: file, at: 0 }),
        }
    }

    /// Its beginning, cut between characters.
    fn sample(self) -> Result<Cow<'t, str>, ReadError> {
        Ok(match self {
            Self::Whole(text) => Cow::Borrowed(text.get(..text.floor_char_boundary(SAMPLE_BYTES)).unwrap_or(text)),
            Self::File(file) => {
                let mut bytes = source::part(file, 0, SAMPLE_BYTES)?;
                bytes.truncate(std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len));
                Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
            }
        })
    }
}

/// The delimiter that cuts most of the first records into as many fields as the first one, more than one field.
pub(super) fn delimiter(text: Text<'_>) -> Result<u8, ReadError> {
    let sample = text.sample()?;
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let lengths: Vec<usize> = reader(sample.as_bytes(), delimiter)
            .records()
            .take(SAMPLE_RECORDS)
            .flatten()
            .map(|record| record.len())
            .collect();
        let fields = lengths.first().copied().unwrap_or(0);
        let agreeing = lengths.iter().filter(|length| **length == fields).count() * 1000 / lengths.len().max(1);
        if fields > 1 && (agreeing, fields) > (best.0, best.1) {
            best = (agreeing, fields, delimiter);
        }
    }
    Ok(best.2)
}

/// The first record that has any value, and its line.
pub(super) fn first(text: Text<'_>, delimiter: u8) -> Result<Option<(u64, StringRecord)>, ReadError> {
    let mut records = Records::new(text, delimiter);
    let mut record = StringRecord::new();
    Ok(records.read(&mut record)?.map(|line| (line, record)))
}

/// Hands every record that has any value to `each`, with the line it begins on, from 1.
pub(super) fn for_each(
    text: Text<'_>,
    delimiter: u8,
    mut each: impl FnMut(u64, &StringRecord) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut records = Records::new(text, delimiter);
    let (mut record, mut count) = (StringRecord::new(), 0_u64);
    while let Some(line) = records.read(&mut record)? {
        count += 1;
        // one more than the rows: the header
        if count > ROWS + 1 {
            return Err(TableError::TooManyRows.into());
        }
        each(line, &record)?;
    }
    if count > 0 && records.ends_open(delimiter) {
        return Err(ReadError::OpenQuote { line: records.line });
    }
    Ok(())
}

/// Records one after the other.
pub(super) struct Records<'t> {
    reader: Reader<Remembering<'t>>,
    latest: Rc<RefCell<Latest>>,
    /// The line on which the latest record begins.
    line: u64,
}

/// Reads on, and remembers what it has read since the latest record began.
struct Remembering<'t> {
    from: Box<dyn Read + 't>,
    latest: Rc<RefCell<Latest>>,
}

/// Bytes from the beginning of the latest record on, and some before it.
#[derive(Default)]
struct Latest {
    bytes: Vec<u8>,
    /// Where `bytes` begins in the text.
    base: u64,
    /// Where the latest record begins in `bytes`.
    start: usize,
    /// Whether a record became longer than one may be.
    overlong: bool,
}

impl Read for Remembering<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        let mut latest = self.latest.borrow_mut();
        latest.forget();
        latest.overlong = latest.bytes.len() + read > ROW_BYTES;
        if latest.overlong {
            return Err(io::Error::other("a row is too long"));
        }
        latest.bytes.extend_from_slice(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl Latest {
    /// Drops what is before the latest record.
    fn forget(&mut self) {
        self.bytes.drain(..self.start.min(self.bytes.len()));
        self.base += self.start as u64;
        self.start = 0;
    }

    /// Goes on to the record that begins at a position, or behind the blank lines there; the ends of lines on the way.
    fn advance(&mut self, position: u64) -> u64 {
        let position = usize::try_from(position.saturating_sub(self.base)).unwrap_or(usize::MAX);
        // the reader's position is before the blank lines it has passed over
        let rest = self.bytes.get(position..).unwrap_or_default();
        let start = position + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let ends = line_ends(self.bytes.get(self.start..start).unwrap_or_default());
        self.start = start;
        ends
    }
}

impl<'t> Records<'t> {
    pub(super) fn new(text: Text<'t>, delimiter: u8) -> Self {
        let latest = Rc::new(RefCell::new(Latest::default()));
        let remembering = Remembering { from: text.open(), latest: Rc::clone(&latest) };
        Self { reader: reader(remembering, delimiter), latest, line: 1 }
    }

    /// Reads the next record that has any value; its line, or `None` at the end.
    pub(super) fn read(&mut self, record: &mut StringRecord) -> Result<Option<u64>, ReadError> {
        while self.next(record)? {
            let position = record.position().map_or(0, csv::Position::byte);
            self.line += self.latest.borrow_mut().advance(position);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(self.line));
            }
        }
        Ok(None)
    }

    fn next(&mut self, record: &mut StringRecord) -> Result<bool, ReadError> {
        let error = match self.reader.read_record(record) {
            Ok(there) => return Ok(there),
            Err(error) => error,
        };
        if self.latest.borrow().overlong {
            let position = self.reader.position().byte();
            return Err(ReadError::LongRow { line: self.line + self.latest.borrow_mut().advance(position) });
        }
        match error.is_io_error() {
            true => Err(ReadError::Io(error.into())),
            false => Err(error.into()),
        }
    }

    /// Whether the last record ends inside of quotes: then what is written behind it becomes part of it.
    fn ends_open(&self, delimiter: u8) -> bool {
        let latest = self.latest.borrow();
        let last = latest.bytes.get(latest.start..).unwrap_or_default();
        let probed = [last.trim_ascii_end(), b"\nprobe"].concat();
        reader(&*probed, delimiter).byte_records().take(2).count() < 2
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

fn reader<R: Read>(text: R, delimiter: u8) -> Reader<R> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(BUFFER_BYTES).from_reader(text)
}
