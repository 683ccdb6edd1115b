//! QIF (Quicken Interchange Format): lines that begin with the letter of what they hold, records that end with `^`.
//!
//! Source: Intuit's description of the format (Quicken's help, "QIF files"). It names no currency, no ids and no order of
//! day and month, so the order and the decimal mark are decided over the whole file as for delimited text, and the
//! currency can be told. Crates that read it (qif, qif_parser) take one order for granted and name no line.

use super::{
    DecimalMark, Excerpt, Format, Note, Options, Place, ReadError, Reading, RowProblem,
    csv::evidence::{Evidence, Form, Guides},
    date::{self, DateForm},
    encoding, field, ledger,
    ledger::Transaction,
    number,
};

/// Sections of transactions of an account with a balance.
const READ: &[&str] = &["bank", "ccard", "cash", "oth a", "oth l"];

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    let decoded = encoding::unstated(bytes)?;
    let (date, mark) = notation(&decoded.text, options)?;
    ledger::read(Format::Qif, options, |sink| {
        decoded.encoding.into_iter().for_each(|encoding| sink.note(Note::Encoding { encoding }));
        for_each(&decoded.text, &mut |found| match found {
            Found::Record(record) => {
                let place = Place::Transaction { number: record.number, line: record.line };
                sink.take(place, transaction(&record, date, mark))
            }
            Found::Section { name, line } => {
                sink.note(Note::NotRead { part: Excerpt::of(name), place: Place::Line(line) });
                Ok(())
            }
        })
    })
}

/// One record of a section of transactions.
#[derive(Default)]
struct Record<'a> {
    number: u64,
    line: u64,
    account: &'a str,
    date: Option<&'a str>,
    amount: Option<&'a str>,
    payee: Option<&'a str>,
    memo: Option<&'a str>,
}

enum Found<'a> {
    Record(Record<'a>),
    /// A section of transactions of another kind.
    Section {
        name: &'a str,
        line: u64,
    },
}

/// What the lines after a header are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Transactions,
    Account,
    Other,
}

/// Hands over every record of a transaction; a file that ends within one is refused.
fn for_each<'a>(text: &'a str, each: &mut dyn FnMut(Found<'a>) -> Result<(), ReadError>) -> Result<(), ReadError> {
    let (mut section, mut account, mut headers) = (Section::Other, "", 0_u64);
    let mut record = Record::default();
    let mut numbered = 0;
    let mut last = 0;
    for (line, content) in (1..).zip(text.lines()) {
        last = line;
        let content = content.trim_end();
        let Some(letter) = content.chars().next() else { continue };
        let rest = content.get(letter.len_utf8()..).unwrap_or_default().trim();
        if letter != '!' && record.line == 0 {
            record.line = line;
        }
        match (letter, section) {
            ('!', _) => {
                headers += 1;
                section = self::section(rest);
                record = Record::default();
                if rest.to_ascii_lowercase().starts_with("type:invst") {
                    each(Found::Section { name: "a section on investments", line })?;
                }
            }
            ('^', Section::Transactions) => {
                numbered += 1;
                each(Found::Record(Record { number: numbered, account, ..std::mem::take(&mut record) }))?;
            }
            ('^', _) => record = Record::default(),
            ('N', Section::Account) => account = rest,
            ('D', Section::Transactions) => record.date = record.date.or(Some(rest)),
            // `U` is the same amount once more
            ('T', Section::Transactions) => record.amount = Some(rest),
            ('U', Section::Transactions) => record.amount = record.amount.or(Some(rest)),
            ('P', Section::Transactions) => record.payee = record.payee.or(Some(rest)),
            ('M', Section::Transactions) => record.memo = record.memo.or(Some(rest)),
            _ => {}
        }
    }
    if headers == 0 {
        return Err(ReadError::NotThat { format: Format::Qif });
    }
    if section == Section::Transactions && record.line > 0 {
        return Err(ReadError::CutOff { line: last, within: Excerpt::whole("a transaction (no ^ ends it)") });
    }
    Ok(())
}

fn section(header: &str) -> Section {
    let header = header.to_ascii_lowercase();
    match header.strip_prefix("type:") {
        Some(of) if READ.contains(&of.trim()) => Section::Transactions,
        Some(_) => Section::Other,
        None if header.starts_with("account") => Section::Account,
        None => Section::Other,
    }
}

/// How the whole file writes its days, and its decimal mark.
fn notation(text: &str, options: &Options) -> Result<(DateForm, DecimalMark), ReadError> {
    let mut evidence = [Evidence::default(), Evidence::default()];
    for_each(text, &mut |found| {
        if let Found::Record(record) = found {
            let [dates, amounts] = &mut evidence;
            record.date.iter().for_each(|date| dates.include(&day(date)));
            record.amount.iter().for_each(|amount| amounts.include(amount));
        }
        Ok(())
    })?;
    // no delimiter hints at the decimal mark
    let guides = Guides::new(options, b';', &evidence);
    let [dates, amounts] = &evidence;
    let unclear = |name: &'static str| {
        move |problem| match name.parse() {
            Ok(column) => ReadError::Column { column, problem },
            Err(source) => ReadError::ColumnName { position: 1, source },
        }
    };
    let date = match dates.form(&guides).map_err(unclear("date"))? {
        Form::Date(form) => form,
        _ => DateForm::YearFirst, // there are too few dates to tell: each is refused by itself
    };
    let mark = match amounts.form(&guides).map_err(unclear("amount"))? {
        Form::Number(mark, _) => mark,
        _ => options.decimal_mark.unwrap_or(DecimalMark::Point),
    };
    Ok((date, mark))
}

/// A day as dates are written elsewhere: Quicken writes 1/ 5'21 for the fifth of January 2021.
fn day(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match plain.split_once('\'') {
        Some((before, year)) if year.len() == 2 => format!("{before}/20{year}"),
        Some((before, year)) => format!("{before}/{year}"),
        None => date::full_year(&plain).into_owned(),
    }
}

fn transaction(record: &Record<'_>, form: DateForm, mark: DecimalMark) -> Result<Transaction, RowProblem> {
    let written = field::needed(record.date, "D")?;
    let date = date::parse(&day(written), form).filter(field::is_plausible);
    let not_a = |cell: &str, expected, field| RowProblem::Field { cell: Excerpt::of(cell), expected, field };
    let amount = field::needed(record.amount, "T")?;
    let number = number::written(amount, mark).ok_or_else(|| not_a(amount, "an amount", "T"))?;
    let counterparty = record.payee.map(field::words).unwrap_or_default();
    Ok(Transaction {
        date: date.ok_or_else(|| not_a(written, "a date", "D"))?,
        amount: number.value.map_err(|problem| RowProblem::Amount {
            cell: Excerpt::of(amount),
            problem,
            field: "T",
        })?,
        currency: None,
        description: record.memo.map_or_else(|| counterparty.clone(), field::words),
        counterparty,
        balance: None,
        account: Some(record.account.to_owned()),
        id: None,
    })
}

#[cfg(test)]
mod tests;
