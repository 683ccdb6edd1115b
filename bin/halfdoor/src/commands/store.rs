use super::passphrase;
use crate::{context::Context, error::CliError, print};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Look after the files of this node; it must not be running
#[derive(Debug, Args)]
pub(crate) struct Store {
    #[command(subcommand)]
    verb: Verb,
    /// Open the node's keys with the passphrase in this file's first line
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check every record, every chunk and the log; exit 1 if anything is wrong
    Verify,
    /// Write whatever can be read, of a damaged home too: CSV, receipts, log, people and requests
    Export {
        /// A new folder. What is written there is not sealed
        dir: PathBuf,
    },
}

impl Store {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let home = at.home()?;
        let keys = passphrase::of_home(&home, self.passphrase_file.as_deref())?;
        match self.verb {
            Verb::Verify => {
                let check = |told: &mut dyn FnMut(u64)| node::keeping::check(&home, keys.as_ref(), told);
                let report = print::moving("checking", None, check)?;
                at.answer(&report, print::store_report)?;
                match report.faults.len() as u64 + report.more {
                    0 => Ok(()),
                    1 => Err(CliError::failed("one thing is wrong in this home")),
                    several => Err(CliError::failed(format!("{several} things are wrong in this home"))),
                }
            }
            Verb::Export { dir } => {
                let save = || node::keeping::salvage(&home, keys.as_ref(), &dir, &mut |_| {});
                let saved = print::waiting("saving what can be read", save)?;
                at.answer(&saved, print::salvaged)
            }
        }
    }
}
