use super::*;

/// Encodings of the eight points of small order, then their second encodings (y ≥ p, or x = 0 with a sign).
const WEAK: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

fn party(hex: &str) -> PartyId {
    hex.parse().expect("hex")
}

fn key(secret: u8) -> IdentityKey {
    IdentityKey::from_secret(&[secret; 32])
}

#[test]
fn all_eight_points_of_small_order_are_refused_in_every_encoding() {
    for weak in WEAK {
        assert_eq!(party(weak).check(), Err(BadSignature::Key), "{weak}");
        // R = the neutral point, S = 0: satisfies the plain equation under the neutral key for every message
        let mut signature = [0u8; 64];
        signature[0] = 1;
        assert_eq!(party(weak).verify(b"anything", &signature), Err(BadSignature::Key), "{weak}");
    }
}

#[test]
fn a_key_has_one_encoding() {
    // y = p + k stands for y = k; of those k fit into 255 bits for k < 19
    for k in 0u8..19 {
        for sign in [0x7F, 0xFF] {
            let mut bytes = [0xFF; 32];
            (bytes[0], bytes[31]) = (0xED + k, sign);
            assert_eq!(PartyId(bytes).check(), Err(BadSignature::Key), "p + {k}");
        }
    }
}

#[test]
fn bytes_that_are_no_point_are_refused() {
    let mut bytes = [0u8; 32];
    bytes[0] = 2;
    assert_eq!(PartyId(bytes).check(), Err(BadSignature::Key));
}

#[test]
fn signatures_are_those_of_rfc_8032() {
    // §7.1, test 2
    let secret: crate::Digest =
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb".parse().expect("hex");
    let key = IdentityKey::from_secret(&secret.0);
    assert_eq!(key.party().to_string(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    let signature = key.sign(&[0x72]);
    assert_eq!(
        data_encoding::HEXLOWER.encode(&signature),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    );
    assert_eq!(key.party().verify(&[0x72], &signature), Ok(()));
}

#[test]
fn a_signature_counts_only_for_its_bytes_and_its_key() {
    let signature = key(1).sign(b"yes");
    assert_eq!(key(1).party().verify(b"yes", &signature), Ok(()));
    assert_eq!(key(1).party().verify(b"no", &signature), Err(BadSignature::Mismatch));
    assert_eq!(key(2).party().verify(b"yes", &signature), Err(BadSignature::Mismatch));
}

#[test]
fn a_safety_code_is_sixty_digits_and_the_same_on_both_sides() {
    let (a, b) = (key(1).party(), key(2).party());
    let code = safety_code(&a, &b);
    assert_eq!(code, safety_code(&b, &a));
    let groups: Vec<&str> = code.split(' ').collect();
    assert_eq!(groups.len(), 12);
    assert!(groups.iter().all(|group| group.len() == 5 && group.bytes().all(|b| b.is_ascii_digit())));
    assert_ne!(code, safety_code(&a, &key(3).party()));
}

#[test]
fn a_secret_key_stays_out_of_debug_output() {
    let said = format!("{:?}", key(7));
    assert!(!said.contains("0707"), "{said}");
}
