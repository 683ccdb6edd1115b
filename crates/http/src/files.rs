//! The files this interface leaves in the home: the token, the address, an invite that waits.

use crate::HttpError;
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Name of the access token's file.
pub(crate) const TOKEN: &str = "api.token";
/// Name of the file that says where `/v1` is.
pub(crate) const ADDRESS: &str = "api.address";
/// Name of the file with the invite that `host_session` waits on.
pub(crate) const INVITE: &str = "invite.txt";

/// A file in the home that goes away with its last user.
#[derive(Debug)]
pub(crate) struct Passing(PathBuf);

impl Passing {
    /// Writes it, for this user's eyes only.
    pub(crate) fn write(path: PathBuf, content: &str) -> Result<Self, HttpError> {
        write_private(&path, content)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::debug!(path = %self.0.display(), %error, "a file was not removed");
        }
    }
}

/// Replaces a file in one step by one that only this user may read.
///
/// The new file has its mode from its first moment, and a link or a file of somebody else at `path` is replaced,
/// never written through.
pub(crate) fn write_private(path: &Path, content: &str) -> Result<(), HttpError> {
    let fresh = path.with_extension("new");
    replace(path, &fresh, content).map_err(|source| {
        // What is left of a failed attempt would only be in the way of the next one.
        let _ = fs::remove_file(&fresh);
        HttpError::Write { path: path.to_owned(), source }
    })
}

fn replace(path: &Path, fresh: &Path, content: &str) -> io::Result<()> {
    match fs::remove_file(fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private().write(true).create_new(true).open(fresh)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(fresh, path)
}

#[cfg(unix)]
fn private() -> fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs::OpenOptions::new();
    options.mode(0o600);
    options
}

/// Elsewhere a file takes the access list of the home, which lies in the user's own profile.
#[cfg(not(unix))]
fn private() -> fs::OpenOptions {
    fs::OpenOptions::new()
}

#[cfg(test)]
mod tests;
