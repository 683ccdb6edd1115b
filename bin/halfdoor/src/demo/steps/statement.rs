//! What a lender asks of a bank statement, answered without the statement.

use crate::{
    demo::{
        check,
        scene::{GIRO, INSTITUTION, OWNER, PATIENCE, Scene, code},
        statement,
    },
    error::CliError,
    print,
};
use node::{
    views::Prompt,
    wishes::{Approve, NewDataset, NewRequest},
};

/// Jill’s limit for what goes out in a week.
const LIMIT: i128 = 100;

/// Jack stores a statement; Jill learns two attributes of it, one of them only as a yes or no.
pub(in crate::demo) fn statement(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("A bank statement, and what a lender asks of it")?;
    scene.telling.note(statement::SOURCE)?;
    store(scene)?;
    let returned = wish("nsf_count", "Was a payment returned lately?");
    let prompt = asked(scene, &returned, "how often a payment was returned", &statement::returned().to_string())?;
    scene.telling.show("what Jack sees", print::prompt(&prompt))?;
    approved(scene, &prompt, "the number of returned payments", &statement::returned().to_string())?;
    let below = NewRequest {
        below: Some(LIMIT.to_string()),
        ..wish("total_outflow", "Do you spend less than 100 dollars in a week?")
    };
    let answer = if statement::spent() < LIMIT * 100 { "yes" } else { "no" };
    let prompt = asked(scene, &below, "only whether less than 100 went out", answer)?;
    approved(scene, &prompt, "whether less than 100 went out", answer)
}

fn store(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.step("Jack stores a bank statement", || {
        let stored = scene.jack.add_dataset(&NewDataset {
            content: Some(statement::OFX.to_owned()),
            tag: GIRO.to_owned(),
            description: "My checking account, one week".to_owned(),
            visible_to: vec![INSTITUTION.to_owned()],
            ..NewDataset::default()
        })?;
        check::same("its rows", &stored.rows, &statement::rows())?;
        check::same("its format", &stored.format.as_deref(), &Some("ofx"))?;
        let seen = scene.jill.catalog(None, GIRO, PATIENCE)?;
        check::same("datasets of that name that Jill sees", &seen.datasets.len(), &1)?;
        let rows = stored.rows;
        Ok(((), format!("Jack stores it as “{GIRO}”, {rows} transactions, visible to Jill; of the account number only a hash is kept")))
    })
}

fn wish(attribute: &str, reason: &str) -> NewRequest {
    NewRequest {
        person: OWNER.to_owned(),
        dataset: GIRO.to_owned(),
        computation: attribute.to_owned(),
        days: Some(statement::DAYS),
        reason: reason.to_owned(),
        ..NewRequest::default()
    }
}

/// Jill asks, and Jack is shown what the statement says.
fn asked(scene: &Scene<'_>, wish: &NewRequest, words: &str, expected: &str) -> Result<Prompt, CliError> {
    let NewRequest { computation, reason, .. } = wish;
    let days = statement::DAYS;
    let request = scene.telling.step("Jill asks for a credit attribute", || {
        let asked = scene.asks(wish)?;
        Ok((asked, format!("Jill asks for {computation} over {days} days, {words}: “{reason}”")))
    })?;
    scene.telling.step("Jack opens the request", || {
        let prompt = scene.jack.prompt(&request.id)?;
        check::same("what would leave", &prompt.leaves.value.as_deref(), &Some(expected))?;
        let told = format!("Jack opens it: “{expected}” would leave. His rule of five rows advises against it");
        Ok((prompt, told))
    })
}

/// A rule advises against an answer from three rows: Jack sets it aside in words, or nothing leaves.
fn approved(scene: &Scene<'_>, prompt: &Prompt, words: &str, expected: &str) -> Result<(), CliError> {
    let id = &prompt.request.id;
    scene.telling.step("Jack approves, and sets his rule aside", || {
        let preview = code(prompt)?;
        let against = Approve { preview, ..Approve::default() };
        check::refused("approving against a rule", scene.jack.approve(id, &against))?;
        let despite = prompt.leaves.refused.then(|| "it is a story, told in full".to_owned());
        scene.approves(prompt, Approve { despite, ..Approve::default() })?;
        Ok(((), "Jack approves and sets the rule aside for this one; without those words he cannot".into()))
    })?;
    scene.telling.step("Jill runs what was approved", || {
        let outcome = scene.jill.run(id, PATIENCE)?;
        check::same("the result", &outcome.value.as_deref(), &Some(expected))?;
        check::holds(outcome.failed.is_empty(), "the receipt does not hold")?;
        let checks = outcome.verified.len();
        Ok(((), format!("Jill runs it: {words}: {expected}; its receipt holds, {checks} checks")))
    })
}
