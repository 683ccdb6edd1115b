//! One place that sends all it can: connections, lookups, streams on which nothing follows.

use super::{
    client::{Client, Told},
    honest::{Honest, Met},
};
use crate::{
    processes::{Programs, Running},
    table::{Table, spread},
};
use anyhow::Context as _;
use futures::{AsyncWriteExt as _, future::poll_fn};
use libp2p::{
    Multiaddr, Transport as _,
    core::{
        Endpoint,
        muxing::{StreamMuxerBox, StreamMuxerExt as _},
        transport::{DialOpts, PortUse},
        upgrade::Version,
    },
    identity::Keypair,
    multiaddr::Protocol,
    noise, tcp, yamux,
};
use std::{cell::Cell, net::SocketAddr, rc::Rc, task::Poll, time::Duration};
use tokio::{net::TcpSocket, task::LocalSet};

/// The usual bounds and quotas.
///
/// The honest come over IPv6 and the flood over IPv4, which makes two places of one machine: quotas are per place.
const SETTINGS: &str = "listen = [\"/ip4/127.0.0.1/tcp/0\", \"/ip6/::1/tcp/0\"]\n";

const LASTS: Duration = Duration::from_secs(20);
const CONNECTIONS: u32 = 10_000;
const STREAMS: u32 = 1_000;
/// Peers that look up, so many each second together.
const PEERS: u32 = 10;
const LOOKUPS: u32 = 10_000;
/// Lookups of one peer without an answer, beyond which it waits: this program stays bounded too.
const UNANSWERED: u32 = 200;
const TICK: Duration = Duration::from_millis(10);
/// Every flooding peer comes anew that often, as another, whether it was shut out before or not: so the sink, which shuts
/// nobody out, is asked for as many handshakes as the relay.
const STAYS: Duration = Duration::from_secs(1);
/// How often memory is read.
const READING: Duration = Duration::from_millis(200);

/// Honest lookups beside a flood of the relay, and beside the same flood of a sink.
pub(super) async fn measure(programs: &Programs, core: Option<&str>, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (relay, addresses) = programs.start_relay_with(folder.path(), SETTINGS, core)?;
    let (sink, elsewhere) = programs.start_sink(&folder.path().join("sink"), core)?;
    let over = |family: &str| {
        let found = addresses.iter().find(|address| address.starts_with(family));
        found.with_context(|| format!("the relay has no address over {family}"))?.parse().context("an address")
    };
    let (address, theirs, elsewhere): (Multiaddr, Multiaddr, Multiaddr) =
        (over("/ip4")?, over("/ip6")?, elsewhere.parse()?);
    let mut honest = Honest::connect(&theirs).await?;
    let quiet = honest.ask(LASTS / 4).await?;
    let before = relay.resident();
    let beside = under(&mut honest, elsewhere, &relay).await?;
    drop(sink);
    let flooded = under(&mut honest, address, &relay).await?;
    let text = |met: &Met| {
        let (_, median, late) = spread(met.waits.clone());
        (late, format!("p50 {median:.2}, {} lookups, {} failed", met.waits.len(), met.failed))
    };
    let (late, beside_it) = text(&quiet);
    table.add("honest lookup, p99, nobody floods", format!("{late:.2} ms"), &beside_it);
    let (sunk, beside_it) = text(&beside.met);
    table.add("  while a sink is flooded", format!("{sunk:.2} ms"), &format!("{beside_it}; {}", beside.sent()));
    let (late, beside_it) = text(&flooded.met);
    table.add("  while the relay is flooded", format!("{late:.2} ms"), &format!("{beside_it}; {}", flooded.sent()));
    let holds = late <= 2.0 * sunk && flooded.met.failed == 0;
    table.accept("  relay to sink", format!("{:.2}", late / sunk), "at most 2, none failed", holds);
    if let (Some(before), Some(most)) = (before, flooded.most) {
        table.add("relay under that flood, most resident", format!("{most:.1} MiB"), &format!("{before:.1} before"));
    }
    Ok(())
}

/// What was sent, got through, and what the honest met.
struct Flooded {
    met: Met,
    connections: u32,
    streams: u32,
    lookups: u32,
    answered: u32,
    most: Option<f64>,
}

impl Flooded {
    fn sent(&self) -> String {
        let Self { connections, streams, lookups, answered, .. } = self;
        format!("sent {connections} connections, {streams} streams, {lookups} lookups, {answered} of which answered")
    }
}

#[derive(Default)]
struct Counts {
    connections: Cell<u32>,
    streams: Cell<u32>,
    lookups: Cell<u32>,
    answered: Cell<u32>,
}

fn count(cell: &Cell<u32>) {
    cell.set(cell.get() + 1);
}

