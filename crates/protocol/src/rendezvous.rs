//! Messages of libp2p's rendezvous protocol, by which peers find each other at a relay.
//!
//! Written from <https://github.com/libp2p/specs/blob/master/rendezvous/README.md>: libp2p keeps its own codec
//! private, its server lists every namespace to any stranger, and its client panics at a time to live that a hostile
//! server chooses. The relay (`crates/relay`) answers these messages, the node (`crates/net`) asks them.
//! On a stream each message is preceded by its length as an unsigned varint.

use prost::{
    DecodeError, Enumeration, Message as _, decode_length_delimiter,
    encoding::{DecodeContext, WireType, decode_key, skip_field},
};

/// Name of the protocol on a stream.
pub const PROTOCOL: &str = "/rendezvous/1.0.0";
/// Longest question, in bytes: a namespace and a signed record of a few addresses.
pub const QUESTION_BYTES: usize = 8 * 1024;
/// Longest answer, in bytes: [`ANSWER_REGISTRATIONS`] records of [`RECORD_BYTES`], and their frame.
pub const ANSWER_BYTES: usize = 64 * 1024;
/// Registrations in one answer: a namespace belongs to one invite or one pair.
pub const ANSWER_REGISTRATIONS: usize = 16;
/// Longest signed peer record, in bytes: eight circuit addresses with two peer ids each.
pub const RECORD_BYTES: usize = 3 * 1024;
/// Addresses in one record: four per relay, for two relays.
pub const RECORD_ADDRESSES: usize = 8;
/// Longest namespace, in bytes (recommended by the specification).
pub const NAMESPACE_BYTES: usize = 255;
/// Time to live where none is asked for, in seconds (2 hours, by the specification).
pub const DEFAULT_TTL_SECONDS: u64 = 2 * 60 * 60;

/// Tag of [`Message::discover_response`].
const DISCOVER_RESPONSE: u32 = 6;
/// Tag of [`DiscoverResponse::registrations`].
const REGISTRATIONS: u32 = 1;

/// Bytes that are no message of this protocol.
#[derive(Debug, thiserror::Error)]
pub enum BadRendezvous {
    /// Not protobuf of this form.
    #[error("not a rendezvous message")]
    Form(#[from] prost::DecodeError),
    /// An answer of more than [`ANSWER_REGISTRATIONS`].
    #[error("more than {ANSWER_REGISTRATIONS} registrations in one answer")]
    TooMany,
}

/// Any message: its kind, and the one part that belongs to the kind.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Message {
    /// A [`Kind`].
    #[prost(enumeration = "Kind", optional, tag = "1")]
    pub kind: Option<i32>,
    /// With [`Kind::Register`].
    #[prost(message, optional, tag = "2")]
    pub register: Option<Register>,
    /// With [`Kind::RegisterResponse`].
    #[prost(message, optional, tag = "3")]
    pub register_response: Option<RegisterResponse>,
    /// With [`Kind::Unregister`].
    #[prost(message, optional, tag = "4")]
    pub unregister: Option<Unregister>,
    /// With [`Kind::Discover`].
    #[prost(message, optional, tag = "5")]
    pub discover: Option<Discover>,
    /// With [`Kind::DiscoverResponse`].
    #[prost(message, optional, tag = "6")]
    pub discover_response: Option<DiscoverResponse>,
}

/// Which part of a [`Message`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum Kind {
    /// Asks to be listed.
    Register = 0,
    /// Answers [`Kind::Register`].
    RegisterResponse = 1,
    /// Asks to be listed no more; has no answer.
    Unregister = 2,
    /// Asks who is listed.
    Discover = 3,
    /// Answers [`Kind::Discover`].
    DiscoverResponse = 4,
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub enum Status {
    /// As asked.
    Ok = 0,
    /// No namespace, an empty one or one that is too long.
    InvalidNamespace = 100,
    /// A record with a wrong signature, of another peer, too old, too long or naming what it may not name.
    InvalidSignedPeerRecord = 101,
    /// A time to live outside the server's bounds.
    InvalidTtl = 102,
    /// A cookie of another namespace, or none of the server's.
    InvalidCookie = 103,
    /// The server does not serve this peer.
    NotAuthorized = 200,
    /// The server failed.
    InternalError = 300,
    /// The server is full, or the peer has too many registrations.
    Unavailable = 400,
}

/// A peer under a namespace; in a question and, once per found peer, in an answer.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct Register {
    /// The namespace.
    #[prost(string, optional, tag = "1")]
    pub namespace: Option<String>,
    /// The peer's addresses in a signed envelope (libp2p RFC 0002 and 0003).
    #[prost(bytes = "vec", optional, tag = "2")]
    pub signed_peer_record: Option<Vec<u8>>,
    /// Time to live, in seconds.
    #[prost(uint64, optional, tag = "3")]
    pub ttl: Option<u64>,
}

/// Answers [`Register`].
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct RegisterResponse {
    /// A [`Status`].
    #[prost(enumeration = "Status", optional, tag = "1")]
    pub status: Option<i32>,
    /// The same in words.
    #[prost(string, optional, tag = "2")]
    pub status_text: Option<String>,
    /// Time to live granted, in seconds.
    #[prost(uint64, optional, tag = "3")]
    pub ttl: Option<u64>,
}

