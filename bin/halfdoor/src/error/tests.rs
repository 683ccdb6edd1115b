use super::*;

#[test]
fn a_command_line_that_makes_no_sense_exits_2_and_everything_else_1() {
    let debug = |error: CliError| format!("{:?}", error.exit_code());
    assert_eq!(debug(CliError::usage("x")), format!("{:?}", ExitCode::from(2)));
    for kind in [Kind::NotRunning, Kind::Undecided, Kind::Failed, Kind::Problem { of: "refused".into(), status: 403 }] {
        assert_eq!(debug(CliError::new(kind, "x")), format!("{:?}", ExitCode::from(1)));
    }
}

#[test]
fn the_message_tells_every_cause_once() {
    let inner = std::io::Error::other("the disk is full");
    let error = CliError::failed("the file cannot be written").because(inner);
    assert_eq!(error.chain(), "the file cannot be written: the disk is full");
    let told = CliError::failed("it failed: the disk is full").because(std::io::Error::other("the disk is full"));
    assert_eq!(told.chain(), "it failed: the disk is full");
}

#[test]
fn the_problem_document_keeps_the_kind_the_status_and_the_hint_of_the_node() {
    let kind = Kind::Problem { of: "conflict".into(), status: 409 };
    let problem = CliError::new(kind, "decided already").hint("halfdoor requests").problem();
    assert_eq!(problem["type"], "urn:halfdoor:problem:conflict");
    assert_eq!(problem["status"], 409);
    assert_eq!(problem["detail"], "decided already");
    assert_eq!(problem["hint"], "halfdoor requests");
}

#[test]
fn a_node_error_keeps_its_hint_and_its_words() {
    let error = CliError::from(node::NodeError::NotFound { what: "person", name: "Jill".into() });
    assert_eq!(error.chain(), "person \"Jill\" is not known here");
    assert!(error.next_step().is_some_and(|hint| hint.contains("halfdoor people")));
}
