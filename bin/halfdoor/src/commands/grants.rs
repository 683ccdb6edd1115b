use crate::{context::Context, error::CliError, print};
use clap::Args;

/// What is allowed now, to others and to you
#[derive(Debug, Args)]
pub(crate) struct Grants {}

impl Grants {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.answer(&at.client()?.grants()?, |grants| print::grants(grants))
    }
}
