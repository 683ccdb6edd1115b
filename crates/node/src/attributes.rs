//! The credit attributes there are, as people see them. Needs no running node.

use compute::{
    Disclosure,
    attributes::{Definition, Unit, definition, parameters},
};
use protocol::{Attribute, AttributeName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One credit attribute: what can be asked of a dataset of transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttributeView {
    /// Its name: the computation of a request.
    pub name: String,
    /// The beginning of the sentence that the owner reads.
    pub sentence: String,
    /// How it is computed.
    pub formula: String,
    /// Where the definition comes from.
    pub source: String,
    /// What the number counts: money, count, days, months or ratio.
    pub unit: String,
    /// What it tells, seen from the rows: a row, an aggregate or a count.
    pub discloses: String,
    /// Whether it is a weighted sum over rows.
    pub linear: bool,
    /// The columns it reads.
    pub columns: Vec<String>,
    /// What it can be told.
    pub parameters: Vec<ParameterView>,
}

/// A parameter of a credit attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// What it is, and its limits.
    pub limits: String,
}

/// Every credit attribute, in the order people are shown them.
#[must_use]
pub fn all() -> Vec<AttributeView> {
    AttributeName::ALL.iter().map(|name| view(definition(*name))).collect()
}

/// The credit attribute of that name.
#[must_use]
pub fn named(name: &str) -> Option<AttributeView> {
    AttributeName::named(name).map(|name| view(definition(name)))
}

fn view(definition: &Definition) -> AttributeView {
    let name = definition.name;
    AttributeView {
        name: name.name().to_owned(),
        sentence: definition.says.to_owned(),
        formula: definition.formula.to_owned(),
        source: definition.source.to_owned(),
        unit: unit(definition.unit).to_owned(),
        discloses: discloses(definition.discloses).to_owned(),
        linear: definition.is_linear(),
        columns: Attribute::new(name).name.columns().into_iter().map(|column| column.name().to_string()).collect(),
        parameters: parameters(name)
            .into_iter()
            .map(|(name, limits)| ParameterView { name: name.to_owned(), limits: limits.to_owned() })
            .collect(),
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Money => "money",
        Unit::Count => "count",
        Unit::Days => "days",
        Unit::Months => "months",
        Unit::Ratio => "ratio",
    }
}

fn discloses(discloses: Disclosure) -> &'static str {
    match discloses {
        Disclosure::Row => "row",
        Disclosure::Aggregate => "aggregate",
        Disclosure::Count => "count",
        Disclosure::Question => "question",
    }
}
