use libp2p::identity::Keypair;

use super::*;
use crate::{access::Open, rendezvous::RegistryLimits};

struct Nobody;

impl Access for Nobody {
    fn admits(&self, _: &PeerId, _: Asking) -> bool {
        false
    }
}

fn desk(access: impl Access + 'static) -> (Desk, Instant) {
    let now = Instant::now();
    (Desk::new(Registry::new(now, RegistryLimits::default()), Arc::new(access)), now)
}

fn circuit(of: &PeerId) -> Multiaddr {
    format!("/ip4/192.0.2.1/tcp/4010/p2p/{}/p2p-circuit/p2p/{of}", PeerId::random()).parse().unwrap()
}

fn record(key: &Keypair, addresses: Vec<Multiaddr>) -> Vec<u8> {
    PeerRecord::new(key, addresses).unwrap().into_signed_envelope().into_protobuf_encoding()
}

/// Registers `record` as `peer` and tells the status.
fn status(peer: PeerId, record: Vec<u8>) -> Result<(), Status> {
    let (mut desk, now) = desk(Open);
    let Handled::Registered(_, outcome) = desk.handle(now, peer, Message::register("n".into(), record, 7200)) else {
        panic!("not handled as a registration");
    };
    outcome
}

#[test]
fn a_peer_registers_its_circuit_address() {
    let key = Keypair::generate_ed25519();
    let peer = key.public().to_peer_id();
    assert_eq!(status(peer, record(&key, vec![circuit(&peer)])), Ok(()));
}

#[test]
fn a_registration_that_tells_where_a_peer_is_is_refused() {
    let key = Keypair::generate_ed25519();
    let peer = key.public().to_peer_id();
    let direct: Multiaddr = "/ip4/192.0.2.7/tcp/4001".parse().unwrap();
    let behind: Multiaddr = format!("{}/ip4/192.0.2.7/tcp/1", circuit(&peer)).parse().unwrap();
    for addresses in
        [vec![], vec![direct.clone()], vec![circuit(&peer), direct], vec![behind], vec![circuit(&PeerId::random())]]
    {
        assert_eq!(
            status(peer, record(&key, addresses.clone())),
            Err(Status::InvalidSignedPeerRecord),
            "{addresses:?}"
        );
    }
    let many = vec![circuit(&peer); RECORD_ADDRESSES + 1];
    assert_eq!(status(peer, record(&key, many)), Err(Status::InvalidSignedPeerRecord));
}

#[test]
fn a_record_of_another_peer_or_with_a_broken_signature_is_refused() {
    let key = Keypair::generate_ed25519();
    let peer = key.public().to_peer_id();
    let whole = record(&key, vec![circuit(&peer)]);
    assert_eq!(status(PeerId::random(), whole.clone()), Err(Status::InvalidSignedPeerRecord));
    for place in 0..whole.len() {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        assert_eq!(status(peer, altered), Err(Status::InvalidSignedPeerRecord), "byte {place}");
    }
    assert_eq!(status(peer, Vec::new()), Err(Status::InvalidSignedPeerRecord));
}

#[test]
fn a_question_without_a_namespace_lists_nobody() {
    let (mut desk, now) = desk(Open);
    let key = Keypair::generate_ed25519();
    let peer = key.public().to_peer_id();
    desk.handle(now, peer, Message::register("n".into(), record(&key, vec![circuit(&peer)]), 7200));
    let refused = Handled::Discovered(Message::discovered(Err(Status::InvalidNamespace)));
    let mut none = Message::discover(String::new());
    assert_eq!(desk.handle(now, PeerId::random(), none.clone()), refused);
    none.discover.as_mut().unwrap().namespace = None;
    assert_eq!(desk.handle(now, PeerId::random(), none.clone()), refused);
    none.discover = None;
    assert_eq!(desk.handle(now, PeerId::random(), none), refused);
}

#[test]
fn whom_access_does_not_admit_is_neither_listed_nor_told() {
    let (mut desk, now) = desk(Nobody);
    let key = Keypair::generate_ed25519();
    let peer = key.public().to_peer_id();
    let question = Message::register("n".into(), record(&key, vec![circuit(&peer)]), 7200);
    let refused = Handled::Registered(Message::registered(Err(Status::NotAuthorized)), Err(Status::NotAuthorized));
    assert_eq!(desk.handle(now, peer, question), refused);
    let refused = Handled::Discovered(Message::discovered(Err(Status::NotAuthorized)));
    assert_eq!(desk.handle(now, peer, Message::discover("n".into())), refused);
}

#[test]
fn answers_sent_as_questions_are_nonsense() {
    let (mut desk, now) = desk(Open);
    for answer in [Message::registered(Ok(1)), Message::discovered(Ok((vec![], vec![]))), Message::default()] {
        assert_eq!(desk.handle(now, PeerId::random(), answer), Handled::Nonsense);
    }
}
