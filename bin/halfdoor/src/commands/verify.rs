use super::outcomes::relied_on;
use crate::{context::Context, error::CliError, input, print};
use clap::Args;
use std::path::PathBuf;

/// Largest exported file that is read.
const FILE_BYTES: u64 = 64 << 20;

/// Check an exported file; needs no node and no network
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The file; - reads standard input
    file: PathBuf,
}

impl Verify {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let bytes = input::read_file(&self.file, FILE_BYTES)?;
        let outcome = node::verify_file(&bytes)?;
        at.answer(&outcome, print::outcome)?;
        relied_on(&outcome)
    }
}
