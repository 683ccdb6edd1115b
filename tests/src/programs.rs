//! Where the programs are: beside the tests that run them.

use std::path::PathBuf;

/// The program `halfdoor`.
pub(crate) fn halfdoor() -> PathBuf {
    beside("halfdoor")
}

/// The program `halfdoor-relay`.
pub(crate) fn relay() -> PathBuf {
    beside("halfdoor-relay")
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
