use super::*;
use crate::mailbox::MemoryShelf;
use protocol::Digest;

const NOW: UnixSeconds = 1_800_000_000;

/// A shelf that is as good as a disk to the pile.
#[derive(Default)]
struct Lasting(MemoryShelf);

impl Shelf for Lasting {
    fn is_lasting(&self) -> bool {
        true
    }
    fn each(&self, pass: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ShelfError> {
        self.0.each(pass)
    }
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ShelfError> {
        self.0.get(key)
    }
    fn write(&self, changes: Vec<crate::mailbox::Change>) -> Result<(), ShelfError> {
        self.0.write(changes)
    }
}

/// A shelf whose disk is full.
struct Broken;

impl Shelf for Broken {
    fn is_lasting(&self) -> bool {
        true
    }
    fn each(&self, _: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ShelfError> {
        Ok(())
    }
    fn get(&self, _: &[u8]) -> Result<Option<Vec<u8>>, ShelfError> {
        Ok(None)
    }
    fn write(&self, _: Vec<crate::mailbox::Change>) -> Result<(), ShelfError> {
        Err("the disk is full".into())
    }
}

fn pile_of(shelf: Arc<dyn Shelf>, limits: MailboxLimits) -> Pile {
    Pile::open(shelf, limits, Nonce([1; 16])).unwrap()
}

fn pile(limits: MailboxLimits) -> Pile {
    pile_of(Arc::new(MemoryShelf::default()), limits)
}

/// A peer at a place of its own.
fn somebody(peer: PeerId) -> Depositor {
    let network = peer.to_bytes().last_chunk().copied().unwrap_or_default();
    Depositor { peer, place: Place::V6(network) }
}

fn capability(of: u8) -> Digest {
    Digest([of; 32])
}

fn leave(pile: &mut Pile, peer: PeerId, of: u8, item: &[u8]) -> Answer {
    let deposit = Deposit { tag: tag_of(&capability(of)), item: ByteBuf::from(item), seconds: u64::from(u32::MAX) };
    pile.answer(NOW, somebody(peer), Question::Deposit(deposit))
}

fn found_at(pile: &mut Pile, now: UnixSeconds, of: u8) -> Vec<Vec<u8>> {
    let fetch = Fetch { capabilities: vec![capability(of)] };
    match pile.answer(now, somebody(PeerId::random()), Question::Fetch(fetch)) {
        Answer::Found(found) => found.items.into_iter().map(|(_, item)| item.into_vec()).collect(),
        other => panic!("{other:?}"),
    }
}

fn found(pile: &mut Pile, of: u8) -> Vec<Vec<u8>> {
    found_at(pile, NOW, of)
}

fn ack(pile: &mut Pile, of: u8, items: &[&[u8]]) -> Answer {
    let items = items.iter().map(|item| item_id(item)).collect();
    pile.answer(NOW, somebody(PeerId::random()), Question::Ack(Settle { capability: capability(of), items }))
}

#[test]
fn what_was_left_is_found_in_its_order_until_it_is_acked() {
    let mut pile = pile(MailboxLimits::default());
    let peer = PeerId::random();
    for item in [b"one", b"two", b"one"] {
        assert!(matches!(leave(&mut pile, peer, 1, item), Answer::Stored(_)));
    }
    assert_eq!(found(&mut pile, 1), [b"one", b"two"], "the same twice lies there once");
    assert_eq!(ack(&mut pile, 1, &[b"one", b"three"]), Answer::Settled(Settled { items: 1 }));
    assert_eq!(found(&mut pile, 1), [b"two"]);
    let _ = ack(&mut pile, 1, &[b"two"]);
    assert_eq!((pile.size(), pile.per_peer.len(), pile.tags.len()), ((0, 0), 0, 0));
}

#[test]
fn who_has_another_capability_finds_nothing_and_acks_nothing() {
    let mut pile = pile(MailboxLimits::default());
    let _ = leave(&mut pile, PeerId::random(), 1, b"one");
    let tag = tag_of(&capability(1));
    // somebody who saw the tag, which is no capability
    let fetch = Question::Fetch(Fetch { capabilities: vec![tag, capability(2)] });
    let answer = pile.answer(NOW, somebody(PeerId::random()), fetch);
    assert!(matches!(answer, Answer::Found(found) if found.items.is_empty() && !found.more));
    let gone = Question::Ack(Settle { capability: tag, items: vec![item_id(b"one")] });
    assert_eq!(pile.answer(NOW, somebody(PeerId::random()), gone), Answer::Settled(Settled { items: 0 }));
    assert_eq!(found(&mut pile, 1), [b"one"]);
}

#[test]
fn a_full_tag_a_full_peer_and_a_full_mailbox_refuse_until_something_is_over() {
    let limits = MailboxLimits { per_tag: 2, per_peer_bytes: 9, total_bytes: 12, ..MailboxLimits::default() };
    let mut pile = pile(limits);
    let (a, b) = (PeerId::random(), PeerId::random());
    assert!(matches!(leave(&mut pile, a, 1, b"one"), Answer::Stored(_)));
    assert!(matches!(leave(&mut pile, a, 1, b"two"), Answer::Stored(_)));
    assert_eq!(leave(&mut pile, a, 1, b"six"), Answer::Refused(Refused::TagFull));
    assert!(matches!(leave(&mut pile, a, 2, b"six"), Answer::Stored(_)));
    assert_eq!(leave(&mut pile, a, 3, b"ten"), Answer::Refused(Refused::PeerFull));
    assert!(matches!(leave(&mut pile, b, 3, b"ten"), Answer::Stored(_)));
    assert_eq!(leave(&mut pile, b, 4, b"one"), Answer::Refused(Refused::Full));
    let _ = ack(&mut pile, 1, &[b"one"]);
    assert!(matches!(leave(&mut pile, b, 4, b"one"), Answer::Stored(_)));
}

#[test]
fn an_item_is_over_after_the_relays_time_whatever_was_wished() {
    let mut pile = pile(MailboxLimits { seconds: 60, ..MailboxLimits::default() });
    let _ = leave(&mut pile, PeerId::random(), 1, b"one");
    assert_eq!(found_at(&mut pile, NOW + 59, 1), [b"one"]);
    assert!(found_at(&mut pile, NOW + 60, 1).is_empty());
    pile.sweep(NOW + 60).unwrap();
    assert_eq!(pile.size(), (0, 0));
}

#[test]
fn more_than_an_answer_holds_is_told_and_comes_after_an_ack() {
    let mut pile = pile(MailboxLimits::default());
    for item in 0..=MAILBOX_ANSWER_ITEMS as u8 {
        let _ = leave(&mut pile, PeerId::random(), 1, &[item]);
    }
    let fetch = Question::Fetch(Fetch { capabilities: vec![capability(1)] });
    let answer = pile.answer(NOW, somebody(PeerId::random()), fetch);
    assert!(matches!(answer, Answer::Found(found) if found.items.len() == MAILBOX_ANSWER_ITEMS && found.more));
    let _ = ack(&mut pile, 1, &[&[0]]);
    assert_eq!(found(&mut pile, 1).len(), MAILBOX_ANSWER_ITEMS);
}

#[test]
fn a_lasting_shelf_is_taken_up_and_one_in_memory_says_that_it_is_not() {
    let shelf: Arc<dyn Shelf> = Arc::new(Lasting::default());
    let mut before = pile_of(Arc::clone(&shelf), MailboxLimits::default());
    let lasting = Answer::Stored(Stored { seconds: protocol::limits::MAILBOX_SECONDS, until_restart: None });
    assert_eq!(leave(&mut before, PeerId::random(), 1, b"one"), lasting);
    let _ = leave(&mut before, PeerId::random(), 1, b"two");
    let _ = ack(&mut before, 1, &[b"one"]);
    shelf.write(vec![(b"strange".to_vec(), Some(b"record".to_vec()))]).unwrap();
    let mut after = pile_of(shelf, MailboxLimits::default());
    assert_eq!(found(&mut after, 1), [b"two"]);
    let _ = leave(&mut after, PeerId::random(), 1, b"three");
    assert_eq!(found(&mut after, 1), [&b"two"[..], b"three"]);
    let forgetful = leave(&mut pile(MailboxLimits::default()), PeerId::random(), 1, b"one");
    assert!(matches!(forgetful, Answer::Stored(Stored { until_restart: Some(Nonce([1, ..])), .. })));
}

#[test]
fn what_could_not_be_written_is_not_said_to_be_kept() {
    let mut pile = pile_of(Arc::new(Broken), MailboxLimits::default());
    assert_eq!(leave(&mut pile, PeerId::random(), 1, b"one"), Answer::Refused(Refused::Later));
    assert_eq!((pile.size(), pile.per_peer.len()), ((0, 0), 0));
}

#[test]
fn many_peers_of_one_place_leave_no_more_than_the_place_may() {
    let mut pile = pile(MailboxLimits { per_place_bytes: 1000, ..MailboxLimits::default() });
    let mut leave = |place: Place, of: u8, item: &[u8]| {
        let deposit = Deposit { tag: tag_of(&capability(of)), item: ByteBuf::from(item), seconds: 60 };
        pile.answer(NOW, Depositor { peer: PeerId::random(), place }, Question::Deposit(deposit))
    };
    let (here, elsewhere) = (Place::V4([203, 0, 113, 7]), Place::V4([203, 0, 113, 8]));
    for of in 0..2 {
        assert!(matches!(leave(here, of, &[of + 1; 500]), Answer::Stored(_)));
    }
    assert_eq!(leave(here, 3, &[9; 500]), Answer::Refused(Refused::PeerFull));
    assert!(matches!(leave(elsewhere, 3, &[9; 500]), Answer::Stored(_)));
}
