use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What this node recorded; verify or export it
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Log {
    /// The first entry to show
    #[arg(long, value_name = "INDEX", default_value_t = 0)]
    from: u64,
    /// How many to show, at most 1000
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check that the log is whole, and how others' logs stand; exit 1 if not
    Verify,
    /// Write the log and its proofs to a file
    Export {
        /// A new file; - writes to standard output
        file: PathBuf,
    },
}

impl Log {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match self.verb {
            None => at.answer(&client.log(self.from, self.limit.into())?, |entries| print::entries(entries)),
            Some(Verb::Export { file }) => input::write_file(&file, &client.export_log()?),
            Some(Verb::Verify) => {
                let report = print::waiting("checking every entry", || client.verify_log())?;
                at.answer(&report, print::log_report)?;
                let forked = report.others.iter().find(|other| other.state == "forked");
                match (report.whole, forked) {
                    (false, _) => Err(CliError::failed("the log of this node is not whole")),
                    (true, Some(other)) => {
                        let error =
                            CliError::failed(format!("{} showed two logs that contradict each other", other.person));
                        Err(error.hint("do not rely on its receipts; keep them as evidence: halfdoor outcomes export"))
                    }
                    (true, None) => Ok(()),
                }
            }
        }
    }
}
