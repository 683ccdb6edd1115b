use super::*;

fn key(byte: u8) -> IdentityKey {
    IdentityKey::from_secret(&[byte; 32])
}

fn head(size: u64) -> TreeHead {
    TreeHead { size, root: Digest([0xA5; 32]), epoch: None }
}

#[test]
fn a_checkpoint_states_its_head_and_who_signed_it() {
    for size in [0, 1, 9, 1_000_000, u64::MAX] {
        let text = sign(&head(size), &key(1));
        assert!(states(&text, &key(1).party(), &head(size)));
        assert!(!states(&text, &key(2).party(), &head(size)));
        assert!(!states(&text, &key(1).party(), &head(size ^ 1)));
        assert!(!states(&text, &key(1).party(), &TreeHead { root: Digest([0; 32]), ..head(size) }));
    }
}

#[test]
fn its_form_is_a_c2sp_signed_note() {
    let text = sign(&head(42), &key(1));
    let lines: Vec<&str> = text.split('\n').collect();
    let origin = format!("halfdoor/{}", key(1).party());
    assert_eq!(lines[..4], [origin.as_str(), "42", "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=", ""]);
    assert_eq!(lines.len(), 6);
    let signature = lines[4].strip_prefix(&format!("\u{2014} {origin} ")).unwrap();
    let bytes = BASE64.decode(signature.as_bytes()).unwrap();
    let id = Sha256::digest([origin.as_bytes(), b"\n\x01", &key(1).party().0].concat());
    assert_eq!(bytes[..4], id[..4]);
    let signed = format!("{origin}\n42\npaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\n");
    key(1).party().verify(signed.as_bytes(), bytes[4..].try_into().unwrap()).unwrap();
}

#[test]
fn every_change_of_one_byte_is_refused() {
    let text = sign(&head(42), &key(1));
    let me = key(1).party();
    for at in 0..text.len() {
        for add in [1u8, 0x20, 0x80] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = bytes[at].wrapping_add(add);
            if let Ok(altered) = String::from_utf8(bytes) {
                assert!(!states(&altered, &me, &head(42)), "byte {at}");
            }
        }
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            let shorter = [&text[..at], &text[at + 1..]].concat();
            assert!(!states(&shorter, &me, &head(42)), "without byte {at}");
        }
    }
}

#[test]
fn a_second_form_of_the_same_head_is_refused() {
    let text = sign(&head(42), &key(1));
    let me = key(1).party();
    for other in [
        text.replace("\n42\n", "\n042\n"),
        text.replace("\n42\n", "\n+42\n"),
        text.replace("\n\n", "\nextension\n\n"),
        text.replace('\n', "\r\n"),
        format!("{text}\n"),
        format!("{text}\u{2014} somebody AAAA\n"),
        format!(" {text}"),
        String::new(),
        "\n\n".to_owned(),
    ] {
        assert!(!states(&other, &me, &head(42)), "{other:?}");
    }
}

#[test]
fn a_later_epoch_is_named_and_never_taken_for_another() {
    let me = key(1).party();
    let in_epoch = |byte| TreeHead { epoch: Some(Digest([byte; 32])), ..head(42) };
    let text = sign(&in_epoch(0xB7), &key(1));
    assert!(text.starts_with(&format!("halfdoor/{me}/b7b7b7b7b7b7b7b7\n42\n")));
    assert!(states(&text, &me, &in_epoch(0xB7)));
    assert!(!states(&text, &me, &in_epoch(0xB8)));
    assert!(!states(&text, &me, &head(42)));
    assert!(!states(&sign(&head(42), &key(1)), &me, &in_epoch(0xB7)));
}
