use crate::{error::CliError, print};
use clap::Args;
use std::path::PathBuf;

/// A relay in this process, so that the demo needs no second program
#[derive(Debug, Args)]
pub(crate) struct Relay {
    /// Where it keeps its key
    #[arg(long, value_name = "DIR")]
    key_home: PathBuf,
    /// Where it listens: /ip4/127.0.0.1/tcp/0; may be given several times
    #[arg(long, value_name = "ADDRESS", required = true)]
    listen: Vec<String>,
    /// Stop when standard input closes: for whoever starts this process and must not leave it behind
    #[arg(long)]
    until_stdin_closes: bool,
}

impl Relay {
    pub(crate) fn run(self) -> Result<(), CliError> {
        let config = relay::Config { listen: self.listen, ..relay::Config::default() };
        let runtime = super::up::runtime()?;
        let told = |addresses: &[String], _| {
            // Whoever started this process reads them; if nobody does, the relay serves all the same.
            let _ = print::out(&(addresses.join("\n") + "\n"));
        };
        let ended = runtime.block_on(async {
            tokio::select! {
                ended = relay::run(&self.key_home, config, told) => ended,
                () = super::lifeline::cut(self.until_stdin_closes) => Ok(()),
            }
        });
        ended.map_err(|e| CliError::failed("the relay ended").because(e))
    }
}
