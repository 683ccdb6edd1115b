use super::*;

const STATUS: Status = Status {
    peers: 3,
    reservations: 2,
    circuits: 1,
    registrations: 7,
    mailbox_items: 4,
    mailbox_bytes: 4096,
    carried_bytes: 123_456,
    refused: [1, 2, 3, 4],
    draining: false,
};

#[test]
fn the_numbers_are_json_and_openmetrics() {
    holds(
        &json(&STATUS),
        &["\"peers\":3", "\"lookups\":4", "\"mailbox_bytes\":4096", "\"draining\":false", "\"carried_bytes\":123456"],
    );
    let text = metrics(&STATUS);
    holds(
        &text,
        &[
            "# TYPE halfdoor_relay_peers gauge",
            "halfdoor_relay_peers 3",
            "halfdoor_relay_carried_bytes_total 123456",
            "halfdoor_relay_refused_lookups_total 4",
            "halfdoor_relay_draining 0",
        ],
    );
    assert!(text.ends_with("# EOF\n"), "{text}");
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}
