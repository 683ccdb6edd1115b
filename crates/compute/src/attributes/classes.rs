//! What the words of a transaction mean: tables of phrases, of which one must be there as whole words.
//!
//! Conservative on purpose: what no table names belongs to no class, so that a number is rather too small than made up.
//! The phrases are those of banks' statements in English, German, French, Spanish and Italian. The classes follow Plaid's
//! personal finance categories (`BANK_FEES_INSUFFICIENT_FUNDS`, `INCOME_WAGES`, `RENT_AND_UTILITIES_RENT` …), whose names
//! and descriptions are public; the phrases are ours.

use protocol::{AttributeName, Words};

/// What a transaction can be. One may be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A payment that was returned unpaid, or the fee for it.
    Returned,
    /// A fee or interest for an overdraft.
    Overdraft,
    /// Any fee of the bank, the two above among them.
    Fee,
    /// Cash taken out.
    Cash,
    /// Gambling.
    Gambling,
    /// Wages, pensions and benefits.
    Income,
    /// Rent of a home.
    Rent,
    /// Payments of a debt: loans, mortgages, credit cards.
    Debt,
    /// What the words that were given with the request mark.
    Marked,
}

/// The classes of one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u16);

impl Classes {
    pub(super) fn set(&mut self, class: Class) {
        self.0 |= class.bit();
    }

    pub(super) fn has(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }
}

const RETURNED: &[&str] = &[
    "nsf",
    "non sufficient funds",
    "nonsufficient funds",
    "insufficient funds",
    "not sufficient funds",
    "returned item",
    "returned check",
    "returned cheque",
    "returned payment",
    "returned ach",
    "return item fee",
    "return item charge",
    "returned deposited item",
    "unpaid item",
    "unpaid direct debit",
    "unpaid cheque",
    "dishonour fee",
    "dishonored check",
    "dishonoured",
    "bounced check",
    "rücklastschrift",
    "ruecklastschrift",
    "rücklastschriftgebühr",
    "retourenentgelt",
    "rejet de prélèvement",
    "frais de rejet",
    "devolución recibo",
    "addebito insoluto",
];
const OVERDRAFT: &[&str] = &[
    "overdraft",
    "overdraft fee",
    "od fee",
    "overdrawn",
    "unarranged borrowing",
    "überziehungszins",
    "überziehungszinsen",
    "überziehung",
    "dispozinsen",
    "dispositionszinsen",
    "commission d intervention",
    "agios",
    "descubierto",
    "scoperto di conto",
];
/// Words that make an overdraft none: money moved so that there is none.
const NO_OVERDRAFT: &[&str] =
    &["overdraft protection", "overdraft transfer", "transfer from overdraft", "overdraft sweep", "overdraft advance"];
const FEE: &[&str] = &[
    "service charge",
    "service fee",
    "monthly fee",
    "maintenance fee",
    "account fee",
    "bank fee",
    "atm fee",
    "foreign transaction fee",
    "wire fee",
    "late fee",
    "kontoführung",
    "kontoführungsgebühr",
    "entgeltabschluss",
    "frais bancaires",
    "frais de tenue de compte",
    "comisión",
    "commissioni",
    "canone mensile",
];
const CASH: &[&str] = &[
    "atm",
    "atm withdrawal",
    "cash withdrawal",
    "cash advance",
    "cashpoint",
    "geldautomat",
    "bargeldauszahlung",
    "auszahlung geldautomat",
    "bancomat",
    "prelievo",
    "retrait dab",
    "retrait",
    "cajero",
    "reintegro",
];
/// Words that make it no cash.
const NO_CASH: &[&str] = &["atm fee", "atm surcharge", "atm deposit", "cash deposit"];
const GAMBLING: &[&str] = &[
    "casino",
    "sportsbook",
    "betting",
    "bookmaker",
    "lottery",
    "lotto",
    "draftkings",
    "fanduel",
    "bet365",
    "betmgm",
    "ladbrokes",
    "paddy power",
    "pokerstars",
    "william hill",
    "tipico",
    "bwin",
    "unibet",
    "spielbank",
    "wettbüro",
    "gambling",
];
const INCOME: &[&str] = &[
    "payroll",
    "salary",
    "wages",
    "wage",
    "direct dep",
    "direct deposit",
    "dir dep",
    "pension",
    "social security",
    "ssa treas",
    "ssi treas",
    "unemployment benefit",
    "unemployment insurance",
    "universal credit",
    "child benefit",
    "lohn",
    "gehalt",
    "lohn gehalt",
    "bezüge",
    "besoldung",
    "rente",
    "kindergeld",
    "elterngeld",
    "arbeitslosengeld",
    "salaire",
    "allocations familiales",
    "retraite",
    "nómina",
    "nomina",
    "pensión",
    "stipendio",
    "pensione",
];
const RENT: &[&str] = &[
    "rent",
    "rent payment",
    "rental payment",
    "apartment rent",
    "landlord",
    "letting agent",
    "miete",
    "kaltmiete",
    "warmmiete",
    "mietzahlung",
    "loyer",
    "alquiler",
    "affitto",
    "canone di locazione",
];
/// Words that make it no rent of a home.
const NO_RENT: &[&str] = &[
    "rent a car",
    "car rent",
    "rent a",
    "rental car",
    "rent the runway",
    "rent tool",
    "movie rent",
    "video rent",
    "equipment rent",
];
const DEBT: &[&str] = &[
    "loan",
    "loan payment",
    "loan pmt",
    "student loan",
    "auto loan",
    "car loan",
    "personal loan",
    "mortgage",
    "mortgage payment",
    "credit card payment",
    "credit card pmt",
    "card payment thank you",
    "cc payment",
    "autopay card",
    "auto finance",
    "kredit",
    "kreditrate",
    "darlehen",
    "ratenkredit",
    "tilgung",
    "prêt",
    "échéance prêt",
    "hipoteca",
    "préstamo",
    "mutuo",
    "rata mutuo",
    "finanziamento",
];

