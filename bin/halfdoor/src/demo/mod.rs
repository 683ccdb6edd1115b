//! The whole story on one machine.

use crate::error::CliError;

/// Tells the story; with `once`, ends when it is told.
pub(crate) fn run(_once: bool) -> Result<(), CliError> {
    Err(CliError::failed("the demo is not part of this build"))
}
