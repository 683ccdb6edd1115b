//! A file becomes a table before anything of it is stored.

use super::vouching::vouched;
use crate::{
    error::NodeError,
    views::FileReading,
    wishes::{FILE_BYTES, Mapping, NewDataset, Reading},
};
use compute::{
    Sink,
    formats::{self, AccountKey, DayMonth, DecimalMark, Format, Options, Part},
};
use consent::record::VoucherRecord;
use data_encoding::BASE64;
use protocol::{Column, Name, limits::COLUMNS, text::neutralised};
use std::sync::Arc;

/// A file that was understood, nothing of it stored yet.
pub(crate) struct Parsed {
    pub(super) tag: Name,
    pub(super) description: String,
    pub(super) visible_to: Vec<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: u64,
    pub(super) format: Format,
    pub(super) notes: Vec<String>,
    /// Lines left out, and each with its reason.
    pub(super) skipped: Vec<u64>,
    pub(super) left_out: Vec<String>,
    /// The word of whoever made the file, which was held against it.
    pub(super) voucher: Option<VoucherRecord>,
}

/// How a file is to be read.
pub(super) struct Form {
    pub(super) format: Option<String>,
    pub(super) skip_bad_rows: bool,
    pub(super) reading: Reading,
}

impl Form {
    fn options(&self, accounts: AccountKey) -> Result<Options, NodeError> {
        Ok(Options {
            format: self.format.as_deref().map(format).transpose()?,
            skip_bad_rows: self.skip_bad_rows,
            account_key: Some(accounts),
            ..options(&self.reading)?
        })
    }
}

/// Reads a file whole; refuses it whole, naming line and cause.
pub(super) fn understood(bytes: &[u8], form: &Form, accounts: AccountKey) -> Result<formats::Reading, NodeError> {
    formats::read(bytes, &form.options(accounts)?).map_err(|error| invalid("content", &chain(&error)))
}

/// The bytes of the file that a wish has in it.
pub(crate) fn content_of(wish: &mut NewDataset) -> Result<Vec<u8>, NodeError> {
    content(wish.content.take(), wish.content_base64.take())
}

/// Understands a file; refuses it whole, naming line and cause. Its chunks go to `sink`.
pub(crate) fn parse(
    file: Arc<dyn formats::Source>,
    wish: NewDataset,
    accounts: AccountKey,
    sink: &mut dyn Sink,
) -> Result<Parsed, NodeError> {
    let tag: Name = wish.tag.parse().map_err(|error| invalid("tag", &error))?;
    let described = protocol::Text::new(&wish.description, protocol::Salt([0; 16]));
    let description = described.map_err(|error| invalid("description", &error))?.as_str().to_owned();
    let form = Form { format: wish.format, skip_bad_rows: wish.skip_bad_rows, reading: wish.reading };
    let options = form.options(accounts)?;
    let vouched = |voucher| vouched(voucher, &whole(&*file)?, &form);
    let voucher = wish.voucher_base64.as_deref().map(vouched).transpose()?;
    let reading = formats::load(file, &options, sink).map_err(|error| invalid("content", &chain(&error)))?;
    let skipped = reading.skipped.iter().map(|row| row.place.at()).collect();
    let mut left_out: Vec<String> = reading.skipped.iter().map(ToString::to_string).collect();
    let unlisted = reading.skipped_rows.saturating_sub(left_out.len() as u64);
    if unlisted > 0 {
        left_out.push(format!("and {unlisted} more rows"));
    }
    Ok(Parsed {
        tag,
        description,
        visible_to: wish.visible_to,
        columns: reading.table.columns().to_vec(),
        rows: reading.table.rows(),
        format: reading.format,
        notes: reading.notes.iter().map(|note| neutralised(&note.to_string())).collect(),
        skipped,
        left_out,
        voucher,
    })
}

