//! By what a computation chooses rows: visible from its typed form and the catalog alone.

use super::{Column, ColumnType, Comparison, Computation, Condition, Value};
use crate::{limits::LEDGER_ROWS, text::Name};

impl Computation {
    /// Whether nobody needs to look at it before it is answered: who asks chooses rows by dates, words, yes and no, or by
    /// the sign of one column of numbers; what is no sum of rows is about whole columns; and the rows are few enough for a
    /// ledger of each. Then whether it is answered depends on no number in the data, and tells none.
    #[must_use]
    pub fn may_go_unseen(&self, columns: &[Column], rows: u64) -> bool {
        let parts = !self.in_parts() || (rows <= LEDGER_ROWS && self.adds_up());
        parts && !self.chooses_by_numbers(columns)
    }

    /// Whether its numbers are weighted sums over rows.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Sum(_) | Self::Mean(_) | Self::Trend(_) | Self::Share(_))
    }

    /// Whether it chooses rows, or counts them, by more of their numbers than the sign in one column.
    #[must_use]
    pub fn chooses_by_numbers(&self, columns: &[Column]) -> bool {
        let numeric = |name: &Name| columns.iter().any(|column| column.name == *name && column.of.is_numeric());
        let that = match self.statistic() {
            Self::Histogram(_) => return true,
            Self::Share(share) => &share.that[..],
            _ => &[],
        };
        let grouped = self.group().is_some_and(|group| {
            columns.iter().any(|column| column.name == group.column && column.of == ColumnType::Integer)
        });
        let conditions: Vec<&Condition> = that.iter().chain(self.filter()).filter(|one| numeric(&one.column)).collect();
        let one_column = conditions.windows(2).all(|pair| matches!(pair, [a, b] if a.column == b.column));
        grouped || !one_column || !conditions.into_iter().all(Condition::is_about_the_sign)
    }
}

impl Condition {
    /// Whether it compares a number with zero.
    #[must_use]
    pub fn is_about_the_sign(&self) -> bool {
        match &self.is {
            Comparison::Equal(value)
            | Comparison::Not(value)
            | Comparison::Less(value)
            | Comparison::AtMost(value)
            | Comparison::More(value)
            | Comparison::AtLeast(value) => matches!(value, Value::Number(number) if number.mantissa() == 0),
            Comparison::Between(_) | Comparison::OneOf(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
