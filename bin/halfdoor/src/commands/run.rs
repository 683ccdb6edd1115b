use crate::{context::Context, error::CliError, print};
use clap::Args;
use std::time::Duration;

/// Run what was approved: the outcome and its receipt
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Your request: the beginning of its id is enough
    id: String,
    /// Seconds to wait for the other side
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    wait: u64,
}

impl Run {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        let patience = Duration::from_secs(self.wait);
        let outcome = print::waiting("waiting for the outcome", || client.run(&self.id, patience))?;
        at.answer(&outcome, print::outcome)?;
        super::outcomes::relied_on(&outcome)
    }
}
