use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Seconds after `start` at which attempts are made, looked at every second.
fn attempts(punching: &mut Punching, start: Instant, seconds: u64) -> Vec<u64> {
    (0..=seconds).filter(|second| punching.is_due(true, start + Duration::from_secs(*second))).collect()
}

#[test]
fn it_is_tried_soon_then_after_one_minute_then_five_then_every_thirty() {
    let mut punching = Punching::default();
    assert_eq!(attempts(&mut punching, Instant::now(), 2 * 3600), [15, 75, 375, 2175, 3975, 5775]);
}

#[test]
fn a_direct_path_or_none_at_all_ends_it_and_the_next_time_begins_anew() {
    let (mut punching, start) = (Punching::default(), Instant::now());
    assert_eq!(attempts(&mut punching, start, 100), [15, 75]);
    assert!(!punching.is_due(false, start + 200 * SECOND));
    assert_eq!(attempts(&mut punching, start + 300 * SECOND, 100), [15, 75]);
}

#[test]
fn after_a_move_it_is_tried_at_once_and_then_as_at_the_beginning() {
    let (mut punching, start) = (Punching::default(), Instant::now());
    assert_eq!(attempts(&mut punching, start, 400), [15, 75, 375]);
    punching.on_moved(start + 400 * SECOND);
    assert_eq!(attempts(&mut punching, start + 400 * SECOND, 361), [0, 60, 360]);
}

#[test]
fn a_move_while_nothing_is_relayed_causes_no_attempt() {
    let (mut punching, start) = (Punching::default(), Instant::now());
    punching.on_moved(start);
    assert_eq!(attempts(&mut punching, start, 14), [0; 0]);
}