impl Class {
    /// Every class that has a table.
    pub const ALL: [Self; 8] =
        [Self::Returned, Self::Overdraft, Self::Fee, Self::Cash, Self::Gambling, Self::Income, Self::Rent, Self::Debt];

    fn bit(self) -> u16 {
        match self {
            Self::Returned => 1,
            Self::Overdraft => 2,
            Self::Fee => 4,
            Self::Cash => 8,
            Self::Gambling => 16,
            Self::Income => 32,
            Self::Rent => 64,
            Self::Debt => 128,
            Self::Marked => 256,
        }
    }

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned payment",
            Self::Overdraft => "overdraft",
            Self::Fee => "fee of the bank",
            Self::Cash => "cash withdrawal",
            Self::Gambling => "gambling",
            Self::Income => "income",
            Self::Rent => "rent",
            Self::Debt => "debt payment",
            Self::Marked => "marked",
        }
    }
}

/// The phrases of a class, of which one must be there, and those of which none may be.
#[must_use]
pub fn phrases(class: Class) -> (&'static [&'static str], &'static [&'static str]) {
    match class {
        Class::Returned => (RETURNED, &[]),
        Class::Overdraft => (OVERDRAFT, NO_OVERDRAFT),
        Class::Fee => (FEE, &[]),
        Class::Cash => (CASH, NO_CASH),
        Class::Gambling => (GAMBLING, &[]),
        Class::Income => (INCOME, &[]),
        Class::Rent => (RENT, NO_RENT),
        Class::Debt => (DEBT, &[]),
        Class::Marked => (&[], &[]),
    }
}

/// What the words given with an attribute mark; none where it has no words.
#[must_use]
pub fn marks(name: AttributeName) -> Option<Class> {
    (name.form().words != Words::None).then(|| marked(name))
}

pub(super) fn marked(name: AttributeName) -> Class {
    match name {
        AttributeName::AverageMonthlyRent
        | AttributeName::RentToIncome
        | AttributeName::RentOnTimeRatio
        | AttributeName::LongestLateRentStreak => Class::Rent,
        AttributeName::BillOnTimeRatio => Class::Marked,
        _ => Class::Income,
    }
}

/// The words of one transaction, made plain.
pub(super) struct Read {
    all: String,
    payee: String,
}

impl Read {
    pub(super) fn new(description: &str, counterparty: &str) -> Self {
        let (description, counterparty) = (plain(description), plain(counterparty));
        let payee = if counterparty.trim().is_empty() { description.clone() } else { counterparty.clone() };
        // the bar keeps a phrase from beginning in one column and ending in the other
        Self { all: format!("{description}|{counterparty}"), payee }
    }

    /// Whether these plain words are there.
    pub(super) fn says(&self, plain: &str) -> bool {
        !plain.trim().is_empty() && self.all.contains(plain)
    }

    pub(super) fn classes(&self) -> Classes {
        let mut classes = Classes::default();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| self.says(&format!(" {phrase} ")));
        for class in Class::ALL {
            let (any, none) = phrases(class);
            if says(any) && !says(none) {
                classes.set(class);
            }
        }
        if classes.has(Class::Returned) || classes.has(Class::Overdraft) {
            classes.set(Class::Fee);
        }
        classes
    }

    /// Whom the words name: without those that hold a digit, which are dates, cards and references.
    pub(super) fn payee(&self) -> Option<String> {
        let words = self.payee.split_whitespace().filter(|word| !word.chars().any(char::is_numeric));
        let name: Vec<_> = words.collect();
        (!name.is_empty()).then(|| name.join(" "))
    }
}

/// Lower case, one space between words and around them, and nothing but letters and digits.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 2);
    plain.push(' ');
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            plain.push(character);
        } else if !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}
