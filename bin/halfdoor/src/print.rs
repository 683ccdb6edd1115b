//! Everything that reaches a terminal goes through here: aligned, wrapped, and with nothing in it that could hide or
//! reorder what is shown.

#[cfg(test)]
pub(crate) mod example;
mod ids;
mod invite;
mod json;
mod page;
mod pages;
mod prompt;
mod waiting;
mod when;

use crate::error::CliError;
use protocol::text::neutralised;
use std::io::{ErrorKind, Read, Write};

pub(crate) use ids::{shortened, unambiguous};
pub(crate) use invite::invite;
pub(crate) use json::json;
pub(crate) use page::Page;
pub(crate) use pages::{
    attribute, attributes, backup, catalog, dataset, datasets, entries, files, grants, log_report, outcome, outcomes,
    people, person,
};
pub(crate) use pages::{calls, made_token, mock, tokens, voucher};
pub(crate) use pages::{doctor, pings};
pub(crate) use pages::{offer, offers};
pub(crate) use pages::{relays, request, requests, restored, salvaged, standing, store_report};
pub(crate) use prompt::prompt;
pub(crate) use waiting::{Moving, moving, staged, waiting};
pub(crate) use when::{day_and_time, moment, seconds_now, span};

/// Writes to stdout. A reader that went away (`| head`) is no failure.
pub(crate) fn out(text: &str) -> Result<(), CliError> {
    bytes(text.as_bytes())
}

/// The same for bytes that are no text.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), CliError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::failed("the output could not be written").because(e))
        }
        _ => Ok(()),
    }
}

/// The same from a source of any length.
pub(crate) fn copied(mut source: impl Read) -> Result<(), CliError> {
    let mut stdout = std::io::stdout().lock();
    match std::io::copy(&mut source, &mut stdout).and_then(|_| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::failed("the output could not be written").because(e))
        }
        _ => Ok(()),
    }
}

/// Writes to stderr, where a failure to write has nowhere to be told.
pub(crate) fn aside(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says why a command failed and what to do next.
pub(crate) fn failure(error: &CliError, json: bool) {
    if json {
        aside(&(json::escaped(&error.problem().to_string()) + "\n"));
        return;
    }
    // Never wrapped: a terminal does that by itself, and whoever searches a script's output finds whole lines.
    let mut text = format!("error: {}\n", neutralised(&error.chain()));
    if let Some(hint) = error.next_step() {
        text.push_str(&format!("hint: {}\n", neutralised(hint)));
    }
    aside(&text);
}
