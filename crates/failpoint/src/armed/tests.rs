use super::{VARIABLE, arm};
use std::process::{Command, Output};

/// Runs one test of this file, which the tests around it skip, in a process of its own with the variable set.
fn in_a_process(test: &str, value: &str) -> Output {
    let me = std::env::current_exe().unwrap();
    let mut command = Command::new(me);
    command.args(["--ignored", "--exact", test, "--nocapture"]).env(VARIABLE, value);
    command.output().unwrap()
}

#[test]
#[ignore = "run in a process of its own by the tests beside it"]
fn passes_three_times() {
    arm().unwrap();
    for _ in 0..3 {
        crate::pass(crate::Point::BatchApplied);
        crate::pass(crate::Point::CountNoted);
        println!("passed");
    }
}

fn passed(value: &str) -> (usize, Output) {
    let output = in_a_process("armed::tests::passes_three_times", value);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    (out.matches("passed\n").count(), output)
}

#[cfg(feature = "failpoints")]
mod on {
    use super::{super::on::parse, passed};
    use crate::{ArmError, Point};

    #[test]
    fn a_process_dies_at_the_passing_it_was_told() {
        for (value, times) in [("batch-applied:1", 0), ("batch-applied:3", 2), ("count-noted:2", 1)] {
            let (seen, output) = passed(value);
            assert_eq!(seen, times, "{value}: {output:?}");
            assert!(!output.status.success(), "{output:?}");
            #[cfg(unix)]
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&output.status), Some(9), "{output:?}");
        }
    }

    #[test]
    fn a_process_that_never_comes_there_lives() {
        for value in ["batch-applied:4", "relay-circuit:1"] {
            let (seen, output) = passed(value);
            assert!(seen == 3 && output.status.success(), "{value}: {output:?}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_followed_is_refused_by_name() {
        for value in ["", "batch-applied", "batch-applied:", "batch-applied:0", "batch-applied:-1", ":1", "a:b:c"] {
            let refused = parse(value).unwrap_err();
            assert!(matches!(refused, ArmError::Nonsense { .. } | ArmError::Unknown { .. }), "{value}");
            assert!(!passed(value).1.status.success(), "{value}");
        }
        assert!(parse("no-such-point:1").unwrap_err().to_string().contains("no-such-point"));
        for point in Point::ALL {
            assert_eq!(parse(&format!("{}:7", point.name())).unwrap(), (*point, 7));
        }
    }
}

#[cfg(not(feature = "failpoints"))]
#[test]
fn a_program_built_without_them_ignores_the_variable() {
    for value in ["batch-applied:1", "no-such-point:1", "nonsense"] {
        let (seen, output) = passed(value);
        assert!(seen == 3 && output.status.success(), "{value}: {output:?}");
    }
}
