use crate::{context::Context, error::CliError};
use clap::Args;

/// Pause a standing grant: until you resume it, nothing is asked or run under it
#[derive(Debug, Args)]
pub(crate) struct Pause {
    /// The grant: the beginning of its id is enough
    id: String,
}

/// Resume a standing grant; answers that waited for that leave
#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The grant: the beginning of its id is enough
    id: String,
}

impl Pause {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.client()?.pause(&self.id)?;
        at.done(&format!("{} is paused. Its holder is told only that: halfdoor resume {}", self.id, self.id))
    }
}

impl Resume {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        at.client()?.resume(&self.id)?;
        at.done(&format!("{} is resumed", self.id))
    }
}
