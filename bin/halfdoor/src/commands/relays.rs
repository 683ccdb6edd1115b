use crate::{context::Context, error::CliError, print};
use clap::{Args, Subcommand};

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
            Verb::Add { address } => {
                let relay = client.add_relay(&address)?;
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
