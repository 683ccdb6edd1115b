//! The whole story on one machine: an owner, an institution and a relay, each in a process of its own, with real data.
//! Everything that is told is checked, and nothing of it stays behind.

mod bills;
mod check;
mod processes;
mod scene;
mod stage;
mod statement;
mod steps;
mod story;
mod telling;
mod tree;

use crate::{
    commands::up::Stop,
    error::CliError,
    print::{self, Page},
};
use scene::Places;
use stage::{JACK, JILL, Stage};
use std::{pin::pin, sync::Arc, time::Duration};

/// Between two looks whether a node that is kept up still is.
const LOOK: Duration = Duration::from_secs(1);

/// How the story ended.
enum Ended {
    /// It was told, and both nodes were kept up if that was asked for.
    Told,
    /// Somebody stopped it before its end.
    Interrupted,
}

/// Tells the story; with `once`, ends when it is told.
pub(crate) fn run(once: bool) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::failed("the runtime could not be started").because(e))?;
    match runtime.block_on(play(once))? {
        Ended::Told => Ok(()),
        Ended::Interrupted => Err(CliError::failed("the story was interrupted; everything was stopped and removed")),
    }
}

/// From an empty stage to an empty stage.
async fn play(once: bool) -> Result<Ended, CliError> {
    // From now on a signal ends the story in order: processes stopped, folder removed.
    let mut stop = pin!(asked_to_stop()?);
    let stage = Arc::new(Stage::open()?);
    let ended = perform(&stage, once, &mut stop).await;
    if ended.is_err() {
        print::aside(&stage.log_tails());
    }
    // The teller has ended, so this is the last holder; were it not, the stage clears itself when that one lets go.
    let cleared = Arc::into_inner(stage).map_or(Ok(()), Stage::clear);
    let ended = ended?;
    cleared.map(|()| ended)
}

async fn perform(
    stage: &Arc<Stage>,
    once: bool,
    mut stop: impl Future<Output = ()> + Unpin,
) -> Result<Ended, CliError> {
    let teller = Arc::clone(stage);
    let mut telling = tokio::task::spawn_blocking(move || story::tell(&teller));
    let at = tokio::select! {
        told = &mut telling => told.map_err(|e| CliError::failed("the story broke off").because(e))??,
        () = &mut stop => {
            // What the teller waits for now fails, and so it ends.
            stage.close();
            let _ = telling.await;
            return Ok(Ended::Interrupted);
        }
    };
    if !once {
        print::out(&whereabouts(stage, &at).finish())?;
        stay(stage, stop).await?;
    }
    Ok(Ended::Told)
}

/// Keeps both nodes up until somebody stops them, or one of the processes ends by itself.
async fn stay(stage: &Stage, mut stop: impl Future<Output = ()> + Unpin) -> Result<(), CliError> {
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Some(name) = stage.ended() {
            return Err(CliError::failed(format!("the process of {name} ended by itself")));
        }
    }
}

/// Completes on Ctrl-C, on a request to terminate, and when the terminal is closed; listens from now on.
fn asked_to_stop() -> Result<impl Future<Output = ()>, CliError> {
    let stop = Stop::listen()?;
    #[cfg(unix)]
    let mut hung_up = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::hangup()).map_err(|e| CliError::failed("signals cannot be received").because(e))?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            () = stop.asked() => {}
            _ = hung_up.recv() => {}
        }
        #[cfg(not(unix))]
        stop.asked().await;
    })
}

/// Where both nodes are, and what can be tried with them.
fn whereabouts(stage: &Stage, at: &Places) -> Page {
    let mut page = Page::new();
    page.gap();
    page.line("Both nodes stay up until Ctrl-C; then they and their folder are removed.");
    for (up, home, verb) in [(&at.jack, JACK, "requests"), (&at.jill, JILL, "catalog")] {
        page.gap();
        page.line(&format!("{}: {}", up.me.name, up.screen));
        if let Some(duo) = &up.duo {
            page.indented(2, &format!("for programs written for Duo: {duo} (without a token)"));
        }
        page.verbatim(&format!("  halfdoor --home {} {verb}", stage.place(home).display()));
    }
    page
}
