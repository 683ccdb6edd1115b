//! The programs that are measured, as processes.

use anyhow::{Context as _, ensure};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a program may take to be ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the programs are.
pub(crate) struct Programs {
    pub(crate) halfdoor: PathBuf,
    pub(crate) relay: PathBuf,
}

/// A process that ends with this value.
pub(crate) struct Running {
    child: Child,
    /// How long it took until it was ready.
    pub(crate) ready: Duration,
}

impl Programs {
    /// Finds them beside this program; builds them with its profile where they are missing.
    ///
    /// They are not built anew when they are there: `cargo build --release` before measuring takes in a change.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let here = std::env::current_exe()?;
        let folder = here.parent().context("no folder")?;
        let name = |stem: &str| folder.join(format!("{stem}{}", std::env::consts::EXE_SUFFIX));
        let programs = Self { halfdoor: name("halfdoor"), relay: name("halfdoor-relay") };
        if !programs.halfdoor.exists() || !programs.relay.exists() {
            build()?;
        }
        Ok(programs)
    }

    /// Starts a relay on loopback; returns it and its addresses.
    pub(crate) fn start_relay(&self, home: &Path) -> anyhow::Result<(Running, Vec<String>)> {
        let printed = home.with_extension("out");
        let mut command = Command::new(&self.relay);
        command.arg("--home").arg(home);
        command.args(["--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/127.0.0.1/udp/0/quic-v1"]);
        command.stdout(std::fs::File::create(&printed)?).stderr(Stdio::null());
        let addresses = || {
            let text = std::fs::read_to_string(&printed).unwrap_or_default();
            let found: Vec<String> = text.lines().filter(|line| line.starts_with("/ip4")).map(str::to_owned).collect();
            (found.len() == 2).then_some(found)
        };
        Running::start(command, addresses)
    }

    /// Starts a relay with these settings, on one core if one is named; returns it and its addresses.
    pub(crate) fn start_relay_with(
        &self,
        folder: &Path,
        settings: &str,
        core: Option<&str>,
    ) -> anyhow::Result<(Running, Vec<String>)> {
        let (file, printed) = (folder.join("relay.toml"), folder.join("relay.out"));
        std::fs::write(&file, settings)?;
        let mut command = on_core(core, &self.relay);
        command.arg("--home").arg(folder.join("relay")).arg("--config").arg(&file);
        command.stdin(Stdio::null()).stdout(std::fs::File::create(&printed)?).stderr(Stdio::null());
        Running::start(command, || {
            let text = std::fs::read_to_string(&printed).unwrap_or_default();
            let found: Vec<String> = text.lines().filter(|line| line.starts_with("/ip")).map(str::to_owned).collect();
            (text.ends_with('\n') && found.len() == settings.matches("/ip").count()).then_some(found)
        })
    }

    /// Starts this program as a sink, which writes its address into `file`.
    pub(crate) fn start_sink(&self, file: &Path, core: Option<&str>) -> anyhow::Result<(Running, String)> {
        let mut command = on_core(core, &std::env::current_exe()?);
        command.arg("--relay-sink").arg(file).stdin(Stdio::null());
        Running::start(command, || std::fs::read_to_string(file).ok())
    }

    /// Makes a home.
    pub(crate) fn init(&self, home: &Path, name: &str) -> anyhow::Result<()> {
        let mut command = Command::new(&self.halfdoor);
        command.arg("--home").arg(home).args(["init", "--name", name, "--no-passphrase"]);
        ensure!(command.stdin(Stdio::null()).output()?.status.success(), "init failed");
        Ok(())
    }

    /// Starts the node of a home; returns it and its HTTP address.
    pub(crate) fn start_node(&self, home: &Path) -> anyhow::Result<(Running, String)> {
        let mut command = Command::new(&self.halfdoor);
        command.arg("--home").arg(home).args(["up", "--http", "127.0.0.1:0"]);
        command.args(["--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/127.0.0.1/udp/0/quic-v1"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let file = home.join("api.address");
        Running::start(command, || std::fs::read_to_string(&file).ok().map(|text| text.trim().to_owned()))
    }
}

fn on_core(core: Option<&str>, program: &Path) -> Command {
    match core {
        None => Command::new(program),
        Some(core) => {
            let mut command = Command::new("taskset");
            command.args(["-c", core]).arg(program);
            command
        }
    }
}

fn build() -> anyhow::Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "-p", "halfdoor", "-p", "halfdoor-relay"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    ensure!(cargo.status().context("cargo")?.success(), "the programs could not be built");
    Ok(())
}

impl Running {
    fn start<T>(mut command: Command, ready: impl Fn() -> Option<T>) -> anyhow::Result<(Self, T)> {
        let begun = Instant::now();
        let child = command.spawn().with_context(|| format!("{command:?}"))?;
        let mut running = Self { child, ready: Duration::ZERO };
        loop {
            if let Some(value) = ready() {
                running.ready = begun.elapsed();
                return Ok((running, value));
            }
            ensure!(begun.elapsed() < PATIENCE && running.child.try_wait()?.is_none(), "not ready: {command:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Resident memory in MiB, where the system tells.
    pub(crate) fn resident(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    }

    /// Seconds for which it had a core so far, where the system tells (in hundredths, as Linux always does).
    pub(crate) fn ran(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // after the name, which may hold anything
        let (_, rest) = stat.rsplit_once(')')?;
        let ticks = |field: usize| rest.split_whitespace().nth(field)?.parse::<f64>().ok();
        Some((ticks(11)? + ticks(12)?) / 100.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
