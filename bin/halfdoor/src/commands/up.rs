use super::{lifeline, passphrase};
use crate::{context::Context, error::CliError, print};
use clap::Args;
use http::{DuoOptions, Options, Running};
use node::{Node, wishes::Config};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Run the node until it is interrupted; prints the address of its screen
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Where other nodes reach this one, such as /ip4/0.0.0.0/udp/4011/quic-v1; may be given several times
    /// [default: every interface, on ports the system finds]
    #[arg(long, value_name = "ADDRESS")]
    listen: Vec<String>,
    /// Where the screen and the API are served
    #[arg(long, value_name = "IP:PORT", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))]
    http: SocketAddr,
    /// Serve Duo's nine endpoints here too, without a token: any local user may then call them
    #[arg(long, value_name = "IP:PORT")]
    duo: Option<SocketAddr>,
    /// Let Duo's endpoints approve and deny
    #[arg(long, requires = "duo")]
    duo_allow_decisions: bool,
    /// The invite that Duo's connect_session joins by
    #[arg(long, value_name = "INVITE", requires = "duo")]
    duo_invite: Option<String>,
    /// MiB of memory in which columns stay opened for five minutes after their last use; 0 opens them anew each time
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(..=65_536))]
    column_memory: u64,
    /// Open the keys with the passphrase in this file's first line
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Stop when standard input closes: for whoever starts this process and must not leave it behind
    #[arg(long, hide = true)]
    until_stdin_closes: bool,
}

impl Up {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let root = at.existing_home()?;
        let passphrase = passphrase::of_home(&root, self.passphrase_file.as_deref())?;
        let Self { listen, http, duo, duo_allow_decisions, duo_invite, column_memory, until_stdin_closes, .. } = self;
        // what no address space has room for is as good as all
        let column_bytes = Some(usize::try_from(column_memory << 20).unwrap_or(usize::MAX));
        let config = Config { home: root.clone(), passphrase, listen, column_bytes };
        let duo = duo.map(|listen| DuoOptions {
            allow_decisions: duo_allow_decisions,
            invite: duo_invite,
            announce: Some(Arc::new(announce)),
            ..DuoOptions::new(listen)
        });
        runtime()?.block_on(async {
            let stop = Stop::listen()?;
            let ended = async {
                tokio::select! {
                    () = stop.asked() => {}
                    () = lifeline::cut(until_stdin_closes) => {}
                }
            };
            live(at, config, Options { listen: http, duo, ..Options::new(root) }, ended).await
        })
    }
}

/// A runtime for a process that serves: its workers wait for the network, not for each other.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|e| CliError::failed("the runtime could not be started").because(e))
}

/// From start to stop. Whatever happens after the node started, it is stopped in order: doors first, then the node.
async fn live(at: &Context, config: Config, options: Options, stop: impl Future<Output = ()>) -> Result<(), CliError> {
    let home = config.home.clone();
    let node = Node::start(config).await?;
    let ended = match http::serve(node.clone(), options).await {
        Err(e) => Err(CliError::failed("the screen could not be opened").because(e)),
        Ok(doors) => {
            let mut ended = told(at, &node, &doors, &home);
            if ended.is_ok() {
                tokio::select! {
                    () = stop => print::aside("Stopping.\n"),
                    () = doors.asked_to_stop() => print::aside("Stopping: asked to at the screen.\n"),
                    () = node.ended() => ended = Err(stopped_by_itself()),
                }
            }
            doors.stop().await;
            ended
        }
    };
    node.stop().await;
    ended
}

fn stopped_by_itself() -> CliError {
    CliError::failed("the node stopped: what it does could not be made durable")
        .hint("check the disk and its free space, then start the node again")
}

/// Says where the node is. With `--json` one document, so that a program that started it knows when it is up.
fn told(at: &Context, node: &Node, doors: &Running, home: &Path) -> Result<(), CliError> {
    let me = node.me();
    let up = serde_json::json!({
        "screen": format!("http://{}/", doors.address()),
        "open": doors.launch_path(),
        "duo": doors.duo_address().map(|address| format!("http://{address}/")),
        "home": home,
        "me": me,
    });
    at.answer(&up, |_| {
        let mut page = print::Page::new();
        page.line(&format!("The node of {} is up: http://{}/", me.name, doors.address()));
        if let Some(duo) = doors.duo_address() {
            page.line(&format!(
                "Duo's endpoints are at http://{duo}/ and ask for no token: any local user may call them."
            ));
        }
        page.line(&format!(
            "Open its screen in a browser with this file, which is for you alone: {}",
            doors.launch_path().display()
        ));
        page.line("Stop it with Ctrl-C.");
        page
    })
}

/// The invite that a program made through Duo's host_session: whoever started this node hands it over.
fn announce(invite: &str) {
    print::aside(&format!("An invite was made for Duo's session:\n{invite}\n"));
}

/// What ends a node in order: Ctrl-C, and what a system sends to a process it wants to end.
pub(crate) struct Stop {
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(windows)]
    closed: tokio::signal::windows::CtrlClose,
    #[cfg(windows)]
    shut_down: tokio::signal::windows::CtrlShutdown,
}

impl Stop {
    /// Listens from now on, so that a signal during the start is not lost.
    pub(crate) fn listen() -> Result<Self, CliError> {
        let deaf = |e: std::io::Error| CliError::failed("signals cannot be received").because(e);
        Ok(Self {
            #[cfg(unix)]
            terminated: {
                use tokio::signal::unix::{SignalKind, signal};
                signal(SignalKind::terminate()).map_err(deaf)?
            },
            #[cfg(windows)]
            closed: tokio::signal::windows::ctrl_close().map_err(deaf)?,
            #[cfg(windows)]
            shut_down: tokio::signal::windows::ctrl_shutdown().map_err(deaf)?,
        })
    }

    #[cfg(unix)]
    pub(crate) async fn asked(mut self) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminated.recv() => {}
        }
    }

    #[cfg(windows)]
    pub(crate) async fn asked(mut self) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.closed.recv() => {}
            _ = self.shut_down.recv() => {}
        }
    }

    #[cfg(not(any(unix, windows)))]
    pub(crate) async fn asked(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
