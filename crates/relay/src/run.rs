//! A relay as a process: a key at home, addresses told once, until a signal ends it.

use std::path::Path;

use crate::{
    config::Config,
    key::{KeyError, TransportKey},
    server::{Relay, RelayError},
};

/// Why a relay process ends other than by a signal.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No key.
    #[error("the relay has no key")]
    Key(#[from] KeyError),
    /// It does not start.
    #[error("the relay does not start")]
    Start(#[from] RelayError),
    /// Signals cannot be received.
    #[error("cannot wait for a signal to stop")]
    Signal(#[source] std::io::Error),
}

/// Runs the relay whose key is in the directory `home` until the process is interrupted or terminated.
/// `on_listening` is told its addresses in full, once.
///
/// # Errors
/// Fails if there is no key or the relay does not start.
pub async fn run(home: &Path, config: Config, on_listening: impl FnOnce(&[String])) -> Result<(), RunError> {
    let relay = Relay::start(config, TransportKey::load_or_create(home)?).await?;
    on_listening(&relay.addresses());
    let signal = interrupted().await;
    relay.shutdown().await;
    signal.map_err(RunError::Signal)
}

#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
