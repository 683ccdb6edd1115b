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

/// The reference that the book prints: every command with its own `--help`, in the order of `halfdoor --help`.
#[test]
fn the_command_reference_of_the_book_is_what_the_program_says() {
    let mut book = String::from(
        "# Command line\n\nWhat `halfdoor COMMAND --help` says. Written by the program: after a change of a command, run\n\
         `BLESS=1 cargo test -p halfdoor`.\n",
    );
    let mut command = Cli::command().term_width(100);
    command.build();
    chapter(&mut command, "halfdoor", 2, &mut book);
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &book).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert!(written == book, "docs/cli.md is not what the program says: BLESS=1 cargo test -p halfdoor");
}

fn chapter(command: &mut clap::Command, name: &str, level: usize, book: &mut String) {
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    book.push_str(&format!("\n{} {name}\n\n```text\n{}\n```\n", "#".repeat(level), help.join("\n").trim_end()));
    for below in command.get_subcommands_mut() {
        if !below.is_hide_set() && below.get_name() != "help" {
            let name = format!("{name} {}", below.get_name());
            chapter(below, &name, (level + 1).min(4), book);
        }
    }
}
