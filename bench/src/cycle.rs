//! Request → approval by standing grant → run → verified receipt, between two processes on loopback.

use crate::{
    pair::Pair,
    processes::Programs,
    table::{Table, spread},
};
use anyhow::Context as _;
use std::{sync::Arc, time::Instant};
use tokio::task::JoinSet;

/// Requests at once.
const AT_ONCE: [u32; 3] = [1, 8, 64];

/// The requester is this process, the owner another one: what is timed includes every fsync and signature of both.
pub(crate) async fn measure(programs: &Programs, cycles: u32, table: &mut Table) -> anyhow::Result<()> {
    let pair = Arc::new(Pair::begin(programs).await?);
    for at_once in AT_ONCE {
        let (took, waits) = cycles_at_once(&pair, cycles, at_once).await?;
        let done = waits.len() as f64;
        let (least, median, late) = spread(waits);
        let path = pair.path().await?;
        match at_once {
            1 => {
                let beside = format!("goal 5 ms; least {least:.2}, p99 {late:.2}, {path}; the older program 141 ms");
                table.add("one cycle, two processes", format!("{median:.2} ms"), &beside);
            }
            _ => table.add(
                &format!("  {at_once} requests at once"),
                format!("{:.0} /s", done / took),
                &format!("each p50 {median:.1} ms, p99 {late:.1} ms, {path}"),
            ),
        }
    }
    let memory = pair.jack.resident().map_or_else(|| "not told here".to_owned(), |mib| format!("{mib:.1} MiB"));
    table.add("owner's node after them, resident", memory, "");
    Arc::into_inner(pair).context("a cycle is still under way")?.end().await;
    Ok(())
}

/// Seconds for all of them, and milliseconds for each.
pub(crate) async fn cycles_at_once(pair: &Arc<Pair>, cycles: u32, at_once: u32) -> anyhow::Result<(f64, Vec<f64>)> {
    let share = cycles.div_ceil(at_once);
    let begun = Instant::now();
    let mut askers = JoinSet::new();
    for _ in 0..at_once {
        let pair = Arc::clone(pair);
        askers.spawn(async move {
            let mut waits = Vec::new();
            for _ in 0..share {
                waits.push(pair.cycle().await?);
            }
            anyhow::Ok(waits)
        });
    }
    let mut all = Vec::new();
    while let Some(waits) = askers.join_next().await {
        all.extend(waits??);
    }
    Ok((begun.elapsed().as_secs_f64(), all))
}
