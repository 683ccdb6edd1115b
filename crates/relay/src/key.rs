//! The relay's transport key: who it is to libp2p, kept in one file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use libp2p::{PeerId, identity::Keypair};

/// Name of the key's file in a relay's home.
const FILE: &str = "transport.key";
/// Length of an Ed25519 secret key, in bytes.
const SECRET_BYTES: usize = 32;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file or its directory cannot be used.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which path.
        path: PathBuf,
        #[source]
        /// Why it failed.
        source: io::Error,
    },
    /// The file is no key.
    #[error("{path} is not a key of {SECRET_BYTES} bytes: restore it from a copy, or remove it to become a new relay")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Others may read the file.
    #[error("{path} can be read by other users of this machine: chmod 600 it, or remove it to become a new relay")]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The library refused its own key.
    #[error("the key cannot be encoded")]
    Encoding,
}

/// The relay's transport key.
#[derive(Clone)]
pub struct TransportKey(pub(crate) Keypair);

impl TransportKey {
    /// A new key from the operating system's randomness, kept nowhere.
    pub fn generate() -> Self {
        Self(Keypair::generate_ed25519())
    }

    /// The key of the relay at `home`, made at its first start. The file is readable by its owner only.
    ///
    /// # Errors
    /// Fails if the directory cannot be written, or if the file is damaged or open to others.
    pub fn load_or_create(home: &Path) -> Result<Self, KeyError> {
        let path = home.join(FILE);
        match File::open(&path) {
            Ok(file) => read(file, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::generate();
                key.write(home, &path)?;
                Ok(key)
            }
            Err(source) => Err(KeyError::Io { action: "open", path, source }),
        }
    }

    /// The peer id that belongs to the key.
    pub fn peer_id(&self) -> PeerId {
        self.0.public().to_peer_id()
    }

    /// Writes beside the place and renames, so that a crash leaves either no key or a whole one.
    fn write(&self, home: &Path, path: &Path) -> Result<(), KeyError> {
        let failed = |action, path: &Path| {
            let path = path.to_owned();
            move |source| KeyError::Io { action, path, source }
        };
        fs::create_dir_all(home).map_err(failed("create", home))?;
        let secret = self.0.clone().try_into_ed25519().map_err(|_| KeyError::Encoding)?.secret();
        let beside = path.with_extension("new");
        let mut file = private(&beside).map_err(failed("create", &beside))?;
        file.write_all(secret.as_ref()).and_then(|()| file.sync_all()).map_err(failed("write", &beside))?;
        fs::rename(&beside, path).map_err(failed("rename", &beside))?;
        sync_directory(home).map_err(failed("sync", home))
    }
}

fn read(file: File, path: PathBuf) -> Result<TransportKey, KeyError> {
    if exposed(&file).map_err(|source| KeyError::Io { action: "inspect", path: path.clone(), source })? {
        return Err(KeyError::Exposed { path });
    }
    let mut secret = Vec::with_capacity(SECRET_BYTES + 1);
    let mut file = file.take(SECRET_BYTES as u64 + 1);
    file.read_to_end(&mut secret).map_err(|source| KeyError::Io { action: "read", path: path.clone(), source })?;
    // the library wipes the bytes it was given
    Keypair::ed25519_from_bytes(&mut secret).map(TransportKey).map_err(|_| KeyError::Damaged { path })
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn exposed(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the directory's access list decides, which the user's profile sets.
#[cfg(not(unix))]
fn exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Elsewhere a directory cannot be opened for syncing; the rename is as durable as the system makes it.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
