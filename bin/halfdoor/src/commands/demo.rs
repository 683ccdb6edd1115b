use crate::error::CliError;
use clap::Args;

/// The whole story on this machine, with real data; then both nodes stay up
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Stop when the story is told: exit 0, or 1 if any step failed
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(crate) fn run(self) -> Result<(), CliError> {
        crate::demo::run(self.once)
    }
}
