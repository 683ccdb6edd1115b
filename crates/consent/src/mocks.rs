//! Made-up rows beside a dataset, on which a request can be tried: nobody decides, and nothing true leaves.
//!
//! What is told of a mock is a message of its own kind. It names no grant, no run and no entry of a log, so that nobody can
//! take it for a receipt, and it is logged on neither side: nothing happened to the data.

use crate::{
    ConsentError, Notice,
    context::Context,
    datasets::catalog_key,
    draft::{Draft, Effect},
    error::allow,
    outbox,
    owner::answerable,
    record::{CatalogRecord, DatasetRecord, MockRecord, Person, Tried, Tries},
};
use protocol::{
    Computation, DatasetId, MessageId, PartyId, Refusal, Signed,
    limits::MOCK_ROWS,
    message::{MockAnswer, MockAsk, Mocked},
};

/// Largest mock, its chunks together, in bytes: it is one record.
pub const MOCK_BYTES: usize = 128 * 1024;
/// Tries of one person in an hour: enough to find the right question, too few to keep a computer busy.
pub const TRIES_PER_HOUR: u32 = 240;
const HOUR: u64 = 3600;

/// Attaches made-up rows to a dataset, in the place of those before.
pub fn attach(draft: &mut Draft<'_>, dataset: DatasetId, mock: &MockRecord) -> Result<(), ConsentError> {
    let mut record: DatasetRecord = draft.get(&dataset.0)?.ok_or(ConsentError::NotFound("dataset"))?;
    allow((1..=MOCK_ROWS).contains(&mock.rows), "a mock has 1 to 1000 rows")?;
    let bytes: usize = mock.chunks.iter().flatten().map(|chunk| chunk.len()).sum();
    allow(bytes <= MOCK_BYTES, "the mock is larger than 128 KiB; give fewer rows or shorter texts")?;
    allow(mock.columns == record.columns, "the mock has other columns than the dataset")?;
    record.mock = Some(mock.rows);
    draft.put(&dataset.0, &record)?;
    draft.put(&dataset.0, mock)?;
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Takes the made-up rows of a dataset away.
pub fn detach(draft: &mut Draft<'_>, dataset: DatasetId) -> Result<(), ConsentError> {
    let mut record: DatasetRecord = draft.get(&dataset.0)?.ok_or(ConsentError::NotFound("dataset"))?;
    allow(record.mock.take().is_some(), "this dataset has no mock")?;
    draft.put(&dataset.0, &record)?;
    draft.delete::<MockRecord>(&dataset.0);
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Asks what something would come to over the made-up rows of somebody's dataset.
pub fn ask(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    of: &PartyId,
    dataset: DatasetId,
    computation: Computation,
) -> Result<MessageId, ConsentError> {
    let person: Person = draft.get(&of.0)?.ok_or(ConsentError::NotFound("person"))?;
    allow(!person.blocked, "you have blocked this person; unblock them first")?;
    let told: Option<CatalogRecord> = draft.get(&catalog_key(of, &dataset))?;
    let told = told.ok_or(ConsentError::NotFound("dataset"))?;
    allow(told.pointer.mock.is_some(), "the owner has attached no made-up rows to try on; ask in earnest")?;
    let expires = context.now(draft)? + HOUR;
    let body = MockAsk { dataset, computation: computation.clone() };
    let id = outbox::say_until(draft, context, of, body, vec![], expires)?.id();
    draft.put(&tried_key(&id), &Tried { of: *of, dataset, computation, expires, came: None, refusal: None })?;
    Ok(id)
}

/// Somebody tries a computation on made-up rows: what they may not see has none.
pub fn asked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    ask: &Signed<MockAsk>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (to, body) = (ask.sender(), ask.body());
    let dataset: Option<DatasetRecord> = draft.get(&body.dataset.0)?;
    let seen = dataset.filter(|dataset| dataset.visible.includes(&to) && dataset.mock.is_some());
    let Some(dataset) = seen else { return Ok(Err(Refusal::Unknown)) };
    if !answerable(&dataset, &body.computation) {
        return Ok(Err(Refusal::Conflict));
    }
    let now = context.now(draft)?;
    let key = tries_key(&to);
    let mut tries: Tries = draft.get(&key)?.unwrap_or_default();
    if tries.since + HOUR <= now {
        tries = Tries { since: now, count: 0 };
    }
    if tries.count >= TRIES_PER_HOUR {
        return Ok(Err(Refusal::TooMany));
    }
    tries.count += 1;
    draft.put(&key, &tries)?;
    let computation = Box::new(body.computation.clone());
    draft.then(Effect::Try { ask: ask.id(), to, dataset: body.dataset, computation });
    Ok(Ok(()))
}

/// What a try came to; whoever was forgotten meanwhile is told nothing.
pub fn came(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    ask: MessageId,
    came: Mocked,
) -> Result<(), ConsentError> {
    if draft.get::<Person>(&to.0)?.is_none() {
        return Ok(());
    }
    let expires = context.now(draft)? + HOUR;
    outbox::say_until(draft, context, to, MockAnswer { ask, came }, vec![], expires)?;
    Ok(())
}

/// They tried: kept only if it was asked for, and once.
pub fn answered(draft: &mut Draft<'_>, answer: &Signed<MockAnswer>) -> Result<Result<(), Refusal>, ConsentError> {
    let key = tried_key(&answer.body().ask);
    let tried: Option<Tried> = draft.get(&key)?;
    let Some(mut tried) = tried.filter(|tried| tried.of == answer.sender() && tried.came.is_none()) else {
        return Ok(Err(Refusal::Unknown));
    };
    tried.came = Some(answer.body().came.clone());
    draft.put(&key, &tried)?;
    draft.notify(Notice::MockCame(answer.body().ask));
    Ok(Ok(()))
}

/// They would not try.
pub(crate) fn turned_away(draft: &mut Draft<'_>, ask: &MessageId, refusal: Refusal) -> Result<(), ConsentError> {
    let Some(mut tried) = draft.get::<Tried>(&tried_key(ask))? else { return Ok(()) };
    tried.refusal = Some(refusal);
    draft.put(&tried_key(ask), &tried)?;
    draft.notify(Notice::MockCame(*ask));
    Ok(())
}

/// What became of a try of mine; none once it is forgotten.
pub fn tried(draft: &Draft<'_>, ask: &MessageId) -> Result<Option<Tried>, ConsentError> {
    draft.get(&tried_key(ask))
}

/// Forgets tries whose time is over, and when anybody tried last.
pub(crate) fn forget(draft: &mut Draft<'_>, now: u64, most: usize) -> Result<(), ConsentError> {
    for (key, tried) in draft.scan::<Tried>(Tried::PREFIX, None, most)? {
        if tried.expires < now {
            draft.delete::<Tried>(&key);
        }
    }
    for (key, tries) in draft.scan::<Tries>(Tries::PREFIX, None, most)? {
        if tries.since + HOUR < now {
            draft.delete::<Tries>(&key);
        }
    }
    Ok(())
}

fn tried_key(ask: &MessageId) -> Vec<u8> {
    [Tried::PREFIX, &ask.0].concat()
}

fn tries_key(of: &PartyId) -> Vec<u8> {
    [Tries::PREFIX, &of.0].concat()
}

#[cfg(test)]
mod tests;
