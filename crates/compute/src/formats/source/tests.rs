//! A file that is read where it lies is understood as one that is read whole.

use crate::{
    Chunk, Sink, SinkError,
    formats::{Options, ReadError, Reading, Source, load, read},
    limits::{FILE_BYTES, ROW_BYTES, STREAMED_BYTES},
};
use proptest::prelude::*;
use std::{
    io,
    sync::{Arc, Mutex},
};

/// Keeps what it is given, by column.
#[derive(Default)]
struct Kept(Vec<Vec<Chunk>>);

impl Sink for Kept {
    fn put(&mut self, column: usize, chunk: Chunk) -> Result<(), SinkError> {
        self.0.resize_with(self.0.len().max(column + 1), Vec::new);
        self.0[column].push(chunk);
        Ok(())
    }
}

/// A file that hands out few bytes at once, and remembers which readings began.
struct Sips {
    bytes: Vec<u8>,
    at_once: usize,
    passes: Mutex<Vec<(u32, u32)>>,
}

impl Sips {
    fn of(bytes: &[u8], at_once: usize) -> Arc<Self> {
        Arc::new(Self { bytes: bytes.to_owned(), at_once, passes: Mutex::default() })
    }
}

impl Source for Sips {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(usize::try_from(at).unwrap()..).unwrap_or_default();
        let read = rest.len().min(into.len()).min(self.at_once);
        into[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }

    fn begin(&self, pass: u32, of: u32) {
        self.passes.lock().unwrap().push((pass, of));
    }
}

/// A file of one byte, again and again.
struct Endless {
    head: &'static [u8],
    byte: u8,
    length: u64,
}

impl Source for Endless {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let read = left.min(into.len());
        for (place, to) in into[..read].iter_mut().enumerate() {
            *to = self.head.get(usize::try_from(at).unwrap() + place).copied().unwrap_or(self.byte);
        }
        Ok(read)
    }
}

fn loaded(bytes: &[u8], at_once: usize) -> (Result<Reading, ReadError>, Kept) {
    let mut kept = Kept::default();
    (load(Sips::of(bytes, at_once), &Options::default(), &mut kept), kept)
}

/// The same columns, rows and chunks, or the same words of refusal.
fn assert_same(bytes: &[u8], at_once: usize) {
    let (here, kept) = loaded(bytes, at_once);
    match (read(bytes, &Options::default()), here) {
        (Ok(whole), Ok(here)) => {
            assert_eq!((here.format, here.table.rows()), (whole.format, whole.table.rows()));
            assert_eq!(here.table.columns(), whole.table.columns());
            let chunks: Vec<_> = whole.table.chunks().map(|(_, chunks)| chunks.to_vec()).collect();
            assert_eq!(kept.0, chunks);
        }
        (Err(whole), Err(here)) => assert_eq!(whole.to_string(), here.to_string()),
        (whole, here) => panic!("{:?} became {:?}", whole.map(|_| ()), here.map(|_| ())),
    }
}

#[test]
fn a_file_read_where_it_lies_becomes_the_same_chunks() {
    let mut long = "date,amount,what\n".to_owned();
    for row in 0..40_000 {
        long.push_str(&format!("2025-01-{:02},{}.{:02},\"words, of {row}\"\n", row % 28 + 1, row * 7 % 911, row % 100));
    }
    for at_once in [7777, 1 << 20] {
        assert_same(long.as_bytes(), at_once);
        assert_same(&[b"\xEF\xBB\xBF", long.as_bytes()].concat(), at_once);
    }
}

#[test]
fn a_refusal_names_the_same_line() {
    let rows = "a,b\n1,2\n".repeat(9000);
    for bad in ["a,b\n\n\n1,x\r\n2,3\n", "a;b\n1;\"open\n2;3\n", "", "  \n", "1\n2\n\"\n\n", "a,b\n1,2,3\n"] {
        assert_same(bad.as_bytes(), 3);
    }
    // a byte that is no UTF-8, far behind; then one that is cut within a character
    assert_same(&[rows.as_bytes(), b"1,\xFF\n"].concat(), 1000);
    assert_same(&[rows.as_bytes(), b"1,\xE2\x82"].concat(), 1000);
    assert_same(b"PK\x03\x04 and more", 2);
    assert_same(b"\x00\x01\x02", 2);
}

#[test]
fn every_reading_is_announced_with_how_many_there_are() {
    let file = Sips::of(b"a,b\n1,2\n", 100);
    load(file.clone(), &Options::default(), &mut Kept::default()).unwrap();
    assert_eq!(*file.passes.lock().unwrap(), [(1, 3), (2, 3), (3, 3)]);
    let whole = Sips::of(b"[1,2,3]", 100);
    load(whole.clone(), &Options::default(), &mut Kept::default()).unwrap();
    assert_eq!(*whole.passes.lock().unwrap(), [(1, 1)]);
}

#[test]
fn a_quote_that_never_closes_ends_the_reading_at_the_longest_row() {
    let file = Endless { head: b"a,b\n1,2\n\n3,\"", byte: b'x', length: ROW_BYTES as u64 * 3 };
    let refused = load(Arc::new(file), &Options::default(), &mut Kept::default()).unwrap_err();
    assert!(matches!(refused, ReadError::LongRow { line: 4 }), "{refused}");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let refused = |head, length| {
        let file = Endless { head, byte: b' ', length };
        load(Arc::new(file), &Options::default(), &mut Kept::default()).unwrap_err().to_string()
    };
    assert_eq!(
        refused(b"a,b\n", STREAMED_BYTES + 1),
        "the file is larger than 1024 MiB; split it, or save it as Parquet"
    );
    let json = refused(b"[1,", FILE_BYTES as u64 + 1);
    assert!(json.starts_with("the file is larger than 64 MiB, the most for its format; split it"), "{json}");
}

proptest! {
    #[test]
    fn any_text_is_understood_alike(text in "[ab1,;\"\r\n.€ -]{0,60}", at_once in 1..40_usize) {
        assert_same(text.as_bytes(), at_once);
    }
}
