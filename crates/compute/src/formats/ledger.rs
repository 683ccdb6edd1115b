//! Transactions of any format become one table: date, amount, currency, description, counterparty, balance, account.
//!
//! A format hands over its transactions one by one, twice: the first pass learns how many digits amounts have, the
//! second builds the table, so that memory is the file and the finished chunks.

use super::{AccountKey, Excerpt, Format, Note, Options, Place, ReadError, Reading, RowProblem, rows::Rows};
use crate::table::{Cell, NumberType};
use protocol::{Column, ColumnType, Decimal, limits::CELL_SCALE};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};

/// Digits after the point that an amount column has at least: cents.
const CENTS: u8 = 2;
/// Notes that are kept one by one.
const NOTES: usize = 30;

/// One movement of money that is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transaction {
    /// Days since 1970-01-01 when it was booked, on the bank's calendar.
    pub(super) date: i32,
    /// Money in is positive.
    pub(super) amount: Decimal,
    pub(super) currency: Option<String>,
    pub(super) description: String,
    pub(super) counterparty: String,
    /// What is in the account afterwards, where the file tells.
    pub(super) balance: Option<Decimal>,
    /// Bank and number as the file has them; only its hash goes on.
    pub(super) account: Option<String>,
    /// What the bank calls it; one account has it once.
    pub(super) id: Option<String>,
}

/// Takes what a format finds.
pub(super) trait Sink {
    /// A transaction, or why it cannot be read.
    fn take(&mut self, place: Place, found: Result<Transaction, RowProblem>) -> Result<(), ReadError>;
    /// Something the owner should know.
    fn note(&mut self, note: Note);
    /// A pending transaction, which may still change: it is left out.
    fn pending(&mut self);
}

/// Reads a file of transactions: `pass` is called twice and must find the same each time.
pub(super) fn read(
    format: Format,
    options: &Options,
    mut pass: impl FnMut(&mut dyn Sink) -> Result<(), ReadError>,
) -> Result<Reading, ReadError> {
    let mut survey = Survey::default();
    pass(&mut survey)?;
    if survey.found == 0 {
        return Err(ReadError::NoTransactions { format, pending: survey.pending });
    }
    let mut ledger = Ledger::new(&survey, options)?;
    pass(&mut ledger)?;
    ledger.finish(format)
}

/// What the first pass learns.
#[derive(Default)]
struct Survey {
    found: u64,
    pending: u64,
    amounts: NumberType,
    balances: NumberType,
}

impl Sink for Survey {
    fn take(&mut self, _: Place, found: Result<Transaction, RowProblem>) -> Result<(), ReadError> {
        self.found += 1;
        if let Ok(transaction) = found {
            self.amounts.include(&transaction.amount);
            transaction.balance.iter().for_each(|balance| self.balances.include(balance));
        }
        Ok(())
    }

    fn note(&mut self, _: Note) {}

    fn pending(&mut self) {
        self.pending += 1;
    }
}

/// The second pass.
struct Ledger<'o> {
    rows: Rows,
    key: Option<&'o AccountKey>,
    currency: Option<&'o str>,
    currencies: BTreeSet<String>,
    /// Where each name of a transaction was seen first, by a hash of account and name.
    seen: HashMap<[u8; 16], Place>,
    /// The account of the transaction before, and its hash.
    account: Option<(String, String)>,
    notes: Vec<Note>,
    unlisted: u64,
    pending: u64,
}

impl<'o> Ledger<'o> {
    fn new(survey: &Survey, options: &'o Options) -> Result<Self, ReadError> {
        Ok(Self {
            rows: Rows::new(columns(survey)?, options)?,
            key: options.account_key.as_ref(),
            currency: options.currency.as_deref(),
            currencies: BTreeSet::new(),
            seen: HashMap::new(),
            account: None,
            notes: Vec::new(),
            unlisted: 0,
            pending: 0,
        })
    }