/// What a file is, nothing of it stored.
pub(crate) fn looked_at(bytes: &[u8], wish: &NewDataset, accounts: AccountKey) -> Result<FileReading, NodeError> {
    let form = Form { format: wish.format.clone(), skip_bad_rows: wish.skip_bad_rows, reading: wish.reading.clone() };
    let reading = understood(bytes, &form, accounts)?;
    Ok(FileReading {
        format: reading.format.name().to_owned(),
        rows: reading.table.rows(),
        columns: reading.table.columns().iter().map(crate::show::column).collect(),
        notes: reading.notes.iter().map(|note| neutralised(&note.to_string())).collect(),
        left_out: reading.skipped.iter().map(|row| neutralised(&row.to_string())).collect(),
    })
}

/// A file that was signed, whose rows are held in memory against what was signed.
fn whole(file: &dyn formats::Source) -> Result<Vec<u8>, NodeError> {
    let length = usize::try_from(file.length()).ok().filter(|length| *length <= FILE_BYTES);
    let length = length.ok_or_else(|| {
        let why =
            format!("a file with a voucher is at most {} MiB; add it as your own word (--unsigned)", FILE_BYTES >> 20);
        NodeError::Invalid { field: "content", why }
    })?;
    let (mut bytes, mut filled) = (vec![0; length], 0);
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(filled as u64, rest) {
            Ok(0) => return Err(invalid("content", &"it ended too early")),
            Ok(read) => filled += read,
            Err(error) => return Err(invalid("content", &error)),
        }
    }
    Ok(bytes)
}

/// The file's bytes, which come in one of two ways.
pub(super) fn content(text: Option<String>, base64: Option<String>) -> Result<Vec<u8>, NodeError> {
    let bytes = match (text, base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(base64)) => BASE64
            .decode(base64.as_bytes())
            .map_err(|error| invalid("content_base64", &format!("it is not base64 ({error})")))?,
        _ => return Err(invalid("content", &"send the file either as content or as content_base64")),
    };
    if bytes.len() > FILE_BYTES {
        return Err(invalid("content", &format!("the file is larger than {} MiB; split it", FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

fn format(name: &str) -> Result<Format, NodeError> {
    let known = || Format::ALL.map(Format::name).join(", ");
    Format::named(name).ok_or_else(|| invalid("format", &format!("{name:?} is not known; known are {}", known())))
}

fn options(reading: &Reading) -> Result<Options, NodeError> {
    let day_month = match reading.dates.as_deref() {
        None => None,
        Some("day-first") => Some(DayMonth::DayFirst),
        Some("month-first") => Some(DayMonth::MonthFirst),
        Some(_) => return Err(invalid("dates", &"day-first or month-first")),
    };
    let decimal_mark = match reading.decimal_mark.as_deref() {
        None => None,
        Some("point") => Some(DecimalMark::Point),
        Some("comma") => Some(DecimalMark::Comma),
        Some(_) => return Err(invalid("decimal_mark", &"point or comma")),
    };
    if reading.text_columns.len() > COLUMNS {
        return Err(invalid("text_columns", &"more than a dataset can have"));
    }
    if reading.map.len() > COLUMNS {
        return Err(invalid("map", &"more than a dataset can have"));
    }
    let currency = reading.currency.as_deref().map(|currency| {
        let letters = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
        letters.then(|| currency.to_ascii_uppercase()).ok_or_else(|| invalid("currency", &"three letters, such as EUR"))
    });
    Ok(Options {
        header: reading.header,
        decimal_mark,
        day_month,
        text_columns: reading.text_columns.clone(),
        map: reading.map.iter().map(mapped).collect::<Result<_, _>>()?,
        currency: currency.transpose()?,
        ..Options::default()
    })
}

fn mapped(mapping: &Mapping) -> Result<(Part, String), NodeError> {
    let known = || Part::ALL.map(Part::name).join(", ");
    let part = Part::named(&mapping.part);
    let part = part.ok_or_else(|| invalid("map", &format!("{:?} is no part; parts are {}", mapping.part, known())))?;
    Ok((part, mapping.column.clone()))
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

fn invalid(field: &'static str, why: &dyn std::fmt::Display) -> NodeError {
    NodeError::Invalid { field, why: why.to_string() }
}

#[cfg(test)]
mod tests;
