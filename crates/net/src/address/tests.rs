use super::*;

#[test]
fn a_relays_full_address_is_split_and_joined() {
    let peer = Peer(PeerId::random());
    for bare in ["/ip4/192.0.2.1/tcp/4010", "/ip6/2001:db8::1/udp/4010/quic-v1", "/dns4/relay.example/tcp/4010"] {
        let full = with_peer(bare, &peer.to_bytes()).unwrap();
        assert_eq!(full, format!("{bare}/p2p/{peer}"));
        assert_eq!(split_peer(&full).unwrap(), (peer.to_bytes(), bare.to_owned()));
    }
}

#[test]
fn what_is_no_relays_address_is_refused() {
    let peer = PeerId::random();
    let wrong = [
        String::new(),
        "relay.example:4010".into(),
        "/ip4/192.0.2.1/tcp/4010".into(),
        format!("/p2p/{peer}"),
        format!("/ip4/192.0.2.1/tcp/4010/p2p/{peer}/p2p-circuit"),
        format!("/ip4/192.0.2.1/tcp/4010/p2p/{peer}/p2p-circuit/p2p/{peer}"),
        format!("/ip4/192.0.2.1/tcp/4010/p2p/{peer}/p2p/{peer}"),
        "/ip4/192.0.2.1/tcp/4010/p2p/nobody".into(),
        format!("/dns4/{}/tcp/1/p2p/{peer}", "a".repeat(600)),
    ];
    for address in wrong {
        assert!(relay(&address).is_err(), "{address}");
        assert!(split_peer(&address).is_none(), "{address}");
    }
    assert!(with_peer("/ip4/192.0.2.1/tcp/4010", b"nobody").is_none());
}

#[test]
fn the_relay_of_a_circuit_is_the_peer_before_it() {
    let [relay, peer] = [PeerId::random(), PeerId::random()];
    let full: Multiaddr = format!("/ip4/192.0.2.1/tcp/4010/p2p/{relay}").parse().unwrap();
    assert_eq!(relay_of(&circuit(&full, peer)), Some(relay));
    assert_eq!(relay_of(&full), None);
}
