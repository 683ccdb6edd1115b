//! Mutations of an envelope by its parts: taken from another, or signed as something that they are not.

use super::chance::Chance;
use crate::{
    forge::{Forged, bytes_of, header, value_of},
    samples::Sample,
};
use ciborium::Value;
use protocol::IdentityKey;

/// An envelope that nobody may accept: its parts do not belong together, or are signed as something else.
pub(crate) fn mutated(sample: &Sample, other: &Sample, chance: &mut Chance) -> Vec<u8> {
    if chance.below(3) == 0 { swapped(sample, other, chance) } else { bytes_of(&forged(sample, other, chance).value()) }
}

/// One to three parts of another envelope.
fn swapped(sample: &Sample, other: &Sample, chance: &mut Chance) -> Vec<u8> {
    let (mine, theirs) = (value_of(&sample.envelope), value_of(&other.envelope));
    let (mut mine, theirs) = (mine.into_array().expect("four parts"), theirs.into_array().expect("four parts"));
    for _ in 0..=chance.below(3) {
        let part = chance.below(4);
        mine[part] = theirs[part].clone();
    }
    if chance.below(4) == 0 {
        let [one, two] = [chance.below(4), chance.below(4)];
        mine.swap(one, two);
    }
    bytes_of(&Value::Array(mine))
}

/// Signed, but wrongly.
fn forged(sample: &Sample, other: &Sample, chance: &mut Chance) -> Forged {
    let key = IdentityKey::from_secret(&sample.secret);
    let party = key.party();
    let mut forged = Forged::honest(sample.kind, key, sample.payload.clone());
    let kind = |kind: &str| format!("application/halfdoor-{kind}+cbor");
    match chance.below(9) {
        0 => forged.aad = format!("halfdoor/{}/2", sample.kind),
        1 => forged.aad = ["", "halfdoor", "halfdoor/invite/1", "Signature1"][chance.below(4)].to_owned(),
        2 => forged.aad = format!("halfdoor/{}/1 ", sample.kind),
        3 => forged.protected = header([-8, -7, 19, 0][chance.below(4)], &kind(sample.kind), party.as_bytes()),
        4 => forged.protected = header(-19, &kind("invite"), party.as_bytes()),
        5 => forged.protected = header(-19, &kind(sample.kind), &vec![chance.byte(); chance.below(70)]),
        6 => forged.key = IdentityKey::from_secret(&[chance.byte(), 7].repeat(16).try_into().expect("32 bytes")),
        7 => forged.unprotected = value_of(&header(-19, &kind(sample.kind), party.as_bytes())),
        _ => dress(&mut forged, sample, other),
    }
    forged
}

/// Another kind's header with this kind's signature, or as it was where the kinds are the same.
fn dress(forged: &mut Forged, sample: &Sample, other: &Sample) {
    let party = IdentityKey::from_secret(&sample.secret).party();
    forged.protected = header(-19, &format!("application/halfdoor-{}+cbor", other.kind), party.as_bytes());
}
