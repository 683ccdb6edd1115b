//! A hundred thousand mutations of valid messages of every kind: none is accepted, none does harm.
//!
//! `HALFDOOR_MUTATIONS` sets how many are tried in all (1000000 for the long run); a failure names the seed of its
//! mutation, and `HALFDOOR_SEED` tries that one alone. What counts as accepted, by what was mutated:
//!
//! * an envelope: it opens, and is none of the valid ones;
//! * a payload that its sender signs again: it opens although wire.cddl does not allow it or its bytes are not the
//!   deterministic ones; nor may one be refused for its form that wire.cddl allows;
//! * a frame or an ack: it is read, and written as other bytes; an invite: it is read, and says something else.

mod bytes;
mod chance;
mod parts;
mod strict;
mod values;

use crate::{
    forge::{Forged, value_of},
    samples::{self, Sample},
    schema::Schema,
};
use chance::{Chance, chosen};
use data_encoding::BASE32_NOPAD;
use protocol::{Ack, Frame, IdentityKey, Message, Salt, SignedInvite, Text};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
};

/// Mutations in the test run, in all.
const MUTATIONS: u64 = 100_000;

fn all() -> &'static [Sample] {
    static ALL: OnceLock<Vec<Sample>> = OnceLock::new();
    ALL.get_or_init(samples::all)
}

