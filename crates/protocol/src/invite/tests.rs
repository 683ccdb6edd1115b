use super::*;

const NOW: UnixSeconds = 1_767_323_045;

fn key(secret: u8) -> IdentityKey {
    IdentityKey::from_secret(&[secret; 32])
}

fn relay() -> RelayHint {
    RelayHint {
        peer: ByteBuf::from([9; 38]),
        addresses: vec!["/dns4/relay.example/tcp/4001".to_owned()],
        token: ByteBuf::from([8; 16]),
    }
}

fn invite() -> Invite {
    Invite {
        inviter: key(1).party(),
        relays: vec![relay()],
        secret: [7; 32],
        expires: NOW + 24 * 3600,
        uses: 1,
        hint: Some("car loan".parse().expect("plain")),
    }
}

fn sign(invite: Invite) -> Result<SignedInvite, BadInvite> {
    SignedInvite::sign(invite, &key(1), NOW)
}

/// The text of an invite signed as it is, without our own signer's checks.
fn forged(invite: &Invite, secret: u8) -> String {
    let payload = cbor::to_vec(&Ticket::V1(invite.clone())).expect("encodes");
    let (bytes, _) = cose::sign(KIND, &key(secret), payload);
    format!("hd1{}", BASE32_NOPAD.encode(&bytes).to_lowercase())
}

#[test]
fn an_invite_reads_in_lower_and_upper_case_and_with_white_space_around_it() {
    let signed = sign(invite()).expect("an invite");
    for text in [signed.text().to_owned(), signed.qr_text(), format!("\n {} \t", signed.text())] {
        let read = SignedInvite::read(&text).expect("an invite");
        assert_eq!(read.id(), signed.id());
        assert_eq!(read.text(), signed.text());
        assert!(*read.invite() == invite());
    }
}

#[test]
fn an_invite_altered_in_any_character_is_refused() {
    let text = sign(invite()).expect("an invite").text().to_owned();
    for at in 0..text.len() {
        let other = if &text[at..=at] == "q" { "r" } else { "q" };
        let altered = [&text[..at], other, &text[at + 1..]].concat();
        assert!(SignedInvite::read(&altered).is_err(), "at {at}");
        assert!(SignedInvite::read(&text[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn the_last_character_carries_no_second_form() {
    let text = sign(invite()).expect("an invite").text().to_owned();
    for last in "abcdefghijklmnopqrstuvwxyz234567".chars() {
        let other = format!("{}{last}", &text[..text.len() - 1]);
        assert_eq!(SignedInvite::read(&other).is_ok(), other == text, "{last}");
    }
}

#[test]
fn what_is_no_invite_says_so() {
    for text in ["", "hd", "hd1", "hello", "hd2aaaa", "hd1a b", "hd1!", "hd1é", "http://example.com"] {
        assert!(SignedInvite::read(text).is_err(), "{text}");
    }
    assert!(matches!(SignedInvite::read("hd1AA=="), Err(BadInvite::Text)));
    assert!(matches!(SignedInvite::read(&"a".repeat(INVITE_CHARACTERS + 1)), Err(BadInvite::TooLong)));
}

#[test]
fn an_invite_signed_by_another_than_its_inviter_is_refused() {
    assert!(matches!(SignedInvite::read(&forged(&invite(), 2)), Err(BadInvite::Limits)));
    assert!(matches!(SignedInvite::sign(invite(), &key(2), NOW), Err(BadInvite::Limits)));
}

#[test]
fn an_envelope_of_another_type_is_no_invite() {
    let payload = cbor::to_vec(&Ticket::V1(invite())).expect("encodes");
    let (bytes, _) = cose::sign("run", &key(1), payload);
    let text = format!("hd1{}", BASE32_NOPAD.encode(&bytes));
    assert!(matches!(SignedInvite::read(&text), Err(BadInvite::Envelope(EnvelopeError::Header))));
}

#[test]
fn fields_beyond_their_limits_are_neither_signed_nor_read() {
    let with = |change: fn(&mut Invite)| {
        let mut invite = invite();
        change(&mut invite);
        invite
    };
    let beyond = [
        with(|i| i.relays.clear()),
        with(|i| i.relays = vec![relay(); INVITE_RELAYS + 1]),
        with(|i| i.uses = 0),
        with(|i| i.uses = 65),
        with(|i| i.relays[0].peer = ByteBuf::new()),
        with(|i| i.relays[0].peer = ByteBuf::from([0; PEER_ID_BYTES + 1])),
        with(|i| i.relays[0].addresses.clear()),
        with(|i| i.relays[0].addresses = vec!["/ip4/192.0.2.7".to_owned(); RELAY_ADDRESSES + 1]),
        with(|i| i.relays[0].addresses[0] = format!("/dns4/{}", "a".repeat(ADDRESS_BYTES))),
        with(|i| i.relays[0].addresses[0] = "relay.example:4001".to_owned()),
        with(|i| i.relays[0].addresses[0] = "/dns4/\u{202E}elpmaxe".to_owned()),
        with(|i| i.relays[0].addresses[0] = "/dns4/a b".to_owned()),
        with(|i| i.relays[0].token = ByteBuf::from([0; TOKEN_BYTES + 1])),
    ];
    for (at, invite) in beyond.into_iter().enumerate() {
        let read = SignedInvite::read(&forged(&invite, 1));
        assert!(matches!(read, Err(BadInvite::Limits | BadInvite::Content(_))), "{at}");
        assert!(matches!(sign(invite), Err(BadInvite::Limits)), "{at}");
    }
}

#[test]
fn an_invite_is_signed_for_a_future_of_at_most_thirty_days() {
    let until = |expires| sign(Invite { expires, ..invite() });
    assert!(until(NOW + 1).is_ok() && until(NOW + INVITE_SECONDS).is_ok());
    for expires in [0, NOW, NOW + INVITE_SECONDS + 1, UnixSeconds::MAX] {
        assert!(matches!(until(expires), Err(BadInvite::Limits)), "{expires}");
    }
}

#[test]
fn an_invite_too_long_to_be_read_is_not_signed() {
    let addresses = vec![format!("/dns4/{}", "a".repeat(ADDRESS_BYTES - 6)); RELAY_ADDRESSES];
    let wide = RelayHint { addresses, ..relay() };
    let signed = sign(Invite { relays: vec![wide; INVITE_RELAYS], ..invite() });
    assert!(matches!(signed, Err(BadInvite::TooLong)));
}

#[test]
fn the_secret_stays_out_of_debug_output() {
    let signed = sign(invite()).expect("an invite");
    assert_eq!(format!("{signed:?}"), format!("SignedInvite({})", signed.id().short()));
}
