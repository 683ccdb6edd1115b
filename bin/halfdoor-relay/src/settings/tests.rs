#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use super::*;

fn parse(text: &str) -> Result<Settings, String> {
    Settings::parse(text, Path::new("relay.toml")).map_err(|error| error.to_string())
}

#[test]
fn an_empty_file_is_the_defaults() {
    let config = parse("").unwrap().config();
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn the_shipped_example_is_valid_and_says_the_defaults() {
    let example = include_str!("../../../../deploy/relay.toml");
    parse(example).unwrap();
    // every commented setting is one, and its value the default
    let uncommented: String = example
        .lines()
        .map(|line| line.strip_prefix("#: ").unwrap_or(line))
        .filter(|line| !line.starts_with("#"))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert!(uncommented.matches('=').count() > 20, "{uncommented}");
    let said = parse(&uncommented).unwrap().config();
    assert_eq!(format!("{said:?}"), format!("{:?}", Config::default()));
}

#[test]
fn an_error_names_the_line_the_fault_and_the_next_step() {
    let cases = [
        ("\nlissen = []", "line 2", "unknown field `lissen`"),
        ("[limits]\ncirkuits = 3", "line 2", "unknown field `cirkuits`"),
        ("[limits]\ncircuits = 0", "line 2", "give a number from 1 to 1000000"),
        ("[limits]\ncircuits = -1", "line 2", "give a number from 1"),
        ("[limits]\ncircuits = \"many\"", "line 2", "invalid type"),
        ("[limits]\nmemory_mib = 1", "line 2", "give a number from 64"),
        ("listen = [\"127.0.0.1:4010\"]", "line 1", "not a multiaddress such as"),
        ("external = \"/ip4/192.0.2.1/tcp/4010\"", "line 1", "invalid type"),
        ("[access]\nmode = \"closed\"", "line 2", "unknown variant `closed`"),
        ("[access]\nmode = \"list\"\npeers = [\"jack\"]", "line 3", "not a peer id"),
        ("[quotas]\nlookups_per_ip = 5", "line 2", "invalid type"),
        ("[quotas]\nlookups_per_ip = { burst = 5 }", "line 2", "missing field `per_minute`"),
        ("[quotas]\nbytes_per_ip = { burst_kib = 1, kib_per_second = 1 }", "line 2", "give a number from 64"),
        ("[status]\naddress = \"0.0.0.0:4011\"", "line 2", "may be reached by strangers"),
        ("[status]\naddress = \"localhost\"", "line 2", "is not an address and port"),
        ("[mailbox]\nhours = 169", "line 2", "give a number from 1 to 168"),
        ("[mailbox]\nfolder = 7", "line 2", "invalid type"),
        ("[log]\nformat = \"xml\"", "line 2", "unknown variant `xml`"),
        ("home = 1\nhome = 2", "line 2", "duplicate key"),
        ("[limits", "line 1", ""),
        ("[access]\nmode = \"list\"", "access.peers", "serves nobody"),
        ("listen = []", "listen", "listens nowhere"),
    ];
    for (text, place, fault) in cases {
        let said = parse(text).unwrap_err();
        assert!(said.contains("relay.toml") && said.contains(place) && said.contains(fault), "{text:?}: {said}");
    }
    let peer = "12D3KooWGzBqRqFCnZ6yTJRbC9tvwfHnBAJmvg8YFmLTjCLRYDKM";
    assert!(parse(&format!("[access]\npeers = [\"{peer}\"]")).is_err(), "an open relay with a list");
}

#[test]
fn what_is_set_replaces_the_default_in_its_unit() {
    let text = "[limits]\nmemory_mib = 100\ncircuit_mib = 20\ncircuit_hours = 2\nreservations = 7\n\
        [quotas]\nlookups_per_peer = { burst = 5, per_minute = 6 }\n\
        bytes_per_peer = { burst_kib = 64, kib_per_second = 3 }";
    let limits = parse(text).unwrap().config().limits;
    assert_eq!((limits.memory_bytes, limits.circuit_bytes, limits.reservations), (100 << 20, 20 << 20, 7));
    assert_eq!(limits.circuit_duration, Duration::from_secs(7200));
    assert_eq!(limits.quotas.lookups_per_peer, Rate::new(5, 6));
    assert_eq!(limits.quotas.bytes_per_peer, Rate::new(64 << 10, 3 << 10));
    assert_eq!(limits.quotas.lookups_per_ip, Quotas::default().lookups_per_ip);
}

#[test]
fn a_file_that_is_missing_too_long_or_no_text_is_an_error_that_names_it() {
    let place = std::env::temp_dir().join(format!("halfdoor-relay-settings-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let path = place.join("relay.toml");
    let read = || Settings::read(&path).unwrap_err().to_string();
    assert!(read().contains("relay.toml"));
    for content in [vec![0xff, 0xfe], vec![b'#'; FILE_BYTES as usize + 1]] {
        std::fs::write(&path, content).unwrap();
        assert!(read().contains("relay.toml"));
    }
    std::fs::remove_dir_all(&place).unwrap();
}
