//! The grammar of the command line: what may be typed. What it does is in `commands`, one file per verb.

use crate::{commands, context::Context, error::CliError};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Peer-to-peer, consent-gated computing: your data stays here, answers leave only when you say yes.
#[derive(Debug, Parser)]
#[command(name = "halfdoor", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// Where the node keeps its keys and data [default: the platform's data directory]
    #[arg(long, global = true, value_name = "DIR", env = "HALFDOOR_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    /// Ask the node with this token instead of the home's own: with its scope, and under its name
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Print JSON instead of text; errors become problem documents on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more on stderr: -v what happens, -vv how, -vvv everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    Demo(commands::demo::Demo),
    Init(commands::init::Init),
    Up(commands::up::Up),
    Relays(commands::relays::Relays),
    Doctor(commands::doctor::Doctor),
    Invite(commands::invite::Invite),
    Connect(commands::connect::Connect),
    People(commands::people::People),
    Data(commands::data::Data),
    Catalog(commands::catalog::Catalog),
    Attributes(commands::attributes::Attributes),
    Request(commands::request::Request),
    Requests(commands::requests::Requests),
    Show(commands::show::Show),
    Approve(commands::approve::Approve),
    Deny(commands::deny::Deny),
    Counter(commands::counter::Counter),
    Accept(commands::accept::Accept),
    Grants(commands::grants::Grants),
    Pause(commands::pause::Pause),
    Resume(commands::pause::Resume),
    Revoke(commands::revoke::Revoke),
    Run(commands::run::Run),
    #[command(visible_alias = "results")]
    Outcomes(commands::outcomes::Outcomes),
    Offer(commands::offers::Offer),
    Offers(commands::offers::Offers),
    Log(commands::log::Log),
    Verify(commands::verify::Verify),
    Erase(commands::erase::Erase),
    Tokens(commands::tokens::Tokens),
    Backup(commands::backup::Backup),
    Restore(commands::restore::Restore),
    Store(commands::store::Store),
    Completions(commands::completions::Completions),
    #[command(hide = true)]
    Relay(commands::relay::Relay),
    #[command(hide = true)]
    Man(commands::man::Man),
}

impl Cli {
    /// Does what was typed.
    pub(crate) fn run(self) -> Result<(), CliError> {
        let at = Context::new(self.global)?;
        match self.command {
            Command::Demo(command) => command.run(),
            Command::Init(command) => command.run(&at),
            Command::Up(command) => command.run(&at),
            Command::Relays(command) => command.run(&at),
            Command::Doctor(command) => command.run(&at),
            Command::Invite(command) => command.run(&at),
            Command::Connect(command) => command.run(&at),
            Command::People(command) => command.run(&at),
            Command::Data(command) => command.run(&at),
            Command::Catalog(command) => command.run(&at),
            Command::Attributes(command) => command.run(&at),
            Command::Request(command) => command.run(&at),
            Command::Requests(command) => command.run(&at),
            Command::Show(command) => command.run(&at),
            Command::Approve(command) => command.run(&at),
            Command::Deny(command) => command.run(&at),
            Command::Counter(command) => command.run(&at),
            Command::Accept(command) => command.run(&at),
            Command::Grants(command) => command.run(&at),
            Command::Pause(command) => command.run(&at),
            Command::Resume(command) => command.run(&at),
            Command::Revoke(command) => command.run(&at),
            Command::Run(command) => command.run(&at),
            Command::Outcomes(command) => command.run(&at),
            Command::Offer(command) => command.run(&at),
            Command::Offers(command) => command.run(&at),
            Command::Log(command) => command.run(&at),
            Command::Verify(command) => command.run(&at),
            Command::Erase(command) => command.run(&at),
            Command::Tokens(command) => command.run(&at),
            Command::Backup(command) => command.run(&at),
            Command::Restore(command) => command.run(&at),
            Command::Store(command) => command.run(&at),
            Command::Completions(command) => command.run(),
            Command::Relay(command) => command.run(),
            Command::Man(command) => command.run(),
        }
    }
}

#[cfg(test)]
mod tests;
