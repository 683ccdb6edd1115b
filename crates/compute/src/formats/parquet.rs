//! Parquet: flat columns of numbers, dates, words and yes or no.
//!
//! Source: the Apache Parquet format, <https://parquet.apache.org/docs/file-format/>. A double is read as the shortest
//! decimal that is this double again, which is what every program shows of it; one that needs more digits than a dataset
//! keeps is a faulty row. Moments become days (UTC). Columns within columns, lists, bytes and times of day are refused by
//! name. Memory is a page of each column and the chunks that were not handed over: sizes that the file states are checked
//! before anything is unpacked, since its reader believes them.

mod bounds;
mod columns;
mod thrift;

use super::{
    Excerpt, Format, Note, Options, Place, ReadError, Reading, Source,
    rows::{POUR_ROWS, Rows},
    source::{self, Onward},
};
use crate::{
    limits::ROWS,
    table::{NumberType, Sink, TableError},
};
use ::parquet::{
    errors::ParquetError,
    file::reader::{ChunkReader, FileReader as _, Length, SerializedFileReader},
    record::Row,
};
use bytes::Bytes;
use columns::{Kind, Planned};
use protocol::{Column, ColumnType};
use std::{
    io::BufReader,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// First and last bytes of a file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// A file as the format's reader takes it.
#[derive(Clone)]
struct File(Arc<dyn Source>);

impl Length for File {
    fn len(&self) -> u64 {
        self.0.length()
    }
}

impl ChunkReader for File {
    type T = BufReader<Onward<Arc<dyn Source>>>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(Onward { source: Arc::clone(&self.0), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = source::part(&*self.0, start, length)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("it ends too early".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// Why a Parquet file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParquetProblem {
    /// Not as the format has it.
    #[error("it is damaged or cut off ({why}); write it again")]
    Damaged {
        /// What is wrong.
        why: Excerpt,
    },
    /// It says that it becomes larger than is taken.
    #[error("{what} larger than is read here; split the file")]
    TooLarge {
        /// What is too large, with its verb.
        what: &'static str,
    },
    /// A column of a kind no dataset has.
    #[error("column “{column}” holds {what}; leave it out when you write the file")]
    Column {
        /// Its name.
        column: Excerpt,
        /// What it holds.
        what: &'static str,
    },
    /// A column packed in a way that is not read.
    #[error("column “{column}” is packed with {with}; write the file with snappy or zstd, or without packing")]
    Packing {
        /// Its name.
        column: Excerpt,
        /// The name of the packing.
        with: Excerpt,
    },
}

/// Reads a file; chunks go to the sink as soon as they are full, where there is one.
pub(super) fn read(
    file: Arc<dyn Source>,
    options: &Options,
    sink: Option<&mut dyn Sink>,
) -> Result<Reading, ReadError> {
    if source::part(&*file, 0, MAGIC.len())? != MAGIC {
        return Err(ReadError::NotThat { format: Format::Parquet });
    }
    bounds::check_footer(&*file)?;
    // the reader answers to some damaged files with a panic
    let read = catch_unwind(AssertUnwindSafe(|| understood(file, options, sink)));
    read.unwrap_or_else(|_| Err(damaged("its reader gave up").into()))
}

fn damaged(why: &str) -> ParquetProblem {
    ParquetProblem::Damaged { why: Excerpt::of(why) }
}

fn understood(file: Arc<dyn Source>, options: &Options, mut sink: Option<&mut dyn Sink>) -> Result<Reading, ReadError> {
    let reader = SerializedFileReader::new(File(Arc::clone(&file))).map_err(|error| damaged(&error.to_string()))?;
    let metadata = reader.metadata();
    let rows: i64 = metadata.row_groups().iter().fold(0, |rows, group| rows.saturating_add(group.num_rows().max(0)));
    if u64::try_from(rows).unwrap_or_default() > ROWS {
        return Err(TableError::TooManyRows.into());
    }
    let planned = columns::plan(metadata.file_metadata().schema_descr())?;
    bounds::check_pages(&*file, metadata)?;
    file.begin(1, 2);
    let mut types = vec![NumberType::default(); planned.len()];
    for_each(&reader, &planned, &mut |_, row| {
        for (of, (planned, (_, field))) in types.iter_mut().zip(planned.iter().zip(row.get_column_iter())) {
            if let Ok(Some(number)) = planned.number(field) {
                of.include(&number);
            }
        }
        Ok(())
    })?;
    let column = |(planned, of): (&Planned, &NumberType)| Column {
        name: planned.name.clone(),
        of: match planned.kind {
            Kind::Number => of.column_type(),
            Kind::Day | Kind::Moment(_) => ColumnType::Date,
            Kind::Text => ColumnType::Text,
            Kind::Boolean => ColumnType::Boolean,
        },
    };
    file.begin(2, 2);
    let mut rows = Rows::new(planned.iter().zip(&types).map(column).collect(), options)?;
    for_each(&reader, &planned, &mut |number, row| {
        let cells: Result<Vec<_>, _> =
            planned.iter().zip(row.get_column_iter()).map(|(planned, (_, field))| planned.cell(field)).collect();
        rows.push(Place::Row(number), cells.as_deref().map_err(Clone::clone))?;
        match &mut sink {
            Some(sink) if number.is_multiple_of(POUR_ROWS) => rows.pour(*sink),
            _ => Ok(()),
        }
    })?;
    let moments = planned.iter().filter(|planned| matches!(planned.kind, Kind::Moment(_)));
    let notes = moments.map(|planned| Note::Moments { column: Excerpt::of(planned.name.as_str()) }).collect();
    Ok(Reading { notes, ..rows.finish(Format::Parquet)? })
}

/// Hands over every row with its number from 1.
fn for_each(
    reader: &SerializedFileReader<File>,
    planned: &[Planned],
    each: &mut dyn FnMut(u64, &Row) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let rows = reader.get_row_iter(None).map_err(|error| damaged(&error.to_string()))?;
    for (number, row) in (1..).zip(rows) {
        let row = row.map_err(|error| damaged(&error.to_string()))?;
        if number > ROWS {
            return Err(TableError::TooManyRows.into());
        }
        if row.len() != planned.len() {
            return Err(damaged("a row of another width").into());
        }
        each(number, &row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
