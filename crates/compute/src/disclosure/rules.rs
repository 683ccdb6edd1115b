//! Rules on one outcome. The prompt shows the notes; a refusal stops the release.
//!
//! Rules are the owner's own, per dataset. She may set one aside for the request in front of her, in words; a standing
//! grant never does.

use crate::kinds::{Disclosure, discloses};
use protocol::{Computation, Decimal};

/// Rows below which a number says much about each of them, whatever the minimum is.
pub const FEW_ROWS: u64 = 10;
/// Percent of a sum that one row may make unless the owner says otherwise.
pub const DOMINANCE: u8 = 90;
/// Largest minimum that makes sense: more would refuse nearly every household's data for a slip of the finger.
pub const MOST_ROWS: u64 = 1_000_000;

/// The owner's rules for one dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Fewest rows, and fewest values present, that anything is computed over.
    pub minimum_rows: u64,
    /// Fewest values in a group or a bin that is told of; the others are left out, or say only that they are few.
    pub smallest_group: u64,
    /// Whether a kind whose outcome is a row (smallest, largest, median, quantile) may leave.
    pub rows_may_leave: bool,
    /// Percent of a sum (of the values' magnitudes) that one row may make at most; 100 lets any.
    pub dominance: u8,
    /// Every number is rounded to a multiple of this before it leaves.
    pub round_to: Option<Decimal>,
}

impl Default for Rules {
    /// Five rows at least, in each group too; rows may leave, with a note; no row makes more than 90 % of a sum.
    fn default() -> Self {
        Self { minimum_rows: 5, smallest_group: 5, rows_may_leave: true, dominance: DOMINANCE, round_to: None }
    }
}

impl Rules {
    /// Whether these rules make sense.
    ///
    /// # Errors
    /// Which one does not, and what would.
    pub fn validate(&self) -> Result<(), (&'static str, &'static str)> {
        let rows = 1..=MOST_ROWS;
        if !rows.contains(&self.minimum_rows) {
            return Err(("minimum_rows", "between 1 and 1,000,000"));
        }
        if !rows.contains(&self.smallest_group) {
            return Err(("smallest_group", "between 1 and 1,000,000"));
        }
        if !(50..=100).contains(&self.dominance) {
            return Err(("dominance", "between 50 and 100 percent; 100 lets one row make the whole sum"));
        }
        match self.round_to {
            Some(step) if step.mantissa() <= 0 => Err(("round_to", "above 0")),
            _ => Ok(()),
        }
    }
}

/// What the rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Rows of the dataset: in the catalog, hence public.
    pub rows: u64,
    /// Values that stand behind the outcome, once known (of groups, behind the smallest told of): not public.
    pub values: Option<u64>,
    /// Whether one row makes more of the sum behind the outcome than it may.
    pub dominated: bool,
}

/// What the rules say.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Set if the outcome must not leave.
    pub refused: Option<Refusal>,
    /// What the prompt says beside the outcome.
    pub notes: Vec<Note>,
}

/// Why an outcome must not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The dataset has fewer rows than the owner's minimum.
    TooFewRows {
        /// Rows there are.
        rows: u64,
        /// The owner's minimum.
        minimum: u64,
    },
    /// Fewer values stand behind the outcome than the owner's minimum.
    TooFewValues {
        /// Values present.
        values: u64,
        /// The owner's minimum.
        minimum: u64,
    },
    /// The outcome is a row, and rows may not leave.
    RowsStay,
    /// One row makes nearly all of the sum.
    Dominated {
        /// Percent that one row may make.
        percent: u8,
    },
    /// Together with what they have, it fixes something about few rows.
    Fixes {
        /// How few.
        rows: u64,
        /// The owner's smallest group.
        smallest: u64,
    },
    /// They have the same of nearly the same rows.
    NearlyTheSame {
        /// Rows that are in one and not in the other.
        rows: u64,
        /// The owner's smallest group.
        smallest: u64,
    },
    /// More numbers than may be told about so few rows while nobody looks.
    TooManyNumbers {
        /// Numbers there would be.
        numbers: u64,
        /// Rows of the dataset.
        rows: u64,
        /// Most numbers that may be told of them.
        most: u64,
    },
    /// More numbers than the ledger follows.
    LedgerFull,
}

/// What the prompt says beside the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The outcome is a row.
    IsARow,
    /// So few rows that the outcome says much about each.
    FewRows {
        /// Their number.
        rows: u64,
    },
    /// Nobody but the owner vouches for the rows.
    SelfAsserted,
}

