//! A credit attribute as people ask for it: what they do not say has its custom.

use super::{Asked, invalid, name};
use crate::wishes::{CounterOffer, NewRequest};
use protocol::{Attribute, AttributeName, Computation, Due, Kind, Span};

/// Days and months of a window whose length nobody said.
const DAYS: u16 = 90;
const MONTHS: u8 = 6;
/// Due on the first, as rents are, with the grace that leases commonly give.
const DUE_DAY: u8 = 1;
const GRACE: u8 = 5;

/// The attribute that a request means.
pub(super) fn asked(of: AttributeName, wish: &NewRequest) -> Asked<Computation> {
    let rows = !wish.filter.is_empty() || wish.group_by.is_some() || wish.every.is_some();
    if wish.column.is_some() || rows {
        let why =
            "a credit attribute has no column, filter or groups: it has a window, and reads the columns of a ledger";
        return Err(invalid(if rows { "where" } else { "column" }, why));
    }
    let form = of.form();
    let due = form.due || wish.due_day.is_some() || wish.grace.is_some();
    let due = due.then(|| Due { day: wish.due_day.unwrap_or(DUE_DAY), grace: wish.grace.unwrap_or(GRACE) });
    let as_of = wish
        .as_of
        .as_deref()
        .map(|day| day.trim().parse().map_err(|error: protocol::BadDate| invalid("as_of", &error.to_string())));
    let only = |field, text: &Option<String>| text.as_deref().map(|text| name(field, text)).transpose();
    Ok(Computation::Attribute(Attribute {
        name: of,
        days: wish.days.or((form.span == Span::Days).then_some(DAYS)),
        months: wish.months.or((form.span == Span::Months).then_some(MONTHS)),
        as_of: as_of.transpose()?,
        due,
        words: wish.words.iter().map(|word| name("words", word.trim())).collect::<Result<_, _>>()?,
        currency: only("currency", &wish.currency)?,
        account: only("account", &wish.account)?,
    }))
}

/// The attribute that a counter-offer means, if it means one: what is not said stays, as far as the other has it too.
pub(super) fn countered(asked: &Computation, other: Option<Kind>, offer: &CounterOffer) -> Asked<Option<Computation>> {
    let before = match asked.statistic() {
        Computation::Attribute(attribute) => Some(attribute),
        _ => None,
    };
    let windowed = offer.days.is_some() || offer.months.is_some();
    let of = match (other, before) {
        (Some(Kind::Attribute(of)), _) => of,
        (None, Some(before)) if windowed => before.name,
        (None, Some(_)) if offer.column.is_some() => return Err(invalid("column", "a credit attribute has no column")),
        _ if windowed => {
            return Err(invalid(
                if offer.days.is_some() { "days" } else { "months" },
                "belongs to credit attributes only",
            ));
        }
        _ => return Ok(None),
    };
    if offer.column.is_some() {
        return Err(invalid("column", "a credit attribute has no column"));
    }
    let form = of.form();
    let mut same = before.cloned().unwrap_or_else(|| Attribute::new(of));
    // words that mark a rent do not mark an income
    if compute::attributes::marks(of) != compute::attributes::marks(same.name) {
        same.words.clear();
    }
    Ok(Some(Computation::Attribute(Attribute {
        name: of,
        days: offer.days.or((form.span == Span::Days).then_some(same.days.unwrap_or(DAYS))),
        months: offer.months.or((form.span == Span::Months).then_some(same.months.unwrap_or(MONTHS))),
        due: form.due.then_some(same.due.unwrap_or(Due { day: DUE_DAY, grace: GRACE })),
        ..same
    })))
}

/// The first of these that was said.
pub(super) fn said(wish: &NewRequest) -> Option<&'static str> {
    let fields = [
        ("days", wish.days.is_some()),
        ("months", wish.months.is_some()),
        ("as_of", wish.as_of.is_some()),
        ("due_day", wish.due_day.is_some()),
        ("grace", wish.grace.is_some()),
        ("words", !wish.words.is_empty()),
        ("currency", wish.currency.is_some()),
        ("account", wish.account.is_some()),
    ];
    fields.into_iter().find(|(_, said)| *said).map(|(field, _)| field)
}
