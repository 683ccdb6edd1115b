//! A no is a no.

use crate::{
    demo::{
        check,
        scene::{BILLS, Question, Scene},
    },
    error::CliError,
};

/// Jack denies; Jill reads why, and cannot run it.
pub(in crate::demo) fn deny(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("A no")?;
    let reason = "How much do you spend on heating in all?";
    let question = Question { dataset: BILLS, computation: "sum", column: "gas", reason };
    let request = scene.asking(&question)?;
    scene.telling.step("Jack denies", || {
        let because = "My heating is my own affair";
        let denied = scene.jack.deny(&request.id, Some(because))?;
        check::same("the request at Jack's", &denied.state.as_str(), &"denied")?;
        let told = scene.answered(&request.id, "denied")?.detail;
        check::same("the reason at Jill's", &told.as_deref(), &Some(because))?;
        Ok(((), format!("Jack denies: “{because}”; Jill reads it")))
    })?;
    scene.refused_run(&request.id, "Jill runs it anyway")
}
