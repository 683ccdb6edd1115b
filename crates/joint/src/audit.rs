//! Whether a lender evaluated what it had committed to: its evaluation is repeated and compared byte for byte.
//!
//! An auditor is given the model, its salt and the seed by the lender, and the inputs as they were encrypted. It needs
//! no share and no opening, so it learns nothing of an applicant.

use crate::{
    evaluation::{Evaluation, Inputs, seed_commitment},
    explain::{Explanation, Overlay, TooManyCells},
    model::Model,
    plan::{Constant, Plan},
    scheme::{JointKey, Refused},
};

#[cfg(test)]
mod tests;

/// What the lender reveals to an auditor.
pub struct Revealed<'a> {
    /// The model.
    pub model: &'a Model,
    /// The salt of its commitment.
    pub salt: &'a [u8; 32],
    /// The seed of the evaluation.
    pub seed: &'a [u8; 32],
}

/// What stands in the request and in the log.
pub struct Logged<'a> {
    /// The commitment to the model.
    pub model: &'a [u8; 32],
    /// The commitment to the seed.
    pub seed: &'a [u8; 32],
    /// The evaluation's bytes, and how many values were announced.
    pub evaluation: (&'a [u8], usize),
    /// The same of the explanation, where there was one.
    pub explanation: Option<(&'a [u8], usize)>,
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
    /// The explanation cannot be as large.
    #[error(transparent)]
    Explain(#[from] TooManyCells),
    /// The inputs do not fit the model.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// Repeats the evaluation and, where there was one, the explanation.
///
/// # Errors
/// The first thing that is not as committed.
pub fn audit(revealed: &Revealed<'_>, logged: &Logged<'_>, key: &JointKey, inputs: &Inputs) -> Result<(), Finding> {
    if revealed.model.commitment(revealed.salt)? != *logged.model {
        return Err(Finding::Model);
    }
    if seed_commitment(revealed.seed) != *logged.seed {
        return Err(Finding::Seed);
    }
    let (sent, announced) = logged.evaluation;
    let plan = Plan::of(revealed.model)?;
    if Evaluation::new(&plan, inputs, key, revealed.seed, announced)?.to_bytes() != sent {
        return Err(Finding::Evaluation);
    }
    let Some((sent, announced)) = logged.explanation else { return Ok(()) };
    let feature = revealed.model.explained().ok_or(Finding::Explanation)?;
    let overlay = Overlay::of(revealed.model, feature)?.ok_or(Finding::Explanation)?;
    let same = Explanation::new(&overlay, inputs, key, revealed.seed, announced)?.to_bytes() == sent;
    if same { Ok(()) } else { Err(Finding::Explanation) }
}
