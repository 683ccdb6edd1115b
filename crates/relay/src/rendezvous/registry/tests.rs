use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn of(peer: PeerId, sequence: u64) -> Registration {
    Registration { peer, sequence, record: vec![sequence as u8; 10] }
}

fn registry(limits: RegistryLimits) -> (Registry, Instant) {
    let now = Instant::now();
    (Registry::new(now, limits), now)
}

fn found(registry: &Registry, now: Instant, namespace: &str) -> Vec<PeerId> {
    let listing = registry.discover(now, namespace, None, None).unwrap();
    listing.registrations.into_iter().map(|(registration, _)| registration.peer).collect()
}

#[test]
fn only_the_exact_namespace_finds_a_peer() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let peer = PeerId::random();
    assert_eq!(registry.register(now, "secret", of(peer, 1), None), Ok(DEFAULT_TTL_SECONDS));
    assert_eq!(found(&registry, now, "secret"), [peer]);
    for other in ["secre", "secrets", "SECRET", "*", "%"] {
        assert!(found(&registry, now, other).is_empty(), "{other}");
    }
    assert_eq!(registry.discover(now, "", None, None), Err(Status::InvalidNamespace));
    let long = "n".repeat(NAMESPACE_BYTES + 1);
    assert_eq!(registry.discover(now, &long, None, None), Err(Status::InvalidNamespace));
    assert_eq!(registry.register(now, "", of(peer, 1), None), Err(Status::InvalidNamespace));
    assert_eq!(registry.register(now, &long, of(peer, 1), None), Err(Status::InvalidNamespace));
}

#[test]
fn a_registration_ends_with_its_time_to_live() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let peer = PeerId::random();
    registry.register(now, "n", of(peer, 1), Some(7200)).unwrap();
    let entries = registry.discover(now + HOUR, "n", None, None).unwrap().registrations;
    assert_eq!(entries, [(of(peer, 1), 3600)]);
    assert!(found(&registry, now + 2 * HOUR, "n").is_empty());
    assert_eq!(registry.len(), 1);
    registry.sweep(now + 2 * HOUR);
    assert!(registry.is_empty() && registry.namespaces.is_empty() && registry.per_peer.is_empty());
}

#[test]
fn a_time_to_live_out_of_bounds_is_refused() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let peer = PeerId::random();
    for ttl in [0, 59, 72 * 3600 + 1, u64::MAX] {
        assert_eq!(registry.register(now, "n", of(peer, 1), Some(ttl)), Err(Status::InvalidTtl), "{ttl}");
    }
    assert!(registry.is_empty());
}

#[test]
fn a_peer_registers_again_with_a_newer_record_and_not_with_an_older_one() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let peer = PeerId::random();
    registry.register(now, "n", of(peer, 5), None).unwrap();
    registry.register(now + HOUR, "n", of(peer, 6), None).unwrap();
    assert_eq!(registry.register(now + HOUR, "n", of(peer, 5), None), Err(Status::InvalidSignedPeerRecord));
    let entries = registry.discover(now + HOUR, "n", None, None).unwrap().registrations;
    assert_eq!(entries, [(of(peer, 6), DEFAULT_TTL_SECONDS)]);
    assert_eq!(registry.len(), 1);
}

#[test]
fn each_limit_refuses_and_expired_registrations_make_room() {
    let limits = RegistryLimits { total: 3, per_peer: 2, per_namespace: 2, ..RegistryLimits::default() };
    let (mut registry, now) = registry(limits);
    let [a, b, c] = [PeerId::random(), PeerId::random(), PeerId::random()];
    registry.register(now, "1", of(a, 1), None).unwrap();
    registry.register(now, "2", of(a, 1), None).unwrap();
    assert_eq!(registry.register(now, "3", of(a, 1), None), Err(Status::Unavailable), "per peer");
    registry.register(now, "1", of(b, 1), None).unwrap();
    assert_eq!(registry.register(now, "1", of(c, 1), None), Err(Status::Unavailable), "per namespace");
    assert_eq!(registry.register(now, "3", of(c, 1), None), Err(Status::Unavailable), "total");
    registry.register(now, "1", of(b, 2), None).expect("renewing needs no room");
    registry.register(now + 3 * HOUR, "3", of(c, 1), None).expect("the expired ones made room");
    assert_eq!(registry.len(), 1);
}

#[test]
fn a_record_that_is_too_long_is_refused() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let long = Registration { record: vec![0; RECORD_BYTES + 1], ..of(PeerId::random(), 1) };
    assert_eq!(registry.register(now, "n", long, None), Err(Status::InvalidSignedPeerRecord));
}

#[test]
fn unregistering_frees_the_place_and_touches_nobody_else() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let [a, b] = [PeerId::random(), PeerId::random()];
    registry.register(now, "n", of(a, 1), None).unwrap();
    registry.register(now, "n", of(b, 1), None).unwrap();
    registry.unregister("n", &a);
    registry.unregister("n", &a);
    registry.unregister("other", &b);
    assert_eq!(found(&registry, now, "n"), [b]);
    assert_eq!(registry.len(), 1);
    registry.unregister("n", &b);
    assert!(registry.namespaces.is_empty() && registry.per_peer.is_empty());
}

#[test]
fn a_cookie_asks_for_what_came_since() {
    let (mut registry, now) = registry(RegistryLimits::default());
    let [a, b] = [PeerId::random(), PeerId::random()];
    registry.register(now, "n", of(a, 1), None).unwrap();
    let cookie = registry.discover(now, "n", None, None).unwrap().cookie;
    let Listing { registrations: nothing, cookie } = registry.discover(now, "n", None, Some(&cookie)).unwrap();
    assert!(nothing.is_empty());
    registry.unregister("n", &a);
    let later = now + Duration::from_millis(1);
    registry.register(later, "n", of(b, 1), None).unwrap();
    let fresh = registry.discover(later, "n", None, Some(&cookie)).unwrap().registrations;
    assert_eq!(fresh.len(), 1, "the namespace was empty in between");
    assert_eq!(registry.discover(now, "other", None, Some(&cookie)), Err(Status::InvalidCookie));
    assert_eq!(registry.discover(now, "n", None, Some(&cookie[..7])), Err(Status::InvalidCookie));
}

#[test]
fn an_answer_is_bounded_whatever_limit_is_asked() {
    let limits = RegistryLimits { per_namespace: 100, ..RegistryLimits::default() };
    let (mut registry, now) = registry(limits);
    for _ in 0..40 {
        registry.register(now, "n", of(PeerId::random(), 1), None).unwrap();
    }
    let count = |limit| registry.discover(now, "n", limit, None).unwrap().registrations.len();
    assert_eq!([count(None), count(Some(u64::MAX)), count(Some(3)), count(Some(0))], [16, 16, 3, 0]);
    let cookie = registry.discover(now, "n", None, None).unwrap().cookie;
    assert_eq!(
        registry.discover(now, "n", None, Some(&cookie)).unwrap().registrations.len(),
        16,
        "the cookie pages on"
    );
}
