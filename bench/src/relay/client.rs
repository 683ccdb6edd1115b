//! A light client: libp2p's own parts, and nothing of a node beside them.

use anyhow::Context as _;
use futures::StreamExt as _;
use libp2p::{
    Multiaddr, PeerId, Swarm, SwarmBuilder,
    multiaddr::Protocol,
    noise, ping, relay, rendezvous,
    swarm::{NetworkBehaviour, SwarmEvent, dial_opts::DialOpts},
    tcp, yamux,
};
use std::time::Duration;

/// Far beyond what any step takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a client speaks.
#[derive(NetworkBehaviour)]
pub(super) struct Light {
    relay: relay::client::Behaviour,
    rendezvous: rendezvous::client::Behaviour,
    ping: ping::Behaviour,
}

/// A client and the relay it is connected to.
pub(super) struct Client {
    pub(super) swarm: Swarm<Light>,
    relay: PeerId,
    address: Multiaddr,
}

impl Client {
    /// Connects.
    pub(super) async fn connect(relay: &Multiaddr) -> anyhow::Result<Self> {
        let mut client = Self { swarm: swarm()?, relay: id_of(relay)?, address: relay.clone() };
        client.dial().await?;
        Ok(client)
    }

    async fn dial(&mut self) -> anyhow::Result<()> {
        self.swarm.dial(DialOpts::from(self.address.clone()))?;
        let mut failed = None;
        until(&mut self.swarm, |event| match event {
            SwarmEvent::ConnectionEstablished { .. } => true,
            SwarmEvent::OutgoingConnectionError { error, .. } => {
                failed = Some(error.to_string());
                true
            }
            _ => false,
        })
        .await?;
        failed.map_or(Ok(()), |why| Err(anyhow::anyhow!("not connected: {why}")))
    }

    /// Asks for a reservation and waits for it.
    pub(super) async fn reserve(&mut self) -> anyhow::Result<()> {
        self.swarm.listen_on(self.address.clone().with(Protocol::P2pCircuit))?;
        until(&mut self.swarm, |event| {
            matches!(
                event,
                SwarmEvent::Behaviour(LightEvent::Relay(relay::client::Event::ReservationReqAccepted { .. }))
            )
        })
        .await
    }

    /// Asks who is registered under a name, without waiting.
    pub(super) fn ask(&mut self, name: &str) -> anyhow::Result<()> {
        let name = rendezvous::Namespace::new(name.to_owned())?;
        self.swarm.behaviour_mut().rendezvous.discover(Some(name), None, None, self.relay);
        Ok(())
    }

    /// Asks, and waits for the answer; whether it was one.
    pub(super) async fn lookup(&mut self, name: &str) -> anyhow::Result<bool> {
        self.ask(name)?;
        let mut answered = false;
        until(&mut self.swarm, |event| match told(event) {
            Told::Answered => {
                answered = true;
                true
            }
            Told::Refused | Told::Closed => true,
            Told::Nothing => false,
        })
        .await?;
        Ok(answered)
    }

    /// The next event.
    pub(super) async fn next(&mut self) -> Told {
        told(&self.swarm.select_next_some().await)
    }
}

/// What a lookup came to.
pub(super) enum Told {
    Answered,
    Refused,
    /// The connection is gone.
    Closed,
    Nothing,
}

fn told(event: &SwarmEvent<LightEvent>) -> Told {
    match event {
        SwarmEvent::Behaviour(LightEvent::Rendezvous(rendezvous::client::Event::Discovered { .. })) => Told::Answered,
        SwarmEvent::Behaviour(LightEvent::Rendezvous(rendezvous::client::Event::DiscoverFailed { .. })) => {
            Told::Refused
        }
        SwarmEvent::ConnectionClosed { .. } => Told::Closed,
        _ => Told::Nothing,
    }
}

fn swarm() -> anyhow::Result<Swarm<Light>> {
    let swarm = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)?
        .with_relay_client(noise::Config::new, yamux::Config::default)?
        .with_behaviour(|key, relay| Light {
            relay,
            rendezvous: rendezvous::client::Behaviour::new(key.clone()),
            ping: ping::Behaviour::default(),
        })?
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(3600)))
        .build();
    Ok(swarm)
}

async fn until(
    swarm: &mut Swarm<Light>,
    mut wanted: impl FnMut(&SwarmEvent<LightEvent>) -> bool,
) -> anyhow::Result<()> {
    let found = async { while !wanted(&swarm.select_next_some().await) {} };
    tokio::time::timeout(PATIENCE, found).await.context("the relay did not answer within a minute")
}

/// Who is at an address that names its peer.
pub(super) fn id_of(address: &Multiaddr) -> anyhow::Result<PeerId> {
    let last = address.iter().last();
    let Some(Protocol::P2p(id)) = last else { anyhow::bail!("{address} names no peer") };
    Ok(id)
}
