use super::*;

const SECRET: [u8; 32] = [7; 32];

fn opening<'a>(joiner_peer: &'a [u8], joiner_key: ExchangeKey) -> Opening<'a> {
    Opening {
        inviter_peer: b"inviter",
        joiner_peer,
        inviter: PartyId([1; 32]),
        joiner: PartyId([2; 32]),
        joiner_key,
        joiner_nonce: Nonce([3; 16]),
    }
}

fn reply(inviter_key: ExchangeKey) -> Reply {
    Reply { inviter_key, inviter_nonce: Nonce([4; 16]) }
}

/// H((K ⊕ opad) ‖ H((K ⊕ ipad) ‖ text)), as RFC 2104 writes it.
fn rfc_2104(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| std::array::from_fn::<u8, 64, _>(|at| key.get(at).copied().unwrap_or(0) ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5C)).chain_update(inner).finalize().into()
}

#[test]
fn a_proof_is_the_hmac_of_rfc_2104() {
    for text in [&b""[..], b"what was said", &[0xAB; 200]] {
        assert_eq!(mac(&SECRET, text).0, rfc_2104(&SECRET, text));
    }
}

#[test]
fn keys_are_derived_as_rfc_5869_does() {
    for (salt, material, info) in
        [(&b"salt"[..], &[1u8; 64][..], &b"info"[..]), (b"", b"short", b""), (&[9; 100], &[2; 32], &[3; 90])]
    {
        let mut expected = [0u8; 32];
        Hkdf::<Sha256>::new(Some(salt), material).expand(info, &mut expected).expect("32 bytes");
        assert_eq!(*expand(salt, material, info), expected);
    }
}

#[test]
fn the_first_test_case_of_rfc_5869_is_met() {
    let material = [0x0B; 22];
    let salt: Vec<u8> = (0x00..=0x0C).collect();
    let info: Vec<u8> = (0xF0..=0xF9).collect();
    let out = Digest(*expand(&salt, &material, &info));
    assert_eq!(out.to_string(), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

#[test]
fn both_sides_come_to_the_same_pairing_secret() {
    let (joiner, inviter) = (ExchangeSecret::from_secret([5; 32]), ExchangeSecret::from_secret([6; 32]));
    let (opening, reply) = (opening(b"joiner", joiner.public()), reply(inviter.public()));
    let secret = |mine: &ExchangeSecret, theirs: ExchangeKey, invite: &[u8; 32]| {
        opening.pairing_secret(&reply, mine, theirs, invite).expect("encodes").expect("strong keys")
    };
    let pair = secret(&joiner, inviter.public(), &SECRET);
    assert_eq!(pair, secret(&inviter, joiner.public(), &SECRET));
    assert_ne!(pair, secret(&joiner, inviter.public(), &[8; 32]), "whoever lacks the invite gets another");
}

#[test]
fn an_exchange_key_of_small_order_gives_no_pairing_secret() {
    let mine = ExchangeSecret::from_secret([5; 32]);
    // RFC 7748 §6.1; Curve25519's points of small order, the last three in a second encoding
    let weak = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for weak in weak {
        let theirs: ExchangeKey = weak.parse().expect("hex");
        let opening = opening(b"joiner", theirs);
        let pair = opening.pairing_secret(&reply(mine.public()), &mine, theirs, &SECRET).expect("encodes");
        assert!(pair.is_none(), "{weak}");
    }
}

#[test]
fn a_proof_holds_for_one_secret_one_transcript_and_one_role() {
    let key = ExchangeKey([9; 32]);
    let proof = opening(b"joiner", key).join_proof(&SECRET).expect("encodes");
    let other_peer = opening(b"relayer", key).join_proof(&SECRET).expect("encodes");
    let other_secret = opening(b"joiner", key).join_proof(&[8; 32]).expect("encodes");
    let other_role = opening(b"joiner", key).welcome_proof(&SECRET, &reply(key)).expect("encodes");
    assert!(same_proof(&proof, &opening(b"joiner", key).join_proof(&SECRET).expect("encodes")));
    for other in [other_peer, other_secret, other_role] {
        assert!(!same_proof(&proof, &other));
    }
}

#[test]
fn a_welcome_proof_covers_what_the_inviter_added() {
    let opening = opening(b"joiner", ExchangeKey([9; 32]));
    let proof = |reply: Reply| opening.welcome_proof(&SECRET, &reply).expect("encodes");
    let honest = reply(ExchangeKey([1; 32]));
    assert!(!same_proof(&proof(honest), &proof(reply(ExchangeKey([2; 32])))));
    assert!(!same_proof(&proof(honest), &proof(Reply { inviter_nonce: Nonce([5; 16]), ..honest })));
}

#[test]
fn a_namespace_is_52_characters_and_changes_with_secret_relay_and_day() {
    let name = |secret, relay: &[u8], day| namespace(secret, relay, day).expect("encodes");
    let here = name(&SECRET, b"relay", 20_000);
    assert_eq!(here.len(), 52);
    assert!(here.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    assert_ne!(here, name(&[8; 32], b"relay", 20_000));
    assert_ne!(here, name(&SECRET, b"other", 20_000));
    assert_ne!(here, name(&SECRET, b"relay", 20_001));
}

#[test]
fn a_day_begins_at_midnight_utc() {
    assert_eq!((day(0), day(86_399), day(86_400), day(1_767_323_045)), (0, 0, 1, 20_455));
}
