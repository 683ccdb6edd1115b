use super::AccountKey;

#[test]
fn a_number_is_told_from_others_and_not_from_itself() {
    let key = AccountKey::new([7; 32]);
    assert_eq!(key.hash("DE02 1203 0000 0000 2020 51"), key.hash("DE02120300000000202051"));
    assert_ne!(key.hash("DE02120300000000202051"), key.hash("DE02120300000000202052"));
    assert_ne!(key.hash("1"), AccountKey::new([8; 32]).hash("1"));
}

#[test]
fn the_hash_is_the_one_that_is_written_down() {
    // python3: hmac.new(bytes([7] * 32), b"halfdoor/account/1" + b"123", "sha256").hexdigest()[:16]
    assert_eq!(AccountKey::new([7; 32]).hash("123"), "0e7755c5fc9e9834");
    assert_eq!(format!("{:?}", AccountKey::new([7; 32])), "AccountKey(..)");
}
