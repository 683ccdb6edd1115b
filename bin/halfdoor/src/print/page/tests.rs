use super::*;

fn page(width: usize, write: impl FnOnce(&mut Page)) -> String {
    let mut page = Page::of_width(width);
    write(&mut page);
    page.finish()
}

#[test]
fn nothing_from_outside_can_move_the_cursor_or_turn_the_text_around() {
    let bad = "a\u{1b}[2Jb\u{202e}c\u{9b}d\ne\rf";
    let text = page(80, |page| {
        page.line(bad);
        page.hanging(bad, bad);
        page.facts(&[("label", bad.to_owned())]);
        page.table([bad, bad], vec![[bad.to_owned(), bad.to_owned()]]);
    });
    for hidden in ['\u{1b}', '\u{202e}', '\u{9b}', '\r'] {
        assert!(!text.contains(hidden), "{hidden:?}");
    }
    assert_eq!(text.lines().count(), 5);
}

#[test]
fn lines_break_between_words_at_the_width() {
    let text = page(40, |page| page.indented(2, &"word ".repeat(20)));
    assert!(text.lines().count() > 1);
    assert!(text.lines().all(|line| line.len() <= 40 && line.starts_with("  word")));
}

#[test]
fn a_word_longer_than_a_line_stays_whole_for_whoever_copies_it() {
    let id = "f".repeat(64);
    assert!(page(40, |page| page.line(&format!("id {id} end"))).lines().any(|line| line == id));
}

#[test]
fn columns_align_by_what_is_seen_not_by_bytes() {
    let text = page(80, |page| {
        page.table(
            ["A", "B"],
            vec![["Zoë".into(), "1".into()], ["名前".into(), "2".into()], ["Jill".into(), "3".into()]],
        );
    });
    assert_eq!(text, "A     B\nZoë   1\n名前  2\nJill  3\n");
}

#[test]
fn the_last_column_wraps_beneath_itself() {
    let text = page(40, |page| page.table(["ID", "TEXT"], vec![["12345678".into(), "word ".repeat(12)]]));
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert!(lines.len() > 1 && lines.iter().skip(1).all(|line| line.starts_with("          word")), "{text}");
}

#[test]
fn no_line_ends_in_blanks_and_no_two_gaps_follow_each_other() {
    let text = page(80, |page| {
        page.gap();
        page.line("a");
        page.gap();
        page.gap();
        page.table(["A", "B"], vec![["x".into(), String::new()]]);
    });
    assert_eq!(text, "a\n\nA  B\nx\n");
}
