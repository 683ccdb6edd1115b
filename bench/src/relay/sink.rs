//! Where a flood goes that is meant for nobody.

use futures::StreamExt as _;
use libp2p::{Multiaddr, SwarmBuilder, noise, swarm::SwarmEvent, tcp, yamux};
use std::{path::Path, time::Duration};

/// Takes connections and refuses every protocol. Its address goes into a file once it listens.
pub(crate) fn run(file: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut swarm = SwarmBuilder::with_new_identity()
            .with_tokio()
            .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)?
            .with_behaviour(|_| libp2p::swarm::dummy::Behaviour)?
            .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(3600)))
            .build();
        swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse::<Multiaddr>()?)?;
        loop {
            if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
                let whole = address.with_p2p(*swarm.local_peer_id()).unwrap_or_else(|address| address);
                std::fs::write(file.with_extension("new"), whole.to_string())?;
                std::fs::rename(file.with_extension("new"), file)?;
            }
        }
    })
}