async fn under(honest: &mut Honest, target: Multiaddr, relay: &Running) -> anyhow::Result<Flooded> {
    let counts = Rc::new(Counts::default());
    let most = Rc::new(Cell::new(None::<f64>));
    let flood = LocalSet::new();
    for number in 0..PEERS {
        let (target, counts) = (target.clone(), Rc::clone(&counts));
        flood.spawn_local(async move {
            tokio::time::sleep(STAYS * number / PEERS).await;
            let mut again = again();
            loop {
                again.tick().await;
                let _ = tokio::time::timeout(STAYS, lookups(&target, &counts)).await;
            }
        });
    }
    let (streaming, streamed) = (target.clone(), Rc::clone(&counts));
    flood.spawn_local(async move {
        let mut again = again();
        loop {
            again.tick().await;
            // it leaves none of them before the end, unless it is made to
            let _ = streams(&streaming, &streamed).await;
        }
    });
    let (connecting, connected) = (socket(&target)?, Rc::clone(&counts));
    flood.spawn_local(async move { connections(connecting, &connected).await });
    let met = flood
        .run_until(async {
            let mut asked = std::pin::pin!(honest.ask(LASTS));
            loop {
                tokio::select! {
                    met = &mut asked => return met,
                    () = tokio::time::sleep(READING) => {
                        most.set(most.get().into_iter().chain(relay.resident()).reduce(f64::max));
                    }
                }
            }
        })
        .await?;
    let Counts { connections, streams, lookups, answered } = &*counts;
    let (connections, streams, lookups, answered) = (connections.get(), streams.get(), lookups.get(), answered.get());
    Ok(Flooded { met, connections, streams, lookups, answered, most: most.get() })
}

/// When a peer comes.
fn again() -> tokio::time::Interval {
    let mut again = tokio::time::interval(STAYS);
    again.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    again
}

/// One peer's share of lookups, until it is shut out.
async fn lookups(target: &Multiaddr, counts: &Counts) -> anyhow::Result<()> {
    let mut client = Client::connect(target).await?;
    let mut waiting = 0;
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            told = client.next() => match told {
                Told::Answered => {
                    waiting -= 1;
                    count(&counts.answered);
                }
                Told::Refused => waiting -= 1,
                Told::Closed => return Ok(()),
                Told::Nothing => {}
            },
            _ = ticks.tick() => {
                let share = LOOKUPS * TICK.as_millis() as u32 / 1000 / PEERS;
                for _ in 0..share {
                    if waiting < UNANSWERED {
                        client.ask("flood")?;
                        waiting += 1;
                        count(&counts.lookups);
                    }
                }
            }
        }
    }
}

/// Streams on which a protocol is never named.
async fn streams(target: &Multiaddr, counts: &Counts) -> anyhow::Result<()> {
    let key = Keypair::generate_ed25519();
    let mut transport = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1)
        .authenticate(noise::Config::new(&key)?)
        .multiplex(yamux::Config::default())
        .boxed();
    let bare = target.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect();
    let options = DialOpts { role: Endpoint::Dialer, port_use: PortUse::New };
    let (_, mut muxer): (_, StreamMuxerBox) = transport.dial(bare, options)?.await?;
    let mut open = Vec::new();
    while open.len() < STREAMS as usize {
        let mut stream = poll_fn(|cx| {
            // the connection moves only while it is polled
            if let Poll::Ready(Err(error)) = muxer.poll_unpin(cx) {
                return Poll::Ready(Err(error));
            }
            muxer.poll_outbound_unpin(cx)
        })
        .await?;
        stream.write_all(b"\x13/multistream/1.0.0\n").await?;
        stream.flush().await?;
        count(&counts.streams);
        open.push(stream);
    }
    let _ = poll_fn(|cx| muxer.poll_unpin(cx)).await;
    Ok(())
}

/// Connections on which nothing is said, each kept until the other side ends it.
async fn connections(target: SocketAddr, counts: &Rc<Counts>) {
    for _ in 0..CONNECTIONS {
        count(&counts.connections);
        tokio::task::spawn_local(async move {
            let Ok(socket) = TcpSocket::new_v4() else { return };
            if let Ok(connection) = socket.connect(target).await {
                let mut nothing = [0; 64];
                while connection.readable().await.is_ok() {
                    match connection.try_read(&mut nothing) {
                        Ok(read) if read > 0 => {}
                        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                        _ => return,
                    }
                }
            }
        });
        tokio::time::sleep(LASTS / 2 / CONNECTIONS).await;
    }
}

fn socket(address: &Multiaddr) -> anyhow::Result<SocketAddr> {
    let mut parts = address.iter();
    match (parts.next(), parts.next()) {
        (Some(Protocol::Ip4(ip)), Some(Protocol::Tcp(port))) => Ok((ip, port).into()),
        _ => None.with_context(|| format!("{address} is no TCP address")),
    }
}
