//! docs/protocol/vectors, compared with the code. `BLESS=1` writes them anew.
#![allow(clippy::disallowed_methods, reason = "vectors are files; the rule is the library's")]

use crate::{
    forge::{sig_structure, value_of},
    refused,
    samples::{self, DAY, NOW, OWNER, Sample, counting, name, owner, requester},
    schema::Schema,
};
use ciborium::Value as Cbor;
use data_encoding::HEXLOWER as HEX;
use protocol::{message::TreeHead, pairing::*, *};
use serde_bytes::ByteBuf;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol/vectors")
}

fn read(file: &str) -> Value {
    let path = folder().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; BLESS=1 writes it", path.display()));
    serde_json::from_str(&text).expect(file)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEX.encode(bytes.as_ref())
}

fn unhex(value: &Value) -> Vec<u8> {
    HEX.decode(value.as_str().expect("hex").as_bytes()).expect("hex")
}

/// CBOR as JSON people can read: byte strings in the notation of RFC 8949 §8.
fn readable(value: &Cbor) -> Value {
    match value {
        Cbor::Bytes(bytes) => json!(format!("h'{}'", hex(bytes))),
        Cbor::Text(text) => json!(text),
        Cbor::Integer(number) => json!(u64::try_from(*number).expect("not negative")),
        Cbor::Bool(yes) => json!(yes),
        Cbor::Null => Value::Null,
        Cbor::Array(items) => items.iter().map(readable).collect(),
        Cbor::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| (key.as_text().expect("text").to_owned(), readable(value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        other => panic!("no message holds {other:?}"),
    }
}

fn message(sample: &Sample) -> Value {
    let protected = value_of(&sample.envelope).into_array().expect("four parts")[0].as_bytes().expect("bytes").clone();
    let signed = sig_structure(&protected, &format!("halfdoor/{}/1", sample.kind), &sample.payload);
    json!({
        "form": sample.form,
        "secret_key": hex(sample.secret),
        "decoded": readable(&value_of(&sample.payload)),
        "payload": hex(&sample.payload),
        "sig_structure": hex(signed),
        "id": sample.id.to_string(),
        "envelope": hex(&sample.envelope),
    })
}

fn refusals() -> Value {
    let case = |case: refused::Case| json!({ "name": case.name, "error": case.refusal, "envelope": hex(case.bytes) });
    // one is 64 KiB of zeros and says nothing that its name does not
    refused::cases().into_iter().filter(|case| case.bytes.len() <= 4096).map(case).collect()
}

fn invite() -> Invite {
    Invite {
        inviter: owner().party(),
        relays: vec![RelayHint {
            peer: ByteBuf::from(counting::<38>(1)),
            addresses: vec!["/dns4/relay.example/udp/4001/quic-v1".to_owned(), "/ip4/192.0.2.7/tcp/4001".to_owned()],
            token: ByteBuf::from(counting::<16>(2)),
        }],
        secret: counting(3),
        expires: NOW + DAY,
        uses: 1,
        hint: Some(name("car loan")),
    }
}

fn invites() -> Value {
    let signed = SignedInvite::sign(invite(), &owner(), NOW).expect("an invite");
    let envelope = data_encoding::BASE32_NOPAD.decode(&signed.qr_text().as_bytes()["HD1".len()..]).expect("base32");
    let payload = value_of(&envelope).into_array().expect("four parts")[2].as_bytes().expect("bytes").clone();
    let text = signed.text();
    let refused = [
        ("without its prefix", text[3..].to_owned()),
        ("with another prefix", format!("hd2{}", &text[3..])),
        ("with a character that is not base32", format!("{text}1")),
        ("cut short", text[..text.len() - 8].to_owned()),
        ("with a bit set that no byte has", format!("{}b", &text[..text.len() - 1])),
        (
            "altered in its middle",
            text[..100].to_owned() + if &text[100..101] == "a" { "b" } else { "a" } + &text[101..],
        ),
        ("longer than any invite", format!("hd1{}", "a".repeat(limits::INVITE_CHARACTERS))),
        ("empty", String::new()),
    ];
    let refused = refused.map(|(name, text)| {
        let error = SignedInvite::read(&text).expect_err(name).to_string();
        json!({ "name": name, "text": text, "error": error })
    });
    json!({
        "secret_key": hex(OWNER),
        "decoded": readable(&value_of(&payload)),
        "payload": hex(payload),
        "envelope": hex(envelope),
        "id": signed.id().to_string(),
        "text": text,
        "refused": refused,
    })
}

fn handshake() -> Value {
    let (inviter_peer, joiner_peer): ([u8; 38], [u8; 38]) = (counting(0x10), counting(0x40));
    let (inviter_secret, joiner_secret) = (counting(0x70), counting(0x90));
    let (inviter_exchange, joiner_exchange) =
        (ExchangeSecret::from_secret(inviter_secret), ExchangeSecret::from_secret(joiner_secret));
    let opening = Opening {
        inviter_peer: &inviter_peer,
        joiner_peer: &joiner_peer,
        inviter: owner().party(),
        joiner: requester().party(),
        joiner_key: joiner_exchange.public(),
        joiner_nonce: Nonce(counting(0xB0)),
    };
    let reply = Reply { inviter_key: inviter_exchange.public(), inviter_nonce: Nonce(counting(0xD0)) };
    let secret = invite().secret;
    let pair = opening.pairing_secret(&reply, &joiner_exchange, reply.inviter_key, &secret);
    let pair = pair.expect("encodes").expect("a strong key");
    let relay: [u8; 38] = counting(1);
    let namespaces = [(&secret, day(NOW)), (&secret, day(NOW) + 1), (&*pair, day(NOW))].map(|(secret, day)| {
        json!({ "secret": hex(secret), "day": day, "namespace": namespace(secret, &relay, day).expect("encodes") })
    });
    json!({
        "invite_secret": hex(secret),
        "inviter": owner().party().to_string(),
        "joiner": requester().party().to_string(),
        "inviter_peer": hex(inviter_peer),
        "joiner_peer": hex(joiner_peer),
        "inviter_exchange_secret": hex(inviter_secret),
        "joiner_exchange_secret": hex(joiner_secret),
        "inviter_exchange_key": reply.inviter_key.to_string(),
        "joiner_exchange_key": opening.joiner_key.to_string(),
        "inviter_nonce": reply.inviter_nonce.to_string(),
        "joiner_nonce": opening.joiner_nonce.to_string(),
        "join_proof": opening.join_proof(&secret).expect("encodes").to_string(),
        "welcome_proof": opening.welcome_proof(&secret, &reply).expect("encodes").to_string(),
        "pairing_secret": hex(*pair),
        "relay_peer": hex(relay),
        "namespaces": namespaces,
    })
}

fn mailboxes() -> Value {
    use protocol::mailbox::{Answered, Carried, Letter, Place, item_id, tag_of};
    let (secret, own, mailbox): ([u8; 32], [u8; 32], [u8; 32]) = (counting(0x10), counting(0x20), counting(0x30));
    let (relay, key) = (counting::<38>(1), ExchangeSecret::from_secret(mailbox));
    let place = Place { from: owner().party(), to: requester().party(), relay: &relay, day: day(NOW) };
    let capability = place.capability(&secret).expect("encodes");
    let letters = [
        Letter::Frame(Carried { after: None, frame: ByteBuf::from(b"a frame".to_vec()) }),
        Letter::Frame(Carried { after: Some(MessageId([4; 32])), frame: ByteBuf::from(b"the next".to_vec()) }),
        Letter::Acks(vec![Answered { message: MessageId([4; 32]), ack: Ack::Accepted(MessageId([4; 32])) }]),
    ];
    let items = letters.map(|letter| {
        let item = letter.seal(&place, &secret, &key.public(), &own).expect("seals");
        assert_eq!(Letter::open(&item, &place, &secret, &key).expect("opens"), letter);
        json!({
            "letter": readable(&Cbor::serialized(&letter).expect("encodes")),
            "plain": hex(cbor::to_vec(&letter).expect("encodes")),
            "item": hex(&item),
            "id": item_id(&item).to_string(),
        })
    });
    json!({
        "pairing_secret": hex(secret),
        "from": place.from.to_string(),
        "to": place.to.to_string(),
        "relay_peer": hex(relay),
        "day": place.day,
        "capability": capability.to_string(),
        "tag": tag_of(&capability).to_string(),
        "own_secret": hex(own),
        "mailbox_secret": hex(mailbox),
        "mailbox_key": key.public().to_string(),
        "items": items,
    })
}

fn safety_codes() -> Value {
    let (a, b) = (owner().party(), requester().party());
    json!([
        { "a": a.to_string(), "b": b.to_string(), "code": safety_code(&a, &b) },
        { "a": b.to_string(), "b": a.to_string(), "code": safety_code(&b, &a) },
    ])
}

fn commitments() -> Value {
    let salt = Salt(counting(0x50));
    let texts = ["", "I would like a loan for a car.", "Ich möchte 3 000 € – für ein Auto"].map(|text| {
        let commitment = Text::new(text, salt).expect("plain").commitment();
        json!({ "text": text, "salt": salt.to_string(), "commitment": commitment.to_string() })
    });
    let outcomes = [Outcome::Count(48), Outcome::Decimal("87.412500".parse().expect("decimal"))].map(|outcome| {
        json!({
            "outcome": readable(&Cbor::serialized(&outcome).expect("encodes")),
            "cbor": hex(cbor::to_vec(&outcome).expect("encodes")),
            "salt": salt.to_string(),
            "commitment": outcome.commitment(&salt).expect("encodes").to_string(),
        })
    });
    json!({ "texts": texts, "outcomes": outcomes })
}

fn decimals() -> Value {
    let nines = "9".repeat(38);
    let good = ["0", "-1", "12.75", "0.05", "-0.50", "100.00", "0.00", &nines, &format!("-0.{nines}")].map(|text| {
        let decimal: Decimal = text.parse().expect(text);
        json!({ "text": text, "mantissa": decimal.mantissa().to_string(), "scale": decimal.scale() })
    });
    let bad = ["", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "١", "--1", "1.2.3", "NaN", &format!("1{nines}")];
    // each has a second way to be written, which a decoder that re-encodes finds
    let second = ["-0", "00", "01", "-0.0", "007.5"];
    json!({ "accepted": good, "refused": bad, "not_canonical": second })
}

fn computations() -> Value {
    let case = |computation: Computation| {
        json!({
            "computation": readable(&Cbor::serialized(&computation).expect("encodes")),
            "cbor": hex(cbor::to_vec(&computation).expect("encodes")),
            "hash": computation.hash().expect("encodes").to_string(),
        })
    };
    let first = [Kind::Count, Kind::Sum, Kind::Mean, Kind::Min, Kind::Max, Kind::Median, Kind::Std];
    let plain = first.map(|kind| kind.over(name("amount")).expect("plain"));
    let further = samples::computations().into_iter().map(|(_, computation)| computation);
    plain.into_iter().chain(further).map(case).collect()
}

fn frames() -> Value {
    let request = samples::all().into_iter().find(|sample| sample.kind == "request").expect("a request");
    let text = Text::new("I would like a loan for a car.", Salt(counting(0x50))).expect("plain");
    let frame = Frame::new(&request.envelope, vec![text]).to_vec().expect("small");
    let refusals = [
        Refusal::Malformed,
        Refusal::WrongAudience,
        Refusal::Expired,
        Refusal::Stranger,
        Refusal::Invite,
        Refusal::Unknown,
        Refusal::Conflict,
        Refusal::Unsupported,
        Refusal::TooMany,
        Refusal::Revoked,
        Refusal::Spent,
        Refusal::Paused,
    ];
    let acks = [Ack::Accepted(request.id), Ack::Later].into_iter().chain(refusals.map(Ack::Refused)).map(|ack| {
        let bytes = ack.to_vec().expect("small");
        json!({ "decoded": readable(&value_of(&bytes)), "cbor": hex(bytes) })
    });
    json!({
        "frame": { "decoded": readable(&value_of(&frame)), "cbor": hex(&frame) },
        "acks": acks.collect::<Vec<_>>(),
    })
}

/// One entry of every kind, and the tree over the first three: RFC 6962 by hand.
fn log() -> Value {
    let id = |first| MessageId(counting(first));
    let party = requester().party();
    let (dataset, version) = (DatasetId(counting(0x10)), VersionHash(counting(0x20)));
    let events = [
        Event::Begun { party: owner().party() },
        Event::Paired { party },
        Event::Stored { dataset, version },
        Event::Removed { dataset },
        Event::Requested { request: id(1) },
        Event::Decided { request: id(1), decision: id(2) },
        Event::Ran { grant: id(2), request: id(1), number: 1 },
        Event::RunRefused { run: id(3) },
        Event::Receipted { receipt: id(4) },
        Event::Released { receipt: id(4) },
        Event::Withheld { grant: id(2), number: 1 },
        Event::Revoked { decision: id(2) },
        Event::HeadSeen { party, head: TreeHead { size: 1, root: Digest(counting(5)), epoch: None } },
        Event::Erased { subject: Digest(counting(6)) },
        Event::Restored { head: TreeHead { size: 1, root: Digest(counting(5)), epoch: Some(Digest(counting(7))) } },
        Event::Overridden { request: id(1), decision: id(2) },
        Event::Vouched { voucher: id(5) },
        Event::Offered { offer: id(5) },
        Event::OfferAnswered { offer: id(5), reply: id(6) },
    ];
    let entries = events.map(|what| Entry { salt: Salt(counting(0x50)), time: NOW, what });
    let leaves: Vec<[u8; 32]> = entries.iter().map(|entry| entry.leaf().expect("encodes").0).collect();
    let hash = |prefix: u8, parts: &[&[u8]]| -> [u8; 32] {
        parts.iter().fold(Sha256::new().chain_update([prefix]), |hash, part| hash.chain_update(part)).finalize().into()
    };
    let [a, b, c] = [0, 1, 2].map(|at| hash(0, &[&leaves[at]]));
    let root = hash(1, &[&hash(1, &[&a, &b]), &c]);
    let head = TreeHead { size: 3, root: Digest(root), epoch: None };
    let recorded = entries.each_ref().map(|entry| {
        let bytes = cbor::to_vec(entry).expect("encodes");
        let leaf = entry.leaf().expect("encodes").to_string();
        json!({ "decoded": readable(&value_of(&bytes)), "cbor": hex(bytes), "leaf": leaf })
    });
    json!({
        "entries": recorded,
        "first_three": {
            "leaf_hashes": [hex(a), hex(b), hex(c)],
            "root": hex(root),
            "checkpoint": samples::checkpoint(&head),
        },
    })
}

/// A small table, its hashes, and the issuer's word for it.
fn vouchers() -> Value {
    let columns = [
        ("date", ColumnType::Date, "date", ["2025-01-31", "2025-02-28"].map(|day| json!(day))),
        ("amount", ColumnType::Decimal(2), "number", [json!("61.4"), json!("-0.05")]),
        ("supplier", ColumnType::Text, "text", [json!("Énergie \"A\""), Value::Null]),
        ("paid", ColumnType::Boolean, "boolean", [json!(true), json!(false)]),
    ];
    let of = columns.each_ref().map(|(column, of, _, _)| Column { name: name(column), of: *of });
    let digests = columns.each_ref().map(|(_, _, _, cells)| {
        let cells = cells.iter().flat_map(cbor_of);
        Digest(Sha256::digest(cells.collect::<Vec<u8>>()).into())
    });
    let (key, schema) = (counting(0xC1), voucher::schema(&of).expect("encodes"));
    let content = voucher::content(&key, &schema, 2, &digests).expect("encodes");
    let subject = Text::new("electricity of Jack, 2025", Salt(counting(0x50))).expect("plain");
    let said = Voucher {
        content,
        schema,
        rows: 2,
        subject: Some(subject.commitment()),
        ..samples::voucher().voucher().clone()
    };
    let signed = SignedVoucher::sign(said, &IdentityKey::from_secret(&samples::ISSUER)).expect("a voucher");
    let payload = value_of(signed.bytes()).into_array().expect("four parts")[2].as_bytes().expect("bytes").clone();
    let file = VoucherFile { signed: signed.clone(), key, subject: Some(subject) }.to_vec().expect("encodes");
    let told = columns.iter().zip(&digests).map(|((column, _, of, cells), digest)| {
        json!({ "name": column, "type": of, "cells": cells, "hash": digest.to_string() })
    });
    json!({
        "columns": told.collect::<Vec<_>>(),
        "rows": 2,
        "schema": schema.to_string(),
        "key": hex(key),
        "content": content.to_string(),
        "secret_key": hex(samples::ISSUER),
        "decoded": readable(&value_of(&payload)),
        "payload": hex(payload),
        "envelope": hex(signed.bytes()),
        "id": signed.id().to_string(),
        "file": hex(file),
    })
}

fn cbor_of(cell: &Value) -> Vec<u8> {
    match cell {
        Value::String(text) => cbor::to_vec(text),
        Value::Bool(yes) => cbor::to_vec(yes),
        _ => cbor::to_vec(&()),
    }
    .expect("encodes")
}

/// Every file of the folder, by name.
fn files() -> BTreeMap<String, Value> {
    let mut files = BTreeMap::from([
        ("refused.json".to_owned(), refusals()),
        ("invite.json".to_owned(), invites()),
        ("pairing.json".to_owned(), handshake()),
        ("safety-code.json".to_owned(), safety_codes()),
        ("mailbox.json".to_owned(), mailboxes()),
        ("commitments.json".to_owned(), commitments()),
        ("decimals.json".to_owned(), decimals()),
        ("computations.json".to_owned(), computations()),
        ("frames.json".to_owned(), frames()),
        ("log.json".to_owned(), log()),
        ("voucher.json".to_owned(), vouchers()),
    ]);
    for sample in samples::all() {
        let forms = files.entry(format!("message-{}.json", sample.kind)).or_insert_with(|| json!([]));
        forms.as_array_mut().expect("an array").push(message(&sample));
    }
    files
}

#[test]
fn the_vectors_are_what_the_code_makes() {
    for (file, made) in files() {
        if std::env::var_os("BLESS").is_some() {
            let text = serde_json::to_string_pretty(&made).expect("json") + "\n";
            std::fs::write(folder().join(&file), text).expect("writable");
        }
        assert_eq!(read(&file), made, "{file}: BLESS=1 writes it anew, and is a change of the protocol");
    }
}

#[test]
fn no_vector_lies_beside_those_that_are_compared() {
    let made = files();
    for entry in std::fs::read_dir(folder()).expect("the folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("plain");
        // logs and files are the consent crate's to compare
        let elsewhere = name.ends_with("-file.json") || name == "log-proofs.json";
        assert!(elsewhere || made.contains_key(&name), "{name} is compared with nothing");
    }
}

#[test]
fn every_message_of_the_vectors_opens_under_its_id() {
    for file in files().into_keys().filter(|file| file.starts_with("message-")) {
        for vector in read(&file).as_array().expect("forms") {
            let message = Message::open(&unhex(&vector["envelope"])).expect("a message");
            assert_eq!(message.id().to_string(), vector["id"]);
            assert_eq!(hex(Sha256::digest(unhex(&vector["sig_structure"]))), vector["id"]);
            assert_eq!(format!("message-{}.json", message.kind()), file);
        }
    }
}

#[test]
fn every_refusal_of_the_vectors_is_refused_for_its_reason() {
    for vector in read("refused.json").as_array().expect("cases") {
        let why = Message::open(&unhex(&vector["envelope"])).expect_err("a refusal").to_string();
        assert!(why.starts_with(vector["error"].as_str().expect("text")), "{}: {why}", vector["name"]);
    }
}

#[test]
fn the_invite_of_the_vectors_reads_in_both_cases() {
    let vector = read("invite.json");
    let text = vector["text"].as_str().expect("text");
    for form in [text.to_owned(), text.to_ascii_uppercase(), format!("  {text}\n")] {
        assert_eq!(SignedInvite::read(&form).expect("an invite").id().to_string(), vector["id"]);
    }
}

#[test]
fn both_sides_of_the_handshake_come_to_the_vectors_secret() {
    let vector = read("pairing.json");
    let fixed = |key: &str| -> [u8; 32] { unhex(&vector[key]).try_into().expect("32 bytes") };
    let (inviter_peer, joiner_peer) = (unhex(&vector["inviter_peer"]), unhex(&vector["joiner_peer"]));
    let opening = Opening {
        inviter_peer: &inviter_peer,
        joiner_peer: &joiner_peer,
        inviter: PartyId(fixed("inviter")),
        joiner: PartyId(fixed("joiner")),
        joiner_key: ExchangeKey(fixed("joiner_exchange_key")),
        joiner_nonce: vector["joiner_nonce"].as_str().expect("text").parse().expect("a nonce"),
    };
    let reply = Reply {
        inviter_key: ExchangeKey(fixed("inviter_exchange_key")),
        inviter_nonce: vector["inviter_nonce"].as_str().expect("text").parse().expect("a nonce"),
    };
    for (mine, theirs) in
        [("inviter_exchange_secret", opening.joiner_key), ("joiner_exchange_secret", reply.inviter_key)]
    {
        let mine = ExchangeSecret::from_secret(fixed(mine));
        let pair = opening.pairing_secret(&reply, &mine, theirs, &fixed("invite_secret")).expect("encodes");
        assert_eq!(hex(*pair.expect("a strong key")), vector["pairing_secret"]);
    }
}

#[test]
fn decimals_of_the_vectors_have_one_form_each() {
    let vector = read("decimals.json");
    for good in vector["accepted"].as_array().expect("a list") {
        let text = good["text"].as_str().expect("text");
        assert_eq!(text.parse::<Decimal>().expect(text).to_string(), text);
    }
    for bad in vector["refused"].as_array().expect("a list") {
        assert_eq!(bad.as_str().expect("text").parse::<Decimal>(), Err(BadDecimal), "{bad}");
    }
    for second in vector["not_canonical"].as_array().expect("a list") {
        let bytes = cbor::to_vec(second.as_str().expect("text")).expect("encodes");
        assert!(cbor::from_slice::<Decimal>(&bytes).is_err(), "{second}");
    }
}

#[test]
fn every_vector_has_the_form_that_the_cddl_states() {
    let allowed = |rule: &str, bytes: &Value| {
        assert!(Schema::wire().allows(rule, &value_of(&unhex(bytes))), "{rule}: {bytes}");
    };
    for file in files().into_keys() {
        let Some(kind) = file.strip_prefix("message-").and_then(|rest| rest.strip_suffix(".json")) else { continue };
        for vector in read(&file).as_array().expect("forms") {
            allowed(&format!("{kind}-payload"), &vector["payload"]);
            allowed("envelope", &vector["envelope"]);
        }
    }
    allowed("frame", &read("frames.json")["frame"]["cbor"]);
    read("frames.json")["acks"].as_array().expect("acks").iter().for_each(|ack| allowed("ack", &ack["cbor"]));
    allowed("ticket", &read("invite.json")["payload"]);
    allowed("voucher-payload", &read("voucher.json")["payload"]);
    allowed("voucher-file", &read("voucher.json")["file"]);
    allowed("envelope", &read("invite.json")["envelope"]);
    read("log.json")["entries"].as_array().expect("entries").iter().for_each(|entry| allowed("entry", &entry["cbor"]));
    let computations = read("computations.json");
    computations.as_array().expect("a list").iter().for_each(|vector| allowed("computation", &vector["cbor"]));
}
