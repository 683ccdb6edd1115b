//! Two people and what each of them can do, as the chapters of the story use it.

use super::{
    check,
    stage::{Stage, Up},
    telling::Telling,
};
use crate::{client::Client, error::CliError, print};
use node::{
    views::{EntryView, OutcomeView, Prompt, RequestView},
    wishes::{Approve, NewRequest},
};
use protocol::Decimal;
use std::time::Duration;

/// How long anything between the two nodes may take. Most of it takes milliseconds; finding each other again after a
/// power cut may take a few tries.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);
/// The owner's name, and the institution's.
pub(super) const OWNER: &str = "Jack";
pub(super) const INSTITUTION: &str = "Jill";
/// The dataset that the story is about.
pub(super) const BILLS: &str = "utility-bills";
/// A bank statement, of which Jill learns attributes.
pub(super) const GIRO: &str = "checking";

/// Entries of a log that are asked for at once.
const LOG_PAGE: usize = 500;

/// Where the story stands.
pub(super) struct Scene<'s> {
    pub(super) stage: &'s Stage,
    pub(super) telling: &'s Telling,
    /// The owner's node.
    pub(super) jack: Client,
    /// The institution's node.
    pub(super) jill: Client,
    /// Where each of them is.
    pub(super) at: Places,
}

/// Where both nodes are.
pub(super) struct Places {
    pub(super) jack: Up,
    pub(super) jill: Up,
}

/// What Jill asks of a dataset.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) dataset: &'q str,
    pub(super) computation: &'q str,
    pub(super) column: &'q str,
    pub(super) reason: &'q str,
}

impl Question<'_> {
    /// What is asked, in plain words: the largest of “total”.
    pub(super) fn words(&self) -> String {
        let kind = match self.computation {
            "max" => "largest",
            "min" => "smallest",
            "count" => "number of values",
            other => other,
        };
        format!("the {kind} of “{}”", self.column)
    }

    pub(super) fn wish(&self) -> NewRequest {
        NewRequest {
            person: OWNER.to_owned(),
            dataset: self.dataset.to_owned(),
            computation: self.computation.to_owned(),
            column: Some(self.column.to_owned()),
            purpose: Some("credit_application".to_owned()),
            reason: self.reason.to_owned(),
            ..NewRequest::default()
        }
    }
}

impl Scene<'_> {
    /// Jill asks, and Jack's node has it; or has refused it.
    pub(super) fn asks(&self, wish: &NewRequest) -> Result<RequestView, CliError> {
        let request = self.jill.request(wish, PATIENCE)?;
        let sent = request.state != "sending";
        check::holds(sent, "the request was not delivered")?;
        Ok(request)
    }

    /// Jill asks as a step of its own, and Jack sees that it waits, with her words.
    pub(super) fn asking(&self, question: &Question<'_>) -> Result<RequestView, CliError> {
        self.telling.step("Jill asks", || {
            let asked = self.asks(&question.wish())?;
            let waits = self.jack.request_by_id(&asked.id)?;
            check::same("the request at Jack's", &waits.state.as_str(), &"waiting")?;
            check::same("the reason at Jack's", &waits.reason.as_str(), &question.reason)?;
            let told = format!("Jill asks for {}: “{}”", question.words(), question.reason);
            Ok((asked, told))
        })
    }

    /// Jack looks at a request: the value that would leave is what the bills say.
    pub(super) fn looks_at(&self, id: &str, expected: Decimal) -> Result<(Prompt, String), CliError> {
        let prompt = self.jack.prompt(id)?;
        let value = check::value("what would leave", prompt.leaves.value.as_ref(), expected)?;
        Ok((prompt, value))
    }

    /// Jack says yes to what a prompt showed, and Jill's node has the answer.
    pub(super) fn approves(&self, prompt: &Prompt, choice: Approve) -> Result<RequestView, CliError> {
        let id = &prompt.request.id;
        let decided = self.jack.approve(id, &Approve { preview: code(prompt)?, ..choice })?;
        check::same("the request at Jack's", &decided.state.as_str(), &"approved")?;
        self.answered(id, "approved")
    }

    /// Waits until a request of Jill's is in that state.
    pub(super) fn answered(&self, id: &str, state: &str) -> Result<RequestView, CliError> {
        check::eventually(&format!("“{state}” at Jill's"), PATIENCE, || {
            Ok(Some(self.jill.request_by_id(id)?).filter(|request| request.state == state))
        })
    }

    /// Jill runs what was approved, as a step of its own: the result is what the bills say and its receipt holds.
    pub(super) fn running(&self, id: &str, words: &str, expected: Decimal) -> Result<OutcomeView, CliError> {
        self.telling.step("Jill runs what was approved", || {
            let outcome = self.jill.run(id, PATIENCE)?;
            let (value, checks) = check::receipt(&outcome, expected)?;
            let told = format!("Jill runs it: {words} is {value}; its receipt holds, {checks} checks");
            Ok((outcome, told))
        })
    }

    /// Jill tries to run something, as a step of its own, and is refused; nothing of it ran at Jack's.
    pub(super) fn refused_run(&self, id: &str, begin: &str) -> Result<(), CliError> {
        self.telling.step("Jill tries to run it", || {
            let why = check::refused("the run", self.jill.run(id, PATIENCE))?;
            check::holds(!self.ran(id)?, "Jack's log says that it ran")?;
            Ok(((), format!("{begin}: refused, “{why}”; nothing ran")))
        })
    }

    /// Whether Jack's log says that a request ran.
    fn ran(&self, id: &str) -> Result<bool, CliError> {
        Ok(whole_log(&self.jack)?.iter().any(|entry| entry.kind == "ran" && entry.ids.iter().any(|named| named == id)))
    }
}

/// Every entry of a node's log.
pub(super) fn whole_log(client: &Client) -> Result<Vec<EntryView>, CliError> {
    let mut entries: Vec<EntryView> = Vec::new();
    loop {
        let from = entries.last().map_or(0, |last| last.index + 1);
        match client.log(from, LOG_PAGE)? {
            page if page.is_empty() => return Ok(entries),
            page => entries.extend(page),
        }
    }
}

/// What a decision names of what was shown.
pub(super) fn code(prompt: &Prompt) -> Result<String, CliError> {
    let why = || CliError::failed(format!("nothing can leave: {}", prompt.leaves.sentence));
    prompt.preview.clone().ok_or_else(why)
}

/// The beginning of an id or key, as the screen shows it.
pub(super) fn short(id: &str) -> String {
    print::shortened(id)
}
