//! `run_computation`.

use super::{
    Duo,
    answers::Ran,
    bodies::RunComputation,
    failure::{Failure, NO_ACCESS},
    python,
    session::Role,
};
use crate::{
    extract::read_json,
    limits::{BODY_BYTES, DUO_ANSWER_TIME},
    problem::{Kind, Problem},
};
use axum::{
    Json,
    extract::{Request, State},
};
use node::{
    NodeError,
    views::{OutcomeView, RequestView},
};
use std::sync::Arc;

/// Runs what was approved, waits for the receipt, answers with its outcome.
pub(super) async fn run_computation(State(duo): State<Arc<Duo>>, request: Request) -> Result<Json<Ran>, Failure> {
    let body: RunComputation = read_json(request, BODY_BYTES).await?;
    let request = duo.request(Role::Requester, body.index()?).await?;
    may_run(&request)?;
    match duo.node.run(&request.id, DUO_ANSWER_TIME).await {
        Ok(outcome) => Ok(Json(Ran { result: result(outcome)? })),
        Err(error @ (NodeError::Refused { .. } | NodeError::Conflict { .. })) => {
            let why = Problem { kind: Kind::Refused, ..error.into() };
            Err(Failure::from(why).saying(NO_ACCESS))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a request may run at all; the owner's node has the last word on the rest.
fn may_run(request: &RequestView) -> Result<(), Failure> {
    if matches!(request.state.as_str(), "approved" | "done") {
        return Ok(());
    }
    let why = Problem::new(Kind::Refused, format!("the request is not approved: it is {}", request.state));
    Err(Failure::from(why).saying(NO_ACCESS))
}

/// The outcome as Duo printed it: through a float, so that 12 is "12.0". Nothing is told of a receipt that fails.
fn result(outcome: OutcomeView) -> Result<String, Failure> {
    if let Some(failed) = outcome.failed.first() {
        let fault = Problem::new(Kind::Conflict, format!("the receipt does not verify: {failed}"));
        return Err(fault.hint("halfdoor run shows the whole receipt").into());
    }
    let Some(value) = outcome.value else {
        let why = outcome.not_released.unwrap_or_else(|| "nothing was released".to_owned());
        return Err(Failure::from(Problem::new(Kind::Refused, why)).saying(NO_ACCESS));
    };
    let number: f64 = value.parse().map_err(|_| {
        Problem::new(Kind::Refused, "the outcome is not a single number").hint("halfdoor run shows the whole outcome")
    })?;
    Ok(python::float(number))
}

#[cfg(test)]
mod tests;
