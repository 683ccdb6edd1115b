use super::*;

fn place(address: &str) -> Place {
    Place::of(&address.parse().unwrap())
}

#[test]
fn an_ipv6_network_of_64_bits_is_one_place_and_mapped_ipv4_is_ipv4() {
    assert_eq!(place("/ip6/2001:db8:1:2::1/tcp/1"), place("/ip6/2001:db8:1:2:ffff::9/udp/2/quic-v1"));
    assert_ne!(place("/ip6/2001:db8:1:2::1/tcp/1"), place("/ip6/2001:db8:1:3::1/tcp/1"));
    assert_eq!(place("/ip6/::ffff:192.0.2.1/tcp/1"), place("/ip4/192.0.2.1/tcp/9"));
    assert_ne!(place("/ip4/192.0.2.1/tcp/1"), place("/ip4/192.0.2.2/tcp/1"));
    assert_eq!(place("/dns4/example.org/tcp/1"), Place::Nowhere);
}

#[test]
fn a_bucket_gives_its_burst_and_then_refuses() {
    let buckets = Buckets::per_minute(Rate::new(3, 1));
    let taken = (0..10).filter(|_| buckets.take(&1)).count();
    assert_eq!((taken, buckets.refused()), (3, 7));
    assert!(buckets.take(&2), "another key has its own");
}

#[test]
fn a_peer_over_its_own_quota_takes_nothing_of_its_place() {
    let both = Both::per_minute(Rate::new(2, 1), Rate::new(3, 1));
    let (greedy, modest, here) = (PeerId::random(), PeerId::random(), Place::Nowhere);
    assert_eq!((0..100).filter(|_| both.take(&greedy, &here)).count(), 2);
    assert!(both.take(&modest, &here), "the neighbour still has its share");
    assert!(!both.take(&modest, &here), "and the place no more than its own");
}

#[test]
fn many_identities_at_one_place_get_the_quota_of_the_place() {
    let both = Both::per_minute(Rate::new(5, 1), Rate::new(20, 1));
    assert_eq!((0..1000).filter(|_| both.take(&PeerId::random(), &Place::Nowhere)).count(), 20);
}

#[test]
fn what_was_read_is_owed_until_the_bucket_has_it() {
    let quotas = Quotas { bytes_per_peer: Rate::new(1000, 1), ..Quotas::default() };
    let meter = Meter::new(Ledger::new(quotas), PeerId::random(), Place::Nowhere);
    meter.owe(900);
    assert_eq!(meter.pay(), None);
    meter.owe(900);
    let other_stream = meter.clone();
    let wait = other_stream.pay().expect("the bucket has a hundred left");
    assert!(wait > Duration::from_secs(700) && wait < Duration::from_secs(900), "{wait:?}");
    assert_eq!(meter.ledger.carried(), 1800);
    assert!(meter.pay().is_some(), "asking again pays nothing");
}

#[test]
fn a_debt_of_several_buckets_is_paid_in_full() {
    let quotas = Quotas { bytes_per_peer: Rate::new(100, 1), ..Quotas::default() };
    let meter = Meter::new(Ledger::new(quotas), PeerId::random(), Place::Nowhere);
    meter.owe(350);
    assert!(meter.pay().is_some());
    assert!(meter.debt.lock().unwrap().peer >= 249, "a bucket was paid, the rest is owed");
}

#[test]
fn buckets_are_bounded_and_come_free_again() {
    let buckets = Buckets::per_minute(Rate::new(1, 1));
    let taken = (0..KEYS + 10).filter(|key| buckets.take(key)).count();
    assert_eq!(taken, KEYS);
    let fast = Buckets::per_second(Rate::new(1, 1_000_000));
    assert_eq!((0..KEYS + 10).filter(|key| fast.take(key)).count(), KEYS + 10);
}
