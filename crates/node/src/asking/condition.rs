//! One condition as people write it: `amount >= 100`, `date between 2025-01-01 and 2025-12-31`, `kind in gas, power`.
//!
//! The column is the longest name the text begins with, so that names with spaces need no quotes; the value is read as
//! the column's type says. Words may stand in quotes, and must where they hold a comma.

use protocol::{Between, Column, ColumnType, Comparison, Condition, Value};

/// Longer signs before those they begin with.
const SIGNS: [(&str, Sign); 11] = [
    (">=", Sign::AtLeast),
    ("≥", Sign::AtLeast),
    ("<=", Sign::AtMost),
    ("≤", Sign::AtMost),
    ("!=", Sign::Not),
    ("≠", Sign::Not),
    ("=", Sign::Equal),
    (">", Sign::More),
    ("<", Sign::Less),
    ("between ", Sign::Between),
    ("in ", Sign::In),
];

#[derive(Clone, Copy)]
enum Sign {
    Equal,
    Not,
    Less,
    AtMost,
    More,
    AtLeast,
    Between,
    In,
}

/// The condition that a text means for these columns; in words why there is none.
pub(super) fn condition(text: &str, columns: &[Column]) -> Result<Condition, String> {
    let text = text.trim();
    let mut named: Vec<_> = columns.iter().filter_map(|column| Some((column, rest(text, column)?))).collect();
    named.sort_by_key(|(column, _)| std::cmp::Reverse(column.name.as_str().len()));
    let Some((column, (sign, values))) = named.into_iter().next() else {
        let known: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        return Err(format!(
            "begins with a column, then = != < <= > >= between or in, then a value; the columns are {}",
            known.join(", ")
        ));
    };
    Ok(Condition { column: column.name.clone(), is: comparison(sign, values.trim(), column)? })
}

/// The sign after a column's name, and what follows it; none where the text does not begin so.
fn rest<'t>(text: &'t str, column: &Column) -> Option<(Sign, &'t str)> {
    let after = text.strip_prefix(column.name.as_str())?;
    let word = after.starts_with(char::is_whitespace);
    let after = after.trim_start();
    let found = SIGNS.into_iter().find(|(sign, of)| after.starts_with(sign) && (word || !of.is_word()));
    found.and_then(|(sign, of)| Some((of, after.strip_prefix(sign)?)))
}

impl Sign {
    fn is_word(self) -> bool {
        matches!(self, Self::Between | Self::In)
    }
}

fn comparison(sign: Sign, text: &str, column: &Column) -> Result<Comparison, String> {
    let one = |text| value(text, column.of);
    Ok(match sign {
        Sign::Equal => Comparison::Equal(one(text)?),
        Sign::Not => Comparison::Not(one(text)?),
        Sign::Less => Comparison::Less(one(text)?),
        Sign::AtMost => Comparison::AtMost(one(text)?),
        Sign::More => Comparison::More(one(text)?),
        Sign::AtLeast => Comparison::AtLeast(one(text)?),
        Sign::Between => {
            let (from, to) = text.split_once(" and ").ok_or("between two values, with “and” between them")?;
            Comparison::Between(Between { from: one(from)?, to: one(to)? })
        }
        Sign::In => Comparison::OneOf(several(text)?.into_iter().map(one).collect::<Result<_, _>>()?),
    })
}

/// Values with commas between, each in quotes or without.
fn several(text: &str) -> Result<Vec<&str>, String> {
    let mut values = Vec::new();
    let mut rest = text.trim();
    loop {
        let end = match rest.strip_prefix('"') {
            Some(quoted) => 2 + quoted.find('"').ok_or("a quotation is not closed")?,
            None => rest.find(',').unwrap_or(rest.len()),
        };
        let (value, after) = rest.split_at_checked(end).ok_or("a quotation is not closed")?;
        values.push(value);
        match after.trim_start().strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if after.trim().is_empty() => return Ok(values),
            None => return Err("commas between the values".to_owned()),
        }
    }
}

fn value(text: &str, of: ColumnType) -> Result<Value, String> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    match of {
        ColumnType::Integer | ColumnType::Decimal(_) => {
            text.parse().map(Value::Number).map_err(|error| format!("{text:?} is {error}"))
        }
        ColumnType::Date => text.parse().map(Value::Date).map_err(|error| format!("{text:?} is {error}")),
        ColumnType::Text => {
            text.parse().map(Value::Text).map_err(|error| format!("the words are not fit to show: {error}"))
        }
        ColumnType::Boolean => match text {
            "yes" | "true" => Ok(Value::Boolean(true)),
            "no" | "false" => Ok(Value::Boolean(false)),
            _ => Err("yes or no".to_owned()),
        },
    }
}
