//! Where the programs are: beside the tests that run them.

use std::{path::PathBuf, process::Command};

/// The program `halfdoor`.
pub(crate) fn halfdoor() -> PathBuf {
    beside("halfdoor")
}

/// The program `halfdoor-relay`.
pub(crate) fn relay() -> PathBuf {
    beside("halfdoor-relay")
}

/// That the programs beside the tests were built with failpoints.
///
/// # Panics
/// When they were not: then nothing would ever die at a point, and a test of it would say nothing.
pub fn have_failpoints() {
    let place = tempfile::tempdir().expect("a folder");
    let mut node = Command::new(halfdoor());
    node.args(["completions", "bash"]);
    let mut server = Command::new(relay());
    server.arg("--home").arg(place.path()).args(["--listen", "nowhere"]);
    for mut command in [node, server] {
        // a program that reads the variable refuses this, and says so; any other ends for its own reasons
        let said = command.env(failpoint::VARIABLE, "nonsense").output().expect("a program that starts");
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(
            said.contains(failpoint::VARIABLE),
            "{command:?} was built without failpoints: build with `cargo test --workspace`, which turns them on"
        );
    }
}

/// Cargo puts test executables into `…/PROFILE/deps` and programs into `…/PROFILE`.
fn beside(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("a test lies in a target directory");
    let program = profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "the program {name} is not built (looked for {}): run `cargo test --workspace`, which builds the programs \
         beside the tests, or `cargo build` in the same profile first",
        program.display()
    );
    program
}
