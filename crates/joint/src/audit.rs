//! Whether a lender evaluated what it had committed to: its evaluation is repeated and compared byte for byte.
//!
//! An auditor is given the model, its salt and the seed by the lender, and the record of the public messages. It needs
//! no share and no opening, so it learns nothing of an applicant.

use crate::{
    evaluation::{Evaluation, Inputs, announced, seed_commitment},
    explain::Explanation,
    lender::{AnyOverlay, LenderModel, Unexplained},
    plan::{Constant, Plan},
    record::{Record, hash},
    scheme::{Draws, JointKey, Refused, ciphertexts_to},
};

#[cfg(test)]
mod tests;

/// What the lender reveals to an auditor.
pub struct Revealed<'a> {
    /// The model.
    pub model: &'a LenderModel,
    /// The salt of its commitment.
    pub salt: &'a [u8; 32],
    /// The seed of the evaluation.
    pub seed: &'a [u8; 32],
}

/// Why an evaluation is not the one committed to.
#[derive(Debug, thiserror::Error)]
pub enum Finding {
    /// Another model, or another salt.
    #[error("the model shown is not the one committed to")]
    Model,
    /// Another seed.
    #[error("the seed shown is not the one committed to")]
    Seed,
    /// The bytes differ.
    #[error("the lender did not send what its model and its seed give")]
    Evaluation,
    /// The explanation's bytes differ.
    #[error("the lender did not explain what its model and its seed give")]
    Explanation,
    /// The model cannot be committed to.
    #[error("the model does not encode")]
    Encoding(#[from] protocol::cbor::CborError),
    /// The model has nothing to evaluate.
    #[error(transparent)]
    Constant(#[from] Constant),
    /// There is an explanation, and the model has none.
    #[error("the lender explained what its model cannot explain")]
    Unexplained(#[from] Unexplained),
    /// The holders' messages are not sound, or do not fit the model.
    #[error("the holders' messages are not as they must be")]
    Refused(#[from] Refused),
}

/// Repeats the evaluation and, where there was one, the explanation. The draws weigh the proofs of the inputs, which
/// are verified again: they must be fresh.
///
/// # Errors
/// The first thing that is not as committed.
pub fn audit(revealed: &Revealed<'_>, record: &Record, draws: &mut Draws) -> Result<(), Finding> {
    if revealed.model.commitment(revealed.salt)? != hash(&record.model)? {
        return Err(Finding::Model);
    }
    if seed_commitment(revealed.seed) != hash(&record.seed)? {
        return Err(Finding::Seed);
    }
    let key = record.key()?;
    let inputs = record.verified(&key, draws)?;
    if evaluated(revealed.model, &inputs, &key, revealed.seed)? != record.evaluation.as_slice() {
        return Err(Finding::Evaluation);
    }
    if record.explanation.is_empty() {
        return Ok(());
    }
    let overlay = revealed.model.overlay()?;
    let same =
        explained(revealed.model, &overlay, &inputs, &key, revealed.seed)?.to_bytes() == record.explanation.as_slice();
    if same { Ok(()) } else { Err(Finding::Explanation) }
}

/// What an honest lender sends for any model, padded to what it announced.
///
/// # Errors
/// The model has nothing to evaluate, or the inputs do not fit it.
pub fn evaluated(model: &LenderModel, inputs: &Inputs, key: &JointKey, seed: &[u8; 32]) -> Result<Vec<u8>, Finding> {
    match model {
        LenderModel::Tree(tree) => {
            let plan = Plan::of(tree)?;
            Ok(Evaluation::new(&plan, inputs, key, seed, announced(plan.paths().len()))?.to_bytes())
        }
        LenderModel::Scorecard(file) => Ok(ciphertexts_to(&[file.card.evaluate(inputs, key, seed)?])),
        LenderModel::Ensemble(file) => Ok(file.ensemble.evaluate(inputs, key, seed)?.to_bytes()),
    }
}

/// What an honest lender sends to explain a denial.
///
/// # Errors
/// The inputs do not fit, or the overlay is of another kind of model.
pub fn explained(
    model: &LenderModel,
    overlay: &AnyOverlay,
    inputs: &Inputs,
    key: &JointKey,
    seed: &[u8; 32],
) -> Result<Explanation, Refused> {
    let many = announced(overlay.steps());
    match (overlay, model) {
        (AnyOverlay::Tree(overlay), _) => Explanation::new(overlay, inputs, key, seed, many),
        (AnyOverlay::Scorecard(overlay), LenderModel::Scorecard(file)) => {
            overlay.evaluate(&file.card, inputs, key, seed, many)
        }
        (AnyOverlay::Scorecard(overlay), _) => Err(Refused::Missing(overlay.feature())),
    }
}
