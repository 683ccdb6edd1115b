use super::*;
use crate::{
    datasets,
    record::{RequestRecord, Visibility},
    testing::{BILLS, Party, bills, exchange, on, owner_and_requester, pair, send, version},
    view::Table,
};
use protocol::{Ack, Kind, Outcome};
use serde_bytes::ByteBuf;

fn mock() -> MockRecord {
    let columns = bills(version(1)).columns;
    MockRecord {
        columns,
        rows: 12,
        chunks: vec![vec![ByteBuf::from([1, 2, 3])], vec![ByteBuf::from([4])]],
        seed: Some(1),
    }
}

/// Bills with a mock, of which the requester was told.
fn with_mock() -> (Party, Party) {
    let (mut owner, mut requester) = owner_and_requester();
    owner.act(|draft, _| attach(draft, BILLS, &mock())).unwrap();
    look(&mut owner, &mut requester);
    (owner, requester)
}

fn look(owner: &mut Party, requester: &mut Party) {
    requester.act(|draft, context| datasets::ask(draft, context, &owner.id(), "", None)).unwrap();
    assert_eq!(exchange(requester, owner), []);
}

fn tries(requester: &mut Party, owner: &Party) -> Result<MessageId, ConsentError> {
    let computation = on(Kind::Mean, "amount");
    requester.act(|draft, context| ask(draft, context, &owner.id(), BILLS, computation))
}

/// What the owner is to compute.
fn owed(owner: &Party) -> Vec<MessageId> {
    let asks = owner.effects.iter().filter_map(|effect| match effect {
        Effect::Try { ask, .. } => Some(*ask),
        _ => None,
    });
    asks.collect()
}

#[test]
fn a_try_is_computed_without_a_prompt_and_leaves_no_trace_in_any_log() {
    let (mut owner, mut requester) = with_mock();
    let told = requester.read(|draft| datasets::catalog(draft, &owner.id())).remove(0);
    assert_eq!((told.pointer.mock, told.pointer.rows), (Some(12), 24));
    let id = tries(&mut requester, &owner).unwrap();
    let before = (owner.events(), requester.events());
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Accepted(id)));
    assert_eq!(owed(&owner), [id]);
    let to = requester.id();
    owner.act(|draft, context| came(draft, context, &to, id, Mocked::Outcome(Outcome::Count(7)))).unwrap();
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let tried = requester.read(|draft| tried(draft, &id)).unwrap();
    assert_eq!((tried.came, tried.refusal), (Some(Mocked::Outcome(Outcome::Count(7))), None));
    assert!(requester.noticed(Notice::MockCame(id)));
    assert_eq!((owner.events(), requester.events()), before, "nothing happened to the data");
    for party in [&owner, &requester] {
        assert_eq!(party.read(|draft| draft.all::<RequestRecord>(&[])).len(), 0);
        assert_eq!(party.read(|draft| draft.all::<crate::record::ReceiptRecord>(&[])).len(), 0);
    }
}

#[test]
fn an_answer_is_believed_only_from_whom_was_asked_and_only_once() {
    let (mut owner, mut requester) = with_mock();
    let mut mallory = Party::new(3, "Mallory");
    pair(&mut requester, &mut mallory);
    let id = tries(&mut requester, &owner).unwrap();
    let answer = || MockAnswer { ask: id, came: Mocked::Outcome(Outcome::Count(1)) };
    let frame = mallory.say(&requester.id(), answer());
    assert_eq!(requester.take(&frame, &mallory), Ack::Refused(Refusal::Unknown));
    let frame = owner.say(&requester.id(), answer());
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    let frame = owner.say(&requester.id(), answer());
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown), "it was answered");
}

