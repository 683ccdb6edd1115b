use super::*;
use crate::testing::{BILLS, HOUR, Party, approved, bills, exchange, owner_and_requester, pair, send, terms, version};
use protocol::{Ack, Column, ColumnType, Kind};

fn catalog_asked(requester: &mut Party, owner: &mut Party, search: &str, after: Option<DatasetId>) -> Vec<String> {
    requester.act(|draft, context| ask(draft, context, &owner.id(), search, after)).unwrap();
    assert_eq!(exchange(requester, owner), []);
    told(requester, owner)
}

fn told(requester: &Party, owner: &Party) -> Vec<String> {
    requester.read(|draft| catalog(draft, &owner.id())).into_iter().map(|record| record.tag).collect()
}

fn named(tag: &str, visible: Visibility) -> DatasetRecord {
    DatasetRecord { tag: tag.parse().unwrap(), visible, ..bills(version(1)) }
}

#[test]
fn a_catalog_tells_names_columns_and_rows() {
    let (mut owner, mut requester) = owner_and_requester();
    assert_eq!(catalog_asked(&mut requester, &mut owner, "", None), ["bills"]);
    let record = requester.read(|draft| catalog(draft, &owner.id())).remove(0);
    assert_eq!(record.description, bills(version(1)).description);
    assert_eq!((record.pointer.rows, record.pointer.dataset), (24, BILLS));
    assert_eq!(record.pointer.columns, bills(version(1)).columns);
}

#[test]
fn a_catalog_is_believed_only_when_it_was_asked_for_and_only_once() {
    let (mut owner, mut requester) = owner_and_requester();
    let unasked = CatalogAnswer { ask: MessageId([1; 32]), pointers: vec![], more: false };
    let frame = owner.say(&requester.id(), unasked);
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown));
    let id = requester.act(|draft, context| ask(draft, context, &owner.id(), "", None)).unwrap();
    let mut mallory = Party::new(3, "Mallory");
    pair(&mut requester, &mut mallory);
    let answer = CatalogAnswer { ask: id, pointers: vec![], more: false };
    let frame = mallory.say(&requester.id(), answer.clone());
    assert_eq!(requester.take(&frame, &mallory), Ack::Refused(Refusal::Unknown), "somebody else was asked");
    assert_eq!(exchange(&mut requester, &mut owner), []);
    let frame = owner.say(&requester.id(), answer);
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown), "it was answered");
    assert_eq!(told(&requester, &owner), ["bills"]);
}

#[test]
fn a_dataset_is_visible_to_nobody_until_chosen_and_then_to_whom_was_chosen() {
    assert_eq!(Visibility::default(), Visibility::Nobody);
    let (mut owner, mut requester) = owner_and_requester();
    let mut other = Party::new(3, "Other");
    pair(&mut owner, &mut other);
    let seen = |owner: &mut Party, requester: &mut Party, other: &mut Party, visible| {
        owner.act(|draft, _| show_to(draft, BILLS, visible)).unwrap();
        (catalog_asked(requester, owner, "", None).len(), catalog_asked(other, owner, "", None).len())
    };
    assert_eq!(seen(&mut owner, &mut requester, &mut other, Visibility::Nobody), (0, 0));
    let one = Visibility::People(vec![other.id()]);
    assert_eq!(seen(&mut owner, &mut requester, &mut other, one), (0, 1));
    assert_eq!(seen(&mut owner, &mut requester, &mut other, Visibility::Everyone), (1, 1));
    let nothing = owner.act(|draft, _| show_to(draft, DatasetId([1; 16]), Visibility::Nobody));
    assert!(matches!(nothing, Err(ConsentError::NotFound("dataset"))));
}

#[test]
fn a_search_finds_what_has_every_word_in_name_description_or_column() {
    let (mut owner, mut requester) = owner_and_requester();
    for (search, found) in [
        ("BILLS", true),
        ("elec month", true),
        ("électricité", false),
        ("lectricity", false),
        ("bills salary", false),
        ("   ", true),
    ] {
        requester.act(|draft, _| forget_catalog(draft, &owner.id())).unwrap();
        assert_eq!(!catalog_asked(&mut requester, &mut owner, search, None).is_empty(), found, "{search}");
    }
}

#[test]
fn an_answer_to_everything_replaces_what_was_told_before() {
    let (mut owner, mut requester) = owner_and_requester();
    owner.store_as(DatasetId([1; 16]), &named("salary", Visibility::Everyone));
    assert_eq!(catalog_asked(&mut requester, &mut owner, "", None), ["salary", "bills"]);
    owner.act(|draft, context| removed(draft, context, DatasetId([1; 16]))).unwrap();
    assert_eq!(catalog_asked(&mut requester, &mut owner, "bills", None).len(), 2, "a search replaces nothing");
    assert_eq!(catalog_asked(&mut requester, &mut owner, "", None), ["bills"]);
}

