//! Delimited text (RFC 4180 and what programs make of it): delimiter, header, number and date notation are detected.
//!
//! Lines without any value are not rows. Cells are trimmed. Empty cells are absent, and so are NA, N/A and null where
//! the column is not text. Numbers with an exponent are not read: a spreadsheet that wrote one has lost digits.

pub(super) mod evidence;
pub(super) mod mapped;
mod records;

use super::{
    DecimalMark, Excerpt, Format, Options, Place, ReadError, Reading, RowProblem, Source, date, encoding, number,
    problem::what,
    rows::{POUR_ROWS, Rows},
};
use crate::table::{Cell, Sink, TableError};
use ::csv::StringRecord;
use evidence::{Evidence, Form, Guides};
use protocol::{Column, Name, limits::COLUMNS};
use records::Text;

/// Reads a file that is in memory.
pub(super) fn read(text: &str, options: &Options) -> Result<Reading, ReadError> {
    understood(Text::Whole(text), options, None)
}

/// Reads a file where it lies; chunks go to the sink as soon as they are full.
pub(super) fn load(file: &dyn Source, options: &Options, sink: &mut dyn Sink) -> Result<Reading, ReadError> {
    file.begin(1, 3);
    encoding::check_utf8(file)?;
    understood(Text::File(file), options, Some(sink))
}

fn understood(text: Text<'_>, options: &Options, mut sink: Option<&mut dyn Sink>) -> Result<Reading, ReadError> {
    let delimiter = records::delimiter(text)?;
    let Header { names, line: header } = header(text, delimiter, options)?;
    text.begin(2, 3);
    let evidence = survey(text, delimiter, &names, header)?;
    let guides = Guides::new(options, delimiter, &evidence);
    let mut forms = Vec::with_capacity(names.len());
    for (name, evidence) in names.iter().zip(&evidence) {
        let as_text = options.text_columns.iter().any(|kept| kept == name.as_str());
        let form = if as_text { Ok(Form::Text) } else { evidence.form(&guides) };
        forms.push(form.map_err(|problem| ReadError::Column { column: name.clone(), problem })?);
    }
    let column = |(name, form): (&Name, &Form)| Column { name: name.clone(), of: form.column_type() };
    let mut rows = Rows::new(names.iter().zip(&forms).map(column).collect(), options)?;
    text.begin(3, 3);
    let mut count = 0_u64;
    records::for_each(text, delimiter, |line, record| {
        if Some(line) == header {
            return Ok(());
        }
        let row = row(record, &forms, &names);
        rows.push(Place::Line(line), row.as_deref().map_err(Clone::clone))?;
        count += 1;
        match &mut sink {
            Some(sink) if count.is_multiple_of(POUR_ROWS) => rows.pour(*sink),
            _ => Ok(()),
        }
    })?;
    rows.finish(Format::Csv)
}

/// Names of the columns, and the line they stand on, unless they are made up.
struct Header {
    names: Vec<Name>,
    line: Option<u64>,
}

fn header(text: Text<'_>, delimiter: u8, options: &Options) -> Result<Header, ReadError> {
    let (line, first) = records::first(text, delimiter)?.ok_or(ReadError::Empty)?;
    if first.len() > COLUMNS {
        return Err(TableError::TooManyColumns { columns: first.len() }.into());
    }
    let has_names = options.header.unwrap_or_else(|| !first.iter().any(evidence::is_value));
    let names = first.iter().enumerate().map(|(index, cell)| {
        let position = index + 1;
        let made_up = format!("column_{position}");
        let name = if has_names && !cell.trim().is_empty() { cell.trim() } else { &made_up };
        name.parse().map_err(|source| ReadError::ColumnName { position, source })
    });
    Ok(Header { names: names.collect::<Result<_, _>>()?, line: has_names.then_some(line) })
}

/// The first pass: what every column looks like, over all rows of the right width.
fn survey(text: Text<'_>, delimiter: u8, names: &[Name], header: Option<u64>) -> Result<Vec<Evidence>, ReadError> {
    let mut evidence: Vec<Evidence> = names.iter().map(|_| Evidence::default()).collect();
    records::for_each(text, delimiter, |line, record| {
        if Some(line) != header && record.len() == evidence.len() {
            evidence.iter_mut().zip(record).for_each(|(evidence, cell)| evidence.include(cell.trim()));
        }
        Ok(())
    })?;
    Ok(evidence)
}

fn row<'a>(record: &'a StringRecord, forms: &[Form], names: &[Name]) -> Result<Vec<Cell<'a>>, RowProblem> {
    if record.len() != forms.len() {
        return Err(RowProblem::Width { found: record.len(), expected: forms.len() });
    }
    record.iter().zip(forms).zip(names).map(|((cell, form), name)| read_cell(cell.trim(), *form, name)).collect()
}

fn read_cell<'a>(cell: &'a str, form: Form, column: &Name) -> Result<Cell<'a>, RowProblem> {
    if cell.is_empty() || (form != Form::Text && evidence::is_absent(cell)) {
        return Ok(Cell::Absent);
    }
    let excerpt = || Excerpt::of(cell);
    let not_a = || RowProblem::NotA { cell: excerpt(), expected: what(form.column_type()), column: column.clone() };
    match form {
        Form::Text => Ok(Cell::Text(cell)),
        Form::Boolean => evidence::boolean(cell).map(Cell::Boolean).ok_or_else(not_a),
        Form::Date(form) => date::parse(cell, form).map(Cell::Date).ok_or_else(not_a),
        Form::Number(mark, _) => {
            let written = number::written(cell, mark).ok_or_else(not_a)?;
            let problem = |problem| RowProblem::Number { cell: excerpt(), problem, column: column.clone() };
            written.value.map(Cell::Number).map_err(problem)
        }
    }
}

#[cfg(test)]
mod tests;
