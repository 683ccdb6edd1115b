//! The program as people and scripts meet it: its words are snapshots, its exit codes a promise.
//!
//! After a change of words: `TRYCMD=overwrite cargo test -p halfdoor --test cli`, then read the difference.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// The program with nothing of this machine's own settings.
fn halfdoor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor"));
    command.args(arguments).env_remove("HALFDOOR_HOME").env_remove("HALFDOOR_LOG").stdin(Stdio::null());
    command
}

#[test]
fn the_words_of_every_command_are_as_written_down() {
    trycmd::TestCases::new().env("HALFDOOR_LOG", "off").case("tests/cmd/*.trycmd");
}

#[test]
fn every_shell_gets_completions_that_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = halfdoor(&["completions", shell]).output().unwrap();
        assert!(output.status.success(), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains("counter") && script.contains("passphrase-file"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let home = tempfile::tempdir().unwrap();
    let pages = home.path().join("man");
    assert!(halfdoor(&["man"]).arg(&pages).status().unwrap().success());
    for page in ["halfdoor.1", "halfdoor-approve.1", "halfdoor-data-add.1"] {
        let text = std::fs::read_to_string(pages.join(page)).unwrap();
        assert!(text.contains(".SH"), "{page}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = halfdoor(&["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_home_is_made_once_and_its_keys_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("jack");
    let init = |name: &str| {
        halfdoor(&["init", "--no-passphrase", "--json", "--name", name, "--home"]).arg(&home).output().unwrap()
    };
    let made = init("Jack");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let me: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(me["name"], "Jack");
    assert!(String::from_utf8_lossy(&made.stderr).contains("whoever gets this disk can read everything"));
    let before = files(&home);
    let again = init("Jill");
    assert_eq!(again.status.code(), Some(1));
    let problem: serde_json::Value = serde_json::from_slice(last_line(&again.stderr)).unwrap();
    assert_eq!(problem["type"], "urn:halfdoor:problem:failed");
    assert_eq!(files(&home), before);
}

#[test]
fn a_sealed_home_does_not_open_without_its_passphrase() {
    let directory = tempfile::tempdir().unwrap();
    let (home, passphrase) = (directory.path().join("jack"), directory.path().join("passphrase"));
    std::fs::write(&passphrase, "correct horse\n").unwrap();
    let made =
        halfdoor(&["init", "--name", "Jack", "--home"]).arg(&home).arg("--passphrase-file").arg(&passphrase).output();
    assert!(made.unwrap().status.success());
    let up = halfdoor(&["up", "--home"]).arg(&home).output().unwrap();
    assert_eq!(up.status.code(), Some(1));
    let told = String::from_utf8_lossy(&up.stderr).into_owned();
    assert!(told.contains("sealed under a passphrase") && told.contains("passphrase-file"), "{told}");
    std::fs::write(&passphrase, "wrong horse\n").unwrap();
    let up = halfdoor(&["up", "--home"]).arg(&home).arg("--passphrase-file").arg(&passphrase).output().unwrap();
    assert_eq!(up.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&up.stderr).contains("the passphrase is wrong"));
}

/// The key files and what is in them.
fn files(home: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(home.join("keys"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn last_line(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap()
}
