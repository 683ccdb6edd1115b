//! The power of the disk is cut under both nodes while several walk at once: whatever was acknowledged is there when it is
//! back, both homes open, both logs are whole, and the walks go on.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

#[path = "power_cut/disk.rs"]
mod disk;

use disk::Disk;
use scenarios::{
    Chance, Node, Pair,
    trial::{Arena, Death, Ledger, Side, Walkers},
};
use std::{
    fs, io,
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Cuts in one run.
const CUTS: u32 = 25;
const WALKERS: u64 = 3;
/// Steps of the walks between two cuts at most …
const STEPS: u64 = 8;
/// … for which so long is waited,
const IDLE: Duration = Duration::from_secs(10);
/// and milliseconds after them.
const LATEST: u64 = 300;
const PAUSE: Duration = Duration::from_millis(5);

/// Files that a careless program would have written, beside the homes: without an `fsync`.
const CARELESS: &str = "careless";

#[test]
fn cutting_the_power_of_the_disk_loses_nothing_that_was_acknowledged() {
    let disk = match Disk::new() {
        Ok(disk) => disk,
        Err(lacking) => {
            println!("skipped: a disk whose power can be cut needs root, ext4 on a loop device and python3; {lacking}");
            return;
        }
    };
    let (mut chance, begun) = (Chance::new(), Instant::now());
    let nodes = ["Jack", "Jill"].map(|name| Node::init_in(name, disk.path()));
    let homes = nodes.each_ref().map(Node::home);
    let [jack, jill] = nodes;
    let arena = Arena::new(Pair::of(jack, jill).introduced());
    let ledger = Mutex::new(Ledger::default());
    let walkers = Walkers::new(&arena, &ledger, true);
    let mut forgotten = 0;
    walkers.walk_while(WALKERS, || {
        for cut in 0..CUTS {
            waits(&walkers, &mut chance);
            let careless = disk.path().join(format!("{CARELESS}-{cut}"));
            fs::write(&careless, [b'!'; 100]).expect("a disk with power");
            disk.cut_power().expect("a cut that was possible before");
            // no further byte is written, so no further word is kept: the processes may go at any time now
            for side in [Side::Jack, Side::Jill] {
                arena.kill(side);
            }
            let before = ledger.lock().unwrap_or_else(PoisonError::into_inner).clone();
            disk.mount_again();
            forgotten += u32::from(fs::read(&careless).unwrap_or_default() != [b'!'; 100]);
            for (side, home) in [Side::Jack, Side::Jill].into_iter().zip(&homes) {
                has_no_blobs(home);
                assert!(arena.restart(side, Death::Anywhere), "{side:?} is told of no point to die at");
                before.is_kept_by(&arena, side, &ledger);
            }
            println!("cut {cut} after {} steps, {:?}", walkers.steps(), begun.elapsed());
            if walkers.are_over() {
                return;
            }
        }
    });
    println!(
        "{} walks, {} steps, {forgotten} careless files gone, {:?}",
        walkers.walks(),
        walkers.steps(),
        begun.elapsed()
    );
    // a cut that forgets nothing would prove nothing
    assert!(forgotten >= CUTS / 2, "the power was cut {CUTS} times, and only {forgotten} unsynced files are gone");
    assert!(walkers.walks() >= 2 * WALKERS, "too few walks to say anything: {}", walkers.walks());
    let kept = ledger.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for side in [Side::Jack, Side::Jill] {
        kept.is_kept_by(&arena, side, &ledger);
    }
    kept.agrees_with(&arena);
    homes.iter().for_each(|home| has_no_blobs(home));
}

/// Until some steps of the walks are done and a moment has passed.
fn waits(walkers: &Walkers<'_>, chance: &mut Chance) {
    let (from, more, begun) = (walkers.steps(), 1 + chance.of(0..STEPS), Instant::now());
    while walkers.steps() < from + more && begun.elapsed() < IDLE && !walkers.are_over() {
        thread::sleep(PAUSE);
    }
    thread::sleep(Duration::from_millis(chance.of(0..LATEST)));
}

/// No database of this home keeps a value in a file of its own, which nothing would sync.
fn has_no_blobs(of: &Path) {
    let entries = match fs::read_dir(of) {
        // a directory may go while it is looked for
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => return,
        other => other.expect("a folder of the home"),
    };
    for entry in entries {
        let path = entry.expect("an entry of a folder").path();
        let blobs = path.parent().is_some_and(|folder| folder.ends_with("blobs"));
        assert!(!blobs, "a value outside the database: {}", path.display());
        if path.is_dir() {
            has_no_blobs(&path);
        }
    }
}
