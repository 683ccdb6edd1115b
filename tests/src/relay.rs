//! A relay in a process of its own.

use crate::{process::Process, programs, until};
use std::process::Command;
use tempfile::TempDir;

/// A running relay on loopback.
#[derive(Debug)]
pub struct Relay {
    process: Process,
    address: String,
    _place: TempDir,
}

impl Relay {
    /// Starts one and waits for its address.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let place = tempfile::Builder::new().prefix("halfdoor-relay-").tempdir().expect("a folder");
        let mut command = Command::new(programs::relay());
        command.arg("--home").arg(place.path().join("relay")).args(["--listen", "/ip4/127.0.0.1/tcp/0"]);
        command.env_remove("HALFDOOR_RELAY_HOME");
        let mut process = Process::start("relay", command, place.path());
        let address = until("the relay tells its address", || {
            assert!(process.ended().is_none(), "the relay ended: {}", process.err());
            let out = process.out();
            // a line is whole once it has its end
            out.split_inclusive('\n').find(|line| line.ends_with('\n')).map(|line| line.trim().to_owned())
        });
        Self { process, address, _place: place }
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
}
