//! Where a passphrase comes from: a file, or somebody at the terminal.

use crate::{
    error::CliError,
    input::{read_file, somebody_is_there},
};
use std::path::Path;
use store::{Home, KeyRing, Passphrase};
use zeroize::Zeroizing;

/// Longest passphrase file; the store's own limit on the passphrase is lower.
const FILE_BYTES: u64 = 4096;

/// The first line of a file, without its line end.
pub(super) fn from_file(path: &Path) -> Result<Passphrase, CliError> {
    let bytes = Zeroizing::new(read_file(path, FILE_BYTES)?);
    let text = std::str::from_utf8(&bytes)
        .map_err(|e| CliError::failed(format!("{} is not text", path.display())).because(e))?;
    let line = text.lines().next().unwrap_or_default();
    Passphrase::new(line.to_owned())
        .map_err(|e| CliError::failed(format!("{} holds no passphrase", path.display())).because(e))
}

/// Asks for a new one, twice. Enter alone declines.
pub(super) fn choose() -> Result<Option<Passphrase>, CliError> {
    let first = typed("Passphrase for the keys (Enter for none): ")?;
    if first.is_empty() {
        return Ok(None);
    }
    let second = typed("Once more: ")?;
    if *first != *second {
        return Err(CliError::failed("the two differ, so nothing was made").hint("try again: halfdoor init"));
    }
    new(&first).map(Some)
}

/// Asks for the one that opens a home.
pub(super) fn unlock() -> Result<Passphrase, CliError> {
    if !somebody_is_there() {
        return Err(CliError::failed("the keys of this home are sealed under a passphrase")
            .hint("name a file that holds it: --passphrase-file FILE"));
    }
    new(&typed("Passphrase: ")?)
}

/// What opens the keys of a home: from a file, asked for where they are sealed, or nothing.
pub(super) fn of_home(home: &Path, file: Option<&Path>) -> Result<Option<Passphrase>, CliError> {
    match file {
        Some(file) => from_file(file).map(Some),
        None if KeyRing::is_locked_by_passphrase(&Home::new(home).keys()) => unlock().map(Some),
        None => Ok(None),
    }
}

/// Asks for the one that a backup is to be sealed under, twice. There is no backup without one: it leaves this computer.
pub(super) fn choose_for_backup() -> Result<Passphrase, CliError> {
    if !somebody_is_there() {
        return Err(CliError::failed("a backup is sealed under a passphrase of its own")
            .hint("name a file that holds it: --backup-passphrase-file FILE"));
    }
    let first = typed("Passphrase for the backup: ")?;
    let passphrase = new(&first)?;
    if *first != *typed("Once more: ")? {
        return Err(CliError::failed("the two differ, so nothing was made").hint("try again"));
    }
    Ok(passphrase)
}

/// Asks for the one that a backup was sealed under.
pub(super) fn of_backup() -> Result<Passphrase, CliError> {
    if !somebody_is_there() {
        return Err(CliError::failed("the backup is sealed under a passphrase")
            .hint("name a file that holds it: --backup-passphrase-file FILE"));
    }
    new(&typed("Passphrase of the backup: ")?)
}

fn new(text: &str) -> Result<Passphrase, CliError> {
    Passphrase::new(text.to_owned()).map_err(|e| CliError::failed("this passphrase cannot be used").because(e))
}

fn typed(question: &str) -> Result<Zeroizing<String>, CliError> {
    let typed = rpassword::prompt_password(question);
    typed.map(Zeroizing::new).map_err(|e| CliError::failed("the passphrase could not be read").because(e))
}
