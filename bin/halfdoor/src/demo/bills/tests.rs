use super::*;

fn of(cents: &[i128]) -> Amounts {
    Amounts::of_cents(cents.to_vec()).unwrap()
}

#[test]
fn amounts_are_read_to_the_cent_and_nothing_else_is_an_amount() {
    assert_eq!(cents("43.3"), Some(4330));
    assert_eq!(cents("0.05"), Some(5));
    assert_eq!(cents("892"), Some(89_200));
    for bad in ["", ".5", "1.", "1.234", "-1.00", "1e3", "2010-05-36"] {
        assert_eq!(cents(bad), None, "{bad:?}");
    }
}

#[test]
fn the_median_of_an_even_number_lies_halfway_between_the_two_in_the_middle() {
    assert_eq!(of(&[400, 100, 201]).median().unwrap().to_string(), "2.010");
    assert_eq!(of(&[400, 100, 201, 202]).median().unwrap().to_string(), "2.015");
}

#[test]
fn the_mean_is_rounded_half_to_even_far_behind_the_cents() {
    assert_eq!(of(&[1, 1, 2]).mean().unwrap().to_string(), "0.01333333");
    assert_eq!(of(&[100, 200, 300, 400, 500, 1200]).mean().unwrap().to_string(), "4.50000000");
}

#[test]
fn the_bills_are_as_many_as_the_screen_says() {
    let number = Amounts::of("total").unwrap().count().unwrap().to_string();
    assert!(SOURCE.starts_with(&format!("{number} ")));
}

#[test]
fn a_column_that_is_not_there_or_holds_no_amounts_is_named() {
    assert!(Amounts::of("rent").unwrap_err().to_string().contains("rent"));
    assert!(Amounts::of("date").unwrap_err().to_string().contains("date"));
}
