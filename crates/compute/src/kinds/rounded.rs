//! Every number of an outcome rounded to the owner's step, before any question about it.

use super::{RunError, questions};
use protocol::{Bins, Decimal, Group, Outcome, Scalar, Tally};

/// The same outcome with its numbers rounded to multiples of the step, half to even. A step with a fraction leaves counts
/// as they are.
pub(super) fn outcome(outcome: Outcome, step: &Decimal) -> Result<Outcome, RunError> {
    Ok(match outcome {
        Outcome::Count(count) => Outcome::Count(whole(count, step)?),
        Outcome::Decimal(value) => Outcome::Decimal(questions::rounded(&value, step)?),
        Outcome::Groups(groups) => {
            let each = |group: Group| Ok(Group { value: scalar(group.value, step)?, ..group });
            Outcome::Groups(groups.into_iter().map(each).collect::<Result<_, RunError>>()?)
        }
        Outcome::Histogram(Bins { edges, below, counts, above }) => {
            let tally = |tally: Tally| match tally {
                Tally::Few => Ok(Tally::Few),
                Tally::Count(count) => whole(count, step).map(Tally::Count),
            };
            let counts = counts.into_iter().map(tally).collect::<Result<_, RunError>>()?;
            Outcome::Histogram(Bins { edges, below: tally(below)?, counts, above: tally(above)? })
        }
        other @ (Outcome::Holds(_) | Outcome::Band(_)) => other,
    })
}

fn scalar(scalar: Scalar, step: &Decimal) -> Result<Scalar, RunError> {
    Ok(match scalar {
        Scalar::Count(count) => Scalar::Count(whole(count, step)?),
        Scalar::Decimal(value) => Scalar::Decimal(questions::rounded(&value, step)?),
    })
}

fn whole(count: u64, step: &Decimal) -> Result<u64, RunError> {
    if step.normalized().scale() > 0 {
        return Ok(count);
    }
    let rounded = questions::rounded(&Decimal::from(count), &step.normalized())?;
    Ok(u64::try_from(rounded.mantissa()).unwrap_or(count))
}
