//! A node in a process of its own, with its home and its command line.

use crate::{api::Api, process::Process, programs, said::Said, until};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A node: its home lasts as long as this, its process from `up` to `kill` or `stop`.
#[derive(Debug)]
pub struct Node {
    name: String,
    place: TempDir,
    options: Vec<String>,
    starts: u32,
    up: Option<(Process, Up)>,
}

/// Where a running node can be reached.
#[derive(Clone, Debug)]
pub struct Up {
    /// Its own interface, with its token.
    pub api: Api,
    /// Duo's endpoints, where they were asked for.
    pub duo: Option<Api>,
}

impl Node {
    /// Makes a home by `init`; nothing runs yet.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn init(name: &str) -> Self {
        let place = tempfile::Builder::new().prefix("halfdoor-node-").tempdir().expect("a folder");
        let node = Self { name: name.to_owned(), place, options: Vec::new(), starts: 0, up: None };
        let _ = node.says(&["init", "--name", name, "--no-passphrase"]);
        node
    }

    /// Further options of `up`, from the next start on.
    pub fn set_options(&mut self, options: &[&str]) {
        self.options = options.iter().map(|option| (*option).to_owned()).collect();
    }

    /// Starts it and waits until it is up.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn up(&mut self) {
        assert!(self.up.is_none(), "{} runs already", self.name);
        self.starts += 1;
        let mut command = self.command();
        command.args(["--json", "up", "--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/127.0.0.1/udp/0/quic-v1"]);
        command.args(&self.options).env("HALFDOOR_LOG", "info,node=debug,net=debug");
        let label = format!("{}-{}", self.name, self.starts);
        let mut process = Process::start(&label, command, self.place.path());
        let told: Value = until(&format!("{label} is up"), || {
            let ended = process.ended();
            assert!(ended.is_none(), "{label} ended: {ended:?}\n{}", process.err());
            serde_json::from_str(&process.out()).ok()
        });
        let token = std::fs::read_to_string(self.home().join("api.token")).expect("a token beside a running node");
        let at = |key: &str| told[key].as_str().map(str::to_owned);
        let api = Api::new(&at("screen").expect("the address of the screen"), Some(token.trim().to_owned()));
        let duo = at("duo").map(|address| Api::new(&address, None));
        self.up = Some((process, Up { api, duo }));
    }

    /// SIGKILL: wherever it is.
    pub fn kill(&mut self) {
        let (mut process, _) = self.up.take().unwrap_or_else(|| panic!("{} does not run", self.name));
        process.kill();
    }

    /// Asks it to end, and waits until it has: exit code 0.
    pub fn stop(&mut self) {
        let (mut process, _) = self.up.take().unwrap_or_else(|| panic!("{} does not run", self.name));
        if let Some(status) = process.terminate() {
            assert!(status.success(), "{} ended with {status}\n{}", self.name, process.err());
        }
    }

    /// The name it told.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its home.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.place.path().join("home")
    }

    /// A folder beside the home, for files of the scenario.
    #[must_use]
    pub fn desk(&self) -> &Path {
        self.place.path()
    }

    /// Its interface, while it runs.
    #[must_use]
    pub fn api(&self) -> Api {
        self.running().api.clone()
    }

    /// Duo's endpoints, while it runs with them.
    #[must_use]
    pub fn duo(&self) -> Api {
        self.running().duo.clone().unwrap_or_else(|| panic!("{} runs without Duo's endpoints", self.name))
    }

    /// The program, told this home, and nothing of this machine's own settings.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(programs::halfdoor());
        command.arg("--home").arg(self.home()).current_dir(self.desk());
        command.env_remove("HALFDOOR_HOME").env_remove("HALFDOOR_LOG").env_remove("RUST_LOG");
        command
    }

    /// One command, to its end, without a terminal.
    #[must_use]
    pub fn cli(&self, arguments: &[&str]) -> Said {
        let output = self.command().args(arguments).stdin(Stdio::null()).output();
        Said::new(format!("({}) {}", self.name, arguments.join(" ")), &output.expect("a command that starts"))
    }

    /// One command that succeeds.
    #[must_use]
    pub fn says(&self, arguments: &[&str]) -> Said {
        self.cli(arguments).done()
    }

    /// What one command that succeeds prints as JSON.
    #[must_use]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(arguments);
        self.says(&all).json()
    }

    /// A command that takes its time, in the background.
    #[must_use]
    pub fn begin(&self, label: &str, arguments: &[&str]) -> Process {
        let mut command = self.command();
        command.args(arguments);
        Process::start(&format!("{}-{label}", self.name), command, self.desk())
    }

    fn running(&self) -> &Up {
        let (_, up) = self.up.as_ref().unwrap_or_else(|| panic!("{} does not run", self.name));
        up
    }
}
