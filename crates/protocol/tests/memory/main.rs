//! What a hostile frame costs whoever decodes it: at most eight times its own bytes, whatever it claims to hold.
//!
//! The allocator of this program counts. Every place of every valid message is filled with what costs more in memory
//! than on the wire, the message is signed again where that is needed to get past the signature, and the dearest of
//! all is printed and held against the bound. A program of its own: other tests' memory would be counted too.
#![allow(clippy::expect_used, reason = "a test fails by panicking, in its own functions too")]

mod fillings;
#[path = "../wire/forge.rs"]
#[allow(dead_code, reason = "shared with the tests of the wire")]
mod forge;
#[path = "../wire/samples.rs"]
#[allow(dead_code, reason = "shared with the tests of the wire")]
mod samples;

use ciborium::Value;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use fillings::{Filling, Place, anywhere, at, fill, instead, places};
use forge::{Forged, value_of};
use peak_alloc::PeakAlloc;
use protocol::{Ack, Frame, IdentityKey, Message, SignedInvite, limits::FRAME_BYTES, rendezvous};
use std::{hint::black_box, sync::LazyLock};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes of memory per byte received.
const BOUND: f64 = 8.0;
/// Hostile frames are about so long, in bytes.
const SIZES: [usize; 2] = [1 << 10, 40 << 10];

/// The dearest bytes that one decoder was given.
struct Dearest {
    decoder: &'static str,
    cases: usize,
    factor: f64,
    bytes: usize,
    what: String,
}

impl Dearest {
    fn of(decoder: &'static str) -> Self {
        Self { decoder, cases: 0, factor: 0.0, bytes: 0, what: String::new() }
    }

    /// Decodes, and keeps the case if none before was dearer.
    fn weigh<T>(&mut self, bytes: &[u8], what: impl FnOnce() -> String, decode: impl FnOnce(&[u8]) -> T) {
        HEAP.reset_peak_usage();
        let before = HEAP.current_usage();
        black_box(decode(black_box(bytes)));
        let factor = HEAP.peak_usage().saturating_sub(before) as f64 / bytes.len().max(1) as f64;
        self.cases += 1;
        if factor > self.factor {
            (self.factor, self.bytes, self.what) = (factor, bytes.len(), what());
        }
    }
}

/// Every place of a value filled with everything, at every size.
fn hostile(value: &Value, mut visit: impl FnMut(Vec<u8>, &Place, &str)) {
    static ANYWHERE: LazyLock<Vec<Vec<Filling>>> = LazyLock::new(|| SIZES.map(anywhere).to_vec());
    for place in places(value) {
        for (size, anywhere) in SIZES.into_iter().zip(&*ANYWHERE) {
            for (name, filling) in anywhere.iter().chain(&instead(at(value, &place), size)) {
                let bytes = fill(value, &place, filling);
                if bytes.len() <= FRAME_BYTES {
                    visit(bytes, &place, name);
                }
            }
        }
    }
}

/// One test: two at once would count each other's memory.
#[test]
fn decoding_hostile_bytes_takes_at_most_eight_times_their_length() {
    let all = [messages(), envelopes(), frames(), acks(), invites(), rendezvous()];
    for Dearest { decoder, cases, factor, bytes, what } in &all {
        println!("{decoder}: of {cases}, at most {factor:.1} times its {bytes} bytes, by {what}");
    }
    for Dearest { decoder, cases, factor, bytes, what } in all {
        assert!(factor <= BOUND, "{decoder}: {factor:.1} times its {bytes} bytes, by {what}");
        assert!(cases > 100, "{decoder}: hardly anything was measured");
    }
}

/// As they come: in a frame.
fn messages() -> Dearest {
    let mut dearest = Dearest::of("frame with a message");
    let receive =
        |frame: &[u8]| Frame::from_slice(frame).map(|frame| Message::open(&frame.message).map(|m| (m, frame)));
    for sample in samples::all() {
        let key = || IdentityKey::from_secret(&sample.secret);
        hostile(&value_of(&sample.payload), |payload, place, name| {
            let envelope = Forged::honest(sample.kind, key(), payload).bytes();
            if let Ok(frame) = Frame::new(&envelope, vec![]).to_vec() {
                dearest.weigh(&frame, || format!("{name} at {place:?} of a {}", sample.kind), receive);
            }
        });
    }
    dearest
}

