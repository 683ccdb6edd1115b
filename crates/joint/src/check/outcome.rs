//! From verified inputs to what opens, for each kind of model.

use super::{
    CheckError, Run,
    parties::{OUTCOME, blind, opening},
};
use crate::{
    audit::evaluated,
    evaluation::{Evaluation, Inputs, announced},
    lender::LenderModel,
    plan::Plan,
    scheme::{Ciphertext, Draws, JointKey, KeyShare, Opened, Refused, ciphertexts_from},
    sum::{Summands, ensemble_sum},
};

/// What opened: the class, and of sums the sum. `None` where nothing sound did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) class: Option<u8>,
    pub(super) sum: Option<i64>,
}

impl Answer {
    fn of_sum(sum: Option<i64>, lowest: i64) -> Self {
        Self { class: sum.map(|sum| u8::from(sum >= lowest)), sum }
    }
}

impl Run<'_> {
    /// The lender evaluates, the holders blind where the model asks for it, and the applicant opens.
    pub(super) fn outcome(
        &mut self,
        inputs: &Inputs,
        (key, owns): (&JointKey, &[KeyShare]),
        seed: &[u8; 32],
        draws: &dyn Fn(&str, usize) -> Draws,
    ) -> Result<Answer, CheckError> {
        let (model, meter) = (self.model, &mut self.parties.meter);
        let made = meter.timed("evaluate", || evaluated(model, inputs, key, seed))?;
        let made = meter.sent("evaluation", made);
        let answer = match (model, &self.plan) {
            (LenderModel::Scorecard(file), _) => {
                let values = meter.timed("evaluate", || ciphertexts_from(&made, 1))?;
                let opened = opening(meter, &OUTCOME, key, owns, &values, draws)?;
                let sum = meter.timed("open", || opened.first().and_then(|one| file.card.range().sum(one)));
                Answer::of_sum(sum, file.threshold)
            }
            (LenderModel::Ensemble(file), _) => {
                let (trees, announced) = (&file.ensemble, file.ensemble.announced());
                let mut values: Vec<Ciphertext> = Vec::new();
                let mut received = None;
                for holder in 0..key.holders() {
                    let mut weights = draws("weigh summands", holder);
                    let read = || Summands::from_bytes(&made, announced, key, &mut weights);
                    let read = meter.timed("verify_evaluation", read)?;
                    values = read.conditions();
                    received = Some(read);
                }
                let blinded = blind(meter, &OUTCOME, key, &values, draws)?;
                let values = received.ok_or(Refused::Holders)?.opened_from(&blinded)?;
                let opened = opening(meter, &OUTCOME, key, owns, &values, draws)?;
                let sum = meter.timed("open", || ensemble_sum(&opened, announced, trees.range()));
                Answer::of_sum(sum, file.lowest)
            }
            (LenderModel::Tree(tree), plan) => {
                let plan = plan.clone().map_or_else(|| Plan::of(tree), Ok)?;
                let many = announced(plan.paths().len());
                let received = meter.timed("evaluate", || Evaluation::from_bytes(&made, many))?;
                let blinded = blind(meter, &OUTCOME, key, received.values(), draws)?;
                let opened = opening(meter, &OUTCOME, key, owns, &blinded, draws)?;
                let class = if opened.iter().any(Opened::is_zero) { plan.class() } else { 1 - plan.class() };
                Answer { class: Some(class), sum: None }
            }
        };
        self.parties.record.evaluation = made.into();
        Ok(answer)
    }
}
