//! docs/attributes.md, made of the definitions.

use super::{Class, Unit, definition, parameters, phrases};
use crate::{attributes::Definition, kinds::Disclosure};
use protocol::AttributeName;
use std::fmt::Write as _;

const BEGINNING: &str = "\
# Credit attributes

Named numbers over transactions: what a lender would work out from a bank statement. They are asked of a dataset that is a
[ledger](formats.md#transactions), by name:

    halfdoor request Jack giro nsf_count --days 90 --reason \"...\"
    halfdoor request Jack giro rent_on_time_ratio --months 12 --due-day 1 --grace 5 --words \"Mrs Miller\"
    halfdoor request Jack giro debt_to_income --months 6 --below 0.4

`halfdoor attributes` lists them, `halfdoor attributes NAME` shows one. This page is made of the code by a test
(`BLESS=1 cargo test -p halfdoor-compute attributes` writes it anew).

## What they have in common

- **The window** ends on the last date of the dataset, or where `as_of` says. Days include both ends. Months are whole
  calendar months, the last of them over when the window ends. The history must cover the window: it may begin and end at most
  7 days inside it, and of a window of less than 28 days a quarter. Otherwise there is no answer: a total over less than was
  asked for would not be what its sentence says.
- **One currency, one account.** Where a dataset has transactions of several, or some that name none, nothing is added up:
  `currency` and `account` choose one.
- **Exact.** Sums are exact. Means and slopes of money have six digits more than amounts have, ratios six digits; both are
  rounded once, half to even. A transaction without a date or an amount is not counted.
- **What words mean** is decided by the tables at the end of this page: a transaction belongs to a class if its description or
  counterparty has one of the phrases as whole words, in any case, and none of those that exclude it. What no table names is
  in no class. `words` add to them.
- **A standing grant** covers an attribute only if it lists it by name, and without `--parts` only by the customary windows: 30,
  60 or 90 days, 3, 6 or 12 months, due on the first with five days of grace, and nothing else said.
- **Questions** work over every attribute: `--above`, `--below`, `--bands`, `--rounded`.

Sources are named where there are any; a definition of our own says so.

";

pub(super) fn of_all() -> String {
    let mut page = BEGINNING.to_owned();
    page.push_str("## The attributes\n");
    for name in AttributeName::ALL {
        one(&mut page, definition(*name));
    }
    page.push_str("\n## What words mean\n\n| class | one of these phrases | and none of these |\n|---|---|---|\n");
    for class in Class::ALL {
        let (any, none) = phrases(class);
        let _ = writeln!(page, "| {} | {} | {} |", class.name(), any.join(", "), none.join(", "));
    }
    page.push_str("\nA returned payment and an overdraft are fees of the bank too. Income is money in; the other classes are money out.\n");
    page
}

fn one(page: &mut String, definition: &Definition) {
    let Definition { name, says, formula, source, unit, discloses, .. } = definition;
    let unit = match unit {
        Unit::Money => "money",
        Unit::Count => "a number of things",
        Unit::Days => "a number of days",
        Unit::Months => "a number of months",
        Unit::Ratio => "a ratio",
    };
    let tells = match discloses {
        Disclosure::Row => "a row of the data",
        Disclosure::Count => "how many there are",
        Disclosure::Aggregate | Disclosure::Question => "what many rows make together",
    };
    let linear = if definition.is_linear() { "; a weighted sum over rows" } else { "" };
    let columns: Vec<_> = name.columns().into_iter().map(|column| format!("`{}`", column.name())).collect();
    let parameters: Vec<_> = parameters(*name).into_iter().map(|(name, of)| format!("`{name}` {of}")).collect();
    let _ = write!(
        page,
        "\n### {}\n\n{says}.\n\n| | |\n|---|---|\n| is | {unit}: {formula} |\n| tells | {tells}{linear} |\n| reads | {} |\n\
         | parameters | {} |\n| source | {source} |\n",
        name.name(),
        columns.join(", "),
        parameters.join("; "),
    );
}
