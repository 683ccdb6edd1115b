//! Waiting for something to come about: asked again after what happens, never by the clock.

use super::{Done, Node};
use crate::{error::NodeError, views::Happening};
use std::time::Duration;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, timeout_at},
};

impl Node {
    /// Asks again after everything that happens, until there is an answer or patience ends.
    pub(crate) async fn wait<T, F>(&self, patience: Duration, ask: impl FnMut() -> F) -> Done<Option<T>>
    where
        F: Future<Output = Done<Option<T>>>,
    {
        self.wait_for(|_| true, patience, ask).await
    }

    /// The same, after what happens to that request alone: many may wait at once, each for its own.
    pub(super) async fn wait_about<T, F>(
        &self,
        request: &str,
        patience: Duration,
        ask: impl FnMut() -> F,
    ) -> Done<Option<T>>
    where
        F: Future<Output = Done<Option<T>>>,
    {
        let begins = request.trim().to_ascii_lowercase();
        let about = |event: &Happening| {
            event.id.starts_with(&begins) || event.of.as_ref().is_some_and(|of| of.starts_with(&begins))
        };
        self.wait_for(about, patience, ask).await
    }

    async fn wait_for<T, F>(
        &self,
        concerns: impl Fn(&Happening) -> bool,
        patience: Duration,
        mut ask: impl FnMut() -> F,
    ) -> Done<Option<T>>
    where
        F: Future<Output = Done<Option<T>>>,
    {
        let deadline = Instant::now() + patience;
        let mut events = self.events();
        loop {
            if let Some(answer) = ask().await? {
                return Ok(Some(answer));
            }
            let happened = async {
                loop {
                    match events.recv().await {
                        Ok(event) if !concerns(&event) => {}
                        other => return other,
                    }
                }
            };
            match timeout_at(deadline, happened).await {
                Err(_) => return Ok(None),
                Ok(Err(RecvError::Closed)) => return Err(NodeError::Stopping),
                // what was missed may have been it
                Ok(Ok(_) | Err(RecvError::Lagged(_))) => {}
            }
        }
    }
}
