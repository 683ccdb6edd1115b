//! Peers who ask now and then, from a place of their own.

use super::client::Client;
use libp2p::Multiaddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const PEERS: u32 = 20;
/// Between two lookups of one of them: well within its quota.
const PAUSE: Duration = Duration::from_millis(200);

/// Honest peers, connected before anything else happens.
pub(super) struct Honest(Vec<Client>);

/// What they met.
pub(super) struct Met {
    /// Milliseconds of each lookup answered.
    pub(super) waits: Vec<f64>,
    /// Lookups refused, or cut off.
    pub(super) failed: u32,
}

impl Honest {
    pub(super) async fn connect(relay: &Multiaddr) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        for _ in 0..PEERS {
            all.push(Client::connect(relay).await?);
        }
        Ok(Self(all))
    }

    /// All ask for as long as it takes.
    pub(super) async fn ask(&mut self, how_long: Duration) -> anyhow::Result<Met> {
        let mut asking = JoinSet::new();
        for (number, client) in self.0.drain(..).enumerate() {
            asking.spawn(asks(client, number as u32, how_long));
        }
        let mut met = Met { waits: Vec::new(), failed: 0 };
        while let Some(one) = asking.join_next().await {
            let (client, waits, failed) = one??;
            self.0.push(client);
            met.waits.extend(waits);
            met.failed += failed;
        }
        Ok(met)
    }
}

async fn asks(mut client: Client, number: u32, how_long: Duration) -> anyhow::Result<(Client, Vec<f64>, u32)> {
    // not all at the same moment
    tokio::time::sleep(PAUSE * number / PEERS).await;
    let (end, mut waits, mut failed) = (Instant::now() + how_long, Vec::new(), 0);
    while Instant::now() < end {
        let begun = Instant::now();
        if client.lookup("honest").await? {
            waits.push(begun.elapsed().as_secs_f64() * 1e3);
        } else {
            failed += 1;
        }
        tokio::time::sleep(PAUSE.saturating_sub(begun.elapsed())).await;
    }
    Ok((client, waits, failed))
}
