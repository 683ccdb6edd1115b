//! Transactions as the Financial Data Exchange defines them: `{"transactions": [{"depositTransaction": {…}}]}`, and since
//! version 5 the same without the inner name.
//!
//! Source: FDX API, schemas `Transaction`, `DepositTransaction`, `LineOfCreditTransaction`, `LoanTransaction`
//! (financialdataexchange.org). Amounts there have no direction; `debitCreditMemo` has. Only what is posted is read.

use super::{
    Excerpt, Format, Note, Options, Place, ReadError, Reading, RowProblem, field, ledger,
    ledger::{Sink, Transaction},
    object::{self, Record},
};

/// Names around a transaction whose parts are those of an account with a balance.
const READ: &[&str] = &["depositTransaction", "locTransaction", "loanTransaction"];
/// Names around transactions of other kinds.
const NOT_READ: &[&str] = &["investmentTransaction", "insuranceTransaction", "commercialTransaction"];
/// What only FDX has: how it is told from others.
pub(super) const MARKS: &[&str] =
    &["\"depositTransaction\"", "\"locTransaction\"", "\"loanTransaction\"", "\"debitCreditMemo\""];
const LIST: &str = "transactions";

pub(super) fn read(text: &str, options: &Options) -> Result<Reading, ReadError> {
    ledger::read(Format::Fdx, options, |sink| pass(text, sink))
}

fn pass(text: &str, sink: &mut dyn Sink) -> Result<(), ReadError> {
    let found = object::for_each(text, LIST, &mut |position, record| {
        let place = Place::Item(position);
        if let Some(kind) = record.within(NOT_READ) {
            sink.note(Note::NotRead { part: Excerpt::whole(kind), place });
            return Ok(());
        }
        let of = Parts { record: &record, within: record.within(READ) };
        match of.text("status") {
            Some("PENDING" | "MEMO" | "AUTHORIZATION") => {
                sink.pending();
                Ok(())
            }
            _ => sink.take(place, of.transaction()),
        }
    })?;
    if found { Ok(()) } else { Err(ReadError::NotThat { format: Format::Fdx }) }
}

/// A transaction, whether or not its parts are within a name.
struct Parts<'r> {
    record: &'r Record,
    within: Option<&'static str>,
}

impl Parts<'_> {
    fn text(&self, part: &str) -> Option<&str> {
        match self.within {
            Some(within) => self.record.text(&format!("{within}.{part}")),
            None => self.record.text(part),
        }
    }

    fn transaction(&self) -> Result<Transaction, RowProblem> {
        self.record.checked()?;
        let day = self.text("postedTimestamp").or_else(|| self.text("transactionTimestamp"));
        let written = field::plain_amount(field::needed(self.text("amount"), "amount")?, "amount")?;
        let out = match field::needed(self.text("debitCreditMemo"), "debitCreditMemo")? {
            "DEBIT" => true,
            "CREDIT" => false,
            other => {
                let expected = "DEBIT or CREDIT";
                return Err(RowProblem::Field { cell: Excerpt::of(other), expected, field: "debitCreditMemo" });
            }
        };
        let turned = out == (written.mantissa() > 0);
        let currency = self.text("currency.currencyCode").or_else(|| self.text("currency"));
        let description = self.text("description").or_else(|| self.text("memo"));
        Ok(Transaction {
            date: field::iso_day(field::needed(day, "postedTimestamp")?, "postedTimestamp")?,
            amount: if turned { field::negated(written)? } else { written },
            currency: currency.map(|code| field::currency(code, "currency")).transpose()?,
            description: description.map(field::words).unwrap_or_default(),
            counterparty: self.text("payee").map(field::words).unwrap_or_default(),
            balance: None,
            account: self.text("accountId").map(str::to_owned),
            id: self.text("transactionId").map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests;
