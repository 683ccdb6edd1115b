use super::{BLOCK_BYTES, Place, SEALED_BYTES, Spool, Spooled};
use crate::{error::StoreError, home::Home};
use std::{
    fs,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    sync::PoisonError,
};

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

fn spooled(home: &Home, bytes: &[u8], at_once: usize) -> Spooled {
    let mut spool = Spool::begin(home).unwrap();
    bytes.chunks(at_once).for_each(|part| spool.write(part).unwrap());
    spool.finish().unwrap()
}

fn read(spooled: &Spooled, mut at: u64, length: usize) -> Vec<u8> {
    let mut all = vec![0; length];
    let mut read = 0;
    while read < length {
        match spooled.read_at(at, &mut all[read..]).unwrap() {
            0 => break,
            more => (read, at) = (read + more, at + more as u64),
        }
    }
    all.truncate(read);
    all
}

/// What lies on the disk.
fn on_disk(spooled: &Spooled) -> Vec<u8> {
    let mut place = spooled.place.lock().unwrap_or_else(PoisonError::into_inner);
    place.file.seek(SeekFrom::Start(0)).unwrap();
    let mut all = Vec::new();
    place.file.read_to_end(&mut all).unwrap();
    all
}

#[test]
fn what_was_written_is_read_at_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    for length in [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 17] {
        let bytes = bytes(length);
        let spooled = spooled(&home, &bytes, 1000);
        assert_eq!(spooled.length(), length as u64);
        assert_eq!(read(&spooled, 0, length + 10), bytes);
        for at in [0, length / 3, length / 2, length.saturating_sub(1), length, length + 5] {
            assert_eq!(read(&spooled, at as u64, 100), bytes.get(at..(at + 100).min(length)).unwrap_or_default());
        }
    }
}

#[test]
fn nothing_of_it_can_be_read_on_the_disk_and_it_has_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let words = b"the account number is 12345678 ".repeat(5000);
    let spooled = spooled(&Home::new(folder.path()), &words, 4096);
    let disk = on_disk(&spooled);
    assert!(disk.len() > words.len());
    assert!(!disk.windows(8).any(|part| part == b"12345678"));
    // on Windows a file has a name while it is open
    if cfg!(unix) {
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    drop(spooled);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_changed_or_moved_block_is_not_taken_for_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let spooled = spooled(&Home::new(folder.path()), &bytes(2 * BLOCK_BYTES), 4096);
    let disk = on_disk(&spooled);
    let (first, second) = disk.split_at(SEALED_BYTES);
    {
        let mut place = spooled.place.lock().unwrap();
        place.file.seek(SeekFrom::Start(0)).unwrap();
        place.file.write_all(&second[..SEALED_BYTES]).unwrap();
        place.file.write_all(first).unwrap();
        let Place { opened, .. } = &mut *place;
        *opened = None;
    }
    for at in [0, BLOCK_BYTES as u64] {
        assert!(matches!(spooled.read_at(at, &mut [0; 10]), Err(StoreError::Damaged { .. })));
    }
}
