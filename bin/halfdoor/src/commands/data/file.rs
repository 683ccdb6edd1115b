//! A file and how to read it: what storing and signing have in common.

use crate::{error::CliError, input};
use clap::{Args, builder::PossibleValuesParser};
use data_encoding::BASE64;
use node::wishes::{FILE_BYTES, Mapping, Reading, formats};
use std::path::Path;

/// What a file does not tell about itself.
#[derive(Clone, Debug, Args)]
pub(super) struct Understood {
    /// What the file is [default: recognised by its content]
    #[arg(long, value_parser = PossibleValuesParser::new(formats()))]
    pub(super) format: Option<String>,
    /// Leave out bad rows instead of refusing the file
    #[arg(long)]
    pub(super) skip_bad_rows: bool,
    /// Order of dates such as 03/04/2021 [default: decided by the whole column]
    #[arg(long, value_name = "ORDER", value_parser = ["day-first", "month-first"])]
    dates: Option<String>,
    /// The mark before the fraction of a number [default: decided by the whole column]
    #[arg(long, value_name = "MARK", value_parser = ["point", "comma"])]
    decimal_mark: Option<String>,
    /// Whether the first line names the columns [default: decided by its content]
    #[arg(long, value_name = "YES")]
    header: Option<bool>,
    /// A column to keep as words whatever it looks like; may be given several times
    #[arg(long = "text-column", value_name = "COLUMN")]
    text_columns: Vec<String>,
    /// Which column of a CSV file is which part of a transaction, such as date=Buchungstag; given several times, it makes
    /// transactions of the rows. Parts are date, amount (or debit and credit), currency, description, counterparty,
    /// balance, account
    #[arg(long = "map", value_name = "PART=COLUMN", value_parser = mapping)]
    map: Vec<Mapping>,
    /// The currency of transactions whose file names none, such as EUR
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

impl Understood {
    pub(super) fn reading(self) -> Reading {
        let Self { dates, decimal_mark, header, text_columns, map, currency, .. } = self;
        Reading { dates, decimal_mark, header, text_columns, map, currency }
    }
}

/// A file in one of the two ways in which it can be sent.
pub(super) struct Content {
    pub(super) content: Option<String>,
    pub(super) content_base64: Option<String>,
}

impl Content {
    /// Reads a file, or standard input for `-`.
    pub(super) fn of(path: &Path) -> Result<Self, CliError> {
        Ok(match String::from_utf8(input::read_file(path, FILE_BYTES as u64)?) {
            Ok(text) => Self { content: Some(text), content_base64: None },
            Err(other) => Self { content: None, content_base64: Some(BASE64.encode(other.as_bytes())) },
        })
    }
}

/// `PART=COLUMN`; the node knows the parts.
fn mapping(text: &str) -> Result<Mapping, String> {
    let (part, column) = text.split_once('=').ok_or("write it as PART=COLUMN, such as date=Buchungstag")?;
    Ok(Mapping { part: part.trim().to_owned(), column: column.trim().to_owned() })
}
