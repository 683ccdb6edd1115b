//! What an idle node and an idle relay cost: memory, and time from start to ready.

use crate::{processes::Programs, table::Table};
use std::time::Duration;

/// How long a process is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(5);

/// One relay, one node connected to it.
pub(crate) fn measure(programs: &Programs, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (relay, _) = programs.start_relay(&folder.path().join("relay"))?;
    let home = folder.path().join("node");
    programs.init(&home, "Idle")?;
    let (node, _) = programs.start_node(&home)?;
    std::thread::sleep(IDLE);
    let memory = |found: Option<f64>| found.map_or_else(|| "not told here".to_owned(), |mib| format!("{mib:.1} MiB"));
    table.add("node, idle, resident", memory(node.resident()), "goal 50 MB");
    table.add("relay, idle, resident", memory(relay.resident()), "goal 25 MB");
    table.add("node, start to ready", format!("{:.0} ms", node.ready.as_secs_f64() * 1e3), "");
    table.add("relay, start to ready", format!("{:.0} ms", relay.ready.as_secs_f64() * 1e3), "");
    Ok(())
}
