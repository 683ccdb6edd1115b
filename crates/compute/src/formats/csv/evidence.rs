//! What the cells of one column say about its type and notation, and what follows from all of them.

use crate::{
    formats::{
        ColumnProblem, DayMonth, DecimalMark, Excerpt, Options,
        date::{self, DateForm},
        number::{self, Written},
    },
    table::NumberType,
};
use protocol::ColumnType;

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Form {
    Text,
    Boolean,
    Date(DateForm),
    Number(DecimalMark, NumberType),
}

impl Form {
    pub(in crate::formats) fn column_type(self) -> ColumnType {
        match self {
            Self::Text => ColumnType::Text,
            Self::Boolean => ColumnType::Boolean,
            Self::Date(_) => ColumnType::Date,
            Self::Number(_, of) => of.column_type(),
        }
    }
}

/// What helps where a column alone does not tell.
pub(in crate::formats) struct Guides {
    decimal_mark: Option<DecimalMark>,
    day_month: Option<DayMonth>,
    /// The mark of the file's other columns, or the one that goes with its delimiter.
    likely_mark: Option<DecimalMark>,
}

impl Guides {
    pub(in crate::formats) fn new(options: &Options, delimiter: u8, evidence: &[Evidence]) -> Self {
        let point = evidence.iter().any(|column| column.only_point > 0 && column.only_comma == 0);
        let comma = evidence.iter().any(|column| column.only_comma > 0 && column.only_point == 0);
        let likely_mark = match (point, comma) {
            (true, false) => Some(DecimalMark::Point),
            (false, true) => Some(DecimalMark::Comma),
            // who separates fields by commas does not write them in numbers
            _ => (delimiter == b',').then_some(DecimalMark::Point),
        };
        Self { decimal_mark: options.decimal_mark, day_month: options.day_month, likely_mark }
    }
}

/// Counts over the cells that are present.
#[derive(Default)]
pub(in crate::formats) struct Evidence {
    present: u64,
    booleans: u64,
    codes: bool,
    currency: Option<char>,
    other_currency: Option<char>,
    point: Notation,
    comma: Notation,
    only_point: u64,
    only_comma: u64,
    /// A cell that is one number with a decimal point and another with a decimal comma.
    unclear_number: Option<Excerpt>,
    year_first: u64,
    dotted: u64,
    day_first: u64,
    month_first: u64,
    /// A date that is one day if the day is first and another if the month is.
    unclear_date: Option<Excerpt>,
    either_way: u64,
}

/// Counts over the cells that are numbers with one decimal mark.
#[derive(Default)]
struct Notation {
    numbers: u64,
    separator: Option<char>,
    mixed: bool,
    runs_on: bool,
    of: NumberType,
}

impl Notation {
    fn include(&mut self, written: &Written) {
        self.numbers += 1;
        self.runs_on |= written.runs_on;
        if let Some(separator) = written.separator {
            self.mixed |= *self.separator.get_or_insert(separator) != separator;
        }
        written.value.iter().for_each(|value| self.of.include(value));
    }

    /// Thousands are set apart in one way or not at all.
    fn is_consistent(&self) -> bool {
        let sometimes = self.runs_on && self.separator.is_some();
        !self.mixed && !sometimes
    }
}

impl Evidence {
    /// Whether no cell had a value.
    pub(in crate::formats) fn is_empty(&self) -> bool {
        self.present == 0
    }

    /// Looks at one cell, trimmed.
    pub(in crate::formats) fn include(&mut self, cell: &str) {
        if cell.is_empty() || is_absent(cell) {
            return;
        }
        self.present += 1;
        self.booleans += u64::from(boolean(cell).is_some());
        if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.include_number(cell);
        self.include_date(cell);
    }

    fn include_number(&mut self, cell: &str) {
        let point = number::written(cell, DecimalMark::Point);
        let comma = number::written(cell, DecimalMark::Comma);
        point.iter().for_each(|written| self.point.include(written));
        comma.iter().for_each(|written| self.comma.include(written));
        match (&point, &comma) {
            (Some(point), Some(comma)) if point.value != comma.value => {
                self.unclear_number.get_or_insert_with(|| Excerpt::of(cell));
            }
            (Some(_), None) => self.only_point += 1,
            (None, Some(_)) => self.only_comma += 1,
            _ => {}
        }
        if let Some(written) = point.or(comma) {
            self.codes |= written.is_code;
            if let Some(currency) = written.currency
                && *self.currency.get_or_insert(currency) != currency
            {
                self.other_currency = Some(currency);
            }
        }
    }

