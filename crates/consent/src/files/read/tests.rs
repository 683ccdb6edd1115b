use super::*;
use crate::{
    files::{self, COSIGNATURES},
    log::{self, head_at, restart},
    testing::{Party, exchange, pair, receipted},
};
use proptest::prelude::*;
use serde_bytes::ByteBuf;

/// The file of a log as it is now.
fn exported(party: &Party) -> Vec<u8> {
    party.read(|draft| {
        let (head, mut bytes) = files::opening(draft, &party.key)?;
        bytes.extend(files::cosigned(draft, &head)?);
        for from in (0..head.size).step_by(3) {
            bytes.extend(files::entries(draft, &head, from, 3)?);
        }
        assert!(files::entries(draft, &head, head.size, 3)?.is_empty());
        Ok(bytes)
    })
}

/// An owner's log of some length, of which two others cosigned a part, with a backup restored on the way.
fn logged() -> Party {
    let (mut owner, mut requester, _, _) = receipted();
    let mut other = Party::new(3, "Other");
    pair(&mut owner, &mut other);
    let to = other.id();
    owner.act(|draft, context| log::heads::show(draft, context, &to)).unwrap();
    exchange(&mut owner, &mut other);
    owner.act(restart).unwrap();
    let to = requester.id();
    owner.act(|draft, context| log::heads::show(draft, context, &to)).unwrap();
    exchange(&mut owner, &mut requester);
    pair(&mut owner, &mut Party::new(4, "Third"));
    owner
}

fn items(bytes: &[u8]) -> Vec<Item> {
    let mut items = Items::over(bytes);
    std::iter::from_fn(|| items.next("an item").unwrap()).collect()
}

fn packed(items: &[Item]) -> Vec<u8> {
    items.iter().flat_map(|item| cbor::to_vec(item).unwrap()).collect()
}

fn check(bytes: &[u8]) -> Result<LogFile, BadLog> {
    verify(bytes, &BTreeSet::new())
}

fn refusal(items: &[Item]) -> String {
    check(&packed(items)).unwrap_err().to_string()
}

/// The beginning, what comes before the entries in all, and the items.
fn parts(party: &Party) -> (usize, Vec<Item>) {
    let items = items(&exported(party));
    let first = items.iter().position(|item| matches!(item, Item::Entry(_))).unwrap();
    (first, items)
}

#[test]
fn an_exported_log_verifies_from_its_bytes_alone_and_tells_who_cosigned_it() {
    let owner = logged();
    let file = check(&exported(&owner)).unwrap();
    assert_eq!((file.party, file.head), (owner.id(), owner.read(log::head)));
    assert_eq!((file.cosigned.len(), file.restored.len(), file.pruned), (2, 1, 0));
}

#[test]
fn its_heads_are_told_at_the_sizes_asked_for() {
    let owner = logged();
    let sizes: BTreeSet<u64> = (0..100).collect();
    let file = verify(&exported(&owner)[..], &sizes).unwrap();
    assert_eq!(file.heads.len() as u64, file.head.size);
    for (size, head) in file.heads {
        assert_eq!(head, owner.read(|draft| head_at(draft, size)));
    }
}

#[test]
fn an_entry_altered_anywhere_is_found_between_the_heads_that_were_signed() {
    let owner = logged();
    let (first, items) = parts(&owner);
    let size = items.len() - first;
    for at in 1..size {
        let mut altered = items.clone();
        let Item::Entry(entry) = &mut altered[first + at] else { panic!("an entry") };
        entry.salt.0[0] ^= 1;
        let error = check(&packed(&altered)).unwrap_err();
        let BadLog::Altered { from, until, .. } = error else { panic!("{at}: {error}") };
        assert!((from..until).contains(&(at as u64)), "{at} is not among {from} to {until}");
        assert!(until - from < size as u64, "nothing is known of where");
    }
}

