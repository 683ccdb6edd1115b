//! MT940, SWIFT's customer statement: fields `:NN:` whose lines go on until the next one.
//!
//! Source: SWIFT Standards MT Category 9, MT940; for the inside of `:86:` the German banking industry's DFÜ agreement,
//! appendix 3, and what Dutch banks write (`/NAME/…/REMI/…`). Crates that read it (mt940, swift-mt-message) hold a file
//! to the standard as a whole; banks do not, so here a line that cannot be read is one faulty transaction.

mod details;

use super::{
    Excerpt, Format, Note, Options, Place, ReadError, Reading, RowProblem,
    balance::{Balances, Running},
    date::{self, DateForm},
    encoding, field, ledger,
    ledger::{Sink, Transaction},
    number,
};
use protocol::Decimal;

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    let decoded = encoding::unstated(bytes)?;
    let balances = Balances::of(|sink, running| pass(&decoded.text, sink, running))?;
    ledger::read(Format::Mt940, options, |sink| {
        decoded.encoding.into_iter().for_each(|encoding| sink.note(Note::Encoding { encoding }));
        let mut scratch = Vec::new();
        pass(&decoded.text, sink, &mut balances.running(&mut scratch))
    })
}

/// A field: its tag, the line it begins on, its lines without the tag.
struct Field<'a> {
    tag: &'a str,
    line: u64,
    lines: Vec<&'a str>,
}

/// Goes through a file once.
fn pass(text: &str, sink: &mut dyn Sink, running: &mut Running<'_>) -> Result<(), ReadError> {
    let mut statement =
        Statement { sink, running, number: 0, line: 0, open: None, entry: None, account: "", currency: None };
    let mut field: Option<Field<'_>> = None;
    let mut last = 0;
    for (line, content) in (1..).zip(text.lines()) {
        last = line;
        let content = content.trim_end();
        if let Some((tag, rest)) = tag(content) {
            field.take().map_or(Ok(()), |field| statement.field(field))?;
            field = Some(Field { tag, line, lines: vec![rest] });
        } else if content == "-" || content.starts_with("-}") {
            field.take().map_or(Ok(()), |field| statement.field(field))?;
        } else if let Some(field) = &mut field {
            field.lines.push(content);
        }
    }
    field.take().map_or(Ok(()), |field| statement.field(field))?;
    match statement.open {
        Some(_) => Err(cut_off(last)),
        None if statement.line == 0 => Err(ReadError::NotThat { format: Format::Mt940 }),
        None => Ok(()),
    }
}

/// `:61:` or `:60F:` at the beginning of a line, and the rest of it.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let digits = tag.get(..2)?.bytes().all(|byte| byte.is_ascii_digit());
    let letter = tag.get(2..)?;
    let known = digits && letter.len() <= 1 && letter.bytes().all(|byte| byte.is_ascii_uppercase());
    known.then_some((tag, rest))
}

fn cut_off(line: u64) -> ReadError {
    ReadError::CutOff { line, within: Excerpt::whole("a statement (no closing balance, :62F:)") }
}

/// What is known at one point of a file.
struct Statement<'a, 's, 'r, 'b> {
    sink: &'s mut dyn Sink,
    running: &'r mut Running<'b>,
    number: u64,
    /// The line of the last statement; 0 before the first.
    line: u64,
    /// The line of the statement whose closing balance has not come.
    open: Option<u64>,
    /// A transaction whose details may follow.
    entry: Option<(Field<'a>, Option<Field<'a>>)>,
    account: &'a str,
    currency: Option<String>,
}

impl<'a> Statement<'a, '_, '_, '_> {
    fn field(&mut self, field: Field<'a>) -> Result<(), ReadError> {
        match field.tag {
            "86" => {
                if let Some((_, details @ None)) = &mut self.entry {
                    *details = Some(field);
                }
                return Ok(());
            }
            _ => self.end_entry()?,
        }
        let first = field.lines.first().copied().unwrap_or_default();
        match field.tag {
            "20" => {
                if self.open.is_some() {
                    return Err(cut_off(field.line));
                }
                (self.line, self.open, self.account, self.currency) = (field.line, Some(field.line), "", None);
                self.running.begin(Place::Line(field.line), self.sink);
            }
            "25" => self.account = first,
            "60F" | "60M" => {
                let (currency, amount) = self.balance(&field);
                self.currency = currency;
                self.running.state(amount, None);
            }
            "62F" | "62M" => {
                let (_, amount) = self.balance(&field);
                self.running.state(None, amount);
                self.open = None;
            }
            "61" => self.entry = Some((field, None)),
            _ => {}
        }
        Ok(())
    }

    /// `C250131EUR1234,56`; what cannot be read is said, and no balances are kept.
    fn balance(&mut self, field: &Field<'_>) -> (Option<String>, Option<Decimal>) {
        let text = field.lines.first().copied().unwrap_or_default().trim();
        let read = || {
            let negative = text.starts_with('D');
            let currency = field::currency(text.get(7..10)?, "60F").ok()?;
            let amount = amount(text.get(10..)?).ok()?;
            Some((currency, if negative { field::negated(amount).ok()? } else { amount }))
        };
        match read() {
            Some((currency, amount)) => (Some(currency), Some(amount)),
            None => {
                let place = Place::Line(field.line);
                self.sink.note(Note::NotRead { part: Excerpt::of(&format!("the balance :{}:", field.tag)), place });
                (None, None)
            }
        }
    }

    fn end_entry(&mut self) -> Result<(), ReadError> {
        let Some((entry, details)) = self.entry.take() else { return Ok(()) };
        let line = Line::read(&entry);
        if line.as_ref().is_ok_and(|line| line.expected) {
            self.sink.pending();
            return Ok(());
        }
        self.number += 1;
        let place = Place::Transaction { number: self.number, line: entry.line };
        let found = line.map(|line| {
            let details = details.map(|details| details::read(&details.lines)).unwrap_or_default();
            let said = if details.purpose.is_empty() { line.said } else { details.purpose };
            Transaction {
                date: line.date,
                amount: line.amount,
                currency: self.currency.clone(),
                description: said,
                counterparty: details.name,
                balance: None,
                account: Some(self.account.to_owned()),
                id: None,
            }
        });
        let found = self.running.follow(found);
        self.sink.take(place, found)
    }
}

