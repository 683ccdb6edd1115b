//! Green Button: interval readings of a meter, as ESPI (NAESB REQ.21) puts them into an Atom feed.
//!
//! Source: NAESB ESPI 1.1 and its schema espi.xsd. A reading is a number whose unit, power of ten and currency stand in a
//! `ReadingType` elsewhere in the feed; a `MeterReading` links the two. Costs are in hundred-thousandths of the currency.
//! A row has the day on the meter's calendar, the first second as seconds since 1970 (UTC), and how many it lasted.

mod kinds;

use super::{
    Excerpt, Format, Note, Options, Place, ReadError, Reading, RowProblem,
    element::{Element, local},
    encoding, field,
    markup::{Markup, Piece},
    number,
    rows::Rows,
};
use crate::table::{Cell, NumberType};
use kinds::{Kind, Kinds};
use protocol::{Column, ColumnType, Decimal};

/// Seconds of a day, and of ten years: no reading lasts longer.
const DAY: i64 = 86_400;
const LONGEST: i64 = 3660 * DAY;

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    let decoded = encoding::xml(bytes)?;
    let mut kinds = Kinds::default();
    entries(&decoded.text, &mut |entry| {
        kinds.include(entry);
        Ok(())
    })?;
    if let Some((line, found)) = kinds.unreadable_offset {
        return Err(ReadError::NoTimeOffset { line, found });
    }
    let mut survey = Survey::default();
    readings(&decoded.text, &kinds, &mut |_, row| {
        survey.include(row.as_ref().ok());
        Ok(())
    })?;
    if survey.found == 0 {
        return Err(ReadError::NoReadings);
    }
    let mut rows = Rows::new(columns(&survey)?, options)?;
    readings(&decoded.text, &kinds, &mut |place, row| {
        rows.push(
            place,
            row.as_ref().map(Interval::cells).as_ref().map(|cells| &cells[..]).map_err(|problem| (*problem).clone()),
        )
    })?;
    let notes = decoded.encoding.into_iter().map(|encoding| Note::Encoding { encoding });
    Ok(Reading { notes: notes.collect(), ..rows.finish(Format::Espi)? })
}

/// What was used in one interval.
struct Interval {
    day: i32,
    start: i64,
    duration: Option<i64>,
    usage: Decimal,
    cost: Option<Decimal>,
    kind: Kind,
}

#[derive(Default)]
struct Survey {
    found: u64,
    usage: NumberType,
    cost: NumberType,
}

impl Survey {
    fn include(&mut self, interval: Option<&Interval>) {
        self.found += 1;
        if let Some(interval) = interval {
            self.usage.include(&interval.usage);
            interval.cost.iter().for_each(|cost| self.cost.include(cost));
        }
    }
}

impl Interval {
    fn cells(&self) -> [Cell<'_>; 8] {
        let whole = |number: i64| Decimal::new(number.into(), 0).map_or(Cell::Absent, Cell::Number);
        let text = |text: Option<&'static str>| text.map_or(Cell::Absent, Cell::Text);
        [
            Cell::Date(self.day),
            whole(self.start),
            self.duration.map_or(Cell::Absent, whole),
            Cell::Number(self.usage),
            text(self.kind.unit()),
            text(self.kind.flow()),
            self.cost.map_or(Cell::Absent, Cell::Number),
            text(self.kind.currency()),
        ]
    }

