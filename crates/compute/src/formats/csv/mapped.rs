//! A CSV file whose owner says which columns are the parts of a transaction.
//!
//! What is not UTF-8 is Windows-1252, as banks still write it. They put lines about the account above the header: the header is the first record that has every column named.

use super::{
    evidence::{Evidence, Form, Guides},
    read_cell,
    records::{self, Text},
};
use crate::{
    formats::{
        BadMap, Excerpt, Format, Note, Options, Part, Place, ReadError, Reading, RowProblem, date, encoding, field,
        ledger::{self, Sink, Transaction},
    },
    table::{Cell, NumberType},
};
use ::csv::StringRecord;
use protocol::{Decimal, Name};

/// Records among which the header is looked for.
const HEADER_WITHIN: usize = 100;

pub(in crate::formats) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    check(&options.map)?;
    let decoded = encoding::unstated(bytes)?;
    let text = &*decoded.text;
    let header = header(text, options)?;
    let columns = understood(text, &header, options)?;
    ledger::read(Format::Csv, options, |sink| {
        decoded.encoding.into_iter().for_each(|encoding| sink.note(Note::Encoding { encoding }));
        pass(text, &header, &columns, sink)
    })
}

/// A transaction has a day and an amount; only its description may be in several columns.
fn check(map: &[(Part, String)]) -> Result<(), BadMap> {
    let times = |part: Part| map.iter().filter(|(mapped, _)| *mapped == part).count();
    for part in Part::ALL.into_iter().filter(|part| *part != Part::Description) {
        if times(part) > 1 {
            return Err(BadMap::Twice { part: part.name() });
        }
    }
    if times(Part::Date) == 0 {
        return Err(BadMap::NoDate);
    }
    match (times(Part::Amount), times(Part::Debit) + times(Part::Credit)) {
        (0, 0) => Err(BadMap::NoAmount),
        (1, 1..) => Err(BadMap::TwoAmounts),
        _ => Ok(()),
    }
}

/// Where the columns are.
struct Header {
    delimiter: u8,
    line: u64,
    width: usize,
    /// The position of each column of the map, in its order.
    positions: Vec<usize>,
}

fn header(text: &str, options: &Options) -> Result<Header, ReadError> {
    let mut nearest: Option<(usize, BadMap)> = None;
    for delimiter in records::DELIMITERS {
        let mut records = records::Records::new(Text::Whole(text), delimiter);
        let mut record = StringRecord::new();
        for _ in 0..HEADER_WITHIN {
            let Some(line) = records.read(&mut record)? else { break };
            match positions(&record, &options.map) {
                Ok(positions) => return Ok(Header { delimiter, line, width: record.len(), positions }),
                Err((found, why)) if nearest.as_ref().is_none_or(|(most, _)| found > *most) => {
                    nearest = Some((found, why));
                }
                Err(_) => {}
            }
        }
    }
    Err(nearest.map_or(ReadError::Empty, |(_, why)| why.into()))
}

/// The position of each column of the map in a record, or how many are there and why not all.
fn positions(record: &StringRecord, map: &[(Part, String)]) -> Result<Vec<usize>, (usize, BadMap)> {
    let mut positions = Vec::with_capacity(map.len());
    let mut missing = None;
    for (_, column) in map {
        let mut found = record.iter().enumerate().filter(|(_, cell)| cell.trim() == column.trim());
        match (found.next(), found.next()) {
            (Some((position, _)), None) => positions.push(position),
            (Some(_), Some(_)) => return Err((map.len(), BadMap::Ambiguous { column: Excerpt::of(column) })),
            (None, _) => missing = missing.or(Some(column)),
        }
    }
    match missing {
        None => Ok(positions),
        Some(column) => {
            let there = record.iter().take(20).map(|cell| Excerpt::of(cell.trim())).collect();
            Err((positions.len(), BadMap::NoColumn { column: Excerpt::of(column), there }))
        }
    }
}

/// One column of the map as it is read.
struct Mapped {
    part: Part,
    name: Name,
    position: usize,
    form: Form,
}

