use super::*;

#[test]
fn the_statement_is_what_tests_data_statements_attributes_py_says_of_it() {
    assert_eq!((rows(), returned(), spent()), (3, 1, 5951));
    assert_eq!(window().count(), 2);
}
