use super::*;

const RELAY: &str = "12D3KooWDsAgfNzt92hudT1RRxSbppzaFGQSspzFpMZpBv1rRotQ";

/// A relay's address, and where it sees us if it answers.
fn route(host: &str, quic: bool, port: u16, seen_at: Option<&str>) -> RouteState {
    let transport = if quic { format!("udp/{port}/quic-v1") } else { format!("tcp/{port}") };
    RouteState {
        relay: RELAY.parse().unwrap(),
        address: format!("/ip4/{host}/{transport}/p2p/{RELAY}"),
        quic,
        host: host.to_owned(),
        port: Some(port),
        reached: seen_at.is_some(),
        why: seen_at.is_none().then(|| "timed out".to_owned()),
        seen_at: seen_at.map(|at| at.parse().unwrap()),
        round_trip: None,
        tried: true,
    }
}

fn mine() -> Mine {
    Mine::of(&["/ip4/192.168.1.10/tcp/4001".into(), "/ip4/192.168.1.10/udp/4001/quic-v1".into()])
}

/// TCP and QUIC at two relays, seen at these addresses.
fn seen(tcp: [Option<&str>; 2], udp: [Option<&str>; 2]) -> Vec<RouteState> {
    let [first, second] = ["203.0.113.10", "203.0.113.11"];
    let [t, u] = [tcp, udp];
    vec![
        route(first, false, 4010, t[0]),
        route(second, false, 4010, t[1]),
        route(first, true, 4010, u[0]),
        route(second, true, 4010, u[1]),
    ]
}

fn expected(routes: &[RouteState]) -> (String, String, String) {
    let view = judge(routes, &mine());
    let word = |text: String| text.split(':').next().unwrap_or_default().to_owned();
    (word(view.tcp), word(view.udp), view.expect)
}

fn is(routes: &[RouteState], tcp: &str, udp: &str, expect: &str) {
    assert_eq!(expected(routes), (tcp.to_owned(), udp.to_owned(), expect.to_owned()));
}

#[test]
fn two_relays_tell_what_kind_of_router_there_is() {
    let (own, kept, shifted, other) =
        (Some("192.168.1.10:4001"), Some("198.51.100.1:4001"), Some("198.51.100.1:14001"), Some("198.51.100.1:50123"));
    is(&seen([own, own], [own, own]), "open", "open", "direct");
    is(&seen([kept, kept], [kept, kept]), "cone", "cone", "direct");
    is(&seen([shifted, shifted], [shifted, shifted]), "cone", "cone", "direct");
    is(&seen([other, kept], [other, shifted]), "symmetric", "symmetric", "relayed");
    is(&seen([kept, kept], [None, None]), "cone", "blocked", "direct");
    is(&seen([other, kept], [None, None]), "symmetric", "blocked", "relayed");
    is(&seen([other, kept], [kept, kept]), "symmetric", "cone", "direct");
}

#[test]
fn one_relay_alone_does_not_tell_a_cone_but_a_symmetric_router_shows_itself_at_two_ports() {
    let (kept, other) = (Some("198.51.100.1:4001"), Some("198.51.100.1:50123"));
    is(&[route("203.0.113.10", false, 4010, kept)], "unknown", "not tested", "unknown");
    let two = [route("203.0.113.10", false, 4010, kept), route("203.0.113.10", false, 443, other)];
    is(&two, "symmetric", "not tested", "relayed");
}

#[test]
fn where_only_port_443_answers_it_is_relayed_and_udp_is_what_to_ask_for() {
    let routes = [
        route("203.0.113.10", false, 4010, None),
        route("203.0.113.10", false, 443, Some("198.51.100.1:4001")),
        route("203.0.113.10", true, 4010, None),
    ];
    let view = judge(&routes, &mine());
    assert_eq!(view.expect, "relayed");
    assert!(view.says.contains("443") && view.change.len() == 1, "{view:?}");
}

#[test]
fn without_a_relay_or_an_answer_nobody_is_met_and_the_next_step_is_named() {
    let none = judge(&[], &mine());
    assert_eq!(none.expect, "impossible");
    assert!(none.change[0].contains("relays add"), "{none:?}");
    let silent = judge(&seen([None, None], [None, None]), &mine());
    assert_eq!(silent.expect, "impossible");
    assert!(silent.change.iter().any(|change| change.contains("443")), "{silent:?}");
    assert_eq!(silent.routes[0].detail.as_deref(), Some("timed out"));
}

#[test]
fn relays_in_this_network_tell_nothing_of_the_world_outside() {
    let here = judge(&[route("127.0.0.1", false, 4010, Some("127.0.0.1:4001"))], &mine());
    assert!(here.says.contains("from outside"), "{here:?}");
}

#[test]
fn a_begun_millisecond_counts() {
    let micro = std::time::Duration::from_micros;
    assert_eq!([0, 1, 1000, 1001].map(|time| milliseconds(micro(time))), [0, 1, 1, 2]);
}
