//! `cargo run --release -p halfdoor-joint --example sums -- [FEATURES] [BINS] [TREES] [DEPTH]`: the reports of a made-up
//! scorecard and of a made-up ensemble of full trees.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::print_stdout)]

use joint::{
    check::check,
    lender::{Asked, LenderModel, Row},
};
use std::{error::Error, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let number = |at: usize, otherwise: usize| numbers.get(at).copied().unwrap_or(otherwise);
    let (features, bins, trees, depth) = (number(0, 20), number(1, 8), number(2, 20), number(3, 4));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % end.max(1) as u64) as usize
    };
    let points: Vec<Vec<i32>> = (0..features).map(|_| (0..bins).map(|_| below(200) as i32 - 100).collect()).collect();
    let names: Vec<String> = (0..features).map(|at| format!("f{at}")).collect();
    let card = serde_json::json!({"feature_names": names, "points": points, "threshold": 0}).to_string();
    told(&card, 10, &mut below)?;
    let made: Vec<String> = (0..trees).map(|_| tree(depth, 0, &mut |end| below(end), features, bins)).collect();
    told(&format!("[{}]", made.join(",")), 4, &mut below)
}

/// The report of a model over rows made up.
fn told(model: &str, rows: usize, below: &mut dyn FnMut(usize) -> usize) -> Result<(), Box<dyn Error>> {
    let model = LenderModel::from_json(model.as_bytes())?;
    let bins: Vec<u8> = model.features().iter().map(|one| one.binning.bins()).collect();
    let row = |_| Row { bins: bins.iter().map(|many| below(usize::from(*many)) as u8).collect(), recorded: None };
    let rows: Vec<Row> = (0..rows).map(row).collect();
    let how = (false, Asked::Needed);
    let report = check(&model, &rows, how, &[1; 32], &mut spent, &mut |_, _, _| {})?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// A full tree as XGBoost writes it.
fn tree(depth: usize, id: usize, below: &mut dyn FnMut(usize) -> usize, features: usize, bins: usize) -> String {
    if depth == 0 {
        return format!(r#"{{"nodeid":{id},"leaf":{}}}"#, (below(2_000) as f64 - 1_000.0) / 1_000.0);
    }
    let (feature, cut, yes, no) = (below(features), below(bins - 1) + 1, 2 * id + 1, 2 * id + 2);
    let (low, high) = (tree(depth - 1, yes, below, features, bins), tree(depth - 1, no, below, features, bins));
    format!(
        r#"{{"nodeid":{id},"split":"f{feature}","split_condition":{cut},"yes":{yes},"no":{no},"children":[{low},{high}]}}"#
    )
}

/// Processor time of this process so far where the system tells it, else the time of day.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| std::time::UNIX_EPOCH.elapsed().unwrap_or_default(), Duration::from_nanos)
}
