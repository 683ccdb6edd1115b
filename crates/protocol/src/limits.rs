//! Every bound of the protocol, named once, each with its reason.

use std::ops::RangeInclusive;

/// Largest frame on a stream. Fits any message with its texts; small enough to hold for thousands of peers.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Largest message that may wait in a relay's mailbox (a slot is 16 KiB after sealing).
pub const MAILBOX_MESSAGE_BYTES: usize = 15 * 1024;
/// Largest sealed item in a relay's mailbox: the slot. The rest of it holds the key, the tag of the cipher and names.
pub const MAILBOX_ITEM_BYTES: usize = 16 * 1024;
/// Sealed items under one tag: one direction of one pair for one day.
pub const MAILBOX_TAG_ITEMS: usize = 64;
/// How long a relay keeps an item at most, in seconds (7 days); a reader asks for as many days' tags.
pub const MAILBOX_SECONDS: u64 = 7 * 24 * 3600;
/// Days of tags that a reader asks for.
pub const MAILBOX_DAYS: u64 = 7;
/// Capabilities in one question: nine people's week.
pub const MAILBOX_CAPABILITIES: usize = 64;
/// Items in one answer, and names in one ack: 256 KiB at the items' largest.
pub const MAILBOX_ANSWER_ITEMS: usize = 16;
/// Answers to messages that one item carries back.
pub const MAILBOX_ACKS: usize = 64;
/// Deepest nesting of CBOR: our deepest message, a counter-offer whose computation has a filter, has 12 levels.
pub const CBOR_DEPTH: usize = 16;
/// Most CBOR items in one frame: bounds the memory that decoding may use at a small multiple of the frame. A full
/// catalog page of full pointers has about 10,800, so that bytes are the only bound a page can meet.
pub const CBOR_ITEMS: usize = 16 * 1024;
/// Longest time between a message's creation and its expiry, in seconds (30 days).
pub const LIFETIME_SECONDS: u64 = 30 * 24 * 3600;
/// Difference tolerated between two parties' clocks, in seconds.
pub const SKEW_SECONDS: u64 = 120;
/// Longest life of a presence, in seconds (7 days).
pub const PRESENCE_SECONDS: u64 = 7 * 24 * 3600;
/// Longest personal text (a reason, a description), in UTF-8 bytes.
pub const TEXT_BYTES: usize = 2048;
/// Longest text within a signed message, in UTF-8 bytes: a checkpoint. Bounds what a decoder quotes of one.
pub const SIGNED_TEXT_BYTES: usize = 512;
/// Longest name of a person, dataset or column, in UTF-8 bytes.
pub const NAME_BYTES: usize = 64;
/// Texts that travel beside one message: a full catalog page has two per pointer.
pub const TEXTS_PER_FRAME: usize = 128;
/// Pointers on one catalog page.
pub const CATALOG_PAGE: usize = 32;
/// Columns of one dataset: a pointer with all of them still fits a frame.
pub const COLUMNS: usize = 64;
/// Uses a grant may allow at most.
pub const USES: u32 = 10_000;
/// Kinds or columns named by a standing grant.
pub const STANDING_ITEMS: usize = 64;
/// Hashes in a Merkle proof: a log of 2^64 entries needs no more.
pub const PROOF_HASHES: usize = 65;
/// Longest signed checkpoint, in bytes.
pub const CHECKPOINT_BYTES: usize = 512;
/// Relays one invite may name.
pub const INVITE_RELAYS: usize = 4;
/// Addresses of one relay in an invite.
pub const RELAY_ADDRESSES: usize = 4;
/// Longest address of a relay, in bytes of its text form.
pub const ADDRESS_BYTES: usize = 160;
/// Longest token a relay may ask for, in bytes.
pub const TOKEN_BYTES: usize = 64;
/// Longest invite in its text form.
pub const INVITE_CHARACTERS: usize = 4096;
/// Longest life of an invite, in seconds (30 days).
pub const INVITE_SECONDS: u64 = 30 * 24 * 3600;
/// Longest libp2p peer id, in bytes (an inlined Ed25519 key has 38).
pub const PEER_ID_BYTES: usize = 64;
/// Digits of a decimal in a dataset: sums over 10^10 rows still fit an i128.
pub const CELL_DIGITS: u32 = 28;
/// Digits after the point of a decimal in a dataset.
pub const CELL_SCALE: u8 = 12;
/// Largest voucher, in bytes: the largest of ours has 406. A receipt that carries one still fits a mailbox.
pub const VOUCHER_BYTES: usize = 512;
/// Rows of a mock: made up to try a request on, and no place for data.
pub const MOCK_ROWS: u64 = 1000;
/// Longest reason why a try came to nothing, in bytes.
pub const MOCK_WORDS_BYTES: usize = 256;
/// Notes and reasons in one message.
pub const NOTES: usize = 16;
/// Receipts an offer may rest on.
pub const OFFER_RECEIPTS: usize = 32;
/// Principal reasons of a refusal (Regulation B's customary four).
pub const OFFER_REASONS: usize = 4;
/// Comparisons in one filter, all of which must hold: more than a sentence can say plainly.
pub const CONDITIONS: usize = 8;
/// Values that one comparison names: a household's categories; the prompt lists every one.
pub const ONE_OF: usize = 32;
/// Groups of one outcome: five years of months; with the widest keys and values they fit a mailbox.
pub const GROUPS: usize = 64;
/// Edges of a histogram: 64 bins.
pub const HISTOGRAM_EDGES: usize = 65;
/// Edges of bands: more of them would tell the number itself.
pub const BAND_EDGES: usize = 16;
/// Days that the window of a credit attribute may have: a week to a year, a leap day included.
pub const ATTRIBUTE_DAYS: RangeInclusive<u16> = 7..=366;
/// Whole calendar months that the window of a credit attribute may have: what lenders look back at most.
pub const ATTRIBUTE_MONTHS: RangeInclusive<u8> = 1..=24;
/// Words that may mark what a credit attribute means: the prompt shows every one.
pub const ATTRIBUTE_WORDS: usize = 8;
/// Last day of the month on which a payment can be due: every month has it.
pub const DUE_DAY: u8 = 28;
/// Most days after the due one that are still on time: with more, one month's payment would be the next one's.
pub const GRACE_DAYS: u8 = 15;
/// Largest computation, encoded, in bytes: a receipt that repeats it beside the largest outcome still fits a mailbox.
pub const COMPUTATION_BYTES: usize = 3 * 1024;
/// Rows up to which a ledger of what was told of each is kept: a fact about every second of them fits a few records, and
/// a household's whole life has fewer.
pub const LEDGER_ROWS: u64 = 250_000;
