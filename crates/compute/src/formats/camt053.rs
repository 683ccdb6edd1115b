//! camt.053, the bank statement of ISO 20022, in every version (`camt.053.001.02` and later).
//!
//! Source: ISO 20022 message definitions, `BankToCustomerStatement`. Versions differ in where a party's name and a
//! status stand; both places are looked at. What is booked is read; `CdtDbtInd` is the direction of the entry as it is
//! booked, reversed or not. A batch becomes its payments where they add up to it.

mod entry;

use super::{
    Format, Note, Options, Place, ReadError, Reading,
    balance::{Balances, Running},
    element::{Element, local},
    encoding, field, ledger,
    ledger::Sink,
    markup::{Markup, Piece},
};
use protocol::Decimal;

/// What the file is called in its namespace, in lower case.
pub(super) const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.";
/// Messages of the same family that are no statement, and what they are.
pub(super) const OTHERS: &[(&str, &str)] = &[
    ("urn:iso:std:iso:20022:tech:xsd:camt.052.", "a report of the day (camt.052), which may still change"),
    ("urn:iso:std:iso:20022:tech:xsd:camt.054.", "a note about single payments (camt.054)"),
];

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    let decoded = encoding::xml(bytes)?;
    let balances = Balances::of(|sink, running| pass(&decoded.text, sink, running))?;
    ledger::read(Format::Camt053, options, |sink| {
        decoded.encoding.into_iter().for_each(|encoding| sink.note(Note::Encoding { encoding }));
        let mut scratch = Vec::new();
        pass(&decoded.text, sink, &mut balances.running(&mut scratch))
    })
}

/// Goes through a file once, entry by entry.
fn pass(text: &str, sink: &mut dyn Sink, running: &mut Running<'_>) -> Result<(), ReadError> {
    let mut markup = Markup::strict(text);
    let mut open: Vec<String> = Vec::new();
    let mut statement = Statement::default();
    let mut statements = 0_u64;
    loop {
        match markup.next()? {
            Piece::Open(tag) => {
                let name = local(tag.name().0).to_owned();
                let path: Vec<&str> = open.iter().map(String::as_str).collect();
                match (path.as_slice(), name.as_str()) {
                    ([], "Document") | (["Document"], "BkToCstmrStmt") => open.push(name),
                    ([], _) => return Err(ReadError::NotThat { format: Format::Camt053 }),
                    (["Document", "BkToCstmrStmt"], "Stmt") => {
                        statements += 1;
                        statement = Statement { number: statement.number, ..Statement::default() };
                        running.begin(Place::Line(markup.line()), sink);
                        open.push(name);
                    }
                    (["Document", "BkToCstmrStmt", "Stmt"], _) => {
                        let element = Element::read(&mut markup, &tag)?;
                        statement.part(&element, sink, running)?;
                    }
                    _ => {
                        Element::read(&mut markup, &tag)?;
                    }
                }
            }
            Piece::Close(_) => {
                open.pop();
            }
            Piece::Text(_) => {}
            Piece::End => break,
        }
    }
    match open.last() {
        Some(within) => Err(markup.cut_off(&format!("<{within}>"))),
        None if statements == 0 => Err(ReadError::NotThat { format: Format::Camt053 }),
        None => Ok(()),
    }
}

/// What is known of a statement while its entries come.
#[derive(Default)]
struct Statement {
    account: Option<String>,
    currency: Option<String>,
    number: u64,
}

impl Statement {
    fn part(&mut self, part: &Element, sink: &mut dyn Sink, running: &mut Running<'_>) -> Result<(), ReadError> {
        match part.name.as_str() {
            "Acct" => {
                let number = part.text_at("Id/IBAN").or_else(|| part.text_at("Id/Othr/Id"));
                self.account = number.map(str::to_owned);
                self.currency = part.text_at("Ccy").map(str::to_owned);
                Ok(())
            }
            "Bal" => {
                let amount = balance(part);
                match part.text_at("Tp/CdOrPrtry/Cd") {
                    Some("OPBD" | "PRCD") => running.state(amount, None),
                    Some("CLBD") => running.state(None, amount),
                    _ => {}
                }
                Ok(())
            }
            "Ntry" => self.entry(part, sink, running),
            _ => Ok(()),
        }
    }

    fn entry(&mut self, entry: &Element, sink: &mut dyn Sink, running: &mut Running<'_>) -> Result<(), ReadError> {
        let status = entry.text_at("Sts/Cd").or_else(|| entry.text_at("Sts")).unwrap_or("BOOK");
        if status != "BOOK" {
            sink.pending();
            return Ok(());
        }
        for found in entry::transactions(entry, self.account.as_deref(), self.currency.as_deref()) {
            self.number += 1;
            let place = Place::Transaction { number: self.number, line: entry.line };
            sink.take(place, running.follow(found))?;
        }
        Ok(())
    }
}

/// A balance with its sign; `None` if it is not one.
fn balance(part: &Element) -> Option<Decimal> {
    let amount = field::plain_amount(part.text_at("Amt")?, "Amt").ok()?;
    match part.text_at("CdtDbtInd")? {
        "CRDT" => Some(amount),
        "DBIT" => field::negated(amount).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
