use super::*;
use std::io::BufRead as _;

/// A child that says its process id and then lives until its standard input closes.
fn obedient() -> Command {
    shell("echo $$; cat >/dev/null")
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

fn first_line(mut from: BufReader<ChildStdout>) -> Option<String> {
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|bytes| *bytes > 0).map(|_| line.trim().to_owned())
}

fn is_alive(pid: &str) -> bool {
    Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn what_was_started_says_something_and_ends_when_it_is_dropped() {
    let processes = Processes::default();
    let pid = processes.start("child", &mut obedient(), first_line).unwrap();
    assert!(is_alive(&pid));
    assert_eq!(processes.ended(), None);
    drop(processes);
    assert!(!is_alive(&pid));
}

#[test]
fn a_killed_child_is_gone_and_its_name_is_free_again() {
    let processes = Processes::default();
    let pid = processes.start("child", &mut obedient(), first_line).unwrap();
    processes.kill("child").unwrap();
    assert!(!is_alive(&pid));
    assert!(processes.kill("child").is_err());
    assert_ne!(processes.start("child", &mut obedient(), first_line).unwrap(), pid);
}

#[test]
fn a_child_that_says_nothing_and_ends_is_told_as_not_started() {
    let processes = Processes::default();
    let error = processes.start("child", &mut shell("exit 3"), first_line).unwrap_err();
    assert!(error.to_string().contains("child did not start"));
}

#[test]
fn a_child_that_ends_by_itself_is_noticed() {
    let processes = Processes::default();
    processes.start("child", &mut shell("echo hello; read -r line"), first_line).unwrap();
    assert_eq!(processes.ended(), None);
    processes.inside().running.get_mut("child").unwrap().lifeline = None;
    while processes.ended().is_none() {
        thread::sleep(LOOK);
    }
    assert_eq!(processes.ended(), Some("child"));
}

#[test]
fn nothing_starts_once_everything_is_being_stopped() {
    let processes = Processes::default();
    processes.close();
    assert!(processes.start("child", &mut obedient(), first_line).is_err());
}
