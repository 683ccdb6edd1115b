use super::passphrase;
use crate::{context::Context, error::CliError, print};
use clap::Args;
use std::path::PathBuf;

/// Put all of this node into one sealed file; the node must not be running
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// A new file
    file: PathBuf,
    /// Seal the backup under the passphrase in this file's first line, instead of asking for one
    #[arg(long, value_name = "FILE")]
    backup_passphrase_file: Option<PathBuf>,
    /// Open the node's keys with the passphrase in this file's first line
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let home = at.existing_home()?;
        // known before anything is asked
        if self.file.symlink_metadata().is_ok() {
            return Err(CliError::failed(format!("{} exists already", self.file.display()))
                .hint("name a file that does not exist yet"));
        }
        let keys = passphrase::of_home(&home, self.passphrase_file.as_deref())?;
        let sealed_with = match &self.backup_passphrase_file {
            Some(file) => passphrase::from_file(file)?,
            None => passphrase::choose_for_backup()?,
        };
        let backup = print::moving("backing up", None, |told| {
            node::keeping::back_up(&home, keys.as_ref(), &self.file, &sealed_with, told)
        })?;
        at.answer(&backup, print::backup)
    }
}
