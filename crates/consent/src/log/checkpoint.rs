//! A head as a C2SP tlog-checkpoint, signed as a C2SP signed note by the party's identity key.
//!
//! Forms: <https://c2sp.org/tlog-checkpoint>, <https://c2sp.org/signed-note>.

use data_encoding::BASE64;
use protocol::{Digest, IdentityKey, PartyId, message::TreeHead};
use sha2::{Digest as _, Sha256};

/// Algorithm byte of Ed25519 in a signed note's key id.
const ED25519: u8 = 1;

/// Origin line and key name: names the party, so that two logs are never mistaken for each other.
#[must_use]
pub fn origin(party: &PartyId) -> String {
    format!("halfdoor/{party}")
}

/// The signed checkpoint of a head.
#[must_use]
pub fn sign(head: &TreeHead, key: &IdentityKey) -> String {
    let party = key.party();
    let text = body(&party, head);
    let mut signature = key_id(&party).to_vec();
    signature.extend(key.sign(text.as_bytes()));
    format!("{text}\n\u{2014} {} {}\n", origin(&party), BASE64.encode(&signature))
}

/// The head that a checkpoint of `party` states, if it is signed by it and in its one form.
#[must_use]
pub fn open(checkpoint: &str, party: &PartyId) -> Option<TreeHead> {
    let (text, signature_line) = checkpoint.split_once("\n\n")?;
    let text = format!("{text}\n");
    let mut lines = text.lines();
    let (origin_line, size, root) = (lines.next()?, lines.next()?, lines.next()?);
    let head = TreeHead {
        size: size.parse().ok()?,
        root: Digest::try_from(BASE64.decode(root.as_bytes()).ok()?.as_slice()).ok()?,
    };
    if origin_line != origin(party) || body(party, &head) != text {
        return None;
    }
    let encoded = signature_line.strip_prefix(&format!("\u{2014} {} ", origin(party)))?.strip_suffix('\n')?;
    let bytes = BASE64.decode(encoded.as_bytes()).ok()?;
    let (id, signature) = bytes.split_at_checked(4)?;
    let signature: [u8; 64] = signature.try_into().ok()?;
    (id == key_id(party) && party.verify(text.as_bytes(), &signature).is_ok()).then_some(head)
}

fn body(party: &PartyId, head: &TreeHead) -> String {
    format!("{}\n{}\n{}\n", origin(party), head.size, BASE64.encode(&head.root.0))
}

/// First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key).
fn key_id(party: &PartyId) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(origin(party))
        .chain_update([b'\n', ED25519])
        .chain_update(party.0)
        .finalize()
        .into();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests;
