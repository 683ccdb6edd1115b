//! Statements of OFX while they are read: which account, which currency, which transaction.

use crate::{
    formats::{
        Excerpt, Note, Options, Place, ReadError, RowProblem, field,
        ledger::{Sink, Transaction},
    },
    limits::CELL_BYTES,
};

/// Aggregates: elements that hold elements. What is not among them is an element with a value, or of no concern.
const AGGREGATES: &[&str] = &[
    "OFX",
    "SIGNONMSGSRSV1",
    "SONRS",
    "STATUS",
    "FI",
    "BANKMSGSRSV1",
    "STMTTRNRS",
    "STMTRS",
    "BANKACCTFROM",
    "BANKACCTTO",
    "BANKTRANLIST",
    "BANKTRANLISTP",
    "STMTTRN",
    "STMTTRNP",
    "PAYEE",
    "CURRENCY",
    "ORIGCURRENCY",
    "LEDGERBAL",
    "AVAILBAL",
    "BALLIST",
    "BAL",
    "CREDITCARDMSGSRSV1",
    "CCSTMTTRNRS",
    "CCSTMTRS",
    "CCACCTFROM",
    "CCACCTTO",
];
/// Sections whose transactions are of other kinds, and what they are called for people.
const NOT_READ: &[(&str, &str)] = &[
    ("INVSTMTMSGSRSV1", "a section on investments (INVSTMTMSGSRSV1)"),
    ("SECLISTMSGSRSV1", "a list of securities (SECLISTMSGSRSV1)"),
    ("LOANMSGSRSV1", "a section on loans (LOANMSGSRSV1)"),
    ("BILLPAYMSGSRSV1", "a section on payments to be made (BILLPAYMSGSRSV1)"),
    ("INTERXFERMSGSRSV1", "a section on transfers to be made (INTERXFERMSGSRSV1)"),
    ("WIREXFERMSGSRSV1", "a section on transfers to be made (WIREXFERMSGSRSV1)"),
    ("EMAILMSGSRSV1", "a section of messages (EMAILMSGSRSV1)"),
];
/// Elements of a transaction that are looked at.
const KEPT: &[&str] =
    &["DTPOSTED", "TRNAMT", "FITID", "NAME", "MEMO", "PAYEE.NAME", "CURRENCY.CURSYM", "ACCTBAL", "CORRECTFITID"];

/// What is known at one point of a file.
pub(super) struct Statement<'s> {
    options: &'s Options,
    sink: &'s mut dyn Sink,
    /// Aggregates that are open, the outermost first; none twice, so their number is bounded.
    open: Vec<&'static str>,
    /// The section that is not read, while it is open.
    skipping: Option<&'static str>,
    is_ofx: bool,
    /// The element whose value is read.
    leaf: Option<(String, String)>,
    currency: Option<String>,
    bank: String,
    account: String,
    number: u64,
    line: u64,
    parts: Vec<(&'static str, String)>,
}

impl<'s> Statement<'s> {
    pub(super) fn new(options: &'s Options, sink: &'s mut dyn Sink) -> Self {
        Self {
            options,
            sink,
            open: Vec::new(),
            skipping: None,
            is_ofx: false,
            leaf: None,
            currency: None,
            bank: String::new(),
            account: String::new(),
            number: 0,
            line: 0,
            parts: Vec::new(),
        }
    }

    pub(super) fn is_ofx(&self) -> bool {
        self.is_ofx
    }

