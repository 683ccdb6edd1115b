//! What a made-up cell looks like, decided by the name and type of its column.

use crate::table::Cell;
use protocol::{Column, ColumnType, Decimal};

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): what a seed makes must
/// not change with a library's version.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `sides`, which is not 0.
    fn below(&mut self, sides: u64) -> u64 {
        self.throw() % sides.max(1)
    }

    /// A number of `low` to `high`, with at most two digits after the point.
    fn number(&mut self, low: i64, high: i64, scale: u8) -> Made {
        let unit = 10_i128.pow(u32::from(scale.min(2)));
        let steps = u64::try_from(i128::from(high - low) * unit).unwrap_or_default();
        let made = i128::from(low) * unit + i128::from(self.below(steps + 1));
        Decimal::new(made, scale.min(2)).map_or(Made::Absent, Made::Number)
    }
}

/// What happens on a made-up account: the words, and between which amounts.
const HAPPENS: [(&str, i64, i64); 6] = [
    ("mock salary", 1500, 4000),
    ("mock rent", -1500, -600),
    ("mock groceries", -150, -20),
    ("mock electricity", -120, -30),
    ("mock insurance", -90, -15),
    ("mock transfer", -300, 300),
];

/// 2025-01-01, in days since 1970.
const FIRST_DAY: i32 = 20_089;

/// What kind of table it is.
pub(super) struct Story {
    /// Of an account: money comes in and goes out.
    ledger: bool,
}

impl Story {
    pub(super) fn of(columns: &[Column]) -> Self {
        let named = |words: &[&str]| columns.iter().any(|column| like(column, words));
        Self {
            ledger: named(&["balance", "saldo", "counterparty"]) || (named(&["description"]) && named(&["currency"])),
        }
    }

    /// What happens in one row.
    pub(super) fn turn(&self, row: u64, rows: u64, dice: &mut Dice) -> Turn {
        let step = (365 / rows.max(1)).max(1);
        let day = row.saturating_mul(step) + dice.below(step);
        let happens = usize::try_from(dice.below(HAPPENS.len() as u64)).ok().and_then(|at| HAPPENS.get(at));
        let date = i32::try_from(day).unwrap_or_default();
        Turn { row, date: FIRST_DAY + date, happens: happens.copied(), ledger: self.ledger }
    }
}

/// One row.
pub(super) struct Turn {
    row: u64,
    date: i32,
    happens: Option<(&'static str, i64, i64)>,
    ledger: bool,
}

/// A cell that was made up.
pub(super) enum Made {
    Absent,
    Number(Decimal),
    Date(i32),
    Text(String),
    Boolean(bool),
}

impl Made {
    pub(super) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Absent => Cell::Absent,
            Self::Number(number) => Cell::Number(*number),
            Self::Date(days) => Cell::Date(*days),
            Self::Text(text) => Cell::Text(text),
            Self::Boolean(yes) => Cell::Boolean(*yes),
        }
    }
}

impl Turn {
    /// The cell of a column.
    pub(super) fn cell(&self, column: &Column, dice: &mut Dice) -> Made {
        match column.of {
            ColumnType::Date => Made::Date(self.date),
            ColumnType::Boolean => Made::Boolean(dice.below(4) != 0),
            ColumnType::Text => Made::Text(self.text(column, dice)),
            ColumnType::Integer => self.number(column, 0, dice),
            ColumnType::Decimal(scale) => self.number(column, scale, dice),
        }
    }

    fn number(&self, column: &Column, scale: u8, dice: &mut Dice) -> Made {
        let (low, high) = match self.happens {
            Some((_, low, high)) if self.ledger && like(column, &["amount", "betrag"]) => (low, high),
            _ if like(column, &["balance", "saldo", "solde"]) => (200, 5000),
            _ if like(column, &["year", "jahr"]) => (2020, 2025),
            _ if like(column, &["month", "monat"]) => (1, 12),
            _ if like(column, &["rate", "share", "percent"]) => (0, 100),
            _ if like(column, &["income", "salary", "wage"]) => (1500, 4000),
            _ if like(column, &["rent", "miete"]) => (600, 1500),
            _ if like(column, &["count", "number"]) => (1, 20),
            _ => (20, 200),
        };
        dice.number(low, high, scale)
    }

    fn text(&self, column: &Column, dice: &mut Dice) -> String {
        let letter = |dice: &mut Dice| char::from(b'A' + u8::try_from(dice.below(5)).unwrap_or_default());
        match self.happens {
            _ if like(column, &["currency"]) => "EUR".to_owned(),
            _ if like(column, &["account", "iban"]) => "mock account".to_owned(),
            Some((words, ..)) if like(column, &["description", "memo", "note"]) => words.to_owned(),
            _ if like(column, &["counterparty", "payee", "supplier"]) => format!("mock company {}", letter(dice)),
            _ if like(column, &["id", "reference"]) => format!("mock {}", self.row + 1),
            _ => format!("mock {}", letter(dice)),
        }
    }
}

/// Whether a column is called like one of these.
fn like(column: &Column, words: &[&str]) -> bool {
    let name = column.name.as_str().to_lowercase();
    let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|word| parts.contains(word))
}
