//! What was promised and is measured: the demo's whole walk, and figures that others in the table add.

use crate::{processes::Programs, table::Table};
use anyhow::Context as _;
use std::{
    process::{Command, Stdio},
    time::Instant,
};

/// `halfdoor demo --once` makes homes, a relay and two nodes, walks the whole way between them and checks each step.
pub(crate) fn demo(programs: &Programs, table: &mut Table) -> anyhow::Result<()> {
    let mut command = Command::new(&programs.halfdoor);
    command.args(["demo", "--once"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
    let begun = Instant::now();
    let ended = command.status().with_context(|| format!("{command:?}"))?;
    table.accept(
        "halfdoor demo --once",
        format!("{:.1} s", begun.elapsed().as_secs_f64()),
        "ends well, each step checked",
        ended.success(),
    );
    Ok(())
}
