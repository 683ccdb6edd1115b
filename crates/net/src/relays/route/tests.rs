use super::*;

fn route() -> (Route, PeerId) {
    let relay = PeerId::random();
    let address = format!("/ip4/203.0.113.7/tcp/4010/p2p/{relay}").parse().unwrap();
    (Route::new(address, Instant::now()), relay)
}

#[test]
fn an_address_whose_connection_was_closed_counts_as_untried_until_it_is_dialled_again() {
    let (mut route, relay) = route();
    assert!(!route.state(relay).tried);
    let connection = ConnectionId::new_unchecked(1);
    route.link = Link::Up { connection, since: Instant::now(), identified: false };
    route.identified("/ip4/198.51.100.4/tcp/4001".parse().unwrap());
    assert!(route.state(relay).tried && route.state(relay).reached);

    route.down("the connection was closed".to_owned(), Instant::now());
    let state = route.state(relay);
    assert!(!state.tried && !state.reached, "{state:?}");

    route.link = Link::Dialling { connection };
    route.down("nobody there".to_owned(), Instant::now());
    let state = route.state(relay);
    assert!(state.tried && !state.reached, "{state:?}");
    assert_eq!(state.why.as_deref(), Some("nobody there"));
}
