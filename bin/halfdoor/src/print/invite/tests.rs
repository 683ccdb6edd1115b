use super::*;

fn invite_of(text: &str) -> InviteView {
    InviteView {
        id: "ab".into(),
        text: text.into(),
        qr: text.to_ascii_uppercase(),
        expires: 1_795_323_600,
        uses: 1,
        joined: Vec::new(),
    }
}

#[test]
fn the_invite_stands_alone_on_one_line_so_that_it_can_be_copied() {
    let text = format!("hd1{}", "a2".repeat(300));
    assert!(invite(&invite_of(&text)).finish().lines().any(|line| line == text));
}

#[test]
fn a_short_invite_is_drawn_and_a_wide_one_says_what_window_it_needs() {
    assert!(code(&"A2".repeat(50), 80).is_ok_and(|drawn| drawn.contains('█')));
    assert!(code(&"A2".repeat(500), 80).is_err_and(|columns| columns > 80 && columns < 200));
}

#[test]
fn what_is_no_letter_or_digit_never_reaches_the_terminal_by_an_invite() {
    assert!(!invite(&invite_of("hd1\u{1b}[2J")).finish().contains('\u{1b}'));
}
