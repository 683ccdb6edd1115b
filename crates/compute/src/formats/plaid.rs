//! Transactions as Plaid gives them: `{"transactions": [{"date": …, "amount": …}]}`, or the list alone.
//!
//! Source: Plaid's API reference, `/transactions/get` (plaid.com/docs/api/products/transactions). Its amounts are
//! positive when money moves out of the account; here money in is positive, so every sign is turned.

use super::{
    Excerpt, Format, Options, Place, ReadError, Reading, RowProblem, field, ledger,
    ledger::{Sink, Transaction},
    object::{self, Record},
};

/// The name of the list.
pub(super) const LIST: &str = "transactions";

pub(super) fn read(text: &str, options: &Options) -> Result<Reading, ReadError> {
    ledger::read(Format::Plaid, options, |sink| pass(text, sink))
}

fn pass(text: &str, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let found = object::for_each(text, LIST, &mut |position, record| {
        if record.is_true("pending") {
            sink.pending();
            return Ok(());
        }
        sink.take(Place::Item(position), transaction(&record))
    })?;
    if found { Ok(()) } else { Err(ReadError::NotThat { format: Format::Plaid }) }
}

fn transaction(record: &Record) -> Result<Transaction, RowProblem> {
    let record = record.checked()?;
    let out = field::plain_amount(field::needed(record.text("amount"), "amount")?, "amount")?;
    let currency = match (record.text("iso_currency_code"), record.text("unofficial_currency_code")) {
        (Some(code), _) => Some(field::currency(code, "iso_currency_code")?),
        (None, Some(other)) => {
            let expected = "a currency of ISO 4217";
            return Err(RowProblem::Field { cell: Excerpt::of(other), expected, field: "unofficial_currency_code" });
        }
        (None, None) => None,
    };
    Ok(Transaction {
        date: field::iso_day(field::needed(record.text("date"), "date")?, "date")?,
        amount: field::negated(out)?,
        currency,
        description: record
            .text("name")
            .or_else(|| record.text("original_description"))
            .map(field::words)
            .unwrap_or_default(),
        counterparty: record.text("merchant_name").map(field::words).unwrap_or_default(),
        balance: None,
        account: record.text("account_id").map(str::to_owned),
        id: record.text("transaction_id").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests;
