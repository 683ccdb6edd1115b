//! Whether a computation makes sense on a dataset's columns: visible from the catalog alone.

use super::{Column, ColumnType, Computation, Condition, GroupBy, Value};
use crate::text::Name;

/// Why a computation makes no sense on a dataset: visible from its columns alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// No such column.
    #[error("there is no column “{column}”; the catalog lists the columns there are")]
    NoColumn {
        /// What was asked for.
        column: Name,
    },
    /// A column of dates, words, or yes and no.
    #[error("column “{column}” does not hold numbers; only “count” and “distinct” can be asked of it")]
    NotNumbers {
        /// The column.
        column: Name,
    },
    /// A trend over something else than dates.
    #[error("column “{column}” does not hold dates; a trend needs a column of dates to run over")]
    NotDates {
        /// The column.
        column: Name,
    },
    /// A comparison with a value of another type.
    #[error("column “{column}” holds {holds}; compare it with that, not with a {with}")]
    OtherType {
        /// The column.
        column: Name,
        /// What it holds.
        holds: &'static str,
        /// What it was compared with.
        with: &'static str,
    },
    /// Groups of a column that has too many values to name.
    #[error("column “{column}” holds decimals; groups are made by words, whole numbers, yes and no, or dates")]
    NoGroups {
        /// The column.
        column: Name,
    },
    /// Groups of dates without a period.
    #[error("column “{column}” holds dates; say whether to group by month, quarter or year")]
    NeedsPeriod {
        /// The column.
        column: Name,
    },
    /// A credit attribute of something else than transactions.
    #[error(
        "a credit attribute needs transactions, and this dataset has no column “{column}” as a ledger has it; store a bank \
         statement, or a CSV file with --map"
    )]
    NotTransactions {
        /// The column that is missing or of another type.
        column: Name,
    },
    /// A period for something else than dates.
    #[error("column “{column}” does not hold dates; only dates are grouped by month, quarter or year")]
    NoPeriod {
        /// The column.
        column: Name,
    },
}

impl Computation {
    /// Whether it makes sense on these columns.
    ///
    /// # Errors
    /// [`NotPossible`], with what could be asked instead.
    pub fn fits(&self, columns: &[Column]) -> Result<(), NotPossible> {
        let statistic = self.statistic();
        if let Some(on) = statistic.on() {
            let column = find(&on.column, columns)?;
            let any = matches!(statistic, Self::Count(_) | Self::Distinct(_));
            if !any && !column.of.is_numeric() {
                return Err(NotPossible::NotNumbers { column: column.name.clone() });
            }
        }
        match statistic {
            Self::Trend(trend) if find(&trend.over, columns)?.of != ColumnType::Date => {
                return Err(NotPossible::NotDates { column: trend.over.clone() });
            }
            Self::Attribute(attribute) => attribute.fits(columns)?,
            Self::Share(share) => share.that.iter().try_for_each(|condition| condition.fits(columns))?,
            _ => {}
        }
        self.filter().iter().try_for_each(|condition| condition.fits(columns))?;
        self.group().map_or(Ok(()), |group| group.fits(columns))
    }
}

impl Condition {
    fn fits(&self, columns: &[Column]) -> Result<(), NotPossible> {
        let column = find(&self.column, columns)?;
        let other = self.is.values().into_iter().find(|value| !comparable(value, column.of));
        other.map_or(Ok(()), |value| {
            let (column, holds) = (column.name.clone(), holds(column.of));
            Err(NotPossible::OtherType { column, holds, with: value.type_name() })
        })
    }
}

impl GroupBy {
    fn fits(&self, columns: &[Column]) -> Result<(), NotPossible> {
        let column = find(&self.column, columns)?;
        let name = || column.name.clone();
        match (column.of, self.every) {
            (ColumnType::Decimal(_), _) => Err(NotPossible::NoGroups { column: name() }),
            (ColumnType::Date, None) => Err(NotPossible::NeedsPeriod { column: name() }),
            (ColumnType::Integer | ColumnType::Text | ColumnType::Boolean, Some(_)) => {
                Err(NotPossible::NoPeriod { column: name() })
            }
            (ColumnType::Date, Some(_)) | (ColumnType::Integer | ColumnType::Text | ColumnType::Boolean, None) => {
                Ok(())
            }
        }
    }
}

fn find<'a>(name: &Name, columns: &'a [Column]) -> Result<&'a Column, NotPossible> {
    let found = columns.iter().find(|column| column.name == *name);
    found.ok_or_else(|| NotPossible::NoColumn { column: name.clone() })
}

fn comparable(value: &Value, of: ColumnType) -> bool {
    match value {
        Value::Number(_) => of.is_numeric(),
        Value::Date(_) => of == ColumnType::Date,
        Value::Text(_) => of == ColumnType::Text,
        Value::Boolean(_) => of == ColumnType::Boolean,
    }
}

fn holds(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Integer | ColumnType::Decimal(_) => "numbers",
        ColumnType::Date => "dates",
        ColumnType::Text => "words",
        ColumnType::Boolean => "yes and no",
    }
}
