//! A disk of its own, whose power can be cut: an ext4 image on a loop device.
//!
//! `EXT4_IOC_SHUTDOWN` with `NOLOGFLUSH` makes the file system forget, from one instant to the next, whatever it has not
//! brought to the device: neither its journal nor a dirty page is written any more, every later write fails. What is
//! found after mounting again is what a power cut would have left. The call goes through Python's `fcntl`, since this
//! workspace has no unsafe code.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Sparse: what the homes need, and a journal.
const IMAGE_BYTES: u64 = 1 << 30;
/// `EXT4_IOC_SHUTDOWN`, and its flag for leaving even the journal where it is.
const CUT: &str = "import fcntl, os, struct, sys\n\
    fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";
/// How long the system may hold on to a disk that was given back.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// The disk. Unmounted and gone when dropped, also after a panic; its loop device is freed by the unmounting.
#[derive(Debug)]
pub(crate) struct Disk {
    image: PathBuf,
    mount: PathBuf,
    _place: TempDir,
}

impl Disk {
    /// Makes and mounts one.
    ///
    /// # Errors
    /// In words: what this machine lacks for it.
    pub(crate) fn new() -> Result<Self, String> {
        let place = tempfile::Builder::new().prefix("halfdoor-disk-").tempdir().map_err(|e| e.to_string())?;
        let disk = Self { image: place.path().join("image"), mount: place.path().join("mount"), _place: place };
        fs::create_dir(&disk.mount).map_err(|e| e.to_string())?;
        File::create(&disk.image).and_then(|image| image.set_len(IMAGE_BYTES)).map_err(|e| e.to_string())?;
        run(Command::new("python3").args(["-c", "import fcntl"]))?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&disk.image))?;
        disk.try_mount()?;
        disk.cut_power()?;
        // what the kernel let us try once it lets us do again
        disk.mount_again();
        Ok(disk)
    }

    /// Where it is mounted.
    pub(crate) fn path(&self) -> &Path {
        &self.mount
    }

    /// Cuts its power.
    ///
    /// # Errors
    /// In words, when the kernel does not.
    pub(crate) fn cut_power(&self) -> Result<(), String> {
        run(Command::new("python3").args(["-c", CUT]).arg(&self.mount)).map(drop)
    }

    /// Takes it out and puts it in again, once nobody has a file open on it: its journal is replayed.
    pub(crate) fn mount_again(&self) {
        let begun = Instant::now();
        while let Err(why) = run(Command::new("umount").arg(&self.mount)) {
            assert!(begun.elapsed() < PATIENCE, "{why}");
            thread::sleep(PAUSE);
        }
        // mounted a second time before the first device is gone, it would show the cut file system
        while self.has_device() {
            assert!(begun.elapsed() < PATIENCE, "the loop device of {} stays", self.image.display());
            thread::sleep(PAUSE);
        }
        self.try_mount().expect("a disk that was there before");
    }

    fn try_mount(&self) -> Result<(), String> {
        run(Command::new("mount").args(["-o", "loop"]).arg(&self.image).arg(&self.mount)).map(drop)
    }

    fn has_device(&self) -> bool {
        let listed = run(Command::new("losetup").arg("--associated").arg(&self.image));
        listed.is_ok_and(|output| !output.stdout.is_empty())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // lazily: whatever may still be open there is closed with its process
        let _ = run(Command::new("umount").arg("--lazy").arg(&self.mount));
    }
}

fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(output) } else { Err(format!("{command:?}: {said}")) }
}