    fn finish(mut self, format: Format) -> Result<Reading, ReadError> {
        if self.pending > 0 {
            self.note(Note::Pending { count: self.pending });
        }
        if self.currencies.len() > 1 {
            let first =
                |currencies: BTreeSet<String>| currencies.into_iter().take(5).map(|c| Excerpt::of(&c)).collect();
            let currencies = first(std::mem::take(&mut self.currencies));
            self.note(Note::Currencies { currencies });
        }
        if self.unlisted > 0 {
            self.notes.push(Note::More { count: self.unlisted });
        }
        Ok(Reading { notes: self.notes, ..self.rows.finish(format)? })
    }

    /// The hash of an account; none without a key.
    fn hashed(&mut self, account: Option<&str>) -> Option<&str> {
        let (key, account) = (self.key?, account.filter(|account| !account.trim().is_empty())?);
        if self.account.as_ref().is_none_or(|(before, _)| before != account) {
            self.account = Some((account.to_owned(), key.hash(account)));
        }
        self.account.as_ref().map(|(_, hash)| hash.as_str())
    }

    /// Two transactions of one account have the same name: one may be the other once more, or a bank that numbers badly.
    fn recognise(&mut self, place: Place, transaction: &Transaction) {
        let Some(id) = transaction.id.as_deref().filter(|id| !id.trim().is_empty()) else { return };
        let account = transaction.account.as_deref().unwrap_or_default();
        let hash = Sha256::new().chain_update(account).chain_update([0]).chain_update(id.trim()).finalize();
        let Some(short) = hash.first_chunk::<16>() else { return };
        match self.seen.get(short).copied() {
            Some(first) => self.note(Note::SameId { first, again: place }),
            None => {
                self.seen.insert(*short, place);
            }
        }
    }
}

impl Sink for Ledger<'_> {
    fn take(&mut self, place: Place, found: Result<Transaction, RowProblem>) -> Result<(), ReadError> {
        let transaction = match found {
            Ok(transaction) => transaction,
            Err(problem) => return self.rows.push(place, Err(problem)),
        };
        self.recognise(place, &transaction);
        let currency = transaction.currency.as_deref().or(self.currency);
        if let Some(currency) = currency
            && !self.currencies.contains(currency)
        {
            self.currencies.insert(currency.to_owned());
        }
        let number = |number: Option<Decimal>| number.map_or(Cell::Absent, Cell::Number);
        let account = self.hashed(transaction.account.as_deref()).map(str::to_owned);
        let row = [
            Cell::Date(transaction.date),
            Cell::Number(transaction.amount),
            currency.map_or(Cell::Absent, Cell::Text),
            words(&transaction.description),
            words(&transaction.counterparty),
            number(transaction.balance),
            account.as_deref().map_or(Cell::Absent, Cell::Text),
        ];
        self.rows.push(place, Ok(&row))
    }

    fn note(&mut self, note: Note) {
        if self.notes.len() < NOTES {
            self.notes.push(note);
        } else {
            self.unlisted += 1;
        }
    }

    fn pending(&mut self) {
        self.pending += 1;
    }
}

fn words(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Absent } else { Cell::Text(text) }
}

/// The columns of every file of transactions, whatever its format.
fn columns(survey: &Survey) -> Result<Vec<Column>, ReadError> {
    let decimal = |of: NumberType| match of.column_type() {
        ColumnType::Decimal(scale) => ColumnType::Decimal(scale.clamp(CENTS, CELL_SCALE)),
        _ => ColumnType::Decimal(CENTS),
    };
    let all = [
        ("date", ColumnType::Date),
        ("amount", decimal(survey.amounts)),
        ("currency", ColumnType::Text),
        ("description", ColumnType::Text),
        ("counterparty", ColumnType::Text),
        ("balance", decimal(survey.balances)),
        ("account", ColumnType::Text),
    ];
    let column = |(position, (name, of)): (usize, (&str, ColumnType))| {
        let name = name.parse().map_err(|source| ReadError::ColumnName { position: position + 1, source })?;
        Ok(Column { name, of })
    };
    all.into_iter().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests;
