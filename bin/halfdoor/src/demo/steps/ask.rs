//! The main path: asked, shown, approved, run, verified; and the receipt holds without any node.

use crate::{
    demo::{
        bills::Amounts,
        check,
        scene::{BILLS, Question, Scene, code, short},
    },
    error::CliError,
    print,
};
use node::{views::OutcomeView, wishes::Approve};

/// The damaged copy of the receipt differs in this bit of its middle byte.
const FLIPPED: u8 = 0x01;

/// One question, answered once.
pub(in crate::demo) fn ask(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("A question, an informed yes, a signed answer")?;
    let question = Question {
        dataset: BILLS,
        computation: "max",
        column: "total",
        reason: "Could you carry 450 dollars a month?",
    };
    let request = scene.asking(&question)?;
    let expected = Amounts::of(question.column)?.max()?;
    let prompt = scene.telling.step("Jack opens the request", || {
        let (prompt, value) = scene.looks_at(&request.id, expected)?;
        check::same("what is known of Jill's key", &prompt.who.key.as_str(), &"verified")?;
        check::same("Jill's words", &prompt.words.as_str(), &question.reason)?;
        Ok((prompt, format!("Jack opens it; his own computer works out what would leave: {value}")))
    })?;
    scene.telling.show("what Jack sees", print::prompt(&prompt))?;
    scene.telling.step("Jack approves what he was shown", || {
        let other = Approve { preview: "0".repeat(20), ..Approve::default() };
        check::refused("approving what was not shown", scene.jack.approve(&request.id, &other))?;
        scene.approves(&prompt, Approve::default())?;
        let shown: String = code(&prompt)?.chars().take(12).collect();
        Ok(((), format!("Jack approves exactly this, by its code {shown}…; by another code he cannot")))
    })?;
    let outcome = scene.running(&request.id, &question.words(), expected)?;
    verify_offline(scene, &outcome)
}

/// The exported receipt is checked by a process that knows no node; one changed bit is found.
fn verify_offline(scene: &Scene<'_>, outcome: &OutcomeView) -> Result<(), CliError> {
    let path = scene.stage.place("receipt.cbor");
    let unwritable = |e| CliError::failed("the receipt could not be written").because(e);
    let bytes = scene.telling.step("the receipt is verified offline", || {
        let bytes = scene.jill.export_outcome(&outcome.receipt)?;
        std::fs::write(&path, &bytes).map_err(unwritable)?;
        let verified = scene.stage.run(["--json".as_ref(), "verify".as_ref(), path.as_os_str()])?;
        check::holds(verified.status.success(), String::from_utf8_lossy(&verified.stderr).trim())?;
        let read: OutcomeView = serde_json::from_slice(&verified.stdout)
            .map_err(|e| CliError::failed("what verify printed makes no sense").because(e))?;
        check::same("the value in the file", &read.value, &outcome.value)?;
        check::holds(read.failed.is_empty(), "the receipt does not hold in the file")?;
        let (size, id) = (bytes.len(), short(&outcome.receipt));
        Ok((bytes, format!("Receipt {id} as a file of {size} bytes: halfdoor verify accepts it without a node")))
    })?;
    scene.telling.step("a changed receipt is verified", || {
        let mut changed = bytes;
        let middle = changed.len() / 2;
        if let Some(byte) = changed.get_mut(middle) {
            *byte ^= FLIPPED;
        }
        std::fs::write(&path, &changed).map_err(unwritable)?;
        let verified = scene.stage.run(["verify".as_ref(), path.as_os_str()])?;
        check::holds(!verified.status.success(), "a changed receipt was accepted")?;
        Ok(((), "One bit of the file changed: halfdoor verify refuses it".into()))
    })
}
