use super::*;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
};

type Done = Result<(), Undurable<&'static str>>;

/// A leader that syncs until it is told how that ended, and those who wait meanwhile.
struct Led {
    group: Arc<Group>,
    leader: thread::JoinHandle<Done>,
    end: mpsc::Sender<Result<u64, &'static str>>,
}

/// Somebody waits for change 1 and leads; the sync is under way.
fn led() -> Led {
    let group = Arc::new(Group::new(0));
    let ((begun, begins), (end, ended)) = (mpsc::channel(), mpsc::channel());
    let leads = Arc::clone(&group);
    let leader = thread::spawn(move || {
        leads.wait(1, || {
            begun.send(()).unwrap();
            ended.recv().unwrap()
        })
    });
    begins.recv().unwrap();
    Led { group, leader, end }
}

/// Waits for `number` on a thread of its own, and says once it is about to.
fn follower(group: &Arc<Group>, number: u64, syncs: &Arc<AtomicUsize>) -> thread::JoinHandle<Done> {
    let ((about, begins), group, syncs) = (mpsc::channel(), Arc::clone(group), Arc::clone(syncs));
    let waits = thread::spawn(move || {
        about.send(()).unwrap();
        group.wait(number, || {
            syncs.fetch_add(1, SeqCst);
            Ok(number.max(9))
        })
    });
    begins.recv().unwrap();
    waits
}

#[test]
fn who_waits_during_a_sync_shares_the_next_one() {
    let (led, syncs) = (led(), Arc::new(AtomicUsize::new(0)));
    let waiting: Vec<_> = (2..=9).map(|number| follower(&led.group, number, &syncs)).collect();
    led.end.send(Ok(1)).unwrap();
    led.leader.join().unwrap().unwrap();
    for one in waiting {
        one.join().unwrap().unwrap();
    }
    assert_eq!(syncs.load(SeqCst), 1, "eight changes, one more sync");
}

#[test]
fn what_a_sync_under_way_covers_needs_no_other() {
    let (led, syncs) = (led(), Arc::new(AtomicUsize::new(0)));
    let waiting: Vec<_> = (2..=4).map(|number| follower(&led.group, number, &syncs)).collect();
    led.end.send(Ok(4)).unwrap();
    assert!(waiting.into_iter().all(|one| one.join().unwrap().is_ok()));
    led.leader.join().unwrap().unwrap();
    assert_eq!(syncs.load(SeqCst), 0);
}

#[test]
fn a_failed_sync_acknowledges_nobody_then_or_later() {
    let (led, syncs) = (led(), Arc::new(AtomicUsize::new(0)));
    let waiting: Vec<_> = (1..=4).map(|number| follower(&led.group, number, &syncs)).collect();
    led.end.send(Err("no space")).unwrap();
    assert!(matches!(led.leader.join().unwrap(), Err(Undurable::Failed("no space"))));
    assert!(waiting.into_iter().all(|one| matches!(one.join().unwrap(), Err(Undurable::Stopped))));
    assert!(matches!(follower(&led.group, 1, &syncs).join().unwrap(), Err(Undurable::Stopped)));
    assert_eq!(syncs.load(SeqCst), 0, "a second fsync would succeed and lie");
}

#[test]
fn a_panic_of_the_leader_acknowledges_nobody() {
    let group = Group::new(3);
    let fell = catch_unwind(AssertUnwindSafe(|| group.wait(4, || -> Result<u64, &str> { panic!("the disk is gone") })));
    assert!(fell.is_err());
    assert!(matches!(group.wait(4, || Ok::<_, &str>(4)), Err(Undurable::Stopped)));
}

#[test]
fn what_is_durable_already_is_not_synced_again() {
    let group = Group::new(3);
    group.wait(3, || Err("nobody should ask")).unwrap();
    group.wait(5, || Ok::<_, &str>(7)).unwrap();
    group.wait(7, || Err("nobody should ask")).unwrap();
}

#[test]
fn nobody_is_acknowledged_before_a_sync_that_began_after_the_change() {
    let (group, applied, durable) = (Group::new(0), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let mine = applied.fetch_add(1, SeqCst) + 1;
                    let sync = || {
                        let begun = applied.load(SeqCst);
                        thread::yield_now();
                        durable.fetch_max(begun, SeqCst);
                        Ok::<_, &str>(begun)
                    };
                    group.wait(mine, sync).unwrap();
                    assert!(durable.load(SeqCst) >= mine);
                }
            });
        }
    });
}
