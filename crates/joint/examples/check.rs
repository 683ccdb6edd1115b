//! `cargo run --release -p halfdoor-joint --example check -- MODEL TABLE [ROWS] [all|merged]`: the report of a check, of a
//! model of any kind.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stdout)]

use joint::{
    check::check,
    lender::{Asked, LenderModel, rows},
};
use std::{error::Error, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, table, rest @ ..] = arguments.as_slice() else { return Err("give a model and a table".into()) };
    let model = LenderModel::from_json(&std::fs::read(model)?)?;
    let most = rest.iter().find_map(|word| word.parse().ok()).unwrap_or(usize::MAX);
    let said = |word: &str| rest.iter().any(|one| one == word);
    let asked = if said("all") {
        Asked::All
    } else if said("merged") {
        Asked::Merged
    } else {
        Asked::Needed
    };
    let rows = rows(&model.features(), &std::fs::read_to_string(table)?, most)?;
    let how = (model.overlay().is_ok(), asked);
    let report = check(&model, &rows, how, &[1; 32], &mut spent, &mut |_, _, _| {})?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// Processor time of this process so far, to a nanosecond where the system tells it, else the time of day.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| std::time::UNIX_EPOCH.elapsed().unwrap_or_default(), Duration::from_nanos)
}
