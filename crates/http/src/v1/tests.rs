use super::*;

#[test]
fn a_wait_is_kept_within_its_bound() {
    assert_eq!(Wait::default().patience(), Duration::ZERO);
    assert_eq!(Wait { wait: 7 }.patience(), Duration::from_secs(7));
    assert_eq!(Wait { wait: u64::MAX }.patience(), Duration::from_secs(WAIT_SECONDS));
}

#[test]
fn the_router_of_every_noun_can_be_built() {
    assert!(router().has_routes());
}
