//! Small ledgers for the tests by hand.

use crate::{
    Bounds, Table,
    disclosure::Rules,
    formats::{self, Options},
    run, run_by,
};
use protocol::{Attribute, AttributeName, Computation, Due};

pub(super) const ALWAYS: Bounds<'static> = Bounds { max_rows: 2_000_000, cancelled: &|| false };

/// Lines of `date | amount | balance | description | counterparty`; from the balance on, what is not said is not there.
pub(super) fn ledger(lines: &str) -> Table {
    let rows: Vec<Vec<&str>> = lines.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    table(rows.iter().map(|row| {
        let cell = |at: usize| row.get(at).copied().unwrap_or_default();
        [cell(0), cell(1), "EUR", cell(3), cell(4), cell(2), "0123456789abcdef"]
    }))
}

/// A ledger of these rows, column by column; what is empty is not there.
pub(super) fn table<'a>(rows: impl Iterator<Item = [&'a str; 7]>) -> Table {
    use crate::table::{Cell, TableBuilder};
    use protocol::{Column, ColumnType, Date, LedgerColumn};
    let of = |column| match column {
        LedgerColumn::Date => ColumnType::Date,
        LedgerColumn::Amount | LedgerColumn::Balance => ColumnType::Decimal(2),
        _ => ColumnType::Text,
    };
    let columns = LedgerColumn::ALL.map(|column| Column { name: column.name().clone(), of: of(column) });
    let mut builder = TableBuilder::new(columns.to_vec()).unwrap();
    for row in rows {
        let cell = |(text, column): (&'a str, LedgerColumn)| match (text, of(column)) {
            ("", _) => Cell::Absent,
            (text, ColumnType::Date) => Cell::Date(text.parse::<Date>().unwrap().days()),
            (text, ColumnType::Decimal(_)) => Cell::Number(text.parse().unwrap()),
            (text, _) => Cell::Text(text),
        };
        let cells: Vec<_> = row.into_iter().zip(LedgerColumn::ALL).map(cell).collect();
        builder.push(&cells).unwrap();
    }
    builder.finish().unwrap()
}

pub(super) fn history(name: AttributeName) -> Attribute {
    Attribute::new(name)
}

pub(super) fn days(name: AttributeName, days: u16) -> Attribute {
    Attribute { days: Some(days), ..Attribute::new(name) }
}

pub(super) fn months(name: AttributeName, months: u8) -> Attribute {
    Attribute { months: Some(months), ..Attribute::new(name) }
}

pub(super) fn due(attribute: Attribute, day: u8, grace: u8) -> Attribute {
    Attribute { due: Some(Due { day, grace }), ..attribute }
}

pub(super) fn as_of(attribute: Attribute, day: &str) -> Attribute {
    Attribute { as_of: Some(day.parse().unwrap()), ..attribute }
}

pub(super) fn with_words(attribute: Attribute, words: &[&str]) -> Attribute {
    Attribute { words: words.iter().map(|word| word.parse().unwrap()).collect(), ..attribute }
}

/// The outcome, or why there is none.
pub(super) fn ask(attribute: &Attribute, ledger: &Table) -> String {
    let computation = Computation::Attribute(attribute.clone());
    computation.validate().unwrap();
    run(&computation, ledger, &ALWAYS).map_or_else(|lack| lack.to_string(), |outcome| outcome.to_string())
}

/// How many transactions stand behind the outcome.
pub(super) fn behind(attribute: &Attribute, ledger: &Table) -> u64 {
    run_by(&Rules::default(), &Computation::Attribute(attribute.clone()), ledger, &ALWAYS).unwrap().values
}

/// An attribute with parameters that are valid, and customary where there is a custom.
pub(super) fn customary(name: AttributeName) -> Attribute {
    use protocol::{Span, Words};
    let form = name.form();
    let attribute = match form.span {
        Span::History => history(name),
        Span::Days => days(name, 30),
        Span::Months => months(name, 3),
    };
    let attribute = if form.due { due(attribute, 1, 5) } else { attribute };
    if form.words == Words::Needed { with_words(attribute, &["power"]) } else { attribute }
}

/// A statement as it is stored.
pub(super) fn statement(bytes: &[u8]) -> Table {
    let key = formats::AccountKey::new([7; 32]);
    formats::read(bytes, &Options { account_key: Some(key), ..Options::default() }).unwrap().table
}
