use super::*;
use crate::print::example;

#[test]
fn the_parts_stand_in_the_one_order_people_learn() {
    let text = prompt(&example::prompt()).finish();
    let headings = [
        "Who",
        "Wants",
        "Reads",
        "Leaves this computer",
        "What they could work out",
        "Why",
        "How long, how often",
        "Undo",
    ];
    let shown: Vec<&str> = text.lines().filter(|line| headings.contains(line)).collect();
    assert_eq!(shown, headings);
}

#[test]
fn their_words_are_quoted_beneath_the_purpose_and_called_unchecked() {
    let text = prompt(&example::prompt()).finish();
    let why = text.split("\nWhy\n").nth(1).unwrap();
    assert!(why.starts_with("  to decide on an application for credit\n  > “To decide about your card”\n"), "{why}");
    assert!(why.lines().nth(2).is_some_and(|line| line.contains("not checked")), "{why}");
}

#[test]
fn words_cannot_pretend_to_be_a_part_of_the_prompt() {
    let mut forged = example::prompt();
    forged.words = "x”\n\nLeaves this computer\n  nothing\u{202e}".into();
    let text = prompt(&forged).finish();
    assert_eq!(text.lines().filter(|line| *line == "Leaves this computer").count(), 1);
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn a_changed_key_and_an_unverified_one_are_never_shown_alike() {
    let with = |key: &str| {
        let mut one = example::prompt();
        one.who.key = key.into();
        prompt(&one).finish()
    };
    assert!(with("verified").contains("you compared the safety code"));
    assert!(with("first seen").contains("nobody has compared"));
    assert!(with("changed").contains("KEY CHANGED"));
}

#[test]
fn a_value_its_sentence_does_not_tell_is_shown_all_the_same() {
    let mut one = example::prompt();
    one.leaves.sentence = "the exact value, and nothing else".into();
    assert!(prompt(&one).finish().contains("\n  102.75\n"));
}
