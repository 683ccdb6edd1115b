use crate::{context::Context, error::CliError, print};
use clap::Args;

/// Try every relay, and say who can reach this node and how: directly, through a relay, not at all
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let Self {} = self;
        let client = at.client()?;
        let found = print::waiting("Trying every relay", || client.doctor())?;
        at.answer(&found, print::doctor)?;
        if found.routes.iter().any(|route| route.reached) {
            return Ok(());
        }
        let failed = CliError::failed("no relay is reached");
        Err(match found.change.first() {
            Some(change) => failed.hint(change),
            None => failed,
        })
    }
}
