//! A head as a C2SP tlog-checkpoint, signed as a C2SP signed note by the party's identity key.
//!
//! Forms: <https://c2sp.org/tlog-checkpoint>, <https://c2sp.org/signed-note>.

use data_encoding::BASE64;
use protocol::{Digest, IdentityKey, PartyId, message::TreeHead};
use sha2::{Digest as _, Sha256};

/// Algorithm byte of Ed25519 in a signed note's key id.
const ED25519: u8 = 1;

/// Letters of an epoch's id in an origin: enough that no two epochs of a party are mistaken for each other.
const EPOCH_LETTERS: usize = 16;

/// Origin line and key name: names the party and the epoch, so that two logs are never mistaken for each other.
#[must_use]
pub fn origin(party: &PartyId, epoch: Option<&Digest>) -> String {
    let epoch = epoch.map(ToString::to_string);
    match epoch.as_deref().and_then(|id| id.get(..EPOCH_LETTERS)) {
        Some(epoch) => format!("halfdoor/{party}/{epoch}"),
        None => format!("halfdoor/{party}"),
    }
}

/// The signed checkpoint of a head.
#[must_use]
pub fn sign(head: &TreeHead, key: &IdentityKey) -> String {
    let party = key.party();
    let (origin, text) = (origin(&party, head.epoch.as_ref()), body(&party, head));
    let mut signature = key_id(&origin, &party).to_vec();
    signature.extend(key.sign(text.as_bytes()));
    format!("{text}\n\u{2014} {origin} {}\n", BASE64.encode(&signature))
}

/// Whether a checkpoint states that head, is signed by `party`, and is in its one form.
#[must_use]
pub fn states(checkpoint: &str, party: &PartyId, head: &TreeHead) -> bool {
    let (origin, text) = (origin(party, head.epoch.as_ref()), body(party, head));
    let signature = checkpoint
        .strip_prefix(&text)
        .and_then(|rest| rest.strip_prefix(&format!("\n\u{2014} {origin} ")))
        .and_then(|rest| BASE64.decode(rest.strip_suffix('\n')?.as_bytes()).ok());
    let Some(bytes) = signature else { return false };
    let Some((id, signature)) = bytes.split_at_checked(4) else { return false };
    let Ok(signature) = <&[u8; 64]>::try_from(signature) else { return false };
    id == key_id(&origin, party) && party.verify(text.as_bytes(), signature).is_ok()
}

fn body(party: &PartyId, head: &TreeHead) -> String {
    format!("{}\n{}\n{}\n", origin(party, head.epoch.as_ref()), head.size, BASE64.encode(&head.root.0))
}

/// First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key).
fn key_id(name: &str, party: &PartyId) -> [u8; 4] {
    let hash: [u8; 32] =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(party.0).finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests;