#[test]
fn a_mock_of_what_one_may_not_see_answers_as_one_that_is_not_there() {
    let answers = |prepare: &dyn Fn(&mut Party)| {
        let (mut owner, mut requester) = with_mock();
        prepare(&mut owner);
        owner.effects.clear();
        let events = owner.events().len();
        let id = tries(&mut requester, &owner).unwrap();
        let ack = send(&mut requester, &mut owner);
        let refusal = requester.read(|draft| tried(draft, &id)).unwrap().refusal;
        (ack, refusal, owner.effects.clone(), owner.events().len() - events)
    };
    let gone = answers(&|owner| owner.act(|draft, context| datasets::removed(draft, context, BILLS)).unwrap());
    assert_eq!((gone.0.clone(), gone.1), (Some(Ack::Refused(Refusal::Unknown)), Some(Refusal::Unknown)));
    assert_eq!(
        answers(&|owner| owner.act(|draft, _| datasets::show_to(draft, BILLS, Visibility::Nobody)).unwrap()),
        gone
    );
    assert_eq!(answers(&|owner| owner.act(|draft, _| detach(draft, BILLS)).unwrap()), gone);
}

#[test]
fn what_the_columns_cannot_answer_is_refused_and_nothing_is_computed() {
    let (mut owner, mut requester) = with_mock();
    let computation = on(Kind::Mean, "no such column");
    let id = requester.act(|draft, context| ask(draft, context, &owner.id(), BILLS, computation)).unwrap();
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Conflict)));
    assert_eq!(requester.read(|draft| tried(draft, &id)).unwrap().refusal, Some(Refusal::Conflict));
    assert_eq!(owed(&owner), []);
}

#[test]
fn somebody_who_tries_without_end_is_refused_for_the_rest_of_the_hour() {
    let (mut owner, mut requester) = with_mock();
    for _ in 0..TRIES_PER_HOUR {
        tries(&mut requester, &owner).unwrap();
        assert!(matches!(send(&mut requester, &mut owner), Some(Ack::Accepted(_))));
    }
    tries(&mut requester, &owner).unwrap();
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::TooMany)));
    for party in [&mut owner, &mut requester] {
        party.wait(HOUR);
    }
    tries(&mut requester, &owner).unwrap();
    assert!(matches!(send(&mut requester, &mut owner), Some(Ack::Accepted(_))));
    let mut progress = crate::time::Progress::default();
    owner.wait(2 * HOUR);
    owner.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert_eq!(owner.read(|draft| draft.scan::<Tries>(Tries::PREFIX, None, 9)).len(), 0);
    requester.wait(2 * HOUR);
    requester.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert_eq!(requester.read(|draft| draft.scan::<Tried>(Tried::PREFIX, None, 9)).len(), 0);
}

#[test]
fn a_mock_is_of_the_datasets_columns_and_bounded_and_goes_with_the_dataset() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut refused = |mock: MockRecord| owner.act(|draft, _| attach(draft, BILLS, &mock)).unwrap_err().to_string();
    assert!(refused(MockRecord { rows: 0, ..mock() }).contains("1 to 1000"));
    assert!(refused(MockRecord { rows: MOCK_ROWS + 1, ..mock() }).contains("1 to 1000"));
    let other = mock().columns[..1].to_vec();
    assert!(refused(MockRecord { columns: other, ..mock() }).contains("other columns"));
    let large = vec![vec![ByteBuf::from(vec![0; MOCK_BYTES + 1])]];
    assert!(refused(MockRecord { chunks: large, ..mock() }).contains("128 KiB"));
    assert!(owner.act(|draft, _| detach(draft, BILLS)).is_err());

    owner.act(|draft, _| attach(draft, BILLS, &mock())).unwrap();
    owner.act(|draft, context| datasets::removed(draft, context, BILLS)).unwrap();
    let left = owner.read(|draft| draft.all::<MockRecord>(&[]));
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(crate::view::View::scan(&owner.view, Table::Mocks, &[], None, 9).unwrap(), []);
    look(&mut owner, &mut requester);
    assert!(tries(&mut requester, &owner).is_err());
}

#[test]
fn without_a_mock_nobody_is_asked() {
    let (mut owner, mut requester) = owner_and_requester();
    look(&mut owner, &mut requester);
    let why = tries(&mut requester, &owner).unwrap_err().to_string();
    assert!(why.contains("no made-up rows"), "{why}");
    assert!(requester.next(&owner.id()).is_none());
}
