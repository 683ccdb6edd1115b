use super::passphrase;
use crate::{context::Context, error::CliError, input::somebody_is_there, print};
use clap::Args;
use std::path::PathBuf;

/// Make keys and an empty store
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name others are told
    #[arg(long)]
    name: String,
    /// Seal the keys under the passphrase in this file's first line
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Do not ask for a passphrase: whoever gets this disk can read everything
    #[arg(long, conflicts_with = "passphrase_file")]
    no_passphrase: bool,
}

impl Init {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let home = at.home()?;
        let passphrase = match &self.passphrase_file {
            Some(file) => Some(passphrase::from_file(file)?),
            None if !self.no_passphrase && somebody_is_there() => passphrase::choose()?,
            None => None,
        };
        if passphrase.is_none() {
            print::aside("No passphrase: whoever gets this disk can read everything this node keeps.\n");
        }
        let making = || node::create_home(&home, &self.name, passphrase.as_ref());
        let me = print::waiting("making keys", making)?;
        at.answer(&me, |me| {
            let mut page = print::Page::new();
            page.line(&format!("{} now has a node of their own in {}", me.name, home.display()));
            page.indented(2, &format!("key {}", me.party));
            page.gap();
            page.line("Start it: halfdoor up");
            page
        })
    }
}
