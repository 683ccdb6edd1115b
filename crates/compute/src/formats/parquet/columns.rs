//! Columns of a schema as columns of a dataset, and values as cells.

use super::ParquetProblem;
use crate::{
    formats::{Excerpt, NumberProblem, ReadError, RowProblem, number},
    table::{Cell, TableError},
};
use parquet::{
    basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical},
    record::Field,
    schema::types::{SchemaDescriptor, Type},
};
use protocol::{Decimal, Name, limits::COLUMNS};

/// What a column becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Day,
    /// A moment, of which the day is kept: how many of its units a day has.
    Moment(i64),
    Text,
    Boolean,
}

/// One column.
pub(super) struct Planned {
    pub(super) name: Name,
    pub(super) kind: Kind,
}

const SECONDS: i64 = 86_400;

/// The columns of a file, or the first that no dataset can have.
pub(super) fn plan(schema: &SchemaDescriptor) -> Result<Vec<Planned>, ReadError> {
    let fields = schema.root_schema().get_fields();
    if fields.len() > COLUMNS {
        return Err(TableError::TooManyColumns { columns: fields.len() }.into());
    }
    let mut planned = Vec::with_capacity(fields.len());
    for (at, field) in fields.iter().enumerate() {
        let kind = kind(field).map_err(|what| ParquetProblem::Column { column: Excerpt::of(field.name()), what })?;
        let name = field.name().trim().parse();
        let name = name.map_err(|source| ReadError::ColumnName { position: at + 1, source })?;
        planned.push(Planned { name, kind });
    }
    Ok(planned)
}

fn kind(field: &Type) -> Result<Kind, &'static str> {
    const BYTES: &str = "bytes of an unknown kind";
    let info = field.get_basic_info();
    if !field.is_primitive() || (info.has_repetition() && info.repetition() == Repetition::REPEATED) {
        return Err("lists or columns within it");
    }
    if let Some(LogicalType::Timestamp(timestamp)) = info.logical_type_ref() {
        let per_second = match timestamp.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        return Ok(Kind::Moment(SECONDS * per_second));
    }
    if matches!(info.logical_type_ref(), Some(LogicalType::Time(_))) {
        return Err("times of day");
    }
    match (field.get_physical_type(), info.converted_type()) {
        (Physical::BOOLEAN, _) => Ok(Kind::Boolean),
        (_, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS) => Err("times of day"),
        (Physical::INT64, ConvertedType::TIMESTAMP_MILLIS) | (Physical::INT96, _) => Ok(Kind::Moment(SECONDS * 1_000)),
        (Physical::INT64, ConvertedType::TIMESTAMP_MICROS) => Ok(Kind::Moment(SECONDS * 1_000_000)),
        (Physical::INT32, ConvertedType::DATE) => Ok(Kind::Day),
        (Physical::INT32 | Physical::INT64 | Physical::FLOAT | Physical::DOUBLE, _) => Ok(Kind::Number),
        (Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, ConvertedType::DECIMAL) => Ok(Kind::Number),
        (Physical::BYTE_ARRAY, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => Ok(Kind::Text),
        (Physical::FIXED_LEN_BYTE_ARRAY, _) if info.logical_type_ref() == Some(&LogicalType::Float16) => {
            Ok(Kind::Number)
        }
        (_, ConvertedType::INTERVAL) => Err("intervals"),
        _ => Err(BYTES),
    }
}

impl Planned {
    /// The value of a column of numbers; `None` if it is absent.
    pub(super) fn number(&self, field: &Field) -> Result<Option<Decimal>, NumberProblem> {
        let whole = |value: i128| Decimal::new(value, 0).map_err(|_| NumberProblem::TooManyDigits).map(Some);
        match (self.kind, field) {
            (Kind::Number, Field::Byte(value)) => whole((*value).into()),
            (Kind::Number, Field::Short(value)) => whole((*value).into()),
            (Kind::Number, Field::Int(value)) => whole((*value).into()),
            (Kind::Number, Field::Long(value)) => whole((*value).into()),
            (Kind::Number, Field::UByte(value)) => whole((*value).into()),
            (Kind::Number, Field::UShort(value)) => whole((*value).into()),
            (Kind::Number, Field::UInt(value)) => whole((*value).into()),
            (Kind::Number, Field::ULong(value)) => whole((*value).into()),
            // the shortest digits that are the same number again
            (Kind::Number, Field::Float16(value)) => number::json(&value.to_f32().to_string()).map(Some),
            (Kind::Number, Field::Float(value)) => number::json(&value.to_string()).map(Some),
            (Kind::Number, Field::Double(value)) => number::json(&value.to_string()).map(Some),
            (Kind::Number, Field::Decimal(value)) => decimal(value.data(), value.scale()).map(Some),
            (_, Field::Null) => Ok(None),
            _ => Err(NumberProblem::NotANumber),
        }
    }

    pub(super) fn cell<'f>(&self, field: &'f Field) -> Result<Cell<'f>, RowProblem> {
        let not_a =
            |expected| RowProblem::NotA { cell: Excerpt::of(&field.to_string()), expected, column: self.name.clone() };
        match (self.kind, field) {
            (_, Field::Null) => Ok(Cell::Absent),
            (Kind::Number, _) => match self.number(field) {
                Ok(number) => Ok(number.map_or(Cell::Absent, Cell::Number)),
                Err(problem) => Err(RowProblem::Number {
                    cell: Excerpt::of(&field.to_string()),
                    problem,
                    column: self.name.clone(),
                }),
            },
            (Kind::Day, Field::Date(days)) => Ok(Cell::Date(*days)),
            (
                Kind::Moment(units),
                Field::TimestampMillis(moment) | Field::TimestampMicros(moment) | Field::Long(moment),
            ) => i32::try_from(moment.div_euclid(units)).map(Cell::Date).map_err(|_| not_a("a date")),
            (Kind::Text, Field::Str(text)) => Ok(if text.is_empty() { Cell::Absent } else { Cell::Text(text) }),
            (Kind::Boolean, Field::Bool(value)) => Ok(Cell::Boolean(*value)),
            (Kind::Day | Kind::Moment(_), _) => Err(not_a("a date")),
            (Kind::Text, _) => Err(not_a("text")),
            (Kind::Boolean, _) => Err(not_a("true or false")),
        }
    }
}

/// A number in two's complement, the highest byte first, times a power of ten.
fn decimal(bytes: &[u8], scale: i32) -> Result<Decimal, NumberProblem> {
    let sign = if bytes.first().is_some_and(|first| first & 0x80 != 0) { 0xFF } else { 0 };
    let (extended, kept) = bytes.split_at(bytes.len().saturating_sub(16));
    let same_sign = kept.first().is_none_or(|first| (first & 0x80 != 0) == (sign == 0xFF));
    if extended.iter().any(|byte| *byte != sign) || !same_sign {
        return Err(NumberProblem::TooManyDigits);
    }
    let mut whole = [sign; 16];
    whole.iter_mut().rev().zip(kept.iter().rev()).for_each(|(to, from)| *to = *from);
    let mantissa = i128::from_be_bytes(whole);
    // zeros beyond what a dataset keeps are taken off, other digits are not
    number::json(&format!("{mantissa}e{}", -i64::from(scale)))
}
