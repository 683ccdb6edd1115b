//! From what people type to the typed computation they mean, by the columns the dataset has.

mod attribute;
mod condition;

use crate::{
    error::NodeError,
    wishes::{CounterOffer, NewRequest},
};
use condition::condition;
use protocol::{
    Bands, Column, ColumnType, Computation, Decimal, Every, GroupBy, Histogram, Kind, Name, OnColumn, Per, Quantile,
    Rounding, Share, Threshold, Trend,
    limits::{CELL_SCALE, HISTOGRAM_EDGES},
};

type Asked<T> = Result<T, NodeError>;

/// The computation that a request means.
///
/// # Errors
/// Which input has no meaning for these columns, and what would.
pub(crate) fn computation(wish: &NewRequest, columns: &[Column]) -> Asked<Computation> {
    let kind = kind(&wish.computation)?;
    only_for(kind, wish)?;
    let statistic = if let Kind::Attribute(name) = kind {
        attribute::asked(name, wish)?
    } else if kind == Kind::Share {
        if wish.column.is_some() {
            return Err(invalid("column", "a share has conditions (that) and no column"));
        }
        let (filter, group) = (conditions("where", &wish.filter, columns)?, group(wish)?);
        Computation::Share(Share { that: conditions("that", &wish.that, columns)?, filter, group })
    } else {
        of_column(kind, wish, columns)?
    };
    let form = Form { above: &wish.above, below: &wish.below, bands: &wish.bands, rounded: &wish.rounded };
    checked(form.about(statistic)?, columns)
}

/// What an owner would have instead of what was asked: what is not said stays.
///
/// # Errors
/// As [`computation`].
pub(crate) fn countered(asked: &Computation, offer: &CounterOffer, columns: &[Column]) -> Asked<Computation> {
    let form = Form { above: &offer.above, below: &offer.below, bands: &offer.bands, rounded: &offer.rounded };
    let kind_offered = offer.computation.as_deref().map(kind).transpose()?;
    if let Some(other) = attribute::countered(asked, kind_offered, offer)? {
        return checked(form.about(other)?, columns);
    }
    if offer.computation.is_none() && offer.column.is_none() {
        let same = if form.is_there() { asked.statistic() } else { asked };
        return checked(form.about(same.clone())?, columns);
    }
    let kind = kind_offered.unwrap_or_else(|| asked.statistic().kind());
    let column = match (&offer.column, asked.on()) {
        (Some(column), _) => name("column", column)?,
        (None, Some(on)) => on.column.clone(),
        (None, None) => return Err(invalid("column", "say which")),
    };
    let on = OnColumn { column, filter: asked.filter().to_vec(), group: asked.group().cloned() };
    let statistic = of_kind(kind, on, asked.statistic()).ok_or_else(|| {
        let plain = Kind::PLAIN.map(Kind::name).join(", ");
        invalid("computation", &format!("one of {plain}: {} needs to know more", kind.name()))
    })?;
    checked(form.about(statistic)?, columns)
}

/// A kind over a column; one with parameters only where it was asked, with the same ones.
fn of_kind(kind: Kind, on: OnColumn, asked: &Computation) -> Option<Computation> {
    match asked {
        Computation::Quantile(asked) if kind == Kind::Quantile => {
            Some(Computation::Quantile(Quantile { on, p: asked.p }))
        }
        Computation::Histogram(asked) if kind == Kind::Histogram => {
            Some(Computation::Histogram(Histogram { on, edges: asked.edges.clone() }))
        }
        Computation::Trend(asked) if kind == Kind::Trend => {
            Some(Computation::Trend(Trend { on, over: asked.over.clone(), per: asked.per }))
        }
        _ => kind.on(on),
    }
}