/// Applies the rules to a computation. `overridden`: the owner has set the rules aside, in words, for this request.
#[must_use]
pub fn check(computation: &Computation, facts: &Facts, rules: &Rules, overridden: bool) -> Verdict {
    let discloses = discloses(computation);
    let counted = facts.values.unwrap_or(facts.rows).min(facts.rows);
    let mut notes = Vec::new();
    if discloses == Disclosure::Row {
        notes.push(Note::IsARow);
    }
    if counted < FEW_ROWS.max(rules.minimum_rows) {
        notes.push(Note::FewRows { rows: counted });
    }
    notes.push(Note::SelfAsserted);
    Verdict { refused: if overridden { None } else { refusal(discloses, facts, rules) }, notes }
}

fn refusal(discloses: Disclosure, facts: &Facts, rules: &Rules) -> Option<Refusal> {
    let minimum = rules.minimum_rows;
    if discloses == Disclosure::Row && !rules.rows_may_leave {
        return Some(Refusal::RowsStay);
    }
    if facts.rows < minimum {
        return Some(Refusal::TooFewRows { rows: facts.rows, minimum });
    }
    match facts.values {
        Some(values) if values < minimum => Some(Refusal::TooFewValues { values, minimum }),
        _ => facts.dominated.then_some(Refusal::Dominated { percent: rules.dominance }),
    }
}

impl Refusal {
    /// What the owner reads: the rule and its remedy.
    #[must_use]
    pub fn owner_sentence(&self) -> String {
        match self {
            Self::TooFewRows { rows, minimum } => format!(
                "Your rules keep this here: this dataset has {}, and you want at least {minimum} behind any answer. You can allow it for this request, or lower the minimum.",
                counted(*rows, "row")
            ),
            Self::TooFewValues { values, minimum } => format!(
                "Your rules keep this here: behind this answer {}, and you want at least {minimum} behind any. You can allow it for this request, or lower the minimum.",
                if *values == 1 { "stands 1 value".to_owned() } else { format!("stand {values} values") }
            ),
            Self::RowsStay => "Your rules keep this here: the answer would be one row of your data, and you let no row leave. You can allow it for this request, or change that rule.".to_owned(),
            Self::Dominated { percent } => format!(
                "Your rules keep this here: one row makes more than {percent} % of this sum, so that the sum nearly is that row. A sum of more rows, or without that one, would pass; or you can allow it for this request."
            ),
            Self::Fixes { rows, smallest } => format!(
                "Your rules keep this here: together with what they already have, this answer tells something about {} alone, and you want at least {smallest} behind anything they could work out. An answer over the same rows as before, or one that differs from it by {smallest} rows or more, would pass; or you can allow it for this request.",
                counted(*rows, "row")
            ),
            Self::NearlyTheSame { rows, smallest } => format!(
                "Your rules keep this here: they have an answer over rows that differ from these by {}, and two such answers can tell of them. One over the same rows as before, or one that differs by {smallest} rows or more, would pass; or you can allow it for this request.",
                counted(*rows, "row")
            ),
            Self::TooManyNumbers { numbers, rows, most } => format!(
                "Your rules keep this here: they would have {} about {}, and without you looking it may be {most}. You can answer it yourself.",
                counted(*numbers, "number"),
                counted(*rows, "row")
            ),
            Self::LedgerFull => "Your rules keep this here: they have been told so much about this data that it can no longer be followed what it adds up to. You can allow it for this request.".to_owned(),
        }
    }

    /// Whether the requester may be told: it could be worked out from the row count, the columns and the settings,
    /// which the catalog shows. Anything else is only “not released”, since a refusal that depends on rows tells on them.
    #[must_use]
    pub fn follows_from_public_metadata(&self) -> bool {
        match self {
            Self::TooFewRows { .. } => true,
            Self::RowsStay
            | Self::TooFewValues { .. }
            | Self::Dominated { .. }
            | Self::Fixes { .. }
            | Self::NearlyTheSame { .. }
            | Self::TooManyNumbers { .. }
            | Self::LedgerFull => false,
        }
    }
}

impl Note {
    /// What the owner reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::IsARow => "This answer is one row of your data, or lies halfway between two.".to_owned(),
            Self::FewRows { rows: 1 } => "Only 1 value stands behind this answer, so it says much about it.".to_owned(),
            Self::FewRows { rows } => {
                format!("Only {rows} values stand behind this answer, so it says much about each.")
            }
            Self::SelfAsserted => "These rows are what you stored yourself; nobody else vouches for them.".to_owned(),
        }
    }
}

fn counted(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests;