/// Decides over all rows how days and amounts are written.
fn understood(text: &str, header: &Header, options: &Options) -> Result<Vec<Mapped>, ReadError> {
    let mut evidence: Vec<Evidence> = header.positions.iter().map(|_| Evidence::default()).collect();
    records::for_each(Text::Whole(text), header.delimiter, |line, record| {
        if line > header.line && record.len() == header.width {
            for (evidence, position) in evidence.iter_mut().zip(&header.positions) {
                evidence.include(&date::full_year(record.get(*position).unwrap_or_default().trim()));
            }
        }
        Ok(())
    })?;
    let guides = Guides::new(options, header.delimiter, &evidence);
    let mut columns = Vec::with_capacity(options.map.len());
    for (at, (((part, name), evidence), position)) in
        options.map.iter().zip(&evidence).zip(&header.positions).enumerate()
    {
        let name: Name = name.trim().parse().map_err(|source| ReadError::ColumnName { position: at + 1, source })?;
        let found = match part {
            Part::Date | Part::Amount | Part::Debit | Part::Credit | Part::Balance => evidence.form(&guides),
            _ => Ok(Form::Text),
        };
        let found = found.map_err(|problem| ReadError::Column { column: name.clone(), problem })?;
        let form = match (part, found) {
            (Part::Date, Form::Date(_))
            | (Part::Currency | Part::Description | Part::Counterparty | Part::Account, _) => found,
            (Part::Date, _) => return Err(BadMap::NotDates { column: Excerpt::of(name.as_str()) }.into()),
            (_, Form::Number(..)) => found,
            // a column without a single value: of any form, and of no row
            (_, _) if evidence.is_empty() => Form::Number(super::DecimalMark::Point, NumberType::default()),
            (_, _) => return Err(BadMap::NotAmounts { column: Excerpt::of(name.as_str()) }.into()),
        };
        columns.push(Mapped { part: *part, name, position: *position, form });
    }
    Ok(columns)
}

fn pass(text: &str, header: &Header, columns: &[Mapped], sink: &mut dyn Sink) -> Result<(), ReadError> {
    records::for_each(Text::Whole(text), header.delimiter, |line, record| {
        if line <= header.line {
            return Ok(());
        }
        let found = match record.len() == header.width {
            true => transaction(record, columns),
            false => Err(RowProblem::Width { found: record.len(), expected: header.width }),
        };
        sink.take(Place::Line(line), found)
    })
}

fn transaction(record: &StringRecord, columns: &[Mapped]) -> Result<Transaction, RowProblem> {
    let mut day = None;
    let (mut amount, mut debit, mut credit, mut balance) = (None, None, None, None);
    let (mut currency, mut account) = (None, None);
    let (mut description, mut counterparty) = (String::new(), String::new());
    for Mapped { part, name, position, form } in columns {
        let cell = record.get(*position).unwrap_or_default().trim();
        let number = || match read_cell(cell, *form, name)? {
            Cell::Number(number) => Ok(Some(number)),
            _ => Ok(None),
        };
        match part {
            Part::Date => day = Some(self::day(cell, *form, name)?),
            Part::Amount => amount = number()?,
            Part::Debit => debit = number()?,
            Part::Credit => credit = number()?,
            Part::Balance => balance = number()?,
            Part::Currency => currency = self::currency(cell, name)?,
            Part::Account => account = Some(cell.to_owned()),
            Part::Counterparty => counterparty = field::words(cell),
            Part::Description if description.is_empty() => description = field::words(cell),
            Part::Description => description = field::words(&format!("{description} {cell}")),
        }
    }
    Ok(Transaction {
        date: day.ok_or(RowProblem::Missing { field: "date" })?,
        amount: amount.or(moved(debit, credit)?).ok_or(RowProblem::Missing { field: "amount" })?,
        currency,
        description,
        counterparty,
        balance,
        account,
        id: None,
    })
}

/// The amount of a row with columns for both directions: one of them, whatever sign the bank gives what went out.
fn moved(debit: Option<Decimal>, credit: Option<Decimal>) -> Result<Option<Decimal>, RowProblem> {
    let some = |number: Option<Decimal>| number.filter(|number| number.mantissa() != 0);
    match (some(debit), some(credit)) {
        (Some(_), Some(_)) => Err(RowProblem::BothWays),
        (Some(debit), None) => Ok(Some(if debit.mantissa() > 0 { field::negated(debit)? } else { debit })),
        (None, Some(credit)) => Ok(Some(credit)),
        (None, None) => Ok(credit.or(debit)),
    }
}

fn day(cell: &str, form: Form, column: &Name) -> Result<i32, RowProblem> {
    let not_a = || RowProblem::NotA { cell: Excerpt::of(cell), expected: "a date", column: column.clone() };
    let Form::Date(form) = form else { return Err(not_a()) };
    date::parse(&date::full_year(cell), form).filter(field::is_plausible).ok_or_else(not_a)
}

fn currency(cell: &str, column: &Name) -> Result<Option<String>, RowProblem> {
    if cell.is_empty() {
        return Ok(None);
    }
    let expected = "a currency of three letters";
    field::currency(cell, "currency").map(Some).map_err(|_| RowProblem::NotA {
        cell: Excerpt::of(cell),
        expected,
        column: column.clone(),
    })
}

#[cfg(test)]
mod tests;
