use super::*;

fn token(of: u8) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(vec![of; 32])
}

#[test]
fn a_token_opens_the_relay_to_the_peer_that_shows_it_until_it_leaves() {
    let access = Tokens::new(vec![token(1), token(2)]);
    let (relay, jack, jill) = (PeerId::random(), PeerId::random(), PeerId::random());
    assert!(access.admits(&jack, Asking::Connection), "to show a token one must connect");
    let rest = [Asking::Reservation, Asking::Circuit, Asking::Registration, Asking::Mailbox, Asking::Lookup];
    assert!(rest.iter().all(|asking| !access.admits(&jack, *asking)));

    let shown = proof(&token(2), &relay.to_bytes(), &jack.to_bytes()).unwrap();
    assert!(!access.shows(&relay, &jill, &shown), "somebody else's");
    assert!(!access.shows(&PeerId::random(), &jack, &shown), "another relay's");
    let unknown = proof(&token(3), &relay.to_bytes(), &jack.to_bytes()).unwrap();
    assert!(!access.shows(&relay, &jack, &unknown));
    assert!(rest.iter().all(|asking| !access.admits(&jack, *asking)));

    assert!(access.shows(&relay, &jack, &shown));
    assert!(rest.iter().all(|asking| access.admits(&jack, *asking)));
    assert!(rest.iter().all(|asking| !access.admits(&jill, *asking)));
    access.left(&jack);
    assert!(rest.iter().all(|asking| !access.admits(&jack, *asking)));
}
