//! What becomes of an outcome that nobody looks at before it leaves.

use super::{
    ledger::{Judgement, Ledger, Measure},
    rules::Refusal,
    told::Told,
};
use protocol::Outcome;

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// It leaves, without the groups that would be too much; this is what it then tells.
    Leaves {
        /// What leaves.
        outcome: Outcome,
        /// What it tells.
        told: Told,
    },
    /// It does not leave.
    Stays(Refusal),
    /// Together with what others have been told it would be too much: it waits until the owner has seen that.
    Waits(Judgement),
}

/// Decides, by what whoever asks has been told (`theirs`) and what anybody has been told (`everybodys`). The rules on one
/// outcome have been applied: `refused`.
///
/// What others have been told never refuses anything: it makes the owner look. A refusal would tell whoever asks of them.
#[must_use]
pub fn course(
    theirs: &Ledger,
    everybodys: &Ledger,
    refused: Option<Refusal>,
    (outcome, told): (Outcome, &Told),
    measure: &Measure,
) -> Course {
    if let Some(refusal) = refused {
        return Course::Stays(refusal);
    }
    let (judgement, groups) = theirs.judge_groups(told, measure);
    if let Some(refusal) = judgement.refused {
        return Course::Stays(refusal);
    }
    let told = told.only(&groups);
    let together = everybodys.judge(&told, measure);
    if together.refused.is_some() {
        return Course::Waits(together);
    }
    Course::Leaves { outcome: only(outcome, &groups), told }
}

/// An outcome without the groups that are not kept; `kept` are places in their order.
#[must_use]
pub fn only(outcome: Outcome, kept: &[u16]) -> Outcome {
    let Outcome::Groups(groups) = outcome else { return outcome };
    let stays = |at: usize| kept.iter().any(|kept| usize::from(*kept) == at);
    let groups = groups.into_iter().enumerate().filter(|(at, _)| stays(*at)).map(|(_, group)| group);
    Outcome::Groups(groups.collect())
}
