use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use node::views::LogReport;
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
    /// Write the log with its signatures to a file that `halfdoor verify` checks anywhere
    Export {
        /// A new file; - writes to standard output
        file: PathBuf,
    },
    /// Write the proof that somebody's statements about their own log contradict each other
    Evidence {
        /// Whose log
        person: String,
        /// A new file; - writes to standard output
        file: PathBuf,
    },
}

impl Log {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match self.verb {
            None => at.answer(&client.log(self.from, self.limit.into())?, |entries| print::entries(entries)),
            Some(Verb::Export { file }) => input::copy_file(&file, client.export_log()?),
            Some(Verb::Evidence { person, file }) => input::write_file(&file, &client.evidence(&person)?),
            Some(Verb::Verify) => {
                let report = print::waiting("checking every entry", || client.verify_log())?;
                at.answer(&report, print::log_report)?;
                relied_on(&report)
            }
        }
    }
}

/// A log that is not whole, and a person who contradicts what they signed, are failures.
fn relied_on(report: &LogReport) -> Result<(), CliError> {
    if !report.whole {
        return Err(CliError::failed("the log of this node is not whole")
            .hint("stop the node and look closer: halfdoor store verify"));
    }
    let doubted = report.others.iter().find(|other| ["forked", "cut back"].contains(&other.state.as_str()));
    let Some(other) = doubted else { return Ok(()) };
    let how = other.detail.as_deref().unwrap_or("it showed two logs that contradict each other");
    Err(CliError::failed(format!("the log of {} is not to be relied on: {how}", other.person))
        .hint(format!("keep the proof: halfdoor log evidence {:?} FILE", other.person)))
}
