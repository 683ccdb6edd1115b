//! Mutations of bytes, whatever they mean.

use super::chance::Chance;

/// One to four changes; spliced with parts of `other`.
pub(crate) fn mutated(valid: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = valid.to_vec();
    for _ in 0..=chance.below(4) {
        bytes = once(bytes, other, chance);
    }
    bytes
}

fn once(mut bytes: Vec<u8>, other: &[u8], chance: &mut Chance) -> Vec<u8> {
    if bytes.is_empty() {
        return vec![chance.byte()];
    }
    let at = chance.below(bytes.len());
    let to = (at + 1 + chance.below(40)).min(bytes.len());
    match chance.below(11) {
        0 | 1 => bytes[at] ^= 1 << chance.below(8),
        2 => bytes[at] = chance.telling_byte(),
        3 => bytes.insert(at, chance.telling_byte()),
        4 => drop(bytes.drain(at..to)),
        5 => bytes.truncate(at),
        6 => bytes.extend((0..=chance.below(8)).map(|_| chance.telling_byte())),
        7 => bytes = [&bytes[..to], &bytes[at..]].concat(),
        8 => bytes = [&bytes[..at], &other[chance.below(other.len())..]].concat(),
        9 => bytes[at..to].reverse(),
        _ => {
            let length = other.len().min(to - at);
            let from = chance.below(other.len() - length + 1);
            bytes[at..at + length].copy_from_slice(&other[from..from + length]);
        }
    }
    bytes
}
