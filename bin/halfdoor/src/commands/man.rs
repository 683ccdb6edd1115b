use crate::{cli::Cli, error::CliError};
use clap::{Args, CommandFactory as _};
use std::path::PathBuf;

/// Write the manual pages into a directory
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Made if it is not there
    directory: PathBuf,
}

impl Man {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let unwritable = |e| CliError::failed(format!("{} cannot be written", self.directory.display())).because(e);
        std::fs::create_dir_all(&self.directory).map_err(unwritable)?;
        clap_mangen::generate_to(Cli::command(), &self.directory).map_err(unwritable)
    }
}
