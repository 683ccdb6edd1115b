use crate::{context::Context, error::CliError, print};
use clap::Args;
use std::time::Duration;

/// What an owner lets you see: metadata, never rows
#[derive(Debug, Args)]
pub(crate) struct Catalog {
    /// Whose; may be left out when you are connected with one person only
    name: Option<String>,
    /// Only datasets in whose tag, description or columns words begin with all of these; case and accents do not count
    #[arg(long, value_name = "WORDS", default_value = "")]
    search: String,
    /// Seconds to wait for the other side
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    wait: u64,
}

impl Catalog {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        let patience = Duration::from_secs(self.wait);
        let asking = || client.catalog(self.name.as_deref(), &self.search, patience);
        at.answer(&print::waiting("asking the other side", asking)?, |page| print::catalog(page, &self.search))
    }
}
