//! The relay as its operator runs it.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A running relay; killed when dropped.
struct Running(Child);

impl Running {
    fn start(home: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor-relay"));
        command.arg("--home").arg(home).args(["--listen", "/ip4/127.0.0.1/tcp/0"]).stdout(Stdio::piped());
        Self(command.spawn().unwrap())
    }

    /// The first line it prints.
    fn address(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder of this test alone, made anew.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&place);
    std::fs::create_dir_all(&place).unwrap();
    place.join("home")
}

#[test]
fn it_prints_a_whole_address_and_is_the_same_relay_after_a_restart() {
    let home = place("same-relay");
    let addresses = [(), ()].map(|()| Running::start(&home).address());
    for address in &addresses {
        assert!(address.starts_with("/ip4/127.0.0.1/tcp/") && address.contains("/p2p/12D3Koo"), "{address}");
        assert!(!address.contains("/tcp/0/"), "the port that was found: {address}");
    }
    let [first, second] = addresses.map(|address| address.rsplit('/').next().unwrap().to_owned());
    assert_eq!(first, second, "one key per home");
}

#[cfg(unix)]
#[test]
fn it_ends_in_order_when_the_system_asks_it_to() {
    let mut relay = Running::start(&place("ends"));
    let _ = relay.address();
    let asked = Command::new("kill").args(["-TERM", &relay.0.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(relay.0.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn its_key_is_for_its_own_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = place("private");
    let mut relay = Running::start(&home);
    let _ = relay.address();
    let files: Vec<_> = std::fs::read_dir(&home).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", file.display());
    }
}

#[test]
fn an_address_that_cannot_be_listened_on_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor-relay"));
    command.arg("--home").arg(place("unusable")).args(["--listen", "/ip4/127.0.0.1/tcp/0/nonsense"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(said.contains("nonsense"), "{said}");
}

/// Runs it with a configuration and other arguments until it ends: how it ended, what it said.
fn configured(name: &str, text: &str, arguments: &[&str]) -> (bool, String) {
    let home = place(name);
    let file = home.with_file_name("relay.toml");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor-relay"));
    command.arg("--config").arg(&file).args(arguments).env_remove("HALFDOOR_RELAY_HOME");
    let ended = command.output().unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    (ended.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn a_configuration_is_checked_without_starting() {
    let (good, said) = configured("checked", "[limits]\ncircuits = 10\n", &["--check"]);
    assert!(good && said.contains("can be used"), "{said}");
    let (good, said) = configured("refused", "[limits]\ncircuits = 10\nlamps = 1\n", &["--check"]);
    assert!(!good && said.contains("line 3") && said.contains("lamps") && said.contains("--check"), "{said}");
    // and does not start by it either
    let (good, said) = configured("unstarted", "lamps = 1\n", &[]);
    assert!(!good && said.contains("line 1"), "{said}");
}

#[test]
fn flags_win_over_the_configuration() {
    let home = place("flags");
    let file = home.with_file_name("relay.toml");
    std::fs::write(&file, "home = \"/nowhere/at/all\"\nlisten = [\"/ip4/203.0.113.1/tcp/1\"]\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor-relay"));
    command.arg("--config").arg(&file).arg("--home").arg(&home).args(["--listen", "/ip4/127.0.0.1/tcp/0"]);
    let mut relay = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    assert!(relay.address().starts_with("/ip4/127.0.0.1/tcp/"));
}

#[test]
fn log_lines_are_json_where_that_is_set_and_name_no_place() {
    let home = place("json-log");
    let file = home.with_file_name("relay.toml");
    std::fs::write(&file, "[log]\nformat = \"json\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_halfdoor-relay"));
    command.arg("--config").arg(&file).arg("--home").arg(&home).args(["--listen", "/ip4/127.0.0.1/tcp/0"]);
    command.env_remove("RUST_LOG");
    let mut relay = Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let _ = relay.address();
    let mut said = String::new();
    BufReader::new(relay.0.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert!(said.starts_with('{') && said.trim_end().ends_with('}') && !said.contains("127.0.0.1"), "{said}");
}
