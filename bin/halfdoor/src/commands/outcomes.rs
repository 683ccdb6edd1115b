use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use node::views::OutcomeView;
use std::path::PathBuf;

/// Results got and given, with their receipts
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Outcomes {
    /// Show one in full: the beginning of its receipt's or request's id
    id: Option<String>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Write a file that `halfdoor verify` checks anywhere, without a node
    Export {
        /// The beginning of its receipt's or request's id
        id: String,
        /// A new file; - writes to standard output
        file: PathBuf,
    },
}

impl Outcomes {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match (self.verb, self.id) {
            (Some(Verb::Export { id, file }), _) => input::write_file(&file, &client.export_outcome(&id)?),
            (None, Some(id)) => at.answer(&client.outcome(&id)?, print::outcome),
            (None, None) => at.answer(&client.outcomes()?, |outcomes| print::outcomes(outcomes)),
        }
    }
}

/// A receipt of which something does not hold, or nothing was checked, is a failure, whatever it says.
pub(super) fn relied_on(outcome: &OutcomeView) -> Result<(), CliError> {
    if outcome.failed.is_empty() && !outcome.verified.is_empty() {
        return Ok(());
    }
    let why = outcome.failed.first().map_or("nothing of it was checked", String::as_str);
    Err(CliError::failed(format!("the receipt does not hold: {why}")))
}

#[cfg(test)]
mod tests;
