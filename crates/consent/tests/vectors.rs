//! docs/protocol/vectors, the part about logs and files: compared with the code; `BLESS=1` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, in its own functions too; vectors are files"
)]

#[path = "../src/testing.rs"]
#[allow(dead_code, reason = "the crate's own tests use the rest")]
mod testing;

use consent::{
    bundle::{self, Bundle, Parts},
    files::{self, Evidence, Item},
    log::{self, heads, restart},
};
use data_encoding::HEXLOWER as HEX;
use protocol::{Digest, Event, Kind, MessageId, cbor, message::TreeHead};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf};
use testing::{Party, euros, exchange, receipted, terms, version};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/vectors")
}

/// One file: what is wrong with it, in our words, or that it holds.
fn vector(name: &str, bytes: &[u8], refusal: Option<String>) -> Value {
    json!({ "name": name, "file": HEX.encode(bytes), "holds": refusal.is_none(), "refused": refusal })
}

/// An owner and what she did: two receipts of one requester, a backup restored between them.
struct Story {
    owner: Party,
    requester: Party,
    receipts: [MessageId; 2],
}

fn story() -> Story {
    let (mut owner, mut requester, _, first) = receipted();
    owner.wait(60);
    requester.wait(60);
    owner.act(restart).unwrap();
    let asked = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    owner.approve(&asked, euros("99"));
    exchange(&mut owner, &mut requester);
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.compute(&euros("99"), version(1));
    exchange(&mut owner, &mut requester);
    let second = requester.request(&asked).receipt.unwrap();
    Story { owner, requester, receipts: [first, second] }
}

fn receipt_refusal(bytes: &[u8]) -> Option<String> {
    match bundle::verify(bytes) {
        Err(error) => Some(error.to_string()),
        Ok(verified) => verified.checks.iter().find(|check| !check.holds).map(|check| check.what.to_owned()),
    }
}

fn receipt_files(story: &Story) -> Value {
    let export = |party: &Party, receipt: &MessageId| party.read(|draft| bundle::export(draft, receipt));
    let [first, second] = &story.receipts;
    let whole = export(&story.owner, first);
    let altered = |change: &dyn Fn(&mut Parts)| {
        let Bundle::V1(mut parts) = cbor::from_slice(&whole).unwrap();
        change(&mut parts);
        cbor::to_vec(&Bundle::V1(parts)).unwrap()
    };
    let Bundle::V1(other) = cbor::from_slice(&export(&story.owner, second)).unwrap();
    let cases = [
        ("under the head it states, by the requester", export(&story.requester, first)),
        ("under a head of a later epoch, by the owner", whole.clone()),
        ("in a later epoch", export(&story.requester, second)),
        ("not cosigned yet", altered(&|parts| parts.later = None)),
        ("without the words", altered(&|parts| parts.texts.clear())),
        ("with other words", altered(&|parts| parts.texts = vec![testing::words("another reason")])),
        ("with another receipt", altered(&|parts| parts.receipt = other.receipt.clone())),
        ("with another decision", altered(&|parts| parts.decision = other.decision.clone())),
        (
            "with another request",
            altered(&|parts| {
                parts.request = other.request.clone();
                parts.texts = other.texts.clone();
            }),
        ),
        ("with a receipt of which a bit is altered", altered(&|parts| parts.receipt[200] ^= 1)),
        ("with a cosignature of which a bit is altered", altered(&|parts| later(parts).cosign[200] ^= 1)),
        ("with another later head", altered(&|parts| later(parts).head.root.0[0] ^= 1)),
        (
            "with another checkpoint",
            altered(&|parts| later(parts).checkpoint = later(&mut other.clone()).checkpoint.replace('=', "")),
        ),
        (
            "with a shorter proof",
            altered(&|parts| {
                later(parts).consistency.pop();
            }),
        ),
        ("cut short", whole[..whole.len() - 1].to_vec()),
    ];
    cases.iter().map(|(name, bytes)| vector(name, bytes, receipt_refusal(bytes))).collect()
}

fn later(parts: &mut Parts) -> &mut bundle::Later {
    parts.later.as_mut().unwrap()
}

fn log_items(party: &Party) -> Vec<Item> {
    let bytes = party.read(|draft| {
        let (head, mut bytes) = files::opening(draft, &party.key)?;
        bytes.extend(files::cosigned(draft, &head)?);
        bytes.extend(files::entries(draft, &head, 0, u64::MAX)?);
        Ok(bytes)
    });
    let (mut rest, mut items) = (&bytes[..], Vec::new());
    while !rest.is_empty() {
        let (item, after) = rest.split_at(cbor::first_item(rest).unwrap());
        items.push(cbor::from_slice(item).unwrap());
        rest = after;
    }
    items
}

