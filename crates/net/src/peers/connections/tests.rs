use libp2p::Multiaddr;

use super::*;

const RELAYED: &str = "/p2p/12D3KooWDsAgfNzt92hudT1RRxSbppzaFGQSspzFpMZpBv1rRotQ";
const TCP: &str = "/ip4/192.0.2.1/tcp/1";
const QUIC: &str = "/ip4/192.0.2.1/udp/1/quic-v1";

/// The connections to `remotes`, opened a second apart, and the instant of the last.
fn opened(remotes: &[&str]) -> (Connections, Vec<ConnectionId>, Instant) {
    let mut connections = Connections::default();
    let (mut ids, mut now) = (Vec::new(), Instant::now());
    for (number, remote) in remotes.iter().enumerate() {
        let relayed = *remote == RELAYED;
        let local = if relayed { "/ip4/192.0.2.9/tcp/1/p2p-circuit" } else { "/ip4/192.0.2.9/tcp/1" };
        let endpoint = ConnectedPoint::Listener {
            local_addr: local.parse::<Multiaddr>().unwrap(),
            send_back_addr: remote.parse().unwrap(),
        };
        now += Duration::from_secs(1);
        let id = ConnectionId::new_unchecked(number);
        connections.add(id, &endpoint, now);
        ids.push(id);
    }
    for id in &ids {
        connections.alive(*id);
    }
    (connections, ids, now)
}

#[test]
fn the_deciding_side_keeps_direct_over_relayed_and_quic_over_tcp_and_the_oldest() {
    for (remotes, kept) in [
        (&[RELAYED, TCP][..], 1),
        (&[TCP, RELAYED], 0),
        (&[RELAYED, TCP, QUIC], 2),
        (&[QUIC, TCP, RELAYED], 0),
        (&[TCP, TCP], 0),
        (&[RELAYED, RELAYED], 0),
        (&[QUIC, RELAYED, QUIC], 0),
    ] {
        let (connections, mut ids, now) = opened(remotes);
        ids.remove(kept);
        assert_eq!(connections.superfluous(true, now + GRACE, false), ids, "{remotes:?}");
    }
}

#[test]
fn the_other_side_only_ends_relayed_connections_beside_a_direct_one_and_later() {
    let (connections, ids, now) = opened(&[RELAYED, TCP, QUIC]);
    assert!(connections.superfluous(false, now + GRACE, false).is_empty());
    assert_eq!(connections.superfluous(false, now + FOLLOWER_GRACE, false), [ids[0]]);
    let (connections, _, now) = opened(&[RELAYED, RELAYED]);
    assert!(connections.superfluous(false, now + FOLLOWER_GRACE, false).is_empty());
}

#[test]
fn nothing_is_closed_at_once_or_while_frames_are_under_way() {
    let (connections, ids, now) = opened(&[RELAYED, TCP]);
    assert!(connections.superfluous(true, now, false).is_empty());
    assert!(connections.superfluous(true, now + GRACE, true).is_empty());
    assert_eq!(connections.superfluous(true, now + BUSY_GRACE, true), [ids[0]]);
}

#[test]
fn a_single_connection_always_stays_and_the_path_is_the_best_there_is() {
    let (mut connections, ids, now) = opened(&[RELAYED]);
    assert_eq!(connections.path(), Path::Relayed);
    assert!(connections.superfluous(true, now + FOLLOWER_GRACE, false).is_empty());
    assert_eq!(connections.remove(ids[0], now + GRACE), Some(GRACE));
    assert_eq!(connections.remove(ids[0], now), None);
    assert_eq!(connections.path(), Path::Away);
    assert_eq!(opened(&[RELAYED, TCP]).0.path(), Path::Direct);
}

#[test]
fn a_connection_made_before_the_peer_connected_anew_is_used_again_once_it_gives_a_sign_of_life() {
    let (mut connections, ids, now) = opened(&[QUIC]);
    let anew = ConnectionId::new_unchecked(7);
    let endpoint = ConnectedPoint::Listener {
        local_addr: "/ip4/192.0.2.9/tcp/1/p2p-circuit".parse().unwrap(),
        send_back_addr: RELAYED.parse().unwrap(),
    };
    connections.add(anew, &endpoint, now);
    assert_eq!(connections.best(), Some(anew));
    assert!(!connections.relies_on(ids[0]));
    assert!(connections.superfluous(true, now + BUSY_GRACE, false).is_empty(), "none is closed in doubt");
    connections.alive(ids[0]);
    assert_eq!(connections.best(), Some(ids[0]));
    assert!(connections.relies_on(ids[0]));
    assert_eq!(connections.superfluous(true, now + GRACE, false), [anew]);
}

#[test]
fn the_relayed_connection_of_another_attempt_stays_for_its_time_or_until_there_is_a_direct_one() {
    let (mut connections, ids, now) = opened(&[RELAYED, RELAYED]);
    connections.spare(ids[1], now + 30 * GRACE);
    assert!(connections.superfluous(true, now + GRACE, false).is_empty());
    assert_eq!(connections.superfluous(true, now + 30 * GRACE, false), [ids[1]]);
    let (mut connections, ids, now) = opened(&[RELAYED, RELAYED, TCP]);
    connections.spare(ids[1], now + 30 * GRACE);
    assert_eq!(connections.superfluous(true, now + GRACE, false), ids[..2]);
}
