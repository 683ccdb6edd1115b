use super::*;

#[test]
fn waits_double_up_to_a_minute_and_begin_anew_after_a_success() {
    let mut backoff = Backoff::default();
    let waits: Vec<u64> = (0..9).map(|_| backoff.after(1.0).as_secs()).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert!(backoff.failing());
    backoff.reset();
    assert!(!backoff.failing());
    assert_eq!(backoff.after(0.5), FIRST / 2);
}

#[test]
fn endless_failure_overflows_nothing() {
    let mut backoff = Backoff { failures: u32::MAX };
    assert!(backoff.next() <= LONGEST && backoff.next() >= LONGEST / 2);
}
