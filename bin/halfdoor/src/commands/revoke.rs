use crate::{context::Context, error::CliError};
use clap::Args;

/// Stop every later run of a grant
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// A grant, a counter-offer or a request: the beginning of its id is enough
    id: String,
}

impl Revoke {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.client()?.revoke(&self.id)?;
        at.done(&format!("{} is revoked: no later run of it. What has left already cannot be taken back.", self.id))
    }
}
