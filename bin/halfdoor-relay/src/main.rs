//! `halfdoor-relay`: the relay for a machine with a public address.

use std::{io::Write, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use tracing_subscriber::EnvFilter;

/// Introduces Halfdoor nodes that sit behind routers, and carries sealed bytes between them.
///
/// Prints its addresses, one a line, once it listens: give them to `halfdoor relays add`.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    /// Directory of the relay's key; whoever has the key is this relay
    #[arg(long, value_name = "DIR", env = "HALFDOOR_RELAY_HOME", default_value = "halfdoor-relay")]
    home: PathBuf,
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
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,relay=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // does something only in a program built for tests
    failpoint::arm()?;
    let mut config = relay::Config { external: cli.external, ..relay::Config::default() };
    if !cli.listen.is_empty() {
        config.listen = cli.listen;
    }
    relay::run(&cli.home, config, |addresses| announce(addresses, cli.json))
        .await
        .with_context(|| format!("relay at {}", cli.home.display()))
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
