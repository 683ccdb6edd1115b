//! A relay as a process: a key at home, addresses told once, until a signal ends it.

use std::path::Path;

use crate::{
    config::Config,
    key::{KeyError, TransportKey},
    server::{Relay, RelayError},
    status::Observer,
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

/// Runs the relay whose key is in the directory `home` until the process is interrupted or terminated. Circuits may then
/// still end by themselves for as long as the limits say; a second signal ends it at once.
/// `on_listening` is told its addresses in full, once, and who asks it for its numbers.
///
/// # Errors
/// Fails if there is no key or the relay does not start.
pub async fn run(home: &Path, config: Config, on_listening: impl FnOnce(&[String], Observer)) -> Result<(), RunError> {
    // from now on, so that whoever reads the addresses may end this at once
    let mut signals = Signals::listen().map_err(RunError::Signal)?;
    let drain = config.limits.drain;
    let relay = Relay::start(config, TransportKey::load_or_create(home)?).await?;
    on_listening(&relay.addresses(), relay.observer());
    signals.interrupted().await;
    tokio::select! {
        () = relay.drain(drain) => {}
        () = signals.interrupted() => {}
    }
    Ok(())
}

/// What ends a relay in order.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn interrupted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn interrupted(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // no such signal can come: only the system ends this process
            std::future::pending::<()>().await;
        }
    }
}
