//! JSON: a list of numbers becomes one column, a list of objects one column per name.
//!
//! Numbers are read from their text, so 0.1 is a tenth. `null` and a missing name are absent values. Columns come in
//! the order their names first appear. A text column whose every value is an ISO date is a column of dates.

pub(super) mod item;

use super::{
    Excerpt, Format, Options, Place, ReadError, Reading, RowProblem,
    date::{self, DateForm},
    number,
    problem::what,
    rows::Rows,
};
use crate::table::{Cell, NumberType, TableError};
use item::{Item, Value};
use protocol::{Column, ColumnType, Name, limits::COLUMNS};
use std::collections::HashMap;

/// The name of the one column of a list of numbers.
const VALUE: &str = "value";

pub(super) fn read(text: &str, options: &Options) -> Result<Reading, ReadError> {
    let mut survey = Survey::default();
    item::for_each(text, |_, item| survey.include(&item))?;
    if survey.numbers + survey.objects == 0 && survey.others == 0 {
        return Err(ReadError::Empty);
    }
    if survey.objects > survey.numbers { objects(text, &survey, options) } else { numbers(text, &survey, options) }
}

/// What the first pass learns.
#[derive(Default)]
struct Survey {
    numbers: u64,
    objects: u64,
    others: u64,
    of: NumberType,
    fields: Vec<(String, Field)>,
    positions: HashMap<String, usize>,
}

/// What one name of the objects holds.
#[derive(Default)]
struct Field {
    numbers: u64,
    texts: u64,
    dates: u64,
    booleans: u64,
    of: NumberType,
}

impl Survey {
    fn include(&mut self, item: &Item) -> Result<(), ReadError> {
        match item {
            Item::Value(Value::Number(text)) => {
                self.numbers += 1;
                number::json(text).iter().for_each(|number| self.of.include(number));
            }
            Item::Value(_) => self.others += 1,
            Item::Object(entries) => {
                self.objects += 1;
                for (name, value) in entries {
                    self.field(name)?.include(value);
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, name: &str) -> Result<&mut Field, ReadError> {
        let next = self.fields.len();
        let position = self.positions.get(name).copied().unwrap_or(next);
        if position == next {
            if next == COLUMNS {
                return Err(TableError::TooManyColumns { columns: next + 1 }.into());
            }
            self.positions.insert(name.to_owned(), next);
            self.fields.push((name.to_owned(), Field::default()));
        }
        self.fields.get_mut(position).map(|(_, field)| field).ok_or(ReadError::NoRows)
    }
}

impl Field {
    fn include(&mut self, value: &Value) {
        match value {
            Value::Number(text) => {
                self.numbers += 1;
                number::json(text).iter().for_each(|number| self.of.include(number));
            }
            Value::Text(text) => {
                self.texts += 1;
                self.dates += u64::from(date::parse(text, DateForm::YearFirst).is_some());
            }
            Value::Boolean(_) => self.booleans += 1,
            Value::Null | Value::Nested => {}
        }
    }

    /// What most of the values are.
    fn column_type(&self) -> ColumnType {
        if self.numbers > 0 && self.numbers >= self.texts.max(self.booleans) {
            self.of.column_type()
        } else if self.booleans > self.texts {
            ColumnType::Boolean
        } else if self.texts > 0 && self.dates == self.texts {
            ColumnType::Date
        } else {
            ColumnType::Text
        }
    }
}

fn numbers(text: &str, survey: &Survey, options: &Options) -> Result<Reading, ReadError> {
    let name = match &options.value_column {
        Some(name) => name.clone(),
        None => column_name(VALUE, 1)?,
    };
    let column = Column { name, of: survey.of.column_type() };
    let mut rows = Rows::new(vec![column.clone()], options)?;
    item::for_each(text, |index, item| {
        let row = match item {
            Item::Value(Value::Number(text)) => number_cell(&text, &column.name).map(|cell| [cell]),
            Item::Value(Value::Null) => Ok([Cell::Absent]),
            other => Err(RowProblem::Item { found: other.what(), expected: "numbers" }),
        };
        rows.push(Place::Item(index), row.as_ref().map(<[_; 1]>::as_slice).map_err(Clone::clone))
    })?;
    rows.finish(Format::Json)
}

fn objects(text: &str, survey: &Survey, options: &Options) -> Result<Reading, ReadError> {
    let mut columns = Vec::with_capacity(survey.fields.len());
    for (position, (name, field)) in survey.fields.iter().enumerate() {
        let as_text = options.text_columns.iter().any(|kept| kept == name) && field.texts > 0;
        let of = if as_text { ColumnType::Text } else { field.column_type() };
        columns.push(Column { name: column_name(name, position + 1)?, of });
    }
    let mut rows = Rows::new(columns.clone(), options)?;
    item::for_each(text, |index, item| {
        let row = match &item {
            Item::Object(entries) => object_row(entries, &columns, &survey.positions),
            other => Err(RowProblem::Item { found: other.what(), expected: "objects" }),
        };
        rows.push(Place::Item(index), row.as_deref().map_err(Clone::clone))
    })?;
    rows.finish(Format::Json)
}

fn object_row<'a>(
    entries: &'a [(String, Value)],
    columns: &[Column],
    positions: &HashMap<String, usize>,
) -> Result<Vec<Cell<'a>>, RowProblem> {
    let mut row = vec![Cell::Absent; columns.len()];
    let mut seen = vec![false; columns.len()];
    for (name, value) in entries {
        let position = positions.get(name).copied().unwrap_or(usize::MAX);
        let (Some(column), Some(cell), Some(seen)) =
            (columns.get(position), row.get_mut(position), seen.get_mut(position))
        else {
            continue; // the first pass saw every name
        };
        if std::mem::replace(seen, true) {
            return Err(RowProblem::Twice { column: Excerpt::of(name) });
        }
        *cell = object_cell(value, column)?;
    }
    Ok(row)
}

fn object_cell<'a>(value: &'a Value, column: &Column) -> Result<Cell<'a>, RowProblem> {
    let not_a =
        |cell: &str, expected| RowProblem::NotA { cell: Excerpt::of(cell), expected, column: column.name.clone() };
    match (value, column.of) {
        (Value::Null, _) => Ok(Cell::Absent),
        (Value::Nested, _) => Err(RowProblem::Nested { column: Excerpt::of(column.name.as_str()) }),
        (Value::Number(text), ColumnType::Integer | ColumnType::Decimal(_)) => number_cell(text, &column.name),
        (Value::Text(text), ColumnType::Text) => Ok(if text.is_empty() { Cell::Absent } else { Cell::Text(text) }),
        (Value::Text(text), ColumnType::Date) => {
            date::parse(text, DateForm::YearFirst).map(Cell::Date).ok_or_else(|| not_a(text, "a date"))
        }
        (Value::Boolean(value), ColumnType::Boolean) => Ok(Cell::Boolean(*value)),
        (other, of) => Err(not_a(other.shown(), what(of))),
    }
}

fn number_cell(text: &str, column: &Name) -> Result<Cell<'static>, RowProblem> {
    let problem = |problem| RowProblem::Number { cell: Excerpt::of(text), problem, column: column.clone() };
    number::json(text).map(Cell::Number).map_err(problem)
}

fn column_name(name: &str, position: usize) -> Result<Name, ReadError> {
    name.parse().map_err(|source| ReadError::ColumnName { position, source })
}

#[cfg(test)]
mod tests;
