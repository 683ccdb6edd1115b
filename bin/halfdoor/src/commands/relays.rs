use crate::{context::Context, error::CliError, print};
use clap::{Args, Subcommand};
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Longest file of a token that is read, in bytes: the token, and what an editor puts around it.
const TOKEN_FILE_BYTES: u64 = 256;

/// Which relays this node uses; with none, nobody can be invited
#[derive(Debug, Args)]
pub(crate) struct Relays {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Use a relay
    Add {
        /// As its operator tells it: /ip4/.../tcp/4010/p2p/ID
        address: String,
        /// File with the token that its operator gave you, where it serves only whom it gave one. Invites carry it
        #[arg(long, value_name = "FILE")]
        relay_token: Option<PathBuf>,
    },
    /// Show the relays and how they do
    List,
    /// Use a relay no longer
    Remove {
        /// As `relays list` shows it
        address: String,
    },
}

impl Relays {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match self.verb {
            Verb::Add { address, relay_token } => {
                let token = relay_token.as_deref().map(read_token).transpose()?;
                let relay = client.add_relay(&address, token.as_deref().map(String::as_str))?;
                at.answer(&relay, |relay| print::relays(std::slice::from_ref(relay)))
            }
            Verb::List => at.answer(&client.relays()?, |relays| print::relays(relays)),
            Verb::Remove { address } => {
                client.remove_relay(&address)?;
                at.done(&format!("{address} is no longer used"))
            }
        }
    }
}

/// A token as its operator gave it.
fn read_token(path: &Path) -> Result<Zeroizing<String>, CliError> {
    let mut text = Zeroizing::new(String::new());
    let read = File::open(path).and_then(|file| file.take(TOKEN_FILE_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(read) if read as u64 <= TOKEN_FILE_BYTES => Ok(text),
        Ok(_) => Err(CliError::usage(format!("{} is too long for a relay's token", path.display()))),
        Err(error) => Err(CliError::usage(format!("cannot read the token {}: {error}", path.display()))),
    }
}
