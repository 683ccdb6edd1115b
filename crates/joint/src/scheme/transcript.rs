//! What a proof's challenge depends on (Merlin: STROBE-128 over Keccak-f[1600]).

use curve25519_dalek::{RistrettoPoint, Scalar, ristretto::CompressedRistretto};

pub(super) struct Transcript(merlin::Transcript);

impl Transcript {
    /// The context is a request, or a joint key, which binds its request.
    pub(super) fn new(step: &'static str, context: &[u8; 32], holder: usize) -> Self {
        let mut transcript = merlin::Transcript::new(b"halfdoor/joint/1");
        transcript.append_message(b"step", step.as_bytes());
        transcript.append_message(b"context", context);
        transcript.append_u64(b"holder", holder as u64);
        Self(transcript)
    }

    pub(super) fn number(&mut self, label: &'static str, number: usize) {
        self.0.append_u64(label.as_bytes(), number as u64);
    }

    pub(super) fn bytes(&mut self, label: &'static str, bytes: &[u8]) {
        self.0.append_message(label.as_bytes(), bytes);
    }

    pub(super) fn point(&mut self, label: &'static str, point: &CompressedRistretto) {
        self.bytes(label, point.as_bytes());
    }

    pub(super) fn computed(&mut self, label: &'static str, point: &RistrettoPoint) {
        self.point(label, &point.compress());
    }

    pub(super) fn challenge(&mut self, label: &'static str) -> Scalar {
        let mut bytes = [0; 64];
        self.0.challenge_bytes(label.as_bytes(), &mut bytes);
        Scalar::from_bytes_mod_order_wide(&bytes)
    }
}
