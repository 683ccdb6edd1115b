use super::*;
use crate::{
    log::{head_at, proves_inclusion, size},
    testing::Party,
};
use protocol::{Digest, message::TreeHead};

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

fn epoch_at(party: &Party, size: u64) -> Option<Digest> {
    party.read(|draft| head_at(draft, size)).epoch
}

#[test]
fn every_head_after_a_restored_backup_names_the_new_epoch_and_none_before_it_does() {
    let mut party = Party::new(1, "Lena");
    grow(&mut party, 4);
    let before = party.read(head);
    party.act(restart).unwrap();
    grow(&mut party, 3);
    party.act(restart).unwrap();
    grow(&mut party, 2);
    let first = party.read(|draft| entry(draft, 5));
    assert_eq!(first.what, Event::Restored { head: before });
    assert_eq!(party.read(|draft| head_at(draft, 5)), before, "what was signed before stays as it was");
    let ids: Vec<_> = (0..=party.read(size)).map(|size| epoch_at(&party, size)).collect();
    let (first, second) = (ids[6], ids[10]);
    assert_eq!(first.unwrap(), party.read(|draft| entry(draft, 5)).leaf().unwrap());
    assert!(second.is_some() && second != first);
    let expected = [vec![None; 6], vec![first; 4], vec![second; 3]].concat();
    assert_eq!(ids[..], expected);
}

#[test]
fn the_beginning_of_an_epoch_is_proven_in_each_of_its_heads() {
    let mut party = Party::new(1, "Lena");
    grow(&mut party, 4);
    party.act(restart).unwrap();
    grow(&mut party, 9);
    assert_eq!(party.read(|draft| opening(draft, 5)), None);
    for size in 6..=party.read(size) {
        let head = party.read(|draft| head_at(draft, size));
        let opened = party.read(|draft| opening(draft, size)).unwrap();
        let id = opened.epoch().unwrap();
        assert_eq!(head.epoch, Some(id));
        assert!(proves_inclusion(&head, opened.head.size, &id, &opened.inclusion), "{size}");
    }
}

#[test]
fn two_restores_of_one_backup_are_two_epochs() {
    let mut one = Party::new(1, "Lena");
    grow(&mut one, 4);
    let mut other = one.clone();
    one.act(restart).unwrap();
    other.wait(1);
    other.act(restart).unwrap();
    let heads: [TreeHead; 2] = [one.read(head), other.read(head)];
    assert_eq!(heads[0].size, heads[1].size);
    assert_ne!(heads[0].epoch, heads[1].epoch);
}
