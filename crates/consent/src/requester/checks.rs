//! What a receipt must be bound to, each binding checked and named. Used on arrival and offline.

use crate::{
    ConsentError,
    bundle::Later,
    log::{checkpoint, proves_consistency, proves_inclusion, run_leaf},
    vouching,
};
use protocol::{
    Event, MessageId, Signed,
    message::{Answer, Approval, Cosign, Decision, Grant, Receipt, Request},
};

/// One binding and whether it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked, in words.
    pub what: &'static str,
    /// Whether it holds.
    pub holds: bool,
}

/// Every binding between a receipt, the request it answers and the decision it was run under.
///
/// `standing`: the decision that gave the standing grant, when `decision` is one use of it.
pub fn binding_checks(
    request: &Signed<Request>,
    decision: &Signed<Decision>,
    standing: Option<&Signed<Decision>>,
    receipt: &Signed<Receipt>,
) -> Result<Vec<Check>, ConsentError> {
    let (terms, body) = (&request.body().terms, receipt.body());
    let owner = receipt.sender();
    let mut checks = vec![
        check("signed by the owner the request was sent to", owner == request.payload().audience),
        check("given to the one who asked", receipt.payload().audience == request.sender()),
        check("the decision is the owner's, to the one who asked", {
            decision.sender() == owner && decision.payload().audience == request.sender()
        }),
        check("answers this request", body.request == request.id()),
        check("about the dataset that was asked about", body.dataset == terms.dataset),
        check("over the version that was asked about", body.version == terms.version),
        check("the computation that was asked for", body.computation == terms.computation),
    ];
    checks.extend(grant_checks(request, decision, standing, receipt)?);
    checks.push(check("the run stands in the owner's log", in_log(receipt)?));
    checks.extend(vouching::checks(receipt));
    Ok(checks)
}

fn grant_checks(
    request: &Signed<Request>,
    decision: &Signed<Decision>,
    standing: Option<&Signed<Decision>>,
    receipt: &Signed<Receipt>,
) -> Result<Vec<Check>, ConsentError> {
    let body = receipt.body();
    let approved = approval_of(decision).filter(|approval| approval.request == request.id());
    let given = match approved.map(|approval| &approval.grant) {
        Some(Grant::Under(id)) => {
            standing.filter(|standing| standing.id() == *id && standing.sender() == receipt.sender())
        }
        Some(Grant::Once(_) | Grant::Standing(_)) => Some(decision),
        None => None,
    };
    let grant = given.and_then(approval_of).map(|approval| &approval.grant);
    let id: Option<MessageId> = given.map(Signed::id);
    let started = body.entry.started;
    let (covers, uses, in_time, opens) = match grant {
        Some(Grant::Once(once)) => (
            once.version == body.version,
            1,
            (once.from..=once.until).contains(&started),
            opens(&body.answer, Some(once.outcome))?,
        ),
        Some(Grant::Standing(bounds)) => (
            bounds.covers(&request.body().terms),
            bounds.uses,
            (bounds.from..=bounds.until).contains(&started),
            opens(&body.answer, None)?,
        ),
        Some(Grant::Under(_)) | None => (false, 0, false, false),
    };
    Ok(vec![
        check("run under the grant that the owner gave", id == Some(body.grant)),
        check("the grant covers what was run", covers),
        check("within the uses that the grant allows", (1..=uses).contains(&body.number)),
        check("run within the time that the grant allows", in_time),
        check("the outcome is the one that the owner approved", opens),
    ])
}

fn approval_of(decision: &Signed<Decision>) -> Option<&Approval> {
    match decision.body() {
        Decision::Approve(approval) => Some(approval),
        Decision::Deny(_) | Decision::Counter(_) => None,
    }
}

/// Whether a released outcome opens the commitment; what is not released opens nothing and contradicts nothing.
fn opens(answer: &Answer, commitment: Option<protocol::Commitment>) -> Result<bool, ConsentError> {
    Ok(match (answer, commitment) {
        (Answer::Released { outcome, salt, .. }, Some(commitment)) => outcome.commitment(salt)? == commitment,
        (Answer::Released { .. }, None) | (Answer::NotReleased { .. }, _) => true,
    })
}

fn in_log(receipt: &Signed<Receipt>) -> Result<bool, ConsentError> {
    let body = receipt.body();
    let what = Event::Ran { grant: body.grant, request: body.request, number: body.number };
    let leaf = run_leaf(body.entry.salt, body.entry.started, what)?;
    Ok(proves_inclusion(&body.entry.head, body.entry.index, &leaf, &body.entry.inclusion))
}

/// That the owner's log is held to a later head, which both signed, and in which the receipt's own continues.
pub(crate) fn later_checks(
    request: &Signed<Request>,
    receipt: &Signed<Receipt>,
    later: &Later,
    cosign: &Signed<Cosign>,
) -> [Check; 3] {
    let (owner, first) = (receipt.sender(), receipt.body().entry.head);
    let same = first.size != later.head.size || first == later.head;
    let parties = cosign.sender() == request.sender() && cosign.payload().audience == owner;
    [
        check("the owner signed a later head of the log", checkpoint::states(&later.checkpoint, &owner, &later.head)),
        check("the run still stands in that later log", {
            same && proves_consistency(&first, &later.head, &later.consistency)
        }),
        check("the one who asked cosigned that later head", parties && cosign.body().head == later.head),
    ]
}

fn check(what: &'static str, holds: bool) -> Check {
    Check { what, holds }
}

#[cfg(test)]
mod tests;