/// A statement line, `:61:`.
struct Line {
    date: i32,
    amount: Decimal,
    /// Expected, not booked.
    expected: bool,
    /// What there is without details: the reference, or the second line.
    said: String,
}

impl Line {
    /// Value date YYMMDD, entry date MMDD (may be left out), direction, third letter of the currency (may be left out),
    /// amount, type of four characters, reference, `//` and the bank's reference; further words on the second line.
    fn read(field: &Field<'_>) -> Result<Self, RowProblem> {
        let text = field.lines.first().copied().unwrap_or_default().trim();
        let not_a = |expected| RowProblem::Field { cell: Excerpt::of(text), expected, field: ":61:" };
        let value = text.get(..6).ok_or_else(|| not_a("a statement line"))?;
        let rest = text.get(6..).unwrap_or_default();
        let (entry, rest) = match rest.get(..4).filter(|entry| entry.bytes().all(|byte| byte.is_ascii_digit())) {
            Some(entry) => (Some(entry), rest.get(4..).unwrap_or_default()),
            None => (None, rest),
        };
        let date = booked(value, entry).ok_or_else(|| not_a("a statement line with a date"))?;
        let (kind, rest) = match rest.as_bytes().first() {
            Some(kind @ (b'R' | b'E')) => (Some(*kind), rest.get(1..).unwrap_or_default()),
            _ => (None, rest),
        };
        let out = match rest.as_bytes().first() {
            Some(b'C') => false,
            Some(b'D') => true,
            _ => return Err(not_a("a statement line with a direction (C or D)")),
        };
        let rest = rest.get(1..).unwrap_or_default().trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
        let (written, rest) = rest.split_at(end);
        if rest.starts_with(|c: char| !c.is_ascii_alphabetic()) {
            return Err(not_a("a statement line with an amount and a type"));
        }
        let written = amount(written)?;
        // the reversal of a credit takes it back
        let negative = out != (kind == Some(b'R'));
        Ok(Self {
            date,
            amount: if negative { field::negated(written)? } else { written },
            expected: kind == Some(b'E'),
            said: said(rest, field.lines.get(1..).unwrap_or_default()),
        })
    }
}

/// The day of booking: the entry date in the year in which it is nearest to the value date; the value date without one.
fn booked(value: &str, entry: Option<&str>) -> Option<i32> {
    let (year, rest) = (value.get(..2)?, value.get(2..)?);
    let (month, day) = (rest.get(..2)?, rest.get(2..)?);
    let short: i32 = year.parse().ok().filter(|_| year.bytes().all(|byte| byte.is_ascii_digit()))?;
    // as SWIFT has it: 80 to 99 are of the last century
    let year = if short >= 80 { 1900 + short } else { 2000 + short };
    let on = |year: i32, month: &str, day: &str| date::parse(&format!("{year:04}-{month}-{day}"), DateForm::YearFirst);
    let value = on(year, month, day)?;
    let Some(entry) = entry else { return Some(value) };
    let near = |year: i32| on(year, entry.get(..2)?, entry.get(2..)?);
    [year - 1, year, year + 1].into_iter().filter_map(near).min_by_key(|entry| (entry - value).abs())
}

/// `1234,56` or `1234,`.
fn amount(text: &str) -> Result<Decimal, RowProblem> {
    let text = text.trim();
    let not_an = || RowProblem::Field { cell: Excerpt::of(text), expected: "an amount", field: ":61:" };
    let (whole, fraction) = text.split_once(',').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(not_an());
    }
    let plain = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    let problem = |problem| RowProblem::Amount { cell: Excerpt::of(text), problem, field: ":61:" };
    number::json(&plain).map_err(problem)
}

fn said(rest: &str, further: &[&str]) -> String {
    let further = field::words(&further.join(" "));
    if !further.is_empty() {
        return further;
    }
    let reference = rest.get(4..).and_then(|rest| rest.split("//").next()).unwrap_or_default().trim();
    if reference == "NONREF" { String::new() } else { field::words(reference) }
}

#[cfg(test)]
mod tests;
