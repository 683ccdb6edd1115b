use super::*;

#[test]
fn a_relay_keeps_its_identity_over_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let inner = home.path().join("relay");
    let first = TransportKey::load_or_create(&inner).unwrap().peer_id();
    assert_eq!(TransportKey::load_or_create(&inner).unwrap().peer_id(), first);
}

#[test]
fn a_damaged_key_is_reported_and_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    TransportKey::load_or_create(home.path()).unwrap();
    for length in [0, SECRET_BYTES - 1, SECRET_BYTES + 1] {
        // truncating keeps the file's mode
        fs::write(home.path().join(FILE), vec![7; length]).unwrap();
        assert!(matches!(TransportKey::load_or_create(home.path()), Err(KeyError::Damaged { .. })), "{length} bytes");
        assert_eq!(fs::metadata(home.path().join(FILE)).unwrap().len(), length as u64);
    }
}

#[cfg(unix)]
#[test]
fn the_key_is_readable_by_its_owner_only_and_refused_otherwise() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    TransportKey::load_or_create(home.path()).unwrap();
    let path = home.path().join(FILE);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(TransportKey::load_or_create(home.path()), Err(KeyError::Exposed { .. })));
}
