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
mod relay;
mod scan;
mod table;

use clap::Parser;
use std::path::PathBuf;

/// The allocator that the programs have.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

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
    /// Measures only this: loading up to ten million rows, and statistics over them, against DuckDB.
    #[arg(long)]
    scan: bool,
    /// The Python whose module duckdb is measured against; without that module it is left out.
    #[arg(long, value_name = "PROGRAM", default_value = "python3", requires = "scan")]
    python: PathBuf,
    /// What a process of its own does: a file, and the home into which it is loaded.
    #[arg(long, hide = true, num_args = 2, value_names = ["FILE", "HOME"])]
    scan_load: Option<Vec<PathBuf>>,
    /// Measures only this: a relay that holds so many reservations, and one that is flooded. Needs as many open files.
    #[arg(long, value_name = "NODES", num_args = 0..=1, default_missing_value = "2000", conflicts_with = "scan")]
    relay: Option<u32>,
    /// What a process of its own does: takes what a flood sends, and tells its address in a file.
    #[arg(long, hide = true, value_name = "FILE")]
    relay_sink: Option<PathBuf>,
    /// Fails when a figure that was promised does not hold. Goals are not promises.
    #[arg(long)]
    accept: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some([file, home]) = arguments.scan_load.as_deref() {
        return scan::load(file, home);
    }
    if let Some(file) = &arguments.relay_sink {
        return relay::sink(file);
    }
    let mut table = table::Table::default();
    let measured = match arguments.relay {
        Some(nodes) => processes::Programs::find().and_then(|programs| relay::measure(&programs, nodes, &mut table)),
        None if arguments.scan => scan::measure(&arguments.python, &mut table),
        None => measure(&arguments, &mut table),
    };
    println!("{table}");
    measured?;
    let missed = table.missed();
    anyhow::ensure!(!arguments.accept || missed.is_empty(), "not as promised: {}", missed.join("; "));
    Ok(())
}

fn measure(arguments: &Arguments, table: &mut table::Table) -> anyhow::Result<()> {
    let programs = &processes::Programs::find()?;
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
