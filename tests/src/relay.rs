//! A relay in a process of its own.

use crate::{lab::Place, process::Process, programs, until};
use failpoint::Point;
use std::process::Command;
use tempfile::TempDir;

/// Its configuration, where it has one.
const SETTINGS: &str = "relay.toml";

/// A relay on loopback: its home lasts as long as this, its process until it is killed.
#[derive(Debug)]
pub struct Relay {
    process: Process,
    /// One for each address it listens at.
    addresses: Vec<String>,
    listen: Vec<String>,
    place: Option<Place>,
    starts: u32,
    desk: TempDir,
}

impl Relay {
    /// Starts one and waits for its address.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_in(None, &["/ip4/127.0.0.1/tcp/0"])
    }

    /// Starts one in some place of a laboratory, at these addresses.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_in(place: Option<Place>, listen: &[&str]) -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        Self::begin_at(desk, place, listen)
    }

    fn begin_at(desk: TempDir, place: Option<Place>, listen: &[&str]) -> Self {
        let listen: Vec<_> = listen.iter().map(|address| (*address).to_owned()).collect();
        let mut process = launch(&desk, place.as_ref(), &listen, 1, None);
        let addresses = addresses_of(&mut process, listen.len()).expect("a relay that nothing kills");
        Self { process, addresses, listen, place, starts: 1, desk }
    }

    /// Starts one whose mailbox has a folder: what lies there outlives the process.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_keeping() -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        let folder = desk.path().join("mailbox");
        let settings = format!("[mailbox]\nfolder = {:?}\n", folder.to_str().expect("a path"));
        std::fs::write(desk.path().join(SETTINGS), settings).expect("a configuration");
        Self::begin_at(desk, None, &["/ip4/127.0.0.1/tcp/0"])
    }

    /// Starts one that serves whoever shows this token.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_for(token: &str) -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        let tokens = desk.path().join("tokens");
        std::fs::write(&tokens, format!("# given out\n{token}\n")).expect("a file of tokens");
        let settings = format!("[access]\nmode = \"token\"\ntokens = {:?}\n", tokens.to_str().expect("a path"));
        std::fs::write(desk.path().join(SETTINGS), settings).expect("a configuration");
        Self::begin_at(desk, None, &["/ip4/127.0.0.1/tcp/0"])
    }

    /// Starts one with this configuration.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_with(settings: &str) -> Self {
        let desk = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        std::fs::write(desk.path().join(SETTINGS), settings).expect("a configuration");
        Self::begin_at(desk, None, &["/ip4/127.0.0.1/tcp/0"])
    }

    /// Its address as its operator tells it.
    ///
    /// # Panics
    /// When it has none.
    #[must_use]
    pub fn address(&self) -> &str {
        self.addresses.first().expect("a relay listens somewhere")
    }

    /// All of them.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// The process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// SIGKILL: wherever it is.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again after its end, at the same place, the same relay.
    ///
    /// # Panics
    /// When it does not start, or is another one.
    pub fn again(&mut self) {
        assert!(self.begin(None), "the relay was told of no point to die at");
    }

    /// The same, armed: it dies at that passing of that point. `false` when it did so before it was up.
    ///
    /// # Panics
    /// As [`Relay::again`].
    pub fn again_until(&mut self, point: Point, passing: u64) -> bool {
        self.begin(Some((point, passing)))
    }

    fn begin(&mut self, dies_at: Option<(Point, u64)>) -> bool {
        assert!(self.process.ended().is_some(), "the relay runs");
        self.starts += 1;
        if self.listen.iter().any(|address| address.ends_with("/0")) {
            self.listen =
                self.addresses.iter().filter_map(|told| Some(told.split_once("/p2p/")?.0.to_owned())).collect();
        }
        self.process = launch(&self.desk, self.place.as_ref(), &self.listen, self.starts, dies_at);
        let addresses = addresses_of(&mut self.process, self.listen.len());
        assert!(addresses.is_some() || dies_at.is_some(), "the relay was killed by nobody: {}", self.process.err());
        if let Some(addresses) = &addresses {
            assert_eq!(*addresses, self.addresses, "the same relay at the same place");
        }
        addresses.is_some()
    }
}

fn launch(
    desk: &TempDir,
    place: Option<&Place>,
    listen: &[String],
    start: u32,
    dies_at: Option<(Point, u64)>,
) -> Process {
    let program = programs::relay();
    let mut command = place.map_or_else(|| Command::new(&program), |place| place.command(&program));
    command.arg("--home").arg(desk.path().join("relay"));
    for address in listen {
        command.arg("--listen").arg(address);
    }
    let settings = desk.path().join(SETTINGS);
    if settings.exists() {
        command.arg("--config").arg(settings);
    }
    command.env_remove("HALFDOOR_RELAY_HOME").env("RUST_LOG", "off,relay=debug");
    command.envs(dies_at.map(|(point, passing)| (failpoint::VARIABLE, format!("{}:{passing}", point.name()))));
    Process::start(&format!("relay-{start}"), command, desk.path())
}

/// Its addresses once it has told them whole; none when it died before.
fn addresses_of(process: &mut Process, count: usize) -> Option<Vec<String>> {
    until("the relay tells its addresses", || {
        if process.has_died() {
            return Some(None);
        }
        let out = process.out();
        // a line is whole once it has its end
        let told = out.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(|line| line.trim().to_owned());
        let told: Vec<_> = told.take(count).collect();
        (told.len() == count).then_some(Some(told))
    })
}
