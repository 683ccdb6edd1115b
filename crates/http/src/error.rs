//! Why the doors could not be opened.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why [`serve`](crate::serve()) failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: is another program there? choose another port, or 0 for any free one")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Duo's endpoints ask nobody who they are, so they open on this machine only.
    #[error("duo's endpoints open on a loopback address only, not on {address}: use 127.0.0.1")]
    NotLoopback {
        /// What was asked for.
        address: SocketAddr,
    },
    /// The system's randomness failed.
    #[error("the system gave no randomness for the access token")]
    Randomness(#[source] rand::rngs::SysError),
    /// The token or the address could not be written.
    #[error("cannot write {}: is the home writable and the disk not full?", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}
