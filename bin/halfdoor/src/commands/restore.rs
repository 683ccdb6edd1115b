use super::passphrase;
use crate::{context::Context, error::CliError, input::somebody_is_there, print};
use clap::Args;
use node::keeping::Restore as Opened;
use std::path::PathBuf;

/// Make a home from a backup; what an old copy could do twice is void then, and others are told
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    file: PathBuf,
    /// Open the backup with the passphrase in this file's first line, instead of asking for it
    #[arg(long, value_name = "FILE")]
    backup_passphrase_file: Option<PathBuf>,
    /// Seal the new keys under the passphrase in this file's first line
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Do not ask for a passphrase for the keys: whoever gets this disk can read everything
    #[arg(long, conflicts_with = "passphrase_file")]
    no_passphrase: bool,
}

impl Restore {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let home = at.home()?;
        let sealed_with = match &self.backup_passphrase_file {
            Some(file) => passphrase::from_file(file)?,
            None => passphrase::of_backup()?,
        };
        let backup = print::waiting("trying the passphrase", || Opened::open(&self.file, &sealed_with))?;
        let keys = match &self.passphrase_file {
            Some(file) => Some(passphrase::from_file(file)?),
            None if !self.no_passphrase && somebody_is_there() => passphrase::choose()?,
            None => None,
        };
        if keys.is_none() {
            print::aside("No passphrase: whoever gets this disk can read everything this node keeps.\n");
        }
        let length = backup.length();
        let restored = print::moving("restoring", Some(length), |told| backup.into_home(&home, keys.as_ref(), told))?;
        at.answer(&restored, |restored| print::restored(restored, &home))
    }
}
