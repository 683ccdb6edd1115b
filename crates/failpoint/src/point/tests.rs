use super::Point;
use std::collections::BTreeSet;

#[test]
fn every_point_has_a_name_of_its_own_that_a_variable_can_carry() {
    let names: BTreeSet<_> = Point::ALL.iter().map(|point| point.name()).collect();
    assert_eq!(names.len(), Point::ALL.len());
    for name in names {
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
    }
}
