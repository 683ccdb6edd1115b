//! The sentence of an attribute: its own words, and the parameters as they were typed.

use super::definition;
use crate::kinds::words::{date, quoted};
use protocol::{Attribute, AttributeName, Due, Name, Span, Words};

/// The sentence up to where the rows are named.
#[must_use]
pub fn phrase(attribute: &Attribute) -> String {
    let mut phrase = format!("{}{}", definition(attribute.name).says, window(attribute));
    if let Some(Due { day, grace }) = attribute.due {
        let days = if grace == 1 { "1 day".to_owned() } else { format!("{grace} days") };
        phrase.push_str(&format!(", due on day {day} of each month and on time until {days} later"));
    }
    if !attribute.words.is_empty() {
        phrase.push_str(&format!(", {} {}", marks(attribute.name), listed(&attribute.words)));
    }
    if let Some(currency) = &attribute.currency {
        phrase.push_str(&format!(", only of what is in {currency}"));
    }
    if let Some(account) = &attribute.account {
        phrase.push_str(&format!(", only of the account {}", quoted(account)));
    }
    phrase
}

fn window(attribute: &Attribute) -> String {
    let end = attribute.as_of.map_or_else(|| "the last transaction".to_owned(), date);
    match (attribute.days, attribute.months) {
        (Some(days), _) => format!(", in the {days} days up to {end}"),
        (None, Some(1)) => format!(", in the last whole month up to {end}"),
        (None, Some(months)) => format!(", in the last {months} whole months up to {end}"),
        (None, None) => format!(", up to {end}"),
    }
}

/// What the words that are given with it do.
fn marks(name: AttributeName) -> &'static str {
    match (name.form().words, super::classes::marked(name)) {
        (Words::Needed, _) => "meant are payments whose words have",
        (_, super::Class::Rent) => "rent is also what has the words",
        _ => "income is also what has the words",
    }
}

fn listed(words: &[Name]) -> String {
    let words: Vec<_> = words.iter().map(quoted).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The parameters of an attribute and their limits, in words.
#[must_use]
pub fn parameters(name: AttributeName) -> Vec<(&'static str, &'static str)> {
    let form = name.form();
    let mut parameters = Vec::new();
    match form.span {
        Span::History => {}
        Span::Days => parameters.push(("days", "7 to 366; by custom 30, 60 or 90")),
        Span::Months => parameters.push(("months", "1 to 24; by custom 3, 6 or 12")),
    }
    if form.due {
        parameters.push(("due_day", "1 to 28: the day of the month on which it is due"));
        parameters.push(("grace", "0 to 15 days after it that are still on time"));
    }
    match form.words {
        Words::None => {}
        Words::Further => parameters.push(("words", "at most 8 that mark it too, in a description or counterparty")),
        Words::Needed => parameters.push(("words", "1 to 8 that mark it in a description or counterparty")),
    }
    parameters.push(("as_of", "the day on which the window ends; the last date of the dataset unless said"));
    parameters.push(("currency", "only transactions in it (ISO 4217); needed where there are several"));
    parameters.push(("account", "only transactions of it, by its hash; needed where there are several"));
    parameters
}
