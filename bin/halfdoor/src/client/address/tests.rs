use super::*;

#[test]
fn only_an_address_of_this_computer_is_dialled() {
    for good in ["http://127.0.0.1:4000", "http://127.3.2.1:1/", "http://[::1]:4000"] {
        assert!(loopback(good).is_some(), "{good}");
    }
    let refused = [
        "http://192.168.1.5:4000",
        "http://[fe80::1]:4000",
        "http://localhost:4000",
        "http://example.org:4000",
        "https://127.0.0.1:4000",
        "127.0.0.1:4000",
        "http://127.0.0.1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:4000/../x",
        "http://user@127.0.0.1:4000",
        "http://127.0.0.1:4000@example.org:80",
        "",
    ];
    for bad in refused {
        assert_eq!(loopback(bad), None, "{bad}");
    }
}

#[test]
fn a_node_on_every_interface_is_dialled_on_loopback() {
    assert_eq!(loopback("http://0.0.0.0:4000"), "127.0.0.1:4000".parse().ok());
    assert_eq!(loopback("http://[::]:4000"), "[::1]:4000".parse().ok());
}

#[test]
fn a_name_never_becomes_a_step_in_the_path_or_a_part_of_the_query() {
    let address = SocketAddr::from(([127, 0, 0, 1], 4000));
    let of = |name: &str| uri(address, &["people", name], &[]);
    assert_eq!(of("Jill Müller"), "http://127.0.0.1:4000/v1/people/Jill%20M%C3%BCller");
    assert_eq!(of("a/b?c#d%2F"), "http://127.0.0.1:4000/v1/people/a%2Fb%3Fc%23d%252F");
    assert_eq!(of(".."), "http://127.0.0.1:4000/v1/people/%2E%2E");
    assert_eq!(of("a.b"), "http://127.0.0.1:4000/v1/people/a.b");
    let query = uri(address, &["catalog"], &[("search", "a&b=c"), ("wait", "3")]);
    assert_eq!(query, "http://127.0.0.1:4000/v1/catalog?search=a%26b%3Dc&wait=3");
}