/// The kind of statistic that somebody names.
///
/// # Errors
/// Another word; the word of a question, which is said otherwise.
pub(crate) fn kind(named: &str) -> Asked<Kind> {
    let asked = |kind: &Kind| matches!(kind, Kind::Attribute(_)) || Kind::STATISTICS.contains(kind);
    Kind::named(named).filter(asked).ok_or_else(|| {
        let known = Kind::STATISTICS.map(Kind::name).join(", ");
        let attributes = "or a credit attribute, which halfdoor attributes lists";
        invalid(
            "computation",
            &format!("one of {known}, {attributes}; above, below, bands and rounded are asked about one of them"),
        )
    })
}

/// A question about a statistic, if one was said.
struct Form<'a> {
    above: &'a Option<String>,
    below: &'a Option<String>,
    bands: &'a [String],
    rounded: &'a Option<String>,
}

impl Form<'_> {
    fn is_there(&self) -> bool {
        self.above.is_some() || self.below.is_some() || !self.bands.is_empty() || self.rounded.is_some()
    }

    fn about(&self, statistic: Computation) -> Asked<Computation> {
        let said = [self.above.is_some(), self.below.is_some(), !self.bands.is_empty(), self.rounded.is_some()];
        if said.iter().filter(|said| **said).count() > 1 {
            return Err(invalid("above", "only one of above, below, bands and rounded"));
        }
        if !self.is_there() {
            return Ok(statistic);
        }
        let of = Box::new(statistic);
        if let Some(than) = self.above {
            return Ok(Computation::Above(Threshold { of, than: decimal("above", than)? }));
        }
        if let Some(than) = self.below {
            return Ok(Computation::Below(Threshold { of, than: decimal("below", than)? }));
        }
        if let Some(to) = self.rounded {
            return Ok(Computation::Rounded(Rounding { of, to: decimal("rounded", to)? }));
        }
        Ok(Computation::Band(Bands { of, edges: decimals("bands", self.bands)? }))
    }
}

/// A parameter said for another kind is a mistake, and not to be ignored.
fn only_for(kind: Kind, wish: &NewRequest) -> Asked<()> {
    let parameters = [
        ("p", wish.p.is_some(), Kind::Quantile),
        ("edges", !wish.edges.is_empty(), Kind::Histogram),
        ("bins", wish.bins.is_some(), Kind::Histogram),
        ("over", wish.over.is_some(), Kind::Trend),
        ("per", wish.per.is_some(), Kind::Trend),
        ("that", !wish.that.is_empty(), Kind::Share),
    ];
    if let Some((field, _, of)) = parameters.into_iter().find(|(_, said, of)| *said && *of != kind) {
        return Err(invalid(field, &format!("belongs to {} only", of.name())));
    }
    match (kind, attribute::said(wish)) {
        (Kind::Attribute(_), _) | (_, None) => Ok(()),
        (_, Some(field)) => Err(invalid(field, "belongs to credit attributes only")),
    }
}

fn of_column(kind: Kind, wish: &NewRequest, columns: &[Column]) -> Asked<Computation> {
    let column = match &wish.column {
        Some(column) => name("column", column)?,
        None => only(columns, |column| column.of.is_numeric())
            .ok_or_else(|| invalid("column", &format!("say which of {}", listed(columns))))?,
    };
    let on = OnColumn { column, filter: conditions("where", &wish.filter, columns)?, group: group(wish)? };
    match kind {
        Kind::Quantile => {
            let p = wish.p.as_deref().ok_or_else(|| invalid("p", "say which quantile, between 0 and 1"))?;
            Ok(Computation::Quantile(Quantile { on, p: decimal("p", p)? }))
        }
        Kind::Histogram => Ok(Computation::Histogram(Histogram { on, edges: edges(wish)? })),
        Kind::Trend => {
            let over = match &wish.over {
                Some(over) => name("over", over)?,
                None => only(columns, |column| column.of == ColumnType::Date)
                    .ok_or_else(|| invalid("over", "say which column of dates it runs over"))?,
            };
            let per = match wish.per.as_deref() {
                Some("day") => Per::Day,
                None | Some("month") => Per::Month,
                Some(_) => return Err(invalid("per", "day or month")),
            };
            Ok(Computation::Trend(Trend { on, over, per }))
        }
        plain => plain.on(on).ok_or_else(|| invalid("computation", "needs to know more than a column")),
    }
}

