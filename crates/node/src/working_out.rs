//! What they could work out, in words for the owner: which rows, and what of them.

use crate::columns::StoredView;
use compute::{
    View as _,
    disclosure::{Few, Unknowns},
};
use protocol::{Column, ColumnType, Date, Decimal, Name};
use std::collections::BTreeMap;
use store::DatasetReader;

/// Rows that a sentence names one by one.
const NAMED: usize = 5;
/// Sentences about few rows that a prompt holds.
const SENTENCES: usize = 5;

/// What is needed to speak of rows.
pub(crate) struct Words<'a> {
    pub(crate) reader: &'a DatasetReader,
    /// The place of each row in the lineage.
    pub(crate) places: &'a [u32],
    /// Who would know it.
    pub(crate) name: &'a str,
}

impl Words<'_> {
    /// What whoever asks could work out, with what they have if they have anything.
    pub(crate) fn alone(&self, few: &[Few], has_something: bool) -> Vec<String> {
        let with = if has_something { format!("With what {} already has", self.name) } else { "By itself".to_owned() };
        self.sentences(&with, few)
    }

    /// What they could work out together with others who were told.
    pub(crate) fn together(&self, few: &[Few]) -> Vec<String> {
        self.sentences(&format!("If {} and others put together what they were told", self.name), few)
    }

    /// That groups are left out.
    pub(crate) fn left_out(&self, groups: usize) -> Option<String> {
        let which = match groups {
            0 => return None,
            1 => "1 group is left out: with what they have it".to_owned(),
            several => format!("{several} groups are left out: with what they have, these"),
        };
        Some(format!("{which} would tell something about few rows alone."))
    }

    fn sentences(&self, with: &str, few: &[Few]) -> Vec<String> {
        let mut sentences: Vec<_> =
            few.iter().take(SENTENCES).map(|few| format!("{with}, this fixes {}.", self.fixed(few))).collect();
        if few.len() > SENTENCES {
            sentences.push(format!("and as much about {} other groups of few rows", few.len() - SENTENCES));
        }
        sentences
    }

    fn fixed(&self, few: &Few) -> String {
        let positions: Vec<usize> =
            few.rows.iter().filter_map(|row| self.places.iter().position(|place| place == row)).collect();
        let gone = few.rows.len() - positions.len();
        let rows = self.rows(&positions, gone);
        match &few.unknowns {
            Unknowns::Values(column) => {
                let value = if gone == 0 { self.value(column, &positions) } else { None };
                let value = value.map_or_else(String::new, |value| format!(": {value}"));
                format!("\u{201c}{column}\u{201d} of {rows}{value}")
            }
            Unknowns::Ranges(column) => format!("in which range \u{201c}{column}\u{201d} of {rows} lies"),
            Unknowns::Presence(columns) => {
                let columns: Vec<_> = columns.iter().map(|column| format!("\u{201c}{column}\u{201d}")).collect();
                format!("whether {rows} has a value in {}", columns.join(" and "))
            }
            Unknowns::Other(_) => format!("whether what is asked about holds for {rows}"),
        }
    }

    /// `row 7 (12 March 2025)`, `rows 7, 9 and 12 together`.
    fn rows(&self, positions: &[usize], gone: usize) -> String {
        let dates = self.dates(positions);
        let row = |position: &usize| {
            let date = dates.get(position).map_or_else(String::new, |date| format!(" ({date})"));
            format!("{}{date}", position + 1)
        };
        let mut named: Vec<_> = positions.iter().take(NAMED).map(row).collect();
        if positions.len() > NAMED {
            named.push(format!("{} more", positions.len() - NAMED));
        }
        if gone > 0 {
            named.push(format!("{gone} of an earlier version"));
        }
        match named.as_slice() {
            [] => "no row".to_owned(),
            [one] => format!("row {one}"),
            [first @ .., last] => format!("rows {} and {last} together", first.join(", ")),
        }
    }

    /// What these rows come to in a column.
    fn value(&self, column: &Name, positions: &[usize]) -> Option<Decimal> {
        let of = self.reader.manifest().columns.iter().find(|known| known.name == *column)?;
        let scale = match of.of {
            ColumnType::Integer => 0,
            ColumnType::Decimal(scale) => scale,
            _ => return None,
        };
        let cells = self.cells(of, positions);
        let units = cells.values().try_fold(0i128, |sum, unit| sum.checked_add(*unit))?;
        Decimal::new(units, scale).ok()
    }

    fn dates(&self, positions: &[usize]) -> BTreeMap<usize, Date> {
        let Some(column) = compute::date_column(&self.reader.manifest().columns) else { return BTreeMap::new() };
        let days = self.cells(column, positions).into_iter();
        days.filter_map(|(at, day)| Some((at, Date::from_days(i32::try_from(day).ok()?)?))).collect()
    }

    /// The numbers of some rows, in units of their column; of dates their days. What cannot be read is left out: these are
    /// only words.
    fn cells(&self, column: &Column, positions: &[usize]) -> BTreeMap<usize, i128> {
        let mut found = BTreeMap::new();
        let view = StoredView::passing(self.reader.clone());
        let Ok(chunks) = view.chunks(&column.name) else { return found };
        let mut first = 0;
        for chunk in chunks {
            let Ok(chunk) = chunk else { return found };
            let inside = positions.iter().filter(|at| (first..first + chunk.len()).contains(at));
            for at in inside {
                if let Some(unit) = compute::chunk::units(&chunk, at - first) {
                    found.insert(*at, unit);
                }
            }
            first += chunk.len();
        }
        found
    }
}
