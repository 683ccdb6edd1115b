//! What is measured, against whom, in one command and one table.
//!
//! `cargo run --release -p halfdoor-bench` builds what it needs, measures between real processes on loopback and on
//! the disk of the temporary folder, and prints a table. Ratios compare within one run. Figures are reported; with
//! `--accept` those that were promised gate: a missed one ends the program with an error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints its table")]

mod accept;
mod append;
mod cycle;
mod footprint;
mod log;
mod memory;
mod pair;
mod processes;
mod table;

use clap::Parser;

/// Measures Halfdoor.
#[derive(Parser)]
struct Arguments {
    /// Cycles of request, approval by standing grant, run and receipt; for each number of requests at once.
    #[arg(long, default_value_t = 300)]
    cycles: u32,
    /// Durable appends per engine and number of writers.
    #[arg(long, default_value_t = 2000)]
    appends: u32,
    /// Entries of the log that is built, opened and asked for proofs; 1000000 is what was promised. 0 leaves it out.
    #[arg(long, default_value_t = 20_000)]
    log: u64,
    /// Also measures the owner's memory after that many cycles: 100000 takes about an hour.
    #[arg(long, value_name = "CYCLES", num_args = 0..=1, default_missing_value = "100000")]
    long: Option<u32>,
    /// Fails when a figure that was promised does not hold. Goals are not promises.
    #[arg(long)]
    accept: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let programs = processes::Programs::find()?;
    let mut table = table::Table::default();
    let measured = measure(&arguments, &programs, &mut table);
    println!("{table}");
    measured?;
    let missed = table.missed();
    anyhow::ensure!(!arguments.accept || missed.is_empty(), "not as promised: {}", missed.join("; "));
    Ok(())
}

fn measure(arguments: &Arguments, programs: &processes::Programs, table: &mut table::Table) -> anyhow::Result<()> {
    if arguments.accept {
        accept::demo(programs, table)?;
    }
    append::measure(arguments.appends, table)?;
    if arguments.log > 0 {
        log::measure(arguments.log, table)?;
    }
    footprint::measure(programs, table)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(cycle::measure(programs, arguments.cycles, table))?;
    if let Some(cycles) = arguments.long {
        runtime.block_on(memory::measure(programs, cycles, table))?;
    }
    Ok(())
}