#[test]
fn a_long_catalog_comes_in_pages() {
    let (mut owner, mut requester) = owner_and_requester();
    for number in 0..40 {
        owner.store_as(DatasetId([number; 16]), &named(&format!("set {number}"), Visibility::Everyone));
    }
    let id = requester.act(|draft, context| ask(draft, context, &owner.id(), "", None)).unwrap();
    assert_eq!(exchange(&mut requester, &mut owner), []);
    assert_eq!(told(&requester, &owner).len(), CATALOG_PAGE);
    let after = requester.read(|draft| next_page(draft, &id));
    assert_eq!(after, Some(DatasetId([31; 16])));
    let id = requester.act(|draft, context| ask(draft, context, &owner.id(), "", after)).unwrap();
    assert_eq!(exchange(&mut requester, &mut owner), []);
    assert_eq!(told(&requester, &owner).len(), 41);
    assert_eq!(requester.read(|draft| next_page(draft, &id)), None);
}

/// As large as a dataset's metadata may be.
fn largest(number: u8) -> DatasetRecord {
    let column =
        |at: usize| Column { name: format!("{at:02}{}", "x".repeat(62)).parse().unwrap(), of: ColumnType::Decimal(12) };
    DatasetRecord {
        description: "d".repeat(2048),
        columns: (0..64).map(column).collect(),
        ..named(&format!("{number:02}{}", "t".repeat(62)), Visibility::Everyone)
    }
}

#[test]
fn the_largest_datasets_still_travel_page_by_page() {
    let (mut owner, mut requester) = owner_and_requester();
    for number in 0..32 {
        owner.store_as(DatasetId([number; 16]), &largest(number));
    }
    let mut after = None;
    for _ in 0..33 {
        let id = requester.act(|draft, context| ask(draft, context, &owner.id(), "", after)).unwrap();
        send(&mut requester, &mut owner);
        let next = owner.read(|draft| outbox::next(draft, &requester.id())).unwrap();
        assert!(next.frame.to_vec().is_ok(), "a page fits a frame");
        assert_eq!(exchange(&mut requester, &mut owner), []);
        after = requester.read(|draft| next_page(draft, &id));
        if after.is_none() {
            break;
        }
    }
    assert_eq!(told(&requester, &owner).len(), 33);
}

#[test]
fn a_dataset_that_could_not_be_told_is_not_stored() {
    let (mut owner, _) = owner_and_requester();
    let base = || named("other", Visibility::Nobody);
    let column = bills(version(1)).columns.remove(0);
    let bad = [
        DatasetRecord { description: "two\nlines".to_owned(), ..base() },
        DatasetRecord { description: "x".repeat(2049), ..base() },
        DatasetRecord { columns: vec![], ..base() },
        DatasetRecord { columns: vec![column.clone(), column], ..base() },
        named("bills", Visibility::Nobody),
    ];
    for record in bad {
        assert!(owner.act(|draft, context| stored(draft, context, DatasetId([1; 16]), &record)).is_err());
    }
    owner.store_as(BILLS, &DatasetRecord { description: "again".to_owned(), ..bills(version(2)) });
}

#[test]
fn a_removed_dataset_closes_requests_and_revokes_grants() {
    let (mut owner, mut requester, asked, grant) = approved();
    let waiting = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    owner.look(&waiting, crate::testing::euros("99"));
    owner.act(|draft, context| removed(draft, context, BILLS)).unwrap();
    assert_eq!(owner.request(&asked).state, RequestState::Revoked);
    assert_eq!(owner.request(&waiting).state, RequestState::Closed);
    assert_eq!(owner.request(&waiting).preview, None);
    assert!(owner.grant(&grant).revoked.is_some());
    assert!(owner.events().contains(&Event::Removed { dataset: BILLS }));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).state, RequestState::Revoked);
    assert!(owner.act(|draft, context| removed(draft, context, BILLS)).is_err());
}

#[test]
fn removing_one_dataset_leaves_the_grants_on_others() {
    let (mut owner, _, asked, grant) = approved();
    owner.store_as(DatasetId([1; 16]), &named("salary", Visibility::Everyone));
    owner.act(|draft, context| removed(draft, context, DatasetId([1; 16]))).unwrap();
    assert_eq!(owner.grant(&grant).revoked, None);
    assert_eq!(owner.request(&asked).state, RequestState::Approved);
}

#[test]
fn an_answer_on_its_way_loses_the_words_of_a_dataset_removed_meanwhile() {
    let (mut owner, mut requester) = owner_and_requester();
    owner.store_as(DatasetId([1; 16]), &named("salary", Visibility::Everyone));
    requester.act(|draft, context| ask(draft, context, &owner.id(), "", None)).unwrap();
    send(&mut requester, &mut owner);
    owner.act(|draft, context| removed(draft, context, DatasetId([1; 16]))).unwrap();
    assert_eq!(exchange(&mut requester, &mut owner), []);
    assert_eq!(told(&requester, &owner), ["bills"]);
}

#[test]
fn a_catalog_answer_never_asked_for_in_time_is_not_believed() {
    let (mut owner, mut requester) = owner_and_requester();
    let id = requester.act(|draft, context| ask(draft, context, &owner.id(), "", None)).unwrap();
    requester.wait(2 * HOUR);
    owner.wait(2 * HOUR);
    let mut progress = crate::time::Progress::default();
    requester.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    let frame = owner.say(&requester.id(), CatalogAnswer { ask: id, pointers: vec![], more: false });
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown));
}
