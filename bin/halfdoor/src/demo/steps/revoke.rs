//! A yes that is taken back before it was used.

use crate::{
    demo::{
        bills::Amounts,
        check,
        scene::{BILLS, Question, Scene},
    },
    error::CliError,
};
use node::wishes::Approve;

/// Jack approves, thinks again, and revokes; what was approved does not run.
pub(in crate::demo) fn revoke(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("A yes taken back")?;
    let reason = "And what do you pay for both in a month?";
    let question = Question { dataset: BILLS, computation: "mean", column: "total", reason };
    let request = scene.asking(&question)?;
    scene.telling.step("Jack approves and revokes", || {
        let (prompt, value) = scene.looks_at(&request.id, Amounts::of(question.column)?.mean()?)?;
        scene.approves(&prompt, Approve::default())?;
        scene.jack.revoke(&request.id)?;
        let grants = scene.jack.grants()?;
        let of = scene.jack.request_by_id(&request.id)?.grant;
        let revoked = grants.iter().any(|grant| Some(&grant.id) == of.as_ref() && grant.state == "revoked");
        check::holds(revoked, "the grant is not revoked at Jack's")?;
        Ok(((), format!("Jack approves that {value} may leave, and revokes it before it was run")))
    })?;
    scene.refused_run(&request.id, "Jill runs it")
}
