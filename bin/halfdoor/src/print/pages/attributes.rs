//! Credit attributes: what there is, and each in full.

use crate::print::Page;
use node::attributes::AttributeView;

/// Every attribute, its sentence and what it can be told.
pub(crate) fn attributes(all: &[AttributeView]) -> Page {
    let mut page = Page::new();
    for one in all {
        page.append(attribute(one));
        page.gap();
    }
    page.line("Ask for one: halfdoor request NAME DATASET nsf_count --days 90 --reason \"...\"");
    page
}

/// One attribute in full.
pub(crate) fn attribute(one: &AttributeView) -> Page {
    let mut page = Page::new();
    page.line(&one.name);
    page.indented(2, &format!("{}.", one.sentence));
    let tells = match one.discloses.as_str() {
        "row" => "a row of the data",
        "count" => "how many there are",
        _ => "what many rows make together",
    };
    let told =
        one.parameters.iter().map(|parameter| format!("--{} {}", parameter.name.replace('_', "-"), parameter.limits));
    let mut facts = vec![
        ("  is", format!("{}: {}", one.unit, one.formula)),
        ("  tells", tells.to_owned()),
        ("  reads", one.columns.join(", ")),
        ("  source", one.source.clone()),
    ];
    facts.extend(told.map(|told| ("  option", told)));
    page.facts(&facts);
    page
}