    fn include_date(&mut self, cell: &str) {
        self.year_first += u64::from(date::parse(cell, DateForm::YearFirst).is_some());
        self.dotted += u64::from(date::parse(cell, DateForm::Dotted).is_some());
        let day_first = date::parse(cell, DateForm::YearLast(DayMonth::DayFirst));
        let month_first = date::parse(cell, DateForm::YearLast(DayMonth::MonthFirst));
        match (day_first, month_first) {
            (Some(one), Some(other)) => {
                self.either_way += 1;
                if one != other {
                    self.unclear_date.get_or_insert_with(|| Excerpt::of(cell));
                }
            }
            (Some(_), None) => self.day_first += 1,
            (None, Some(_)) => self.month_first += 1,
            (None, None) => {}
        }
    }

    /// The form that more than half of the cells have; without one, the column is text.
    pub(in crate::formats) fn form(&self, guides: &Guides) -> Result<Form, ColumnProblem> {
        let numbers = self.point.numbers.max(self.comma.numbers);
        let year_last = self.day_first + self.month_first + self.either_way;
        let most = |count: u64| count * 2 > self.present;
        if most(numbers) && !self.codes {
            self.number_form(guides)
        } else if most(self.year_first) {
            Ok(Form::Date(DateForm::YearFirst))
        } else if most(self.dotted) {
            Ok(Form::Date(DateForm::Dotted))
        } else if most(year_last) {
            self.year_last_form(guides)
        } else if most(self.booleans) {
            Ok(Form::Boolean)
        } else {
            Ok(Form::Text)
        }
    }

    fn number_form(&self, guides: &Guides) -> Result<Form, ColumnProblem> {
        if let (Some(first), Some(second)) = (self.currency, self.other_currency) {
            return Err(ColumnProblem::MixedCurrencies { first, second });
        }
        let mark = match (guides.decimal_mark, &self.unclear_number) {
            (Some(mark), _) => mark,
            _ if self.only_point > self.only_comma => DecimalMark::Point,
            _ if self.only_comma > self.only_point => DecimalMark::Comma,
            _ if self.only_point > 0 => return Err(ColumnProblem::MixedNumbers),
            (None, None) => DecimalMark::Point, // whole numbers: nothing depends on it
            (None, Some(example)) => {
                guides.likely_mark.ok_or_else(|| ColumnProblem::AmbiguousNumbers { example: example.clone() })?
            }
        };
        let notation = match mark {
            DecimalMark::Point => &self.point,
            DecimalMark::Comma => &self.comma,
        };
        if guides.decimal_mark.is_none() && !notation.is_consistent() {
            return Err(ColumnProblem::MixedNumbers);
        }
        Ok(Form::Number(mark, notation.of))
    }

    fn year_last_form(&self, guides: &Guides) -> Result<Form, ColumnProblem> {
        let order = match (guides.day_month, &self.unclear_date) {
            (Some(order), _) => order,
            _ if self.day_first > 0 && self.month_first > 0 => return Err(ColumnProblem::MixedDates),
            _ if self.day_first > 0 => DayMonth::DayFirst,
            _ if self.month_first > 0 => DayMonth::MonthFirst,
            (None, None) => DayMonth::DayFirst, // 4/4/2021: nothing depends on it
            (None, Some(example)) => return Err(ColumnProblem::AmbiguousDates { example: example.clone() }),
        };
        Ok(Form::Date(DateForm::YearLast(order)))
    }
}

/// What stands for nothing where a column is not text.
pub(in crate::formats) fn is_absent(cell: &str) -> bool {
    ["na", "n/a", "null"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Yes or no, in English.
pub(in crate::formats) fn boolean(cell: &str) -> Option<bool> {
    let is = |words: [&str; 2]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is(["true", "yes"]) {
        Some(true)
    } else if is(["false", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// Whether a cell is a number or a date: names of columns are not.
pub(in crate::formats) fn is_value(cell: &str) -> bool {
    let mut evidence = Evidence::default();
    evidence.include(cell.trim());
    let dates = evidence.year_first + evidence.dotted + evidence.day_first + evidence.month_first + evidence.either_way;
    evidence.point.numbers + evidence.comma.numbers + dates > 0
}
