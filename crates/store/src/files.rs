//! Files that are whole or absent after a crash, private to their owner, and gone when destroyed.

use crate::error::StoreError;
use failpoint::Point;
use rand::{TryRng as _, rngs::SysRng};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
    thread,
    time::Duration,
};

/// Suffix of a file that is being written; a crash may leave one, which the owner of the directory sweeps.
pub(crate) const UNFINISHED: &str = "new";

const REMOVE_TRIES: u32 = 10;
const REMOVE_PAUSE: Duration = Duration::from_millis(20);

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|e| StoreError::NoRandomness(e.into()))?;
    Ok(bytes)
}

/// Creates `path` and its parents, readable by the owner alone (mode 0700 on Unix; elsewhere the profile's own rights).
pub(crate) fn create_private_directory(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(StoreError::io("create", path))?;
    #[cfg(unix)]
    {
        // a directory that was there before may be open to others
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(path, private).map_err(StoreError::io("make private", path))?;
    }
    path.parent().map_or(Ok(()), sync_directory)
}

/// Writes a file so that after a crash the old or the new content is there, durable on return; mode 0600 on Unix.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let unfinished = path.with_added_extension(UNFINISHED);
    remove_if_there(&unfinished)?;
    let mut file = private_file(&unfinished).map_err(StoreError::io("create", &unfinished))?;
    file.write_all(bytes).map_err(StoreError::io("write", &unfinished))?;
    file.sync_all().map_err(StoreError::io("sync", &unfinished))?;
    drop(file);
    failpoint::pass(Point::FileUnplaced);
    fs::rename(&unfinished, path).map_err(StoreError::io("put in place", path))?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Reads a file of at most `limit` bytes; `None` when there is none.
pub(crate) fn read_bounded(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::io("open", path)(e)),
    };
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
    if bytes.len() > limit {
        return Err(StoreError::damaged(path.display().to_string(), format!("longer than {limit} bytes")));
    }
    Ok(Some(bytes))
}

/// Makes creations, renames and removals in a directory durable. Windows does so itself and offers no such call.
pub(crate) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if !path.as_os_str().is_empty() {
        File::open(path).and_then(|d| d.sync_all()).map_err(StoreError::io("sync", path))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Overwrites and removes a file that held a secret; nothing happens when there is none.
///
/// Overwriting reaches the same blocks on file systems that write in place; flash and copy-on-write systems may keep the
/// old ones until they are reused, which is why a passphrase is offered.
pub(crate) fn destroy(path: &Path) -> Result<(), StoreError> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(StoreError::io("open", path)(e)),
    };
    let length = file.metadata().map_err(StoreError::io("measure", path))?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file).map_err(StoreError::io("overwrite", path))?;
    file.sync_all().map_err(StoreError::io("sync", path))?;
    drop(file);
    fs::remove_file(path).map_err(StoreError::io("remove", path))?;
    path.parent().map_or(Ok(()), sync_directory)
}

/// Removes a directory with all that is in it, durably; nothing happens when there is none.
pub(crate) fn remove_directory(path: &Path) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        match fs::remove_dir_all(path) {
            Ok(()) => return path.parent().map_or(Ok(()), sync_directory),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            // threads of a database just closed may still write there, or hold a file open on Windows
            Err(_) if tries < REMOVE_TRIES => thread::sleep(REMOVE_PAUSE),
            Err(e) => return Err(StoreError::io("remove", path)(e)),
        }
        tries += 1;
    }
}

/// Moves a directory to a place where nothing is, durably.
pub(crate) fn move_directory(from: &Path, to: &Path) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        match fs::rename(from, to) {
            Ok(()) => return to.parent().map_or(Ok(()), sync_directory),
            // Windows moves no directory in which a database just closed still holds a file
            Err(_) if tries < REMOVE_TRIES && from.exists() && !to.exists() => thread::sleep(REMOVE_PAUSE),
            Err(e) => return Err(StoreError::io("put in place", to)(e)),
        }
        tries += 1;
    }
}

/// Names of what is in a directory, in order; names that are not Unicode are nobody's and left out.
pub(crate) fn names_in(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StoreError::io("list", path)(e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("list", path))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Creates a file that only its owner may read (mode 0600 on Unix).
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes a file; nothing happens when there is none.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", path)(e)),
        _ => Ok(()),
    }
}
