//! An invite as somebody pastes it: one text per invite, but for case and the white space around it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::SignedInvite;

fuzz_target!(|text: &str| {
    if let Ok(invite) = SignedInvite::read(text) {
        assert_eq!(invite.text(), text.trim().to_ascii_lowercase());
        let again = SignedInvite::read(&invite.qr_text()).expect("the same in capitals");
        assert_eq!(again.id(), invite.id());
    }
});
