//! A node in a process of its own, with its home and its command line.

use crate::{api::Api, lab::Place, process::Process, programs, said::Said, until};
use failpoint::Point;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A node: its home lasts as long as this unless it is elsewhere, its process from `up` to `kill` or `stop`.
#[derive(Debug)]
pub struct Node {
    name: String,
    /// Logs of its processes, and files of the scenario.
    desk: TempDir,
    home: PathBuf,
    listen: Vec<String>,
    options: Vec<String>,
    /// Where its programs run, if not simply on this machine.
    place: Option<Place>,
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
        let desk = tempfile::Builder::new().prefix("halfdoor-node-").tempdir().expect("a folder");
        let home = desk.path().join("home");
        Self::init_at(name, desk, home)
    }

    /// The same with the home in a folder of somebody else's, who also removes it.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn init_in(name: &str, folder: &Path) -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-node-").tempdir().expect("a folder");
        Self::init_at(name, desk, folder.join(name))
    }

    fn init_at(name: &str, desk: TempDir, home: PathBuf) -> Self {
        let node = Self::with(name, desk, home);
        let _ = node.says(&["init", "--name", name, "--no-passphrase"]);
        node
    }

    /// Takes a home that somebody else made: `fill` puts it where it is told.
    ///
    /// # Panics
    /// When there is no folder for it.
    #[must_use]
    pub fn settle_in(name: &str, fill: impl FnOnce(&Path)) -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-node-").tempdir().expect("a folder");
        let home = desk.path().join("home");
        fill(&home);
        Self::with(name, desk, home)
    }

    fn with(name: &str, desk: TempDir, home: PathBuf) -> Self {
        let listen = ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"].map(str::to_owned).to_vec();
        Self { name: name.to_owned(), desk, home, listen, options: Vec::new(), place: None, starts: 0, up: None }
    }

    /// From now on its programs run there, and its node listens at these addresses.
    pub fn move_to(&mut self, place: Place, listen: &[&str]) {
        self.place = Some(place);
        self.listen = listen.iter().map(|address| (*address).to_owned()).collect();
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
        assert!(self.start(None), "{} was told of no point to die at", self.name);
    }

    /// Starts it armed: it dies at that passing of that point. `false` when it did so before it was up.
    ///
    /// # Panics
    /// When it does not come up, and ended otherwise.
    pub fn up_until(&mut self, point: Point, passing: u64) -> bool {
        self.start(Some((point, passing)))
    }

    fn start(&mut self, dies_at: Option<(Point, u64)>) -> bool {
        assert!(self.up.is_none(), "{} runs already", self.name);
        self.starts += 1;
        let mut command = self.command();
        command.args(["--json", "up"]);
        for address in &self.listen {
            command.arg("--listen").arg(address);
        }
        command.args(&self.options).env("HALFDOOR_LOG", "info,node=debug,net=debug");
        command.envs(dies_at.map(|(point, passing)| (failpoint::VARIABLE, format!("{}:{passing}", point.name()))));
        let label = format!("{}-{}", self.name, self.starts);
        let mut process = Process::start(&label, command, self.desk.path());
        let told: Option<Value> = until(&format!("{label} is up"), || {
            if process.has_died() {
                assert!(dies_at.is_some(), "{label} was killed by nobody\n{}", process.err());
                return Some(None);
            }
            serde_json::from_str(&process.out()).ok().map(Some)
        });
        let Some(told) = told else { return false };
        let token = std::fs::read_to_string(self.home().join("api.token")).expect("a token beside a running node");
        let at = |key: &str| told[key].as_str().map(str::to_owned);
        let api = Api::new(&at("screen").expect("the address of the screen"), Some(token.trim().to_owned()));
        let duo = at("duo").map(|address| Api::new(&address, None));
        self.up = Some((process, Up { api, duo }));
        true
    }

    /// Whether the point it was armed with has killed it; it can be started again then.
    ///
    /// # Panics
    /// When it ended otherwise.
    pub fn has_died(&mut self) -> bool {
        let died = self.up.as_mut().is_some_and(|(process, _)| process.has_died());
        if died {
            self.up = None;
        }
        died
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

    /// The most memory its process ever had, in bytes, where the system says so (Linux).
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        self.up.as_ref().and_then(|(process, _)| process.peak_memory())
    }

    /// Whether its process was started and not ended.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.up.is_some()
    }

    /// Its home.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.home.clone()
    }

    /// A folder beside the home, for files of the scenario.
    #[must_use]
    pub fn desk(&self) -> &Path {
        self.desk.path()
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
        self.command_at(&self.home())
    }

    /// The same, told another home.
    #[must_use]
    pub fn command_at(&self, home: &Path) -> Command {
        let program = programs::halfdoor();
        let mut command = self.place.as_ref().map_or_else(|| Command::new(&program), |place| place.command(&program));
        command.arg("--home").arg(home).current_dir(self.desk());
        command.env_remove("HALFDOOR_HOME").env_remove("HALFDOOR_LOG").env_remove("RUST_LOG");
        command.env_remove(failpoint::VARIABLE);
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
