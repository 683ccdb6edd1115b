//! The command line of Halfdoor, and the composition root: here the node, its HTTP side and the relay are put together.
//!
//! Only `init`, `up`, `demo` and `relay` start anything; `backup`, `restore` and `store` work on a home whose node does not
//! run; every other command asks the running node over loopback, or reads a file.

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

#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let json = cli.global.json;
    // does something only in a program built for tests
    let armed =
        failpoint::arm().map_err(|error| error::CliError::failed("this program cannot die as told").because(error));
    match armed.and_then(|()| cli.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::failure(&error, json);
            error.exit_code()
        }
    }
}
