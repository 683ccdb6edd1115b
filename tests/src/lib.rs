//! Scenarios: the real programs as real processes on loopback, in homes of their own.
//!
//! Nothing here sleeps to let something happen: whatever a scenario waits for is observed ([`until`]), with a patience
//! that only a fault uses up. Every process ends with its owner, and shows its logs when the scenario failed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a scenario fails as tests do, by a panic that says what was seen"
)]

mod api;
mod browser;
mod chance;
pub mod lab;
mod node;
mod pair;
mod process;
mod programs;
mod relay;
mod said;
mod seals;
mod steps;
#[cfg(unix)]
mod terminal;
pub mod trial;
mod watch;

pub use api::{Answer, Api, raw};
pub use browser::{Browser, Manner, launch_file};
pub use chance::Chance;
pub use node::{Node, Up};
pub use pair::Pair;
pub use process::Process;
pub use programs::have_failpoints;
pub use relay::Relay;
pub use said::Said;
pub use seals::{Keys, Planted};
#[cfg(unix)]
pub use terminal::Terminal;
pub use watch::{PATIENCE, until, until_within};

/// The household bills that tests store: 116 rows with columns `date`, `electricity`, `gas`, `total` and others.
#[must_use]
pub fn bills() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/bills/household-utilities.csv")
}

/// The same as they came: line 118 is dated 2010-05-36.
#[must_use]
pub fn raw_bills() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/bills/household-utilities-raw.csv")
}

/// A statement of a real bank, by its name in `data/statements`.
#[must_use]
pub fn statement(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/statements").join(name)
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock after 1970").as_secs()
}
