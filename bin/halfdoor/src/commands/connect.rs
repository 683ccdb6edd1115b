use crate::{context::Context, error::CliError, print};
use clap::Args;
use std::time::Duration;

/// Join a session somebody hosts
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The invite they gave you; - reads it from standard input
    invite: String,
    /// Seconds to wait for the other side
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    wait: u64,
}

impl Connect {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        let invite = match self.invite.as_str() {
            "-" => from_stdin()?,
            text => text.to_owned(),
        };
        let patience = Duration::from_secs(self.wait);
        let person = print::waiting("looking for the other side", || client.connect(invite.trim(), patience))?;
        at.answer(&person, print::person)
    }
}

fn from_stdin() -> Result<String, CliError> {
    // Longer texts are no invites.
    let bytes = crate::input::read_file("-".as_ref(), 64 << 10)?;
    String::from_utf8(bytes).map_err(|e| CliError::failed("this is no invite").because(e))
}
