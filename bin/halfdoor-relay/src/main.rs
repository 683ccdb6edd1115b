//! `halfdoor-relay`: the relay for a machine with a public address.

mod folder;
mod settings;
mod status;
mod tokens;

use std::{io::Write, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use settings::{LogFormat, Private, Settings};
use tracing_subscriber::EnvFilter;

/// Introduces Halfdoor nodes that sit behind routers, and carries sealed bytes between them.
///
/// Prints its addresses, one a line, once it listens: give them to `halfdoor relays add`.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    /// Configuration file, TOML; flags win over it. deploy/relay.toml is a commented example
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Check the configuration and end
    #[arg(long, requires = "config")]
    check: bool,
    /// Print a fresh token and end: a line for the file that access.tokens names, and for whom it is given to
    #[arg(long, conflicts_with = "config")]
    new_token: bool,
    /// Directory of the relay's key; whoever has the key is this relay [default: halfdoor-relay]
    #[arg(long, value_name = "DIR", env = "HALFDOOR_RELAY_HOME")]
    home: Option<PathBuf>,
    /// Multiaddress to listen on; may be repeated [default: port 4010, TCP and QUIC, IPv4 and IPv6]
    #[arg(long, value_name = "MULTIADDR")]
    listen: Vec<String>,
    /// Multiaddress under which others reach this relay; may be repeated. Without one it announces the addresses it
    /// listens on, which serves its own network only
    #[arg(long, value_name = "MULTIADDR")]
    external: Vec<String>,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if cli.new_token {
        return said(&tokens::fresh());
    }
    let settings = cli.config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
    if cli.check {
        return said("the configuration can be used");
    }
    log(settings.log.format);
    // does something only in a program built for tests
    failpoint::arm()?;
    let mut config = settings.config();
    if let Some(path) = settings.tokens() {
        config.access = std::sync::Arc::new(relay::Tokens::new(tokens::read(path)?));
    }
    if !cli.external.is_empty() {
        config.external = cli.external;
    }
    if !cli.listen.is_empty() {
        config.listen = cli.listen;
    }
    if let Some(folder) = &settings.mailbox.folder {
        let opened = folder::Folder::open(folder);
        let opened = opened.with_context(|| format!("the mailbox's folder {}", folder.display()))?;
        config.shelf = Some(std::sync::Arc::new(opened));
    }
    let home = cli.home.or(settings.home).unwrap_or_else(|| "halfdoor-relay".into());
    let numbers = settings.status.address.map(|Private(address)| address);
    let started = |addresses: &[String], observer: relay::Observer| {
        if let Some(address) = numbers {
            tokio::spawn(watched(address, observer));
        }
        announce(addresses, cli.json);
    };
    relay::run(&home, config, started).await.with_context(|| format!("relay at {}", home.display()))
}

/// Lines on stderr. The network's library is silent unless asked for by `RUST_LOG`: it names addresses.
fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off,relay=info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

fn said(what: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{what}")?)
}

/// A relay whose numbers cannot be asked for serves its nodes all the same.
async fn watched(address: std::net::SocketAddr, observer: relay::Observer) {
    match status::serve(address, observer).await {
        Ok(bound) => {
            tracing::info!(target: "relay::status", address = %bound, "numbers at /status, /metrics and /healthz")
        }
        Err(error) => {
            tracing::error!(target: "relay::status", %address, %error, "numbers cannot be served: is the port taken?")
        }
    }
}

/// Nobody reading is no reason to stop.
fn announce(addresses: &[String], json: bool) {
    let mut out = std::io::stdout().lock();
    let written = if json {
        // multiaddresses hold no character that JSON escapes
        writeln!(out, "{{\"addresses\":[\"{}\"]}}", addresses.join("\",\""))
    } else {
        addresses.iter().try_for_each(|address| writeln!(out, "{address}"))
    };
    if let Err(error) = written.and_then(|()| out.flush()) {
        tracing::warn!(%error, "cannot print the addresses");
    }
}