/// The edges of a histogram as they were said, or of so many bins of equal width between two.
fn edges(wish: &NewRequest) -> Asked<Vec<Decimal>> {
    let edges = decimals("edges", &wish.edges)?;
    let Some(bins) = wish.bins else {
        return if edges.is_empty() { Err(invalid("edges", "say between which numbers to count")) } else { Ok(edges) };
    };
    let [from, to] = edges[..] else {
        return Err(invalid("edges", "with bins, two: the first edge and the last"));
    };
    if bins == 0 || bins as usize >= HISTOGRAM_EDGES {
        return Err(invalid("bins", "between 1 and 64"));
    }
    let inexact =
        || invalid("bins", "their edges would not be decimals of at most 12 digits; say the edges one by one");
    // in units of 10^-12, as fine as any column
    let units = |edge: &Decimal| {
        let more = CELL_SCALE.checked_sub(edge.scale())?;
        edge.mantissa().checked_mul(10_i128.checked_pow(more.into())?)
    };
    let (from, to) = units(&from).zip(units(&to)).ok_or_else(inexact)?;
    let (width, bins) = (to.checked_sub(from).ok_or_else(inexact)?, i128::from(bins));
    if width % bins != 0 {
        return Err(inexact());
    }
    let edge = |at: i128| Decimal::new(from + width / bins * at, CELL_SCALE).map(|edge| edge.normalized());
    (0..=bins).map(edge).collect::<Result<_, _>>().map_err(|_| inexact())
}

fn group(wish: &NewRequest) -> Asked<Option<GroupBy>> {
    let every = match wish.every.as_deref() {
        None => None,
        Some("month") => Some(Every::Month),
        Some("quarter") => Some(Every::Quarter),
        Some("year") => Some(Every::Year),
        Some(_) => return Err(invalid("every", "month, quarter or year")),
    };
    match (&wish.group_by, every) {
        (Some(column), every) => Ok(Some(GroupBy { column: name("group_by", column)?, every })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(invalid("every", "say by which column of dates to group")),
    }
}

fn conditions(field: &'static str, texts: &[String], columns: &[Column]) -> Asked<Vec<protocol::Condition>> {
    texts.iter().map(|text| condition(text, columns).map_err(|why| invalid(field, &why))).collect()
}

/// Whether it could be asked: parameters within bounds, columns there and of the right types.
fn checked(computation: Computation, columns: &[Column]) -> Asked<Computation> {
    computation.validate().map_err(|fault| invalid(fault.field, fault.why))?;
    compute::kinds::check(&computation, columns).map_err(|error| invalid("column", &error.to_string()))?;
    Ok(computation)
}

/// The name of the only column of that sort.
fn only(columns: &[Column], sort: impl Fn(&Column) -> bool) -> Option<Name> {
    let mut found = columns.iter().filter(|column| sort(column));
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    }
}

fn listed(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn name(field: &'static str, text: &str) -> Asked<Name> {
    text.parse().map_err(|error: protocol::BadText| invalid(field, &error.to_string()))
}

fn decimal(field: &'static str, text: &str) -> Asked<Decimal> {
    text.trim().parse().map_err(|error: protocol::BadDecimal| invalid(field, &error.to_string()))
}

fn decimals(field: &'static str, texts: &[String]) -> Asked<Vec<Decimal>> {
    texts.iter().map(|text| decimal(field, text)).collect()
}

fn invalid(field: &'static str, why: &str) -> NodeError {
    NodeError::Invalid { field, why: why.to_owned() }
}

#[cfg(test)]
mod tests;
