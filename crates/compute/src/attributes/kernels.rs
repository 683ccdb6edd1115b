//! Kernels that several attributes share: they differ in the class of transactions that they are about, and in no more.

use super::{
    Asked,
    classes::Class,
    due,
    found::{self, Found, Lack, Weighted},
};

/// How often a cost of a class was charged in the window.
pub(super) fn times(asked: &Asked<'_>, class: Class) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::count(asked.within(window), |row| row.costs(class)))
}

/// How many days before the end of the window a cost of a class was charged last; all of them where it never was.
pub(super) fn days_since(asked: &Asked<'_>, class: Class) -> Result<Found, Lack> {
    let window = asked.days()?;
    let rows: Vec<_> = asked.within(window).collect();
    let last = rows.iter().filter(|row| row.costs(class)).map(|row| row.day).max();
    Ok(Found::count(last.map_or(window.length(), |day| window.to - day), rows.len()))
}

/// Which part of the money that went out in the window is of a class.
pub(super) fn share_of_outflow(asked: &Asked<'_>, class: Class) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.days()?).filter(|row| row.amount < 0).collect();
    let of_class = found::sum(rows.iter().filter(|row| row.is(class)).copied());
    Found::ratio(&of_class, &found::sum(rows.iter().copied()), "money going out", rows.len())
}

/// Which part of the months had their payment of a class on time.
pub(super) fn on_time_ratio(asked: &Asked<'_>, class: Class) -> Result<Found, Lack> {
    let due::Payments { on_time, paid } = due::payments(asked, class)?;
    let punctual = on_time.iter().filter(|on_time| **on_time).count();
    Found::ratio(&punctual.into(), &on_time.len().into(), "months", paid)
}

/// The most months in a row without their payment of a class on time.
pub(super) fn late_streak(asked: &Asked<'_>, class: Class) -> Result<Found, Lack> {
    let due::Payments { on_time, paid } = due::payments(asked, class)?;
    let runs = on_time.split(|on_time| *on_time).map(<[bool]>::len);
    Ok(Found::count(runs.max().unwrap_or_default(), paid))
}
