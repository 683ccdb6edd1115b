use crate::{context::Context, error::CliError, print};
use clap::Args;

/// Take up a counter-offer made to a request of yours
#[derive(Debug, Args)]
pub(crate) struct Accept {
    /// Your request: the beginning of its id is enough
    id: String,
}

impl Accept {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.answer(&at.client()?.accept(&self.id)?, print::request)
    }
}
