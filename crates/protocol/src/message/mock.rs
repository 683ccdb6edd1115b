use crate::{
    Computation, DatasetId, MessageId, Outcome,
    envelope::{Body, Invalid, require},
    limits::MOCK_WORDS_BYTES,
    text,
};
use serde::{Deserialize, Serialize};

/// What would this come to, over the rows that you made up? Nobody decides about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockAsk {
    /// The dataset whose mock is meant.
    pub dataset: DatasetId,
    /// What is tried.
    pub computation: Computation,
}

/// This, and nothing of it is true. It is no receipt: it names no grant, no run and no entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockAnswer {
    /// The ask it answers.
    pub ask: MessageId,
    /// What it came to.
    pub came: Mocked,
}

/// What a computation over made-up rows came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mocked {
    /// This.
    Outcome(Outcome),
    /// Nothing, in the words of the program that tried.
    Nothing(String),
}

impl Body for MockAsk {
    const KIND: &'static str = "mock-ask";
    fn validate(&self) -> Result<(), Invalid> {
        self.computation.validate()
    }
}

impl Body for MockAnswer {
    const KIND: &'static str = "mock-answer";
    fn validate(&self) -> Result<(), Invalid> {
        match &self.came {
            Mocked::Outcome(outcome) => outcome.validate(),
            Mocked::Nothing(why) => {
                let plain = !why.is_empty() && text::check(why, MOCK_WORDS_BYTES).is_ok();
                require(plain, "nothing", "empty, longer than 256 bytes, or holds a character that shows nothing")
            }
        }
    }
}