    /// The innermost aggregate that was not closed.
    pub(super) fn left_open(&self) -> Option<&'static str> {
        self.skipping.or_else(|| self.open.last().copied())
    }

    pub(super) fn open(&mut self, tag: &str, line: u64) -> Result<(), ReadError> {
        self.end_leaf();
        let tag = tag.to_ascii_uppercase();
        if self.skipping.is_some() {
            return Ok(());
        }
        if let Some((section, part)) = NOT_READ.iter().find(|(section, _)| *section == tag) {
            self.sink.note(Note::NotRead { part: Excerpt::whole(part), place: Place::Line(line) });
            self.skipping = Some(section);
            return Ok(());
        }
        let Some(aggregate) = AGGREGATES.iter().copied().find(|aggregate| *aggregate == tag) else {
            self.leaf = Some((tag, String::new()));
            return Ok(());
        };
        // a statement within a statement, a transaction within a transaction: the one before was not closed
        self.end(aggregate)?;
        self.open.push(aggregate);
        match aggregate {
            "OFX" => self.is_ofx = true,
            "STMTRS" | "CCSTMTRS" => {
                self.currency = None;
                self.bank.clear();
                self.account.clear();
            }
            "STMTTRN" | "STMTTRNP" => {
                self.number += u64::from(aggregate == "STMTTRN");
                self.line = line;
                self.parts.clear();
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some((_, value)) = &mut self.leaf
            && value.len() <= CELL_BYTES
        {
            value.push_str(text);
        }
    }

    pub(super) fn close(&mut self, tag: &str) -> Result<(), ReadError> {
        self.end_leaf();
        let tag = tag.to_ascii_uppercase();
        match self.skipping {
            Some(section) if section == tag => self.skipping = None,
            Some(_) => {}
            None => self.end(&tag)?,
        }
        Ok(())
    }

    /// Closes an aggregate, and those within it that were not closed; nothing if it is not open.
    fn end(&mut self, aggregate: &str) -> Result<(), ReadError> {
        while self.open.contains(&aggregate) {
            match self.open.pop() {
                Some("STMTTRN") => self.end_transaction()?,
                Some("STMTTRNP") => self.sink.pending(),
                _ => {}
            }
        }
        Ok(())
    }

    /// Gives the value that was read to what it belongs to.
    fn end_leaf(&mut self) {
        let Some((tag, value)) = self.leaf.take() else { return };
        let value = value.trim();
        if value.is_empty() || self.skipping.is_some() {
            return;
        }
        let within = self.open.last().copied().unwrap_or_default();
        match (within, tag.as_str()) {
            ("STMTRS" | "CCSTMTRS", "CURDEF") => self.currency = Some(value.to_owned()),
            ("BANKACCTFROM" | "CCACCTFROM", "BANKID" | "BRANCHID") => {
                self.bank.push_str(value);
                self.bank.push('/');
            }
            ("BANKACCTFROM" | "CCACCTFROM", "ACCTID") => value.clone_into(&mut self.account),
            ("STMTTRN", tag) => self.keep(tag, value),
            ("PAYEE" | "CURRENCY", tag) if self.open.contains(&"STMTTRN") => {
                self.keep(&format!("{within}.{tag}"), value);
            }
            _ => {}
        }
    }

    /// Keeps an element of the transaction; the first of a name counts.
    fn keep(&mut self, name: &str, value: &str) {
        if let Some(kept) = KEPT.iter().find(|kept| **kept == name)
            && self.part(kept).is_none()
        {
            self.parts.push((kept, value.to_owned()));
        }
    }

    fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.as_str())
    }

    fn end_transaction(&mut self) -> Result<(), ReadError> {
        let place = Place::Transaction { number: self.number, line: self.line };
        if self.part("CORRECTFITID").is_some() {
            self.sink.note(Note::Correction { place });
        }
        let found = self.transaction();
        self.sink.take(place, found)
    }

    fn transaction(&self) -> Result<Transaction, RowProblem> {
        let mark = self.options.decimal_mark;
        let date = field::compact_day(field::needed(self.part("DTPOSTED"), "DTPOSTED")?, "DTPOSTED")?;
        let amount = field::amount(field::needed(self.part("TRNAMT"), "TRNAMT")?, "TRNAMT", mark)?;
        let currency = match (self.part("CURRENCY.CURSYM"), self.currency.as_deref()) {
            (Some(own), _) => Some(field::currency(own, "CURSYM")?),
            (None, Some(of_statement)) => Some(field::currency(of_statement, "CURDEF")?),
            (None, None) => None,
        };
        let balance = self.part("ACCTBAL").map(|balance| field::amount(balance, "ACCTBAL", mark)).transpose()?;
        let name = self.part("NAME").or_else(|| self.part("PAYEE.NAME")).map(field::words).unwrap_or_default();
        Ok(Transaction {
            date,
            amount,
            currency,
            description: self.part("MEMO").map_or_else(|| name.clone(), field::words),
            counterparty: name,
            balance,
            account: (!self.account.is_empty()).then(|| format!("{}{}", self.bank, self.account)),
            id: self.part("FITID").map(str::to_owned),
        })
    }
}
