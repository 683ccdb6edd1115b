//! Many nodes that can be reached through one relay.

use super::client::Client;
use crate::{
    processes::{Programs, Running},
    table::Table,
};
use anyhow::Context as _;
use libp2p::Multiaddr;
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// Bounds out of the way: all come from this machine, which is one place.
const SETTINGS: &str = r#"
listen = ["/ip4/127.0.0.1/tcp/0"]
[limits]
connections = 100000
pending_connections = 4096
memory_mib = 16384
reservations = 100000
[quotas]
connections_per_ip = 100000
strangers_per_ip = 4096
connecting_per_ip = { burst = 1000000, per_minute = 1000000 }
reserving_per_ip = { burst = 1000000, per_minute = 1000000 }
"#;

/// Clients that connect at once.
const AT_ONCE: u32 = 64;
/// How long it is watched while nobody asks anything.
const IDLE: Duration = Duration::from_secs(30);

/// Reservations held, memory for each, and what holding them costs.
pub(super) async fn measure(
    programs: &Programs,
    core: Option<&str>,
    nodes: u32,
    table: &mut Table,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (relay, addresses) = programs.start_relay_with(folder.path(), SETTINGS, core)?;
    let address: Multiaddr = addresses.first().context("the relay named no address")?.parse()?;
    let told = "this system does not tell how much memory a process has";
    let before = relay.resident().context(told)?;
    let mut held: Vec<JoinHandle<()>> = Vec::new();
    while (held.len() as u32) < nodes {
        let more = AT_ONCE.min(nodes - held.len() as u32);
        let mut joining = JoinSet::new();
        for _ in 0..more {
            joining.spawn(reserved(address.clone()));
        }
        while let Some(client) = joining.join_next().await {
            let mut client = client??;
            held.push(tokio::spawn(async move {
                loop {
                    client.next().await;
                }
            }));
        }
    }
    let (idle, after) = (idle(&relay).await?, relay.resident().context(told)?);
    let ended = held.iter().filter(|client| client.is_finished()).count();
    anyhow::ensure!(ended == 0, "{ended} clients ended");
    let each = (after - before) * 1024.0 / f64::from(nodes);
    table.add(
        &format!("relay with {nodes} reservations, resident"),
        format!("{after:.1} MiB"),
        &format!("{before:.1} MiB before"),
    );
    table.add("  each of them", format!("{each:.1} KiB"), "its connection included");
    table.add("  of a core while nobody asks", format!("{idle:.2} %"), "pings every 15 s from each");
    for client in held {
        client.abort();
    }
    Ok(())
}

async fn reserved(address: Multiaddr) -> anyhow::Result<Client> {
    let mut client = Client::connect(&address).await?;
    client.reserve().await?;
    Ok(client)
}

/// Percent of a core.
async fn idle(relay: &Running) -> anyhow::Result<f64> {
    let told = "this system does not tell how long a process has run";
    let begun = relay.ran().context(told)?;
    tokio::time::sleep(IDLE).await;
    let ran = relay.ran().context(told)? - begun;
    Ok(100.0 * ran / IDLE.as_secs_f64())
}