    fn read(reading: &Element, kind: Kind, power: i8, offset: i64) -> Result<Self, RowProblem> {
        let seconds = |path: &str, field: &'static str| -> Result<Option<i64>, RowProblem> {
            let Some(text) = reading.text_at(path) else { return Ok(None) };
            let expected = "a number of seconds";
            text.parse().map(Some).map_err(|_| RowProblem::Field { cell: Excerpt::of(text), expected, field })
        };
        let not_a = |path: &str, expected, field| RowProblem::Field {
            cell: Excerpt::of(reading.text_at(path).unwrap_or_default()),
            expected,
            field,
        };
        let start = seconds("timePeriod/start", "start")?.ok_or(RowProblem::Missing { field: "start" })?;
        let day = i32::try_from(start.saturating_add(offset).div_euclid(DAY)).ok().filter(field::is_plausible);
        let duration = seconds("timePeriod/duration", "duration")?;
        if duration.is_some_and(|duration| !(0..=LONGEST).contains(&duration)) {
            return Err(not_a("timePeriod/duration", "a duration of a reading", "duration"));
        }
        let value = field::needed(reading.text_at("value"), "value")?;
        let cost = reading.text_at("cost").map(|cost| shifted(cost, -5, "cost")).transpose()?;
        Ok(Self {
            day: day.ok_or_else(|| not_a("timePeriod/start", "a date", "start"))?,
            start,
            duration,
            usage: shifted(value, power, "value")?,
            cost,
            kind,
        })
    }
}

/// A whole number times a power of ten.
fn shifted(text: &str, power: i8, field: &'static str) -> Result<Decimal, RowProblem> {
    let expected = "a whole number";
    let whole = text.strip_prefix('-').unwrap_or(text);
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RowProblem::Field { cell: Excerpt::of(text), expected, field });
    }
    let problem = |problem| RowProblem::Amount { cell: Excerpt::of(text), problem, field };
    number::json(&format!("{text}e{power}")).map_err(problem)
}

/// Hands over every reading of the feed with the line it begins on.
fn readings(
    text: &str,
    kinds: &Kinds,
    each: &mut dyn FnMut(Place, Result<Interval, RowProblem>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    entries(text, &mut |entry| {
        for block in entry.all("content").flat_map(|content| content.all("IntervalBlock")) {
            let kind = kinds.of(entry).ok_or(ReadError::NoReadingType { line: block.line })?;
            let power = kind.power.ok_or(ReadError::NoPowerOfTen { line: block.line })?;
            for reading in block.all("IntervalReading") {
                each(Place::Line(reading.line), Interval::read(reading, kind, power, kinds.offset))?;
            }
        }
        Ok(())
    })
}

/// Hands over every entry of a feed, or the one entry that a file is.
fn entries(text: &str, each: &mut dyn FnMut(&Element) -> Result<(), ReadError>) -> Result<(), ReadError> {
    let mut markup = Markup::strict(text);
    let (mut within_feed, mut found) = (false, false);
    loop {
        match markup.next()? {
            Piece::Open(tag) => match local(tag.name().0) {
                "feed" if !found => (within_feed, found) = (true, true),
                "entry" if within_feed || !found => {
                    found = true;
                    each(&Element::read(&mut markup, &tag)?)?;
                }
                _ if within_feed => {
                    Element::read(&mut markup, &tag)?;
                }
                _ => return Err(ReadError::NotThat { format: Format::Espi }),
            },
            Piece::Close(_) => within_feed = false,
            Piece::Text(_) => {}
            Piece::End if within_feed => return Err(markup.cut_off("<feed>")),
            Piece::End if !found => return Err(ReadError::NotThat { format: Format::Espi }),
            Piece::End => return Ok(()),
        }
    }
}

fn columns(survey: &Survey) -> Result<Vec<Column>, ReadError> {
    let decimal = |of: NumberType| match of.column_type() {
        ColumnType::Integer => ColumnType::Decimal(0),
        of => of,
    };
    let all = [
        ("date", ColumnType::Date),
        ("start", ColumnType::Integer),
        ("duration", ColumnType::Integer),
        ("usage", decimal(survey.usage)),
        ("unit", ColumnType::Text),
        ("flow", ColumnType::Text),
        ("cost", decimal(survey.cost)),
        ("currency", ColumnType::Text),
    ];
    let column = |(position, (name, of)): (usize, (&str, ColumnType))| {
        let name = name.parse().map_err(|source| ReadError::ColumnName { position: position + 1, source })?;
        Ok(Column { name, of })
    };
    all.into_iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests;
