use crate::{context::Context, error::CliError};
use clap::Args;

/// Erase the personal text of a request, or everything of a person; the log's proofs stand
#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// A person's name, or the beginning of a request's id
    subject: String,
}

impl Erase {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.client()?.erase(&self.subject)?;
        at.done(&format!("the words of {} are erased here; the log keeps ids and hashes only", self.subject))
    }
}
