use super::*;
use crate::print::example;

#[test]
fn who_decides_is_told_how_and_what_could_be_offered_instead() {
    let text = page(&example::prompt()).finish();
    for line in [
        "  halfdoor approve 3f2a91c0",
        "  halfdoor deny 3f2a91c0",
        "Instead you could offer less than the number:",
        "  halfdoor counter 3f2a91c0 --rounded 100",
        "    they would get: 100",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
}

#[test]
fn nothing_is_offered_once_it_is_decided_or_where_nothing_is_safer() {
    let mut decided = example::prompt();
    decided.request.state = "approved".into();
    assert!(!page(&decided).finish().contains("Instead"));
    let mut bare = example::prompt();
    bare.instead.clear();
    assert!(!page(&bare).finish().contains("Instead"));
}
