//! Whether an owner's node grows with what it has done.

use crate::{
    cycle::cycles_at_once,
    pair::Pair,
    processes::Programs,
    table::{Table, middle},
};
use anyhow::Context as _;
use std::{pin::pin, sync::Arc, time::Duration};

/// Cycles until the first reading.
const FIRST: u32 = 1_000;
/// Cycles after which a fresh grant is given: below what one may be used for.
const GRANTED: u32 = 5 * FIRST;
/// Requests at once, to get through them.
const AT_ONCE: u32 = 20;

/// How often it is read meanwhile.
const PAUSE: Duration = Duration::from_millis(100);

/// The owner's resident memory after a thousand cycles and after `cycles`.
///
/// It swings by the 16 MiB of the database's write buffer, which fills and is given back every thousand cycles or so:
/// what is compared is the median of all readings during the thousand cycles that follow.
pub(crate) async fn measure(programs: &Programs, cycles: u32, table: &mut Table) -> anyhow::Result<()> {
    let pair = Arc::new(Pair::begin(programs).await?);
    cycles_at_once(&pair, FIRST, AT_ONCE).await?;
    let (early, _) = next_thousand(&pair).await?;
    eprintln!("{FIRST} cycles: {early:.1} MiB");
    let mut done = 2 * FIRST;
    while done < cycles {
        if done.is_multiple_of(GRANTED) {
            pair.renew().await?;
        }
        let (now, rate) = next_thousand(&pair).await?;
        done += FIRST;
        if done.is_multiple_of(2 * FIRST) {
            eprintln!("{done} cycles: {now:.1} MiB, {rate:.0} cycles/s");
        }
    }
    pair.renew().await?;
    let (late, _) = next_thousand(&pair).await?;
    table.add(&format!("owner's node after {FIRST} cycles, resident"), format!("{early:.1} MiB"), "");
    table.accept(
        &format!("owner's node after {done} cycles, resident"),
        format!("{late:.1} MiB"),
        "within 10 % of after 1000",
        late <= early * 1.1,
    );
    Arc::into_inner(pair).context("a cycle is still under way")?.end().await;
    Ok(())
}

/// A thousand cycles: the median of the owner's resident memory meanwhile, in MiB, and cycles per second.
async fn next_thousand(pair: &Arc<Pair>) -> anyhow::Result<(f64, f64)> {
    let mut readings = Vec::new();
    let mut cycles = pin!(cycles_at_once(pair, FIRST, AT_ONCE));
    let (took, waits) = loop {
        tokio::select! {
            done = &mut cycles => break done?,
            () = tokio::time::sleep(PAUSE) => {
                readings.push(pair.jack.resident().context("this system does not tell how much memory a process has")?);
            }
        }
    };
    anyhow::ensure!(!readings.is_empty(), "a thousand cycles took no time");
    Ok((middle(readings), waits.len() as f64 / took))
}
