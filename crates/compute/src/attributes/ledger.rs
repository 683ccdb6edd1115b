//! Transactions in the order in which they were booked, as far as an attribute needs them.

use super::{
    Asked,
    classes::{self, Class, Classes},
    found::Lack,
    window::{self, Months, Window},
};
use crate::{
    chunk::ChunkError,
    kinds::{RunError, numbers},
};
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, StringArray},
    datatypes::Date32Type,
};
use protocol::{Attribute, Column};
use std::collections::HashMap;

/// Most transactions of one attribute: several lifetimes of a household, at some 64 bytes each.
const TRANSACTIONS: usize = 1_000_000;

/// One movement of money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transaction {
    /// Its position in the dataset.
    pub(super) row: u32,
    /// Days since 1970-01-01.
    pub(super) day: i32,
    /// In the column's smallest unit; money in is positive.
    pub(super) amount: i128,
    /// What is in the account afterwards, where that is known.
    pub(super) balance: Option<i128>,
    /// What its words mean.
    pub(super) classes: Classes,
    /// The other side, by a number of its own; none where the words name nobody.
    pub(super) payee: Option<u32>,
}

/// Transactions of one account in one currency, by day and within a day in the order in which they were booked.
pub(super) struct Ledger {
    pub(super) rows: Vec<Transaction>,
    /// Days of the first and the last transaction of the account, in whatever currency.
    pub(super) history: Window,
    /// Digits after the point of amounts and of balances.
    pub(super) amount_scale: u8,
    pub(super) balance_scale: u8,
}

impl Transaction {
    pub(super) fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// Money that came in and is of that class.
    pub(super) fn brings(&self, class: Class) -> bool {
        self.amount > 0 && self.is(class)
    }

    /// Money that went out and is of that class.
    pub(super) fn costs(&self, class: Class) -> bool {
        self.amount < 0 && self.is(class)
    }
}

impl<'a> Asked<'a> {
    /// The day on which the window ends.
    pub(super) fn end(&self) -> i32 {
        self.attribute.as_of.map_or(self.ledger.history.to, |day| day.days())
    }

    /// The window of an attribute that is asked over days.
    pub(super) fn days(&self) -> Result<Window, Lack> {
        window::days(self.attribute.days.unwrap_or_default(), self.end(), self.ledger.history)
    }

    /// The window of an attribute that is asked over months.
    pub(super) fn months(&self) -> Result<Months, Lack> {
        window::months(self.attribute.months.unwrap_or_default(), self.end(), self.ledger.history)
    }

    /// The transactions of a window.
    pub(super) fn within(&self, window: Window) -> impl Iterator<Item = &'a Transaction> + use<'a> {
        self.ledger.rows.iter().filter(move |row| window.has(row.day))
    }
}

/// Rows while they are read.
pub(super) struct Gathering {
    rows: Vec<Transaction>,
    /// Position of the next row.
    next: usize,
    history: Option<Window>,
    currency: Only,
    account: Only,
    marks: Vec<String>,
    /// What the words that were given mean.
    marked: Option<Class>,
    payees: HashMap<String, u32>,
    scales: (u8, u8),
    texts: bool,
    balances: bool,
}

/// A column of which one value is asked for, or of which there must be only one.
struct Only {
    asked: Option<String>,
    found: Option<Option<String>>,
    several: bool,
}

impl Only {
    fn new(asked: Option<String>) -> Self {
        Self { asked, found: None, several: false }
    }

    /// Whether a row with that value belongs.
    fn takes(&mut self, value: Option<&str>) -> bool {
        if let Some(asked) = &self.asked {
            return value == Some(asked);
        }
        match &self.found {
            None => self.found = Some(value.map(str::to_owned)),
            Some(found) if found.as_deref() != value => self.several = true,
            Some(_) => {}
        }
        true
    }
}

