//! A relay in a process of its own.

use crate::{process::Process, programs, until};
use failpoint::Point;
use std::process::Command;
use tempfile::TempDir;

/// A relay on loopback: its home lasts as long as this, its process until it is killed.
#[derive(Debug)]
pub struct Relay {
    process: Process,
    address: String,
    starts: u32,
    place: TempDir,
}

impl Relay {
    /// Starts one and waits for its address.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let place = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        let mut process = launch(&place, "/ip4/127.0.0.1/tcp/0", 1, None);
        let address = address_of(&mut process).expect("a relay that nothing kills");
        Self { process, address, starts: 1, place }
    }

    /// Its address as its operator tells it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
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
        let (listen, _) = self.address.split_once("/p2p/").expect("a relay tells who it is");
        self.process = launch(&self.place, listen, self.starts, dies_at);
        let address = address_of(&mut self.process);
        assert!(address.is_some() || dies_at.is_some(), "the relay was killed by nobody: {}", self.process.err());
        if let Some(address) = &address {
            assert_eq!(*address, self.address, "the same relay at the same place");
        }
        address.is_some()
    }
}

fn launch(place: &TempDir, listen: &str, start: u32, dies_at: Option<(Point, u64)>) -> Process {
    let mut command = Command::new(programs::relay());
    command.arg("--home").arg(place.path().join("relay")).args(["--listen", listen]);
    command.env_remove("HALFDOOR_RELAY_HOME");
    command.envs(dies_at.map(|(point, passing)| (failpoint::VARIABLE, format!("{}:{passing}", point.name()))));
    Process::start(&format!("relay-{start}"), command, place.path())
}

/// Its address once it has told it whole; none when it died before.
fn address_of(process: &mut Process) -> Option<String> {
    until("the relay tells its address", || {
        if process.has_died() {
            return Some(None);
        }
        let out = process.out();
        // a line is whole once it has its end
        out.split_inclusive('\n').find(|line| line.ends_with('\n')).map(|line| Some(line.trim().to_owned()))
    })
}