#[test]
fn entries_left_out_doubled_swapped_or_moved_are_found() {
    let (first, items) = parts(&logged());
    let size = items.len() - first;
    for at in first..items.len() {
        let mut without = items.clone();
        without.remove(at);
        check(&packed(&without)).unwrap_err();
        let mut doubled = items.clone();
        doubled.insert(at, items[at].clone());
        check(&packed(&doubled)).unwrap_err();
        for to in (at + 1)..items.len() {
            let mut swapped = items.clone();
            swapped.swap(at, to);
            check(&packed(&swapped)).unwrap_err();
        }
    }
    assert_eq!(refusal(&items[..items.len() - 1]), format!("cut short: it ends before entry {} of {size}", size - 1));
    let more = [&items[..], &items[items.len() - 1..]].concat();
    assert_eq!(refusal(&more), format!("there is more after its last entry, {}", size - 1));
}

#[test]
fn what_stands_where_it_does_not_belong_is_named() {
    let (first, items) = parts(&logged());
    assert!(refusal(&items[1..]).starts_with("not a log file"));
    let mut late = items.clone();
    let cosigned = late.remove(1);
    late.insert(first + 2, cosigned);
    assert_eq!(refusal(&late), "the item after entry 2 is not where it belongs");
    let mut twice = items.clone();
    twice.insert(1, items[0].clone());
    assert!(refusal(&twice).contains("is not where it belongs"));
    let mut time = items.clone();
    let Item::Entry(entry) = &mut time[first + 3] else { panic!("an entry") };
    entry.time = 1;
    assert_eq!(refusal(&time), "entry 3 is earlier than the one before it");
    let mut begins = items.clone();
    let Item::Entry(entry) = &mut begins[first] else { panic!("an entry") };
    entry.what = Event::Begun { party: PartyId([1; 32]) };
    assert_eq!(refusal(&begins), "entry 0 does not begin the log of the party that signed it");
    begins[first] = Item::Pruned(Digest([1; 32]));
    assert_eq!(refusal(&begins), "entry 0 does not begin the log of the party that signed it");
}

#[test]
fn a_beginning_that_its_party_did_not_sign_is_refused() {
    let owner = logged();
    let (_, items) = parts(&owner);
    let mallory = Party::new(7, "Mallory");
    let alter: [&dyn Fn(&mut Beginning); 5] = [
        &|first| first.head.size -= 1,
        &|first| first.head.root.0[0] ^= 1,
        &|first| first.head.epoch = None,
        &|first| first.party = mallory.id(),
        &|first| first.checkpoint = checkpoint::sign(&first.head, &mallory.key),
    ];
    for alter in alter {
        let mut altered = items.clone();
        let Item::Beginning(first) = &mut altered[0] else { panic!("the beginning") };
        alter(first);
        assert!(matches!(check(&packed(&altered)), Err(BadLog::Checkpoint)));
    }
    let mut adopted = items.clone();
    let Item::Beginning(first) = &mut adopted[0] else { panic!("the beginning") };
    first.party = mallory.id();
    first.checkpoint = checkpoint::sign(&first.head, &mallory.key);
    // somebody else's cosignatures are not of Mallory's log, and neither are the entries
    assert!(refusal(&adopted).starts_with("cosignature 0 does not verify"));
    adopted.retain(|item| !matches!(item, Item::Cosigned(_)));
    assert!(refusal(&adopted).starts_with("entry 0 does not begin the log"));
}

#[test]
fn a_log_that_is_not_the_one_cosigned_is_told_with_who_cosigned_it() {
    let owner = logged();
    let (first, items) = parts(&owner);
    let mut bank = Party::new(2, "Bank");
    let mut head = owner.read(|draft| head_at(draft, 3));
    head.root.0[0] ^= 1;
    for (head, words) in [
        (head, "is not what"),
        (TreeHead { epoch: Some(Digest([1; 32])), ..owner.read(|draft| head_at(draft, 3)) }, "is not what"),
        (TreeHead { size: 1000, ..head }, "the file has fewer"),
    ] {
        let cosign = bank.sign(&owner.id(), Cosign { head });
        let mut with = items.clone();
        with.insert(first, Item::Cosigned(ByteBuf::from(cosign.bytes())));
        let why = refusal(&with);
        assert!(why.contains(words), "{why}");
    }
    let mut damaged = items.clone();
    let Item::Cosigned(bytes) = &mut damaged[1] else { panic!("a cosignature") };
    *bytes.last_mut().unwrap() ^= 1;
    assert!(refusal(&damaged).starts_with("cosignature 0 does not verify"));
}

