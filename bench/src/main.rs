//! What is measured, against whom, in one command and one table. Figures are reported; they gate nothing.
//!
//! `cargo run --release -p halfdoor-bench` builds what it needs, measures between real processes on loopback and on
//! the disk of the temporary folder, and prints a table. Ratios compare within one run.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its table")]

mod append;
mod cycle;
mod footprint;
mod processes;
mod table;

use clap::Parser;

/// Measures Halfdoor.
#[derive(Parser)]
struct Arguments {
    /// Cycles of request, approval by standing grant, run and receipt.
    #[arg(long, default_value_t = 300)]
    cycles: u32,
    /// Durable appends per engine.
    #[arg(long, default_value_t = 1000)]
    appends: u32,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let programs = processes::Programs::find()?;
    let mut table = table::Table::default();
    append::measure(arguments.appends, &mut table)?;
    footprint::measure(&programs, &mut table)?;
    cycle::measure(&programs, arguments.cycles, &mut table)?;
    println!("{table}");
    Ok(())
}