fn log_files(story: &Story) -> Value {
    let items = log_items(&story.owner);
    let first = items.iter().position(|item| matches!(item, Item::Entry(_))).unwrap();
    let altered = |change: &dyn Fn(&mut Vec<Item>)| {
        let mut items = items.clone();
        change(&mut items);
        items.iter().flat_map(|item| cbor::to_vec(item).unwrap()).collect::<Vec<u8>>()
    };
    let entry = |items: &mut Vec<Item>, at: usize, change: fn(&mut protocol::Entry)| match &mut items[first + at] {
        Item::Entry(entry) => change(entry),
        other => panic!("{other:?}"),
    };
    let whole = altered(&|_| ());
    let cases = [
        ("of two epochs, cosigned", whole.clone()),
        ("of somebody who asks", log_items(&story.requester).iter().flat_map(|i| cbor::to_vec(i).unwrap()).collect()),
        ("with a pruned entry", altered(&|items| prune(&mut items[first + 3]))),
        ("with an altered entry", altered(&|items| entry(items, 4, |entry| entry.salt.0[0] ^= 1))),
        ("with an earlier time", altered(&|items| entry(items, 4, |entry| entry.time -= 1))),
        ("with two entries swapped", altered(&|items| items.swap(first + 4, first + 5))),
        ("with an entry left out", altered(&|items| drop(items.remove(first + 4)))),
        ("with an entry too many", altered(&|items| items.push(items[first + 4].clone()))),
        ("without its beginning", altered(&|items| drop(items.remove(0)))),
        ("without its first entry", altered(&|items| prune(&mut items[first]))),
        ("with the cosignature behind an entry", altered(&|items| items.swap(first - 1, first))),
        (
            "with a cosignature of which a bit is altered",
            altered(&|items| match &mut items[first - 1] {
                Item::Cosigned(bytes) => bytes[100] ^= 1,
                other => panic!("{other:?}"),
            }),
        ),
        (
            "with another root",
            altered(&|items| match &mut items[0] {
                Item::Beginning(first) => first.head.root.0[0] ^= 1,
                other => panic!("{other:?}"),
            }),
        ),
        ("cut short within an entry", whole[..whole.len() - 10].to_vec()),
        ("of nothing", vec![]),
    ];
    let refusal = |bytes: &[u8]| files::verify(bytes, &BTreeSet::new()).err().map(|error| error.to_string());
    cases.iter().map(|(name, bytes)| vector(name, bytes, refusal(bytes))).collect()
}

fn prune(item: &mut Item) {
    let Item::Entry(entry) = &*item else { panic!("{item:?}") };
    *item = Item::Pruned(entry.leaf().unwrap());
}

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| log::append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

/// Evidence against an owner of whom the requester saw one life and then another.
fn evidence(lives: impl FnOnce(&mut Party, &mut Party)) -> Vec<u8> {
    let (mut owner, mut requester) = testing::owner_and_requester();
    let mut other = owner.clone();
    lives(&mut owner, &mut other);
    let to = requester.id();
    for life in [&mut owner, &mut other] {
        requester.clock = life.clock;
        life.act(|draft, context| heads::show(draft, context, &to)).unwrap();
        exchange(life, &mut requester);
    }
    requester.read(|draft| Evidence::export(draft, &owner.id()))
}

fn evidence_files() -> Value {
    let cut_back = evidence(|owner, other| {
        grow(owner, 3);
        other.wait(60);
    });
    let two_roots = evidence(|owner, other| {
        grow(owner, 3);
        other.wait(60);
        grow(other, 3);
    });
    let no_continuation = evidence(|owner, other| {
        grow(owner, 2);
        other.wait(60);
        grow(other, 5);
    });
    let over = evidence(|owner, other| {
        owner.act(restart).unwrap();
        other.wait(600);
        grow(other, 2);
    });
    let mut altered = cut_back.clone();
    altered[300] ^= 1;
    let cases = [
        ("cut back", cut_back),
        ("two roots", two_roots),
        ("no continuation", no_continuation),
        ("an epoch that was over", over),
        ("altered", altered),
    ];
    let refusal = |bytes: &[u8]| Evidence::verify(bytes).err().map(|error| error.to_string());
    cases.iter().map(|(name, bytes)| vector(name, bytes, refusal(bytes))).collect()
}

/// Trees of one item to nine, with every proof in the largest.
fn proofs() -> Value {
    let mut party = Party::new(1, "Lena");
    grow(&mut party, 8);
    let items: Vec<Digest> = (0..9).map(|index| party.read(|draft| log::entry(draft, index)).leaf().unwrap()).collect();
    let roots: Vec<TreeHead> = (0..=9).map(|size| party.read(|draft| log::head_at(draft, size))).collect();
    let hex = |hashes: Vec<Digest>| hashes.iter().map(ToString::to_string).collect::<Vec<_>>();
    let included = |index| hex(party.read(|draft| log::inclusion(draft, index, 9)));
    let continued = |since| hex(party.read(|draft| log::consistency(draft, since, 9)));
    json!({
        "items": hex(items),
        "roots": roots.iter().map(|head| head.root.to_string()).collect::<Vec<_>>(),
        "inclusion": (0..9).map(included).collect::<Vec<_>>(),
        "consistency": (0..=9).map(continued).collect::<Vec<_>>(),
    })
}

#[test]
fn the_vectors_of_logs_and_files_are_what_the_code_makes() {
    let story = story();
    let made = [
        ("receipt-file.json", receipt_files(&story)),
        ("log-file.json", log_files(&story)),
        ("evidence-file.json", evidence_files()),
        ("log-proofs.json", proofs()),
    ];
    for (name, made) in made {
        let path = folder().join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        }
        let kept =
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; BLESS=1 writes it", path.display()));
        assert!(serde_json::from_str::<Value>(&kept).unwrap() == made, "{name} is another; BLESS=1 writes it anew");
        for vector in made.as_array().into_iter().flatten() {
            let (name, holds) = (vector["name"].as_str().unwrap(), vector["holds"] == true);
            let expected = HOLD.contains(&name);
            assert_eq!(holds, expected, "{name}: {}", vector["refused"]);
        }
    }
}

/// What holds of them; everything else must be refused.
const HOLD: [&str; 12] = [
    "under the head it states, by the requester",
    "under a head of a later epoch, by the owner",
    "in a later epoch",
    "not cosigned yet",
    "without the words",
    "of two epochs, cosigned",
    "of somebody who asks",
    "with a pruned entry",
    "cut back",
    "two roots",
    "no continuation",
    "an epoch that was over",
];
