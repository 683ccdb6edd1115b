//! A yes for several times, given on purpose and bounded.

use crate::{
    demo::{
        bills::Amounts,
        check,
        scene::{BILLS, PATIENCE, Question, Scene},
    },
    error::CliError,
};
use node::wishes::{Approve, NewRequest};

/// Runs that Jack allows.
const USES: u32 = 3;

/// Three uses, no review; the fourth is refused by Jack's node.
pub(in crate::demo) fn standing(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("A standing yes, for three times")?;
    let reason = "May I follow this while I decide?";
    let mean = Question { dataset: BILLS, computation: "mean", column: "electricity", reason };
    let amounts = Amounts::of(mean.column)?;
    let first = scene.asking(&mean)?;
    let grant = scene.telling.step("Jack gives a standing grant", || {
        let (prompt, value) = scene.looks_at(&first.id, amounts.mean()?)?;
        let choice = Approve {
            uses: Some(USES),
            kinds: ["mean", "min", "max"].map(str::to_owned).to_vec(),
            review: Some("none".to_owned()),
            ..Approve::default()
        };
        let grant = scene.approves(&prompt, choice)?.grant;
        let grant = grant.ok_or_else(|| CliError::failed("Jill holds no grant"))?;
        let told = format!("Jack sees {value} and allows {USES} uses: mean, min or max of it, without review");
        Ok((grant, told))
    })?;
    scene.running(&first.id, &mean.words(), amounts.mean()?)?;
    for (computation, expected) in [("min", amounts.min()?), ("max", amounts.max()?)] {
        use_of(scene, &grant, &Question { computation, ..mean }, expected)?;
    }
    spent(scene, &grant, &Question { computation: "min", ..mean })
}

fn under(grant: &str, question: &Question<'_>) -> NewRequest {
    NewRequest { grant: Some(grant.to_owned()), ..question.wish() }
}

/// Asked, covered and run in one step: nobody is asked again.
fn use_of(
    scene: &Scene<'_>,
    grant: &str,
    question: &Question<'_>,
    expected: protocol::Decimal,
) -> Result<(), CliError> {
    scene.telling.step("Jill uses the standing grant", || {
        let request = scene.asks(&under(grant, question))?;
        scene.answered(&request.id, "approved")?;
        let outcome = scene.jill.run(&request.id, PATIENCE)?;
        let (value, checks) = check::receipt(&outcome, expected)?;
        let (number, words) = (outcome.number, question.words());
        Ok(((), format!("Use {number} of {USES}, Jack is not asked: {words} is {value}; {checks} checks hold")))
    })
}

fn spent(scene: &Scene<'_>, grant: &str, question: &Question<'_>) -> Result<(), CliError> {
    let refused = scene.telling.step("Jill asks for a fourth use", || {
        let request = scene.asks(&under(grant, question))?;
        check::same("the fourth request", &request.state.as_str(), &"refused")?;
        let why = request.detail.clone().unwrap_or_default();
        let given = scene.jack.grants()?;
        let given = given.iter().find(|given| given.id == grant);
        let given = given.ok_or_else(|| CliError::failed("Jack does not list the grant"))?;
        check::same("uses spent", &given.spent, &USES)?;
        check::same("the grant at Jack's", &given.state.as_str(), &"spent")?;
        let told = format!("A fourth use is refused by Jack's node: “{why}”");
        Ok((request, told))
    })?;
    scene.refused_run(&refused.id, "Jill runs it anyway")
}
