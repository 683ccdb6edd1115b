//! What every command is given: which home, which form of output, and from those the running node.

use crate::{cli::Global, client::Client, error::CliError, print};
use serde::Serialize;
use std::{io::IsTerminal as _, path::PathBuf};
use store::Home;
use tracing_subscriber::EnvFilter;

/// Where a command works and how it prints.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    home: Option<PathBuf>,
    token: Option<PathBuf>,
    json: bool,
}

impl Context {
    /// Begins tracing to stderr as loud as was asked.
    pub(crate) fn new(global: Global) -> Result<Self, CliError> {
        let filter = match global.verbose {
            0 => EnvFilter::try_from_env("HALFDOOR_LOG").unwrap_or_else(|_| EnvFilter::new("warn")),
            1 => EnvFilter::new("info"),
            2 => EnvFilter::new("info,node=debug,net=debug,http=debug,store=debug,consent=debug,relay=debug"),
            _ => EnvFilter::new("debug,node=trace,net=trace,http=trace,store=trace,consent=trace,relay=trace"),
        };
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        // A second subscriber in one process is refused; the first one then goes on.
        let _ = subscriber.with_ansi(std::io::stderr().is_terminal()).try_init();
        Ok(Self { home: global.home, token: global.token_file, json: global.json })
    }

    /// The home as given, or the platform's data directory of this program.
    pub(crate) fn home(&self) -> Result<PathBuf, CliError> {
        if let Some(home) = &self.home {
            return Ok(home.clone());
        }
        let platform = directories::ProjectDirs::from("", "", "halfdoor");
        platform
            .map(|directories| directories.data_dir().to_owned())
            .ok_or_else(|| CliError::usage("this account has no home directory").hint("say where: --home DIR"))
    }

    /// The same, if there is a node in it.
    pub(crate) fn existing_home(&self) -> Result<PathBuf, CliError> {
        let home = self.home()?;
        if Home::new(&home).exists() {
            return Ok(home);
        }
        Err(CliError::failed(format!("there is no node in {}", home.display()))
            .hint("make one: halfdoor init --name NAME (another home: --home DIR)"))
    }

    /// The node running there.
    pub(crate) fn client(&self) -> Result<Client, CliError> {
        Client::of(&self.home()?, self.token.as_deref())
    }

    /// Whether JSON was asked for.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Prints an answer: as JSON, or as people read it.
    pub(crate) fn answer<T: Serialize>(
        &self,
        answer: &T,
        page: impl FnOnce(&T) -> print::Page,
    ) -> Result<(), CliError> {
        if self.json { print::json(answer) } else { print::out(&page(answer).finish()) }
    }

    /// Prints one line about something done that has no answer of its own.
    pub(crate) fn done(&self, line: &str) -> Result<(), CliError> {
        let answer = serde_json::json!({ "done": line });
        self.answer(&answer, |_| {
            let mut page = print::Page::new();
            page.line(line);
            page
        })
    }
}
