//! The command line of Halfdoor, and the composition root: here the node, its HTTP side and the relay are put together.
//!
//! Only `init`, `up`, `demo` and `relay` start anything; every other command asks the running node over loopback, or
//! reads a file.

mod cli;
mod client;
mod commands;
mod context;
mod demo;
mod error;
mod input;
mod print;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let json = cli.global.json;
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::failure(&error, json);
            error.exit_code()
        }
    }
}
