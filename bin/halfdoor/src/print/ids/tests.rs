use super::*;

#[test]
fn eight_characters_are_shown_where_they_are_enough() {
    assert_eq!(shortened("0123456789abcdef"), "01234567");
    assert_eq!(unambiguous(["0123456789", "1123456789"]), 8);
    assert_eq!(unambiguous([]), 8);
    assert_eq!(unambiguous(["0123456789", "0123456789"]), 8);
}

#[test]
fn as_many_more_are_shown_as_tell_all_of_them_apart() {
    assert_eq!(unambiguous(["0123456789aa", "ffffffffffff", "0123456789bb"]), 11);
}