fn envelopes() -> Dearest {
    let mut dearest = Dearest::of("envelope");
    let sample = samples::all().remove(0);
    hostile(&value_of(&sample.envelope), |bytes, place, name| {
        dearest.weigh(&bytes, || format!("{name} at {place:?}"), Message::open);
    });
    let key = || IdentityKey::from_secret(&sample.secret);
    for size in SIZES {
        for (name, filling) in anywhere(size) {
            let mut forged = Forged::honest(sample.kind, key(), sample.payload.clone());
            forged.protected = filling;
            dearest.weigh(&forged.bytes(), || format!("{name} in the protected header"), Message::open);
        }
    }
    dearest
}

fn frames() -> Dearest {
    let text = protocol::Text::new("words", protocol::Salt([1; 16])).expect("plain");
    let frame = Frame::new(&samples::all().remove(0).envelope, vec![text]).to_vec().expect("small");
    let mut dearest = Dearest::of("frame");
    hostile(&value_of(&frame), |bytes, place, name| {
        dearest.weigh(&bytes, || format!("{name} at {place:?}"), Frame::from_slice);
    });
    dearest
}

fn acks() -> Dearest {
    let mut dearest = Dearest::of("ack");
    let ack = Ack::Accepted(protocol::MessageId([1; 32])).to_vec().expect("an ack");
    hostile(&value_of(&ack), |bytes, place, name| {
        dearest.weigh(&bytes, || format!("{name} at {place:?}"), Ack::from_slice);
    });
    dearest
}

fn invites() -> Dearest {
    let mut dearest = Dearest::of("invite");
    let key = samples::owner;
    let ticket = vector(include_str!("../../../../docs/protocol/vectors/invite.json"), "/payload");
    hostile(&value_of(&ticket), |payload, place, name| {
        let envelope = Forged::honest("invite", key(), payload).bytes();
        let text = format!("hd1{}", BASE32_NOPAD.encode(&envelope));
        dearest.weigh(
            text.as_bytes(),
            || format!("{name} at {place:?}"),
            |bytes| SignedInvite::read(std::str::from_utf8(bytes).unwrap_or_default()),
        );
    });
    dearest
}

/// Protobuf: an empty registration takes two bytes on the wire.
fn rendezvous() -> Dearest {
    let mut dearest = Dearest::of("rendezvous answer");
    for size in SIZES.into_iter().chain([32, 64, 128]) {
        for part in
            [&[0x0A, 0x00][..], &[0x0A, 0x02, 0x0A, 0x00], &[0x0A, 0x02, 0x12, 0x00], &[0x12, 0x00], &[0x22, 0x00]]
        {
            for field in [0x12, 0x1A, 0x22, 0x2A, 0x32] {
                let inner = part.repeat(size / part.len());
                let length = [inner.len() | 0x80, inner.len() >> 7 | 0x80, inner.len() >> 14].map(|part| part as u8);
                // filled up with a cookie, so that what is weighed is as long as any
                let rest = [&[0x12, 0x80, 0x08][..], &[7; 1024]].concat();
                let bytes = [&[0x08, 0x04, field][..], &length, &inner, &rest].concat();
                dearest.weigh(&bytes, || format!("{part:?} again and again"), rendezvous::Message::from_bytes);
            }
        }
    }
    dearest
}

/// Bytes written in hex in a file of vectors.
fn vector(file: &str, pointer: &str) -> Vec<u8> {
    let file: serde_json::Value = serde_json::from_str(file).expect("JSON");
    let hex = file.pointer(pointer).and_then(serde_json::Value::as_str).expect(pointer);
    HEXLOWER.decode(hex.as_bytes()).expect("hex")
}
