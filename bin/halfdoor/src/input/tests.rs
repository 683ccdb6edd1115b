use super::*;

fn answer(typed: &str) -> Result<Answer, CliError> {
    ask("Approve or deny?", ["approve", "deny"], &mut typed.as_bytes(), &mut Vec::new())
}

#[test]
fn only_the_whole_word_decides() {
    assert_eq!(answer("approve\n").unwrap(), Answer::First);
    assert_eq!(answer("  deny \r\n").unwrap(), Answer::Second);
}

#[test]
fn anything_else_and_silence_decide_nothing() {
    let long = "approve".repeat(100);
    for typed in ["", "\n", "y\n", "yes\n", "a\n", "Approve\n", "APPROVE\n", "approve deny\n", "approved\n", &long] {
        assert_eq!(answer(typed).unwrap_err().kind(), &Kind::Undecided, "{typed:?}");
    }
}

#[test]
fn the_question_is_asked_before_anything_is_read() {
    let mut asked = Vec::new();
    ask("Sure?", ["yes", "no"], &mut "no\n".as_bytes(), &mut asked).unwrap();
    assert_eq!(asked, b"Sure? ");
}

#[test]
fn words_that_hide_or_reorder_are_refused_with_their_reason() {
    for bad in ["a\u{202e}b", "line\nbreak", "\u{200b}", "bell\u{7}"] {
        let error = words("the reason", bad).unwrap_err();
        assert_eq!(error.kind(), &Kind::Usage);
        assert!(error.chain().starts_with("the reason cannot be sent: holds the character U+"), "{}", error.chain());
    }
    assert!(words("the reason", &"x".repeat(2049)).unwrap_err().chain().contains("longer than 2048 bytes"));
    assert!(words("the reason", "To decide about your card, für Zoë").is_ok());
}

#[test]
fn a_file_larger_than_the_limit_is_refused_and_one_of_exactly_the_limit_is_not() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![b'x'; 1025]).unwrap();
    assert_eq!(read_file(file.path(), 1025).unwrap().len(), 1025);
    assert!(read_file(file.path(), 1024).unwrap_err().chain().contains("is larger than"));
    let missing = file.path().join("missing");
    assert!(read_file(&missing, 1).unwrap_err().chain().contains("cannot be read"));
}

#[test]
fn a_file_that_exists_is_never_written_over() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("receipt");
    write_file(&path, b"first").unwrap();
    assert!(write_file(&path, b"second").unwrap_err().next_step().is_some());
    assert_eq!(std::fs::read(&path).unwrap(), b"first");
}

#[test]
fn a_computation_is_named_as_the_protocol_names_it() {
    assert_eq!(computation("average").unwrap(), "mean");
    assert!(computation("mode").unwrap_err().contains("median"));
    assert!(computation("above").unwrap_err().contains("histogram"));
    assert_eq!(kind("above").unwrap(), "above");
    assert!(kind("over").unwrap_err().contains("above"));
}