impl Gathering {
    pub(super) fn new(attribute: &Attribute, columns: &[&Column]) -> Self {
        let form = attribute.name.form();
        let scale = |at: usize| columns.get(at).map_or(0, |column| numbers::scale(column.of));
        let balance = if form.balances { scale(columns.len().saturating_sub(1)) } else { 0 };
        let only = |name: &Option<protocol::Name>| Only::new(name.as_ref().map(|name| name.as_str().to_owned()));
        Self {
            rows: Vec::new(),
            next: 0,
            history: None,
            currency: only(&attribute.currency),
            account: only(&attribute.account),
            marks: attribute.words.iter().map(|word| classes::plain(word.as_str())).collect(),
            marked: classes::marks(attribute.name),
            payees: HashMap::new(),
            scales: (scale(1), balance),
            texts: form.texts,
            balances: form.balances,
        }
    }

    pub(super) fn take(&mut self, arrays: &[ArrayRef]) -> Result<(), RunError> {
        let column = |at: usize| arrays.get(at).ok_or(ChunkError::Damaged("a column of the ledger is missing"));
        let days = column(0)?.as_primitive_opt::<Date32Type>().ok_or(ChunkError::Damaged("it holds no dates"))?;
        let amounts = numbers::Numbers::new(column(1)?)?;
        let (currencies, accounts) = (words(column(2)?)?, words(column(3)?)?);
        let texts = if self.texts { Some((words(column(4)?)?, words(column(5)?)?)) } else { None };
        let balances = match self.balances {
            true => Some(numbers::Numbers::new(column(if self.texts { 6 } else { 4 })?)?),
            false => None,
        };
        for at in 0..days.len() {
            let row = u32::try_from(self.next).unwrap_or(u32::MAX);
            self.next += 1;
            let (true, Some(amount)) = (days.is_valid(at), amounts.get(at)) else { continue };
            if !self.account.takes(text(accounts, at)) {
                continue;
            }
            let day = days.value(at);
            let history = self.history.unwrap_or(Window { from: day, to: day });
            self.history = Some(Window { from: history.from.min(day), to: history.to.max(day) });
            if !self.currency.takes(text(currencies, at)) {
                continue;
            }
            if self.rows.len() == TRANSACTIONS {
                let rows = self.rows.len() as u64 + 1;
                return Err(RunError::TooManyRows { rows, limit: TRANSACTIONS as u64 });
            }
            let balance = balances.as_ref().and_then(|balances| balances.get(at));
            let (classes, payee) = match texts {
                Some((of, by)) => self.read(text(of, at).unwrap_or_default(), text(by, at).unwrap_or_default()),
                None => (Classes::default(), None),
            };
            self.rows.push(Transaction { row, day, amount, balance, classes, payee });
        }
        Ok(())
    }

    /// What the words of a transaction mean, and whom they name.
    fn read(&mut self, description: &str, counterparty: &str) -> (Classes, Option<u32>) {
        let read = classes::Read::new(description, counterparty);
        let mut classes = read.classes();
        if let Some(class) = self.marked
            && self.marks.iter().any(|mark| read.says(mark))
        {
            classes.set(class);
        }
        let next = u32::try_from(self.payees.len()).unwrap_or(u32::MAX);
        let payee = read.payee().map(|name| *self.payees.entry(name).or_insert(next));
        (classes, payee)
    }

    /// The ledger, if it is one: of one currency and one account, with at least one transaction.
    pub(super) fn finish(mut self) -> Result<Ledger, Lack> {
        if self.currency.several {
            return Err(Lack::SeveralCurrencies);
        }
        if self.account.several {
            return Err(Lack::SeveralAccounts);
        }
        let (first, last) = (self.rows.first().map(|row| row.day), self.rows.last().map(|row| row.day));
        // some banks write the newest first, and then within a day too
        if first > last {
            self.rows.reverse();
        }
        self.rows.sort_by_key(|row| row.day);
        let history = self.history.filter(|_| !self.rows.is_empty()).ok_or(Lack::NoTransactions)?;
        let (amount_scale, balance_scale) = self.scales;
        Ok(Ledger { rows: self.rows, history, amount_scale, balance_scale })
    }
}

fn words(array: &ArrayRef) -> Result<&StringArray, ChunkError> {
    array.as_string_opt::<i32>().ok_or(ChunkError::Damaged("it holds no words"))
}

fn text(array: &StringArray, at: usize) -> Option<&str> {
    array.is_valid(at).then(|| array.value(at))
}
