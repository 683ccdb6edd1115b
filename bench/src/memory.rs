//! Whether an owner's node grows with what it has done.

use crate::{cycle::cycles_at_once, pair::Pair, processes::Programs, table::Table};
use anyhow::Context as _;
use std::sync::Arc;

/// Cycles until the first reading.
const FIRST: u32 = 1_000;
/// Cycles after which a fresh grant is given: below what one may be used for.
const GRANTED: u32 = 5 * FIRST;
/// Requests at once, to get through them.
const AT_ONCE: u32 = 20;

/// The owner's resident memory after a thousand cycles and after `cycles`.
pub(crate) async fn measure(programs: &Programs, cycles: u32, table: &mut Table) -> anyhow::Result<()> {
    let pair = Arc::new(Pair::begin(programs).await?);
    cycles_at_once(&pair, FIRST, AT_ONCE).await?;
    let early = pair.jack.resident().context("this system does not tell how much memory a process has")?;
    let mut done = FIRST;
    while done < cycles {
        if done.is_multiple_of(GRANTED) {
            pair.renew().await?;
        }
        let (took, waits) = cycles_at_once(&pair, FIRST, AT_ONCE).await?;
        done += FIRST;
        if done.is_multiple_of(10 * FIRST) {
            let now = pair.jack.resident().unwrap_or(f64::NAN);
            eprintln!("{done} cycles: {now:.1} MiB, {:.0} cycles/s", waits.len() as f64 / took);
        }
    }
    let late = pair.jack.resident().unwrap_or(f64::NAN);
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
