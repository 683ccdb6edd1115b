use tokio::sync::oneshot;

use super::*;

type Heard = oneshot::Receiver<Result<Vec<u8>, SendError>>;

const LONG: Duration = Duration::from_secs(60);

fn posted(line: &mut Line, count: u8) -> Vec<Heard> {
    let post = |number| {
        let (sender, heard) = oneshot::channel();
        line.push(Sending::new(vec![number], sender));
        heard
    };
    (0..count).map(post).collect()
}

fn handed(line: &mut Line, now: Instant) -> Vec<u8> {
    std::iter::from_fn(|| line.hand_over(now)).flat_map(|(_, _, frame)| frame).collect()
}

fn connection(number: usize) -> ConnectionId {
    ConnectionId::new_unchecked(number)
}

#[test]
fn as_many_frames_as_the_window_are_under_way_and_each_answer_lets_one_more_go() {
    let (mut line, now) = (Line::default(), Instant::now());
    let mut heard = posted(&mut line, 20);
    line.begin(connection(1), 1);
    assert_eq!(handed(&mut line, now), (0..limits::WINDOW as u8).collect::<Vec<_>>());
    line.answered(vec![9], now);
    assert_eq!(handed(&mut line, now), [limits::WINDOW as u8]);
    assert_eq!(heard[0].try_recv(), Ok(Ok(vec![9])));
    assert!(heard[1].try_recv().is_err());
}

#[test]
fn what_was_lost_goes_once_more_in_its_order_and_then_fails_with_all_that_follows() {
    let (mut line, now) = (Line::default(), Instant::now());
    let mut heard = posted(&mut line, 20);
    line.begin(connection(1), 1);
    handed(&mut line, now);
    line.lost(SendError::Refused("busy".into()), now);
    assert!(!line.may_go(now), "a pause before it goes again");
    assert!(line.may_go(now + RETRY));
    line.begin(connection(2), 2);
    assert_eq!(handed(&mut line, now)[..3], [0, 1, 2]);
    line.lost(SendError::ConnectionLost, now);
    assert!(line.is_empty());
    assert!(heard.iter_mut().all(|heard| heard.try_recv() == Ok(Err(SendError::ConnectionLost))));
}

#[test]
fn an_answer_to_nothing_under_way_changes_nothing() {
    let (mut line, now) = (Line::default(), Instant::now());
    let mut heard = posted(&mut line, 1);
    line.answered(vec![9], now);
    assert!(heard[0].try_recv().is_err());
    assert_eq!(line.len(), 1);
}

#[test]
fn frames_whose_senders_gave_up_before_are_not_sent() {
    let (mut line, now) = (Line::default(), Instant::now());
    let mut heard = posted(&mut line, 3);
    heard.remove(1);
    line.begin(connection(1), 1);
    assert_eq!(handed(&mut line, now), [0, 2]);
}

#[test]
fn without_an_answer_or_a_connection_frames_are_given_up_in_time() {
    let (mut line, now) = (Line::default(), Instant::now());
    let mut heard = posted(&mut line, 2);
    line.begin(connection(1), 1);
    handed(&mut line, now);
    line.give_up(now + limits::FRAME_TIME / 2, false, false);
    assert_eq!(line.len(), 2);
    line.give_up(now + limits::FRAME_TIME, false, false);
    assert!(heard.iter_mut().all(|heard| heard.try_recv() == Ok(Err(SendError::Timeout))));
    assert!(!line.has_number(1), "a late answer meets nobody");

    let mut heard = posted(&mut line, 1);
    line.give_up(now, true, true);
    assert!(heard[0].try_recv().is_err(), "the peer is being dialled");
    line.give_up(now, true, false);
    assert_eq!(heard[0].try_recv(), Ok(Err(SendError::NotConnected)));

    let mut heard = posted(&mut line, 1);
    line.begin(connection(2), 2);
    handed(&mut line, now);
    line.lost(SendError::ConnectionLost, now);
    line.give_up(now, true, false);
    assert!(heard[0].try_recv().is_err(), "the peer may come back");
    line.give_up(now + LONG, true, false);
    assert_eq!(heard[0].try_recv(), Ok(Err(SendError::ConnectionLost)));
}