/// Takes a registration back.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct Unregister {
    /// The namespace.
    #[prost(string, optional, tag = "1")]
    pub namespace: Option<String>,
    /// Deprecated by the specification: the peer is the connection's.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub id: Option<Vec<u8>>,
}

/// Asks who is registered.
#[derive(Clone, PartialEq, Eq, Hash, prost::Message)]
pub struct Discover {
    /// The namespace.
    #[prost(string, optional, tag = "1")]
    pub namespace: Option<String>,
    /// Most registrations wanted.
    #[prost(uint64, optional, tag = "2")]
    pub limit: Option<u64>,
    /// From an earlier answer: only what was registered since.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub cookie: Option<Vec<u8>>,
}

/// Answers [`Discover`].
#[derive(Clone, PartialEq, prost::Message)]
pub struct DiscoverResponse {
    /// Who is registered.
    #[prost(message, repeated, tag = "1")]
    pub registrations: Vec<Register>,
    /// To be sent with the next [`Discover`] of the same namespace.
    #[prost(bytes = "vec", optional, tag = "2")]
    pub cookie: Option<Vec<u8>>,
    /// A [`Status`].
    #[prost(enumeration = "Status", optional, tag = "3")]
    pub status: Option<i32>,
    /// The same in words.
    #[prost(string, optional, tag = "4")]
    pub status_text: Option<String>,
}

impl Message {
    /// A question to be listed under `namespace` for `ttl` seconds.
    pub fn register(namespace: String, signed_peer_record: Vec<u8>, ttl: u64) -> Self {
        let register =
            Register { namespace: Some(namespace), signed_peer_record: Some(signed_peer_record), ttl: Some(ttl) };
        Self { kind: Some(Kind::Register.into()), register: Some(register), ..Self::default() }
    }

    /// A wish to be listed no more.
    pub fn unregister(namespace: String) -> Self {
        let unregister = Unregister { namespace: Some(namespace), id: None };
        Self { kind: Some(Kind::Unregister.into()), unregister: Some(unregister), ..Self::default() }
    }

    /// A question who is listed under exactly `namespace`.
    pub fn discover(namespace: String) -> Self {
        let discover = Discover { namespace: Some(namespace), limit: Some(ANSWER_REGISTRATIONS as u64), cookie: None };
        Self { kind: Some(Kind::Discover.into()), discover: Some(discover), ..Self::default() }
    }

    /// The answer to a registration: the granted time to live in seconds, or why not.
    pub fn registered(outcome: Result<u64, Status>) -> Self {
        let (status, ttl) = match outcome {
            Ok(ttl) => (Status::Ok, Some(ttl)),
            Err(status) => (status, None),
        };
        let response = RegisterResponse { status: Some(status.into()), status_text: None, ttl };
        Self { kind: Some(Kind::RegisterResponse.into()), register_response: Some(response), ..Self::default() }
    }

    /// The answer to a search: who is registered and a cookie, or why not.
    pub fn discovered(outcome: Result<(Vec<Register>, Vec<u8>), Status>) -> Self {
        let (status, registrations, cookie) = match outcome {
            Ok((registrations, cookie)) => (Status::Ok, registrations, Some(cookie)),
            Err(status) => (status, Vec::new(), None),
        };
        let response = DiscoverResponse { registrations, cookie, status: Some(status.into()), status_text: None };
        Self { kind: Some(Kind::DiscoverResponse.into()), discover_response: Some(response), ..Self::default() }
    }

    /// Its bytes, without the length that precedes them on a stream.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    /// Reads [`Self::to_bytes`]. The caller has bounded `bytes`; whether the parts fit the kind is for who uses them.
    ///
    /// # Errors
    /// Fails if `bytes` are no such message.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadRendezvous> {
        // an empty registration takes two bytes on the wire and fifty times as many in memory
        if registrations(bytes)? > ANSWER_REGISTRATIONS {
            return Err(BadRendezvous::TooMany);
        }
        Ok(Self::decode(bytes)?)
    }
}

/// How many registrations the answers in `bytes` have, counted where they lie.
fn registrations(bytes: &[u8]) -> Result<usize, DecodeError> {
    let mut count = 0usize;
    each_part(bytes, DISCOVER_RESPONSE, |answer| {
        each_part(answer, REGISTRATIONS, |_| {
            count += 1;
            Ok(())
        })
    })?;
    Ok(count)
}

/// Visits what stands under one tag.
fn each_part(
    mut bytes: &[u8],
    wanted: u32,
    mut visit: impl FnMut(&[u8]) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    while !bytes.is_empty() {
        let (tag, wire) = decode_key(&mut bytes)?;
        if wire != WireType::LengthDelimited {
            skip_field(wire, tag, &mut bytes, DecodeContext::default())?;
            continue;
        }
        let length = decode_length_delimiter(&mut bytes)?;
        let Some((part, rest)) = bytes.split_at_checked(length) else {
            return Ok(()); // cut short: the decoder says so
        };
        if tag == wanted {
            visit(part)?;
        }
        bytes = rest;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
