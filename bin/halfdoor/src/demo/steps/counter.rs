//! Not that, but this.

use crate::{
    demo::{
        bills::Amounts,
        check,
        scene::{BILLS, PATIENCE, Question, Scene, code},
    },
    error::CliError,
};
use node::wishes::CounterOffer;

/// Jill asks for the largest bill; Jack offers the median; she accepts and runs it.
pub(in crate::demo) fn counter(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("Not that, but this")?;
    let reason = "What was the most you ever paid?";
    let asked = Question { dataset: BILLS, computation: "max", column: "electricity", reason };
    let instead = Question { computation: "median", ..asked };
    let expected = Amounts::of(instead.column)?.median()?;
    let request = scene.asking(&asked)?;
    scene.telling.step("Jack offers something else", || {
        let because = "One month says little";
        let offer = CounterOffer {
            computation: Some(instead.computation.to_owned()),
            because: Some(because.to_owned()),
            ..CounterOffer::default()
        };
        let prompt = scene.jack.counter_prompt(&request.id, &offer)?;
        let value = check::value("what would leave instead", prompt.leaves.value.as_ref(), expected)?;
        scene.jack.counter(&request.id, &offer, &code(&prompt)?)?;
        let countered = scene.answered(&request.id, "countered")?;
        let offered = countered.counter.ok_or_else(|| CliError::failed("Jill sees no offer"))?;
        check::same("what is offered", &offered.computation.as_str(), &instead.computation)?;
        Ok(((), format!("Jack offers the median instead, which is {value}: “{because}”")))
    })?;
    let accepted = scene.telling.step("Jill accepts the offer", || {
        let accepted = scene.jill.accept(&request.id)?;
        let approved = check::eventually("the approval of what was offered", PATIENCE, || {
            Ok(Some(scene.jill.request_by_id(&accepted.id)?).filter(|request| request.state == "approved"))
        })?;
        check::same("what Jill may run", &approved.computation.as_str(), &instead.computation)?;
        Ok((approved, "Jill accepts: a new request, equal to the offer, is approved at once".into()))
    })?;
    scene.running(&accepted.id, &instead.words(), expected)?;
    scene.refused_run(&request.id, "Her first question")
}
