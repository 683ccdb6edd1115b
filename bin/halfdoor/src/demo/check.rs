//! What makes a step fail.

use crate::error::{CliError, Kind};
use node::views::OutcomeView;
use protocol::Decimal;
use std::{
    cmp::Ordering,
    fmt::Debug,
    thread,
    time::{Duration, Instant},
};

/// Between two looks at something that comes about by itself.
const LOOK: Duration = Duration::from_millis(15);

/// Fails with `otherwise` unless it holds.
pub(super) fn holds(it: bool, otherwise: impl Into<String>) -> Result<(), CliError> {
    if it { Ok(()) } else { Err(CliError::failed(otherwise)) }
}

/// Fails unless both are the same.
pub(super) fn same<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), CliError> {
    holds(found == expected, format!("{what}: found {found:?} where {expected:?} was expected"))
}

/// Fails unless the value is there and equals what was worked out from the bills, whatever its digits; answers with it
/// as it was found.
pub(super) fn value(what: &str, found: Option<&String>, expected: Decimal) -> Result<String, CliError> {
    let found = found.ok_or_else(|| CliError::failed(format!("{what}: no value where {expected} was expected")))?;
    let number: Result<Decimal, _> = found.parse();
    let equal = number.is_ok_and(|number| number.cmp_value(&expected) == Ordering::Equal);
    holds(equal, format!("{what}: found {found} where the bills say {expected}"))?;
    Ok(found.clone())
}

/// Fails unless the outcome is what the bills say and every check of its receipt holds; answers with the value and the
/// number of checks.
pub(super) fn receipt(outcome: &OutcomeView, expected: Decimal) -> Result<(String, usize), CliError> {
    let value = value("the result", outcome.value.as_ref(), expected)?;
    holds(outcome.failed.is_empty(), format!("the receipt does not hold: {}", outcome.failed.join("; ")))?;
    holds(!outcome.verified.is_empty(), "nothing of the receipt was checked")?;
    Ok((value, outcome.verified.len()))
}

/// Fails unless the node said no; answers with its words. Not being reached, or breaking, is no refusal.
pub(super) fn refused<T>(what: &str, answer: Result<T, CliError>) -> Result<String, CliError> {
    match answer {
        Ok(_) => Err(CliError::failed(format!("{what} was done, and should have been refused"))),
        Err(error) if matches!(error.status(), Some(400..=499)) => Ok(error.to_string()),
        Err(error) => {
            Err(CliError::new(Kind::Failed, format!("{what} failed instead of being refused")).because(error))
        }
    }
}

/// Looks until there is an answer or patience ends.
pub(super) fn eventually<T>(
    what: &str,
    patience: Duration,
    mut look: impl FnMut() -> Result<Option<T>, CliError>,
) -> Result<T, CliError> {
    let until = Instant::now() + patience;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if Instant::now() >= until {
            return Err(CliError::failed(format!("{what} did not come about within {} s", patience.as_secs())));
        }
        thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests;