/// Tries a share of the mutations, in hundredths of all. `attempt` says what was accepted that should not have been.
fn try_all(share: u64, mut attempt: impl FnMut(&mut Chance) -> Result<bool, String>) {
    let count = chosen("HALFDOOR_MUTATIONS").unwrap_or(MUTATIONS) * share / 100;
    let seeds = chosen("HALFDOOR_SEED").map_or(1..count + 1, |seed| seed..seed + 1);
    let (mut tried, mut opened) = (0u64, 0u64);
    for seed in seeds {
        let outcome = catch_unwind(AssertUnwindSafe(|| attempt(&mut Chance::from(seed))));
        match outcome {
            Ok(Ok(unharmed)) => opened += u64::from(unharmed),
            Ok(Err(what)) => panic!("HALFDOOR_SEED={seed}: {what}"),
            Err(_) => panic!("HALFDOOR_SEED={seed}: it panicked"),
        }
        tried += 1;
    }
    println!("{tried} mutations, {opened} of them of no effect or valid messages of their own");
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[test]
fn no_mutated_envelope_is_accepted() {
    try_all(60, |chance| {
        let sample = chance.of(all());
        let mutated = if chance.below(3) == 0 {
            parts::mutated(sample, chance.of(all()), chance)
        } else {
            bytes::mutated(&sample.envelope, &chance.of(all()).envelope, chance)
        };
        let valid = all().iter().any(|sample| sample.envelope == mutated);
        match Message::open(&mutated) {
            Ok(_) if !valid => Err(format!("accepted: {}", hex(&mutated))),
            Err(why) if valid => Err(format!("a valid message is refused: {why}")),
            _ => Ok(valid),
        }
    });
}

#[test]
fn a_mutated_payload_that_is_signed_again_is_accepted_only_as_the_schema_allows() {
    try_all(30, |chance| {
        let sample = chance.of(all());
        let payload = if chance.below(4) == 0 {
            bytes::mutated(&sample.payload, &chance.of(all()).payload, chance)
        } else {
            values::mutated(&value_of(&sample.payload), &value_of(&chance.of(all()).payload), chance)
        };
        let key = IdentityKey::from_secret(&sample.secret);
        let envelope = Forged::honest(sample.kind, key, payload.clone()).bytes();
        let form = strict::value(&payload);
        let allowed = form.is_some_and(|form| Schema::wire().allows(&format!("{}-payload", sample.kind), &form));
        match Message::open(&envelope) {
            Ok(_) if !allowed => Err(format!("accepted, a {} of: {}", sample.kind, hex(&payload))),
            Err(why) if allowed && !strict::may_refuse(&why, &payload) => Err(format!(
                "wire.cddl allows this {}, and it is refused for its form, {why}: {}",
                sample.kind,
                hex(&payload)
            )),
            opened => Ok(opened.is_ok()),
        }
    });
}

#[test]
fn a_mutated_frame_or_ack_is_read_only_as_what_it_is_and_brings_no_forged_message() {
    let text = |at: u8| Text::new("words", Salt([at; 16])).expect("plain");
    let frames: Vec<Vec<u8>> = (0u8..)
        .zip(all())
        .map(|(at, sample)| Frame::new(&sample.envelope, vec![text(at); usize::from(at % 3)]).to_vec().expect("small"))
        .collect();
    let acks = [Ack::Later, Ack::Accepted(all()[0].id), Ack::Refused(protocol::Refusal::Expired)];
    let acks = acks.map(|ack| ack.to_vec().expect("small"));
    try_all(5, |chance| {
        let frame: &Vec<u8> = chance.of(&frames);
        let ack: &Vec<u8> = chance.of(&acks);
        let (frame, ack) = if chance.below(2) == 0 {
            let other: &Vec<u8> = chance.of(&frames);
            (bytes::mutated(frame, other, chance), bytes::mutated(ack, other, chance))
        } else {
            let other: &Vec<u8> = chance.of(&frames);
            let other = value_of(other);
            (values::mutated(&value_of(frame), &other, chance), values::mutated(&value_of(ack), &other, chance))
        };
        if let Ok(ack) = Ack::from_slice(&ack).map(|read| (read.to_vec().expect("small"), ack))
            && ack.0 != ack.1
        {
            return Err(format!("an ack is read from {}", hex(&ack.1)));
        }
        let Ok(read) = Frame::from_slice(&frame) else { return Ok(false) };
        if read.to_vec().expect("small") != frame {
            return Err(format!("a frame is read from {}", hex(&frame)));
        }
        let forged = Message::open(&read.message).is_ok() && !all().iter().any(|known| known.envelope == *read.message);
        if forged { Err(format!("accepted from a frame: {}", hex(&frame))) } else { Ok(true) }
    });
}

#[test]
fn a_mutated_invite_is_not_read_as_another() {
    let vectors = include_str!("../../../../docs/protocol/vectors/invite.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).expect("JSON");
    let text = vectors["text"].as_str().expect("a text");
    let valid = SignedInvite::read(text).expect("an invite");
    let envelope = BASE32_NOPAD.decode(text[3..].to_uppercase().as_bytes()).expect("base32");
    let payload = data_encoding::HEXLOWER.decode(vectors["payload"].as_str().expect("hex").as_bytes()).expect("hex");
    try_all(5, |chance| {
        let other = &chance.of(all()).envelope;
        let changed = match chance.below(3) {
            0 => String::from_utf8_lossy(&bytes::mutated(text.as_bytes(), other, chance)).into_owned(),
            1 => format!("hd1{}", BASE32_NOPAD.encode(&bytes::mutated(&envelope, other, chance)).to_lowercase()),
            _ => {
                let payload = values::mutated(&value_of(&payload), &value_of(&chance.of(all()).payload), chance);
                let forged = Forged::honest("invite", samples::owner(), payload.clone());
                let text = format!("hd1{}", BASE32_NOPAD.encode(&forged.bytes()).to_lowercase());
                let allowed = strict::value(&payload).is_some_and(|form| Schema::wire().allows("ticket", &form));
                return match SignedInvite::read(&text) {
                    Ok(_) if !allowed => Err(format!("read, though wire.cddl does not allow it: {text}")),
                    read => Ok(read.is_ok()),
                };
            }
        };
        match SignedInvite::read(&changed) {
            Ok(read) if read.invite() != valid.invite() || read.id() != valid.id() => Err(format!("read: {changed}")),
            read => Ok(read.is_ok()),
        }
    });
}