#[test]
fn an_entry_of_which_only_the_hash_is_left_keeps_its_place() {
    let (first, items) = parts(&logged());
    let mut pruned = items.clone();
    let mut dropped = 0;
    for item in &mut pruned[first + 1..] {
        let Item::Entry(entry) = &*item else { continue };
        if !matches!(entry.what, Event::Restored { .. }) {
            *item = Item::Pruned(entry.leaf().unwrap());
            dropped += 1;
        }
    }
    assert_eq!(check(&packed(&pruned)).unwrap().pruned, dropped);
    let Item::Pruned(item) = &mut pruned[first + 2] else { panic!("a pruned entry") };
    item.0[0] ^= 1;
    assert!(matches!(check(&packed(&pruned)), Err(BadLog::Altered { .. })));
}

#[test]
fn an_epoch_that_does_not_begin_after_the_entries_before_it_is_found() {
    let (_, mut items) = parts(&logged());
    let restored = items.iter_mut().find_map(|item| match item {
        Item::Entry(Entry { what: Event::Restored { head }, .. }) => Some(head),
        _ => None,
    });
    restored.unwrap().root.0[0] ^= 1;
    assert!(refusal(&items).contains("which begins an epoch, signed over"));
}

#[test]
fn no_more_cosignatures_are_read_than_the_protocol_allows() {
    let (_, items) = parts(&logged());
    let mut bytes = cbor::to_vec(&items[0]).unwrap();
    let cosigned = cbor::to_vec(&items[1]).unwrap();
    // reading all of them would take long: the bound is what is looked at, and one item too large
    assert!(cosigned.len() < ITEM_BYTES / 20 && COSIGNATURES > 4096);
    bytes.extend(cbor::to_vec(&Item::Cosigned(ByteBuf::from(vec![0; ITEM_BYTES]))).unwrap());
    assert!(matches!(check(&bytes), Err(BadLog::Item { .. })));
}

#[test]
fn a_sequence_is_read_whatever_the_pieces_in_which_it_comes() {
    struct Pieces<'b>(&'b [u8], usize);
    impl Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(into.len()).min(self.0.len());
            let (now, rest) = self.0.split_at(length);
            into[..length].copy_from_slice(now);
            self.0 = rest;
            Ok(length)
        }
    }
    let owner = logged();
    let bytes = exported(&owner);
    for size in [1, 7, 4096, usize::MAX] {
        assert_eq!(verify(Pieces(&bytes, size), &BTreeSet::new()).unwrap().head, owner.read(log::head));
    }
}

#[test]
fn a_log_longer_than_what_is_held_of_it_is_read_to_its_end() {
    let mut party = Party::new(1, "Lena");
    for _ in 0..3000 {
        party.act(|draft, context| log::append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
    let bytes = exported(&party);
    assert!(bytes.len() > 10 * ITEM_BYTES);
    assert_eq!(check(&bytes).unwrap().head.size, 3001);
    assert!(matches!(check(&bytes[..bytes.len() - 1]), Err(BadLog::Item { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_altered_byte_is_found(at in any::<prop::sample::Index>(), change in 1u8..=255) {
        static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| exported(&logged()));
        let mut altered = FILE.clone();
        let at = at.index(altered.len());
        altered[at] ^= change;
        prop_assert!(check(&altered).is_err(), "byte {}", at);
        prop_assert!(check(&FILE[..at]).is_err(), "cut to {}", at);
    }
}
