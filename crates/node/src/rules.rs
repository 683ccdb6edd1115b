//! The owner's rules on what may leave of a dataset: as she says them, as they are kept, as they are applied.

use crate::{error::NodeError, views::RulesView, wishes::NewRules};
use compute::disclosure::Rules;
use consent::record::DisclosureRules;
use protocol::Decimal;

/// As they are applied.
pub(crate) fn own(kept: &DisclosureRules) -> Rules {
    let DisclosureRules { minimum_rows, smallest_group, dominance, rows_may_leave, round_to } = *kept;
    Rules { minimum_rows, smallest_group, rows_may_leave, dominance, round_to }
}

/// As they are shown.
pub(crate) fn view(kept: Option<&DisclosureRules>) -> RulesView {
    let rules = kept.map_or_else(Rules::default, own);
    RulesView {
        minimum_rows: rules.minimum_rows,
        smallest_group: rules.smallest_group,
        dominance: rules.dominance,
        rows_may_leave: rules.rows_may_leave,
        round_to: rules.round_to.map(|step| step.to_string()),
        chosen: kept.is_some(),
    }
}

/// As they are kept, with what was changed; what was not said stays.
///
/// # Errors
/// Which one makes no sense, and what would.
pub(crate) fn changed(kept: Option<&DisclosureRules>, wish: &NewRules) -> Result<DisclosureRules, NodeError> {
    let before = kept.map_or_else(Rules::default, own);
    let round_to = match wish.round_to.as_deref().map(str::trim) {
        None => before.round_to,
        Some("off") => None,
        Some(step) => {
            let step: Decimal =
                step.parse().map_err(|error: protocol::BadDecimal| invalid("round_to", &error.to_string()))?;
            Some(step)
        }
    };
    let rules = Rules {
        minimum_rows: wish.minimum_rows.unwrap_or(before.minimum_rows),
        smallest_group: wish.smallest_group.unwrap_or(before.smallest_group),
        dominance: wish.dominance.unwrap_or(before.dominance),
        rows_may_leave: wish.rows_may_leave.unwrap_or(before.rows_may_leave),
        round_to,
    };
    rules.validate().map_err(|(field, why)| invalid(field, why))?;
    let Rules { minimum_rows, smallest_group, rows_may_leave, dominance, round_to } = rules;
    Ok(DisclosureRules { minimum_rows, smallest_group, dominance, rows_may_leave, round_to })
}

fn invalid(field: &'static str, why: &str) -> NodeError {
    NodeError::Invalid { field, why: why.to_owned() }
}
