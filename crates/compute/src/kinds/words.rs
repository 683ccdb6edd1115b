//! The words of sentences: comparisons, ranges, dates, places. Values that were typed are shown quoted and bounded.

use super::Described;
use protocol::{Comparison, Computation, Condition, Date, Decimal, Every, Name, Value, band};

/// Ranges that a sentence lists one by one; of more it says how many there are and where they begin and end.
const LISTED: usize = 10;

/// Longest description that a sentence repeats, in bytes: a longer one is read where the dataset is shown.
const DESCRIPTION: usize = 80;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// All of them: “amount” is more than 5 and “day” is before 1 March 2025.
pub(super) fn conditions(conditions: &[Condition]) -> String {
    let each: Vec<_> = conditions.iter().map(condition).collect();
    each.join(" and ")
}

fn condition(condition: &Condition) -> String {
    let dates = condition.is.values().iter().any(|value| matches!(value, Value::Date(_)));
    let is = match &condition.is {
        Comparison::Equal(to) => format!("is {}", value(to)),
        Comparison::Not(to) => format!("is not {}", value(to)),
        Comparison::Less(than) if dates => format!("is before {}", value(than)),
        Comparison::Less(than) => format!("is less than {}", value(than)),
        Comparison::AtMost(than) if dates => format!("is on or before {}", value(than)),
        Comparison::AtMost(than) => format!("is at most {}", value(than)),
        Comparison::More(than) if dates => format!("is after {}", value(than)),
        Comparison::More(than) => format!("is more than {}", value(than)),
        Comparison::AtLeast(than) if dates => format!("is on or after {}", value(than)),
        Comparison::AtLeast(than) => format!("is at least {}", value(than)),
        Comparison::Between(between) => format!("is from {} to {}", value(&between.from), value(&between.to)),
        Comparison::OneOf(values) => format!("is {}", one_of(values)),
    };
    format!("“{}” {is}", condition.column)
}

fn one_of(values: &[Value]) -> String {
    let words: Vec<_> = values.iter().map(value).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Words that were typed. Quotation marks inside them would end the quotation: they become apostrophes.
pub(crate) fn quoted(text: &Name) -> String {
    let quotes = ['\u{22}', '\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{ab}', '\u{bb}', '\u{ff02}'];
    format!("“{}”", text.as_str().replace(quotes, "'"))
}

/// A value as a sentence shows it.
fn value(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Date(day) => date(*day),
        Value::Text(text) => quoted(text),
        Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
    }
}

/// 31 March 2025
pub(crate) fn date(date: Date) -> String {
    let (year, month, day) = date.civil();
    format!("{day} {} {year}", month_name(month))
}

fn month_name(month: i32) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default()
}

/// January to December 2025; March 2024 to February 2025; May 2025
fn span(first: Date, last: Date) -> String {
    let ((from, begin, _), (to, end, _)) = (first.civil(), last.civil());
    match (from == to, begin == end) {
        (true, true) => format!("{} {to}", month_name(end)),
        (true, false) => format!("{} to {} {to}", month_name(begin), month_name(end)),
        (false, _) => format!("{} {from} to {} {to}", month_name(begin), month_name(end)),
    }
}

/// below 0; 0 to below 50; 50 or more
pub(super) fn ranges(edges: &[Decimal]) -> String {
    match (edges.first(), edges.last()) {
        (Some(first), Some(last)) if edges.len() > LISTED => {
            format!("{} of them from {first} to {last}, and what lies outside", edges.len() - 1)
        }
        _ => (0..=edges.len()).map(|index| band(edges, index)).collect::<Vec<_>>().join("; "),
    }
}

/// 0.95 as 95 %
pub(super) fn percent(p: &Decimal) -> String {
    let hundredfold = match p.scale().checked_sub(2) {
        Some(scale) => Decimal::new(p.mantissa(), scale),
        None => p.mantissa().checked_mul(10).map_or(Decimal::new(i128::MAX, 0), |tenfold| Decimal::new(tenfold, 0)),
    };
    hundredfold.map_or_else(|_| p.to_string(), |percent| format!("{} %", percent.normalized()))
}

/// The end of every sentence: in the 116 rows of “Utility bills”, and which of them.
pub(super) fn place(computation: &Computation, described: &Described<'_>) -> String {
    let rows = match described.rows {
        1 => "the only row".to_owned(),
        rows => format!("the {rows} rows"),
    };
    let those = if computation.filter().is_empty() { "" } else { "those of " };
    // an attribute's own words say much before the dataset is named
    let comma = if matches!(computation.statistic(), Computation::Attribute(_)) { "," } else { "" };
    let mut place = format!("{comma} in {those}{rows} of “{}”", described.dataset);
    let words = described.description.map(str::trim).filter(|words| !words.is_empty() && words.len() <= DESCRIPTION);
    let own = words.map(|words| format!("“{words}”")).into_iter();
    let known: Vec<_> = own.chain(described.dates.map(|(first, last)| span(first, last))).collect();
    if !known.is_empty() {
        place.push_str(&format!(" ({})", known.join(", ")));
    }
    place + &parts(computation)
}

/// Which rows, and for each of which groups; empty for all of them.
pub(super) fn parts(computation: &Computation) -> String {
    let mut parts = String::new();
    if !computation.filter().is_empty() {
        parts.push_str(&format!(" where {}", conditions(computation.filter())));
    }
    if let Some(group) = computation.group() {
        let each = match group.every {
            None => format!("each “{}”", group.column),
            Some(Every::Month) => format!("each month of “{}”", group.column),
            Some(Every::Quarter) => format!("each quarter of “{}”", group.column),
            Some(Every::Year) => format!("each year of “{}”", group.column),
        };
        parts.push_str(&format!(", for {each}; groups that are too small are left out"));
    }
    parts
}

/// The same words inside a longer sentence: they begin with a letter of ours.
pub(super) fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
