//! How many a relay holds, and what one who floods it costs the others.
//!
//! The relay is a process of its own with a core of its own, where this system lets one be chosen; everything else here
//! shares another core. What this program itself costs under the load is measured too: the same load is aimed at a
//! *sink* first, a process on the relay's core that takes connections and refuses every protocol, while the honest peers
//! ask the relay all the same. What the flood does to them beyond that, the relay does.

mod client;
mod flood;
mod honest;
mod scale;
mod sink;

use crate::{processes::Programs, table::Table};
use std::process::{Command, Stdio};

pub(crate) use sink::run as sink;

/// The relay's core, and everybody else's.
const ITS_CORE: &str = "0";
const OUR_CORE: &str = "1";

/// Measures a relay of the programs found beside this one.
pub(crate) fn measure(programs: &Programs, nodes: u32, table: &mut Table) -> anyhow::Result<()> {
    let apart = std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) && stay_on(OUR_CORE);
    if !apart {
        table.add("relay and load", "share cores", "taskset and two cores are needed to keep them apart");
    }
    // threads begun from here on stay on the same core
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let core = apart.then_some(ITS_CORE);
    runtime.block_on(scale::measure(programs, core, nodes, table))?;
    runtime.block_on(flood::measure(programs, core, table))
}

/// Keeps this program on one core; whether that was possible.
fn stay_on(core: &str) -> bool {
    let me = std::process::id().to_string();
    let done =
        Command::new("taskset").args(["-p", "-c", core, &me]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}
