//! Loading, in a process of its own, so that its memory is seen alone: a whole node, which takes the file as it takes that
//! of `halfdoor data add`, from where the bytes have arrived.

use anyhow::{Context as _, ensure};
use node::{
    Node, create_home,
    wishes::{Config, NewDataset},
};
use serde_json::json;
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// What loading took.
pub(super) struct Loaded {
    pub(super) seconds: f64,
    /// Largest resident memory of the process, where the system tells.
    pub(super) peak_mib: Option<f64>,
}

/// Starts this program for loading, and waits.
pub(super) fn in_a_process_of_its_own(file: &Path, home: &Path) -> anyhow::Result<Loaded> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--scan-load").args([file, home]).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "loading failed: {command:?}");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    Ok(Loaded { seconds: told["seconds"].as_f64().context("no time was told")?, peak_mib: told["peak_mib"].as_f64() })
}

/// What that process does: makes a home, starts its node, stores the file, and tells what it took.
pub(crate) fn load(file: &Path, home: &Path) -> anyhow::Result<()> {
    create_home(home, "Jack", None)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (seconds, rows) = runtime.block_on(async {
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        let config = Config { home: home.to_owned(), passphrase: None, listen, column_bytes: None };
        let node = Node::start(config).await?;
        let begun = Instant::now();
        let wish = NewDataset { tag: "amounts".to_owned(), ..NewDataset::default() };
        let stored = node.add_file(std::fs::read(file)?, wish).await?;
        let seconds = begun.elapsed().as_secs_f64();
        node.stop().await;
        anyhow::Ok((seconds, stored.rows))
    })?;
    println!("{}", json!({ "seconds": seconds, "rows": rows, "peak_mib": peak() }));
    Ok(())
}

/// Largest resident memory of this process so far, in MiB.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
