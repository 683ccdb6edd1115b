//! Where the story happens: a fresh folder with a home for each, and the processes that run in them.

use super::processes::Processes;
use crate::{client::Client, error::CliError};
use node::views::Me;
use serde::Deserialize;
use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{BufRead as _, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The relay's process.
pub(super) const RELAY: &str = "relay";
/// The owner's process.
pub(super) const JACK: &str = "jack";
/// The institution's process.
pub(super) const JILL: &str = "jill";

/// Addresses that relay and nodes listen on: this computer only, ports that the system finds.
const LISTEN: [&str; 4] = ["--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/127.0.0.1/udp/0/quic-v1"];
/// A child's log is shown from here before its end.
const TAIL_BYTES: i64 = 4096;
/// Lines of it that are shown.
const TAIL_LINES: usize = 12;

/// Folder and processes. Dropping it stops the processes, then removes the folder.
#[derive(Debug)]
pub(super) struct Stage {
    processes: Processes,
    program: PathBuf,
    folder: TempDir,
}

/// What a node says when it is up.
#[derive(Debug, Deserialize)]
pub(super) struct Up {
    /// Address of its screen.
    pub(super) screen: String,
    /// Address of Duo's endpoints.
    pub(super) duo: Option<String>,
    /// Who it is.
    pub(super) me: Me,
}

impl Stage {
    /// A fresh folder, nothing running.
    pub(super) fn open() -> Result<Self, CliError> {
        let program = std::env::current_exe()
            .map_err(|e| CliError::failed("this program does not know where it is").because(e))?;
        let folder = tempfile::Builder::new().prefix("halfdoor-demo-").tempdir();
        let folder = folder.map_err(|e| CliError::failed("a temporary folder could not be made").because(e))?;
        Ok(Self { processes: Processes::default(), program, folder })
    }

    /// A place in the folder; the home of whoever has that name.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command of this program to its end.
    pub(super) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Result<Output, CliError> {
        let ran = self.command().args(args).stdin(Stdio::null()).output();
        ran.map_err(|e| CliError::failed("this program could not be started a second time").because(e))
    }

    /// Starts the relay; answers with its addresses.
    pub(super) fn start_relay(&self) -> Result<Vec<String>, CliError> {
        let mut command = self.logged(RELAY)?;
        command.args(["relay", "--until-stdin-closes"]).args(LISTEN).arg("--key-home").arg(self.place(RELAY));
        self.processes.start(RELAY, &mut command, |stdout| {
            let lines = stdout.lines().take(LISTEN.len() / 2).collect::<Result<Vec<_>, _>>().ok()?;
            (!lines.is_empty()).then_some(lines)
        })
    }

    /// Starts the node in the home of that name; answers with where it is and a client of it.
    pub(super) fn start_node(&self, name: &'static str) -> Result<(Up, Client), CliError> {
        let home = self.place(name);
        let mut command = self.logged(name)?;
        command.args(["--json", "up", "--until-stdin-closes", "--http", "127.0.0.1:0"]).args(LISTEN);
        command.args(["--duo", "127.0.0.1:0", "--duo-allow-decisions"]).arg("--home").arg(&home);
        let up: Up = self.processes.start(name, &mut command, |stdout| {
            serde_json::Deserializer::from_reader(stdout).into_iter().next()?.ok()
        })?;
        Ok((up, Client::of(&home, None)?))
    }

    /// Kills the process of that name, as a power cut would.
    pub(super) fn kill(&self, name: &str) -> Result<(), CliError> {
        self.processes.kill(name)
    }

    /// One of the processes that ended although nobody asked it to.
    pub(super) fn ended(&self) -> Option<&'static str> {
        self.processes.ended()
    }

    /// Stops every process; whatever still asks one of them fails.
    pub(super) fn close(&self) {
        self.processes.close();
    }

    /// Stops every process and removes the folder.
    pub(super) fn clear(self) -> Result<(), CliError> {
        let Self { processes, program: _, folder } = self;
        drop(processes);
        let path = folder.path().to_owned();
        folder.close().map_err(|e| CliError::failed(format!("{} could not be removed", path.display())).because(e))
    }

    /// The end of what each process wrote to its log.
    pub(super) fn log_tails(&self) -> String {
        let tails = [RELAY, JACK, JILL].map(|name| match tail(self.log(name)) {
            Some(tail) => format!("--- the last lines of {name}'s log\n{tail}\n"),
            None => String::new(),
        });
        tails.concat()
    }

    fn log(&self, name: &str) -> PathBuf {
        self.place(&format!("{name}.log"))
    }

    fn logged(&self, name: &str) -> Result<Command, CliError> {
        let log = OpenOptions::new().create(true).append(true).open(self.log(name));
        let log = log.map_err(|e| CliError::failed("a log could not be made").because(e))?;
        let mut command = self.command();
        command.stderr(log);
        Ok(command)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // The homes of the story are named, whatever home the user's environment names.
        command.env_remove("HALFDOOR_HOME");
        command
    }
}

/// The last lines of a file; nothing of one that is empty or cannot be read.
fn tail(path: PathBuf) -> Option<String> {
    let mut file = File::open(path).ok()?;
    // Fails on a file shorter than that, which is then read from its beginning.
    let _ = file.seek(SeekFrom::End(-TAIL_BYTES));
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text.lines().map(protocol::text::neutralised).collect();
    let last = lines.get(lines.len().saturating_sub(TAIL_LINES)..)?.join("\n");
    (!last.is_empty()).then_some(last)
}
