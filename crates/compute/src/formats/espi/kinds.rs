//! What the numbers of a feed mean: its reading types, and which readings are of which.

use crate::formats::{Excerpt, element::Element};
use std::collections::HashMap;

/// Units by their code in ESPI's `UomType`.
const UNITS: &[(&str, &str)] = &[
    ("38", "W"),
    ("42", "m³"),
    ("61", "VA"),
    ("63", "var"),
    ("71", "VAh"),
    ("72", "Wh"),
    ("73", "varh"),
    ("119", "ft³"),
    ("128", "US gal"),
    ("130", "imp gal"),
    ("132", "BTU"),
    ("134", "l"),
    ("169", "therm"),
];
/// Currencies by their number in ISO 4217.
const CURRENCIES: &[(&str, &str)] =
    &[("36", "AUD"), ("036", "AUD"), ("124", "CAD"), ("826", "GBP"), ("840", "USD"), ("978", "EUR")];
/// Directions by their code in ESPI's `FlowDirectionKind`.
const FLOWS: &[(&str, &str)] = &[("1", "forward"), ("4", "net"), ("19", "reverse")];

/// What a number means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kind {
    /// The power of ten by which it is multiplied; none where what the file says of it cannot be read.
    pub(super) power: Option<i8>,
    unit: Option<&'static str>,
    currency: Option<&'static str>,
    flow: Option<&'static str>,
}

impl Kind {
    pub(super) fn unit(self) -> Option<&'static str> {
        self.unit
    }

    pub(super) fn currency(self) -> Option<&'static str> {
        self.currency
    }

    /// `forward` is what the customer took, `reverse` what he gave.
    pub(super) fn flow(self) -> Option<&'static str> {
        self.flow
    }

    fn read(of: &Element) -> Self {
        let named = |names: &[(&str, &'static str)], path: &str| {
            let code = of.text_at(path)?;
            names.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
        };
        Self {
            power: of.text_at("powerOfTenMultiplier").map_or(Some(0), |power| power.parse().ok()),
            unit: named(UNITS, "uom"),
            currency: named(CURRENCIES, "currency"),
            flow: named(FLOWS, "flowDirection"),
        }
    }
}

/// The reading types of a feed and the links to them.
#[derive(Default)]
pub(super) struct Kinds {
    /// Seconds by which the meter's calendar is ahead of UTC, without daylight saving.
    pub(super) offset: i64,
    /// The line of an entry whose offset is none, and what it says instead.
    pub(super) unreadable_offset: Option<(u64, Excerpt)>,
    types: HashMap<String, Kind>,
    last: Option<Kind>,
    differ: bool,
    /// For each `MeterReading`, everything it is related to.
    related: Vec<Vec<String>>,
}

impl Kinds {
    pub(super) fn include(&mut self, entry: &Element) {
        let Some(content) = entry.at("content") else { return };
        if let Some(of) = content.at("ReadingType") {
            let kind = Kind::read(of);
            self.differ |= self.last.is_some_and(|last| last != kind);
            self.last = Some(kind);
            self.types.extend(hrefs(entry, "self").map(|href| (href, kind)));
        }
        if content.at("MeterReading").is_some() {
            self.related.push(hrefs(entry, "related").collect());
        }
        if let Some(text) = content.at("LocalTimeParameters/tzOffset").map(|offset| offset.text.trim()) {
            // no clock on Earth is further from UTC
            match text.parse().ok().filter(|offset: &i64| offset.abs() <= 15 * 3600) {
                Some(offset) => self.offset = offset,
                None => self.unreadable_offset = Some((entry.line, Excerpt::of(text))),
            }
        }
    }

    /// What the readings of an entry mean: the reading type their meter reading is related to, or the only one.
    pub(super) fn of(&self, entry: &Element) -> Option<Kind> {
        let up: Vec<String> = hrefs(entry, "up").collect();
        let readings = self.related.iter().filter(|related| related.iter().any(|href| up.contains(href)));
        let linked = readings.flatten().find_map(|href| self.types.get(href)).copied();
        linked.or(self.last.filter(|_| !self.differ))
    }
}

/// Where an entry's links of a kind lead.
fn hrefs<'e>(entry: &'e Element, rel: &'static str) -> impl Iterator<Item = String> + use<'e> {
    let links = entry.all("link").filter(move |link| link.attribute("rel") == Some(rel));
    links.filter_map(|link| link.attribute("href").map(|href| href.trim_end_matches('/').to_owned()))
}
