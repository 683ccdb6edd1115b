use super::*;
use clap::CommandFactory as _;

#[test]
fn the_grammar_contradicts_itself_nowhere() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_says_what_it_does() {
    fn check(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        command.get_subcommands().for_each(check);
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} of {} says nothing", argument.get_id(), command.get_name());
        }
    }
    check(&Cli::command());
}

#[test]
fn a_person_may_be_shown_or_changed_but_not_both_at_once() {
    let parses = |line: &[&str]| Cli::try_parse_from([&["halfdoor", "people"], line].concat()).is_ok();
    assert!(parses(&[]) && parses(&["Jill"]) && parses(&["verify", "Jill", "12345", "67890"]));
    assert!(!parses(&["Jill", "block"]) && !parses(&["verify", "Jill"]));
}

#[test]
fn a_counter_offer_that_changes_nothing_is_no_offer() {
    assert!(Cli::try_parse_from(["halfdoor", "counter", "ab", "--because", "no"]).is_err());
    assert!(Cli::try_parse_from(["halfdoor", "counter", "ab", "--computation", "mean"]).is_ok());
}

#[test]
fn duo_decides_only_where_duo_is_served() {
    assert!(Cli::try_parse_from(["halfdoor", "up", "--duo-allow-decisions"]).is_err());
    assert!(Cli::try_parse_from(["halfdoor", "up", "--duo", "127.0.0.1:5001", "--duo-allow-decisions"]).is_ok());
}
