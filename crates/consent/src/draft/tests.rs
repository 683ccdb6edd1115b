use super::*;
use crate::{
    record::{Counter, Seen},
    view::MemoryView,
};
use proptest::prelude::*;

fn seen(expires: u64) -> Seen {
    Seen { expires }
}

#[test]
fn a_draft_sees_its_own_writes_and_the_view_stays_as_it_was() {
    let mut view = MemoryView::default();
    let mut draft = Draft::over(&view);
    draft.put(b"a", &seen(1)).unwrap();
    view.apply(draft.finish().changes);
    let mut draft = Draft::over(&view);
    draft.put(b"a", &seen(2)).unwrap();
    draft.put(b"b", &seen(3)).unwrap();
    assert_eq!(draft.get::<Seen>(b"a").unwrap().unwrap().expires, 2);
    draft.delete::<Seen>(b"a");
    assert!(draft.get::<Seen>(b"a").unwrap().is_none());
    assert!(matches!(draft.need::<Seen>(b"a"), Err(ConsentError::Missing { table: "seen" })));
    drop(draft);
    assert_eq!(Draft::over(&view).get::<Seen>(b"a").unwrap().unwrap().expires, 1);
}

#[test]
fn a_damaged_record_is_reported_with_its_table() {
    let mut view = MemoryView::default();
    view.apply(vec![Change { table: Table::Seen, key: b"a".to_vec(), value: Some(vec![0xFF]) }]);
    let draft = Draft::over(&view);
    assert!(matches!(draft.get::<Seen>(b"a"), Err(ConsentError::Record { table: "seen", .. })));
    assert!(draft.scan::<Seen>(&[], None, 1).is_err());
}

#[test]
fn an_effect_asked_for_twice_happens_once() {
    let view = MemoryView::default();
    let mut draft = Draft::over(&view);
    assert!(draft.is_empty());
    draft.then(Effect::Deliver(PartyId([1; 32])));
    draft.then(Effect::Deliver(PartyId([1; 32])));
    draft.notify(Notice::Paired(PartyId([1; 32])));
    assert!(!draft.is_empty());
    assert_eq!(draft.finish().effects.len(), 2);
}

#[test]
fn tables_do_not_mix() {
    let view = MemoryView::default();
    let mut draft = Draft::over(&view);
    draft.put(b"a", &seen(1)).unwrap();
    draft.put(b"a", &Counter(7)).unwrap();
    assert_eq!(draft.all::<Seen>(&[]).unwrap().len(), 1);
    assert_eq!(draft.get::<Counter>(b"a").unwrap().unwrap().0, 7);
}

proptest! {
    #[test]
    fn scanning_a_draft_is_scanning_what_it_will_be(
        stored in prop::collection::vec((prop::collection::vec(0u8..4, 0..4), any::<u32>()), 0..30),
        changes in prop::collection::vec((prop::collection::vec(0u8..4, 0..4), any::<Option<u32>>()), 0..30),
        prefix in prop::collection::vec(0u8..4, 0..3),
        after in prop::option::of(prop::collection::vec(0u8..4, 0..4)),
        limit in 0usize..12,
    ) {
        let mut view = MemoryView::default();
        let mut first = Draft::over(&view);
        for (key, value) in &stored {
            first.put(key, &seen((*value).into())).unwrap();
        }
        let outline = first.finish();
        view.apply(outline.changes);
        let mut draft = Draft::over(&view);
        for (key, value) in &changes {
            match value {
                Some(value) => draft.put(key, &seen((*value).into())).unwrap(),
                None => draft.delete::<Seen>(key),
            }
        }
        let after = after.map(|after| [prefix.clone(), after].concat());
        let scan = |draft: &Draft<'_>| -> Vec<(Vec<u8>, u64)> {
            let found = draft.scan::<Seen>(&prefix, after.as_deref(), limit).unwrap();
            found.into_iter().map(|(key, seen)| (key, seen.expires)).collect()
        };
        let drafted = scan(&draft);
        let mut durable = view.clone();
        durable.apply(draft.finish().changes);
        prop_assert_eq!(drafted, scan(&Draft::over(&durable)));
    }
}
