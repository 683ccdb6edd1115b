//! My datasets and who may see them; other people's, as they told them.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    log, outbox,
    owner::revoke_all_on,
    people::words,
    record::{
        Asked, CatalogRecord, DatasetRecord, DisclosureRules, MockRecord, OutboxItem, RequestRecord, RequestState,
        Side, Visibility, WaitingRequest,
    },
    search::Search,
};
use protocol::{
    Body as _, DatasetId, Event, Frame, MessageError, MessageId, PartyId, Refusal, Signed, SignedVoucher, Text, cbor,
    limits::{CATALOG_PAGE, FRAME_BYTES},
    message::{CatalogAnswer, CatalogAsk, Pointer, Vouched},
};

/// Bytes that pointers and words of one page may take: a frame without its envelope and the commitments of its texts.
const PAGE_BYTES: usize = FRAME_BYTES - 4096;

/// A dataset is durable in the store: from now on it exists.
pub fn stored(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    dataset: DatasetId,
    record: &DatasetRecord,
) -> Result<(), ConsentError> {
    let same = |(key, other): &(Vec<u8>, DatasetRecord)| key[..] != dataset.0 && other.tag == record.tag;
    allow(
        !draft.all::<DatasetRecord>(&[])?.iter().any(same),
        "another dataset has that tag already; choose another one",
    )?;
    let (pointer, _) = tell(context, dataset, record)?;
    let page = CatalogAnswer { ask: MessageId([0; 32]), pointers: vec![pointer], more: false };
    page.validate().map_err(MessageError::from)?;
    draft.put(&dataset.0, record)?;
    log::append(draft, context, Event::Stored { dataset, version: record.version })?;
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Chooses who may see that a dataset exists.
pub fn show_to(draft: &mut Draft<'_>, dataset: DatasetId, visible: Visibility) -> Result<(), ConsentError> {
    let mut record: DatasetRecord = draft.get(&dataset.0)?.ok_or(ConsentError::NotFound("dataset"))?;
    record.visible = visible;
    draft.put(&dataset.0, &record)?;
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Sets the rules on what may leave of a dataset. What was shown of it under other rules is shown anew.
pub fn set_rules(draft: &mut Draft<'_>, dataset: DatasetId, rules: DisclosureRules) -> Result<(), ConsentError> {
    let mut record: DatasetRecord = draft.get(&dataset.0)?.ok_or(ConsentError::NotFound("dataset"))?;
    record.rules = Some(rules);
    draft.put(&dataset.0, &record)?;
    for (_, WaitingRequest(id)) in draft.all::<WaitingRequest>(&[])? {
        let mut request: RequestRecord = draft.need(&id.0)?;
        if request.open()?.body().terms.dataset == dataset {
            request.preview = None;
            request.counter = None;
            draft.put(&id.0, &request)?;
        }
    }
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Removes a dataset: requests about it are closed, grants on it revoked, what was shown of it forgotten.
pub fn removed(draft: &mut Draft<'_>, context: &mut Context<'_>, dataset: DatasetId) -> Result<(), ConsentError> {
    let Some(record) = draft.get::<DatasetRecord>(&dataset.0)? else {
        return Err(ConsentError::Refused("no such dataset".to_owned()));
    };
    draft.delete::<DatasetRecord>(&dataset.0);
    draft.delete::<MockRecord>(&dataset.0);
    // the same words in every answer about it
    if let Some(subject) = record.voucher.and_then(|of| of.subject) {
        draft.delete::<Text>(&subject.commitment().0);
    }
    revoke_all_on(draft, context, dataset)?;
    forget_words(draft, dataset)?;
    draft.each::<RequestRecord>(&[], |draft, key, mut request| {
        let open = matches!(request.state, RequestState::Waiting | RequestState::Countered);
        let shown = request.preview.is_some() || request.counter.is_some();
        // those long settled stay as they are: there may be many
        if request.side != Side::Owner || !(open || shown) || request.open()?.body().terms.dataset != dataset {
            return Ok(());
        }
        request.preview = None;
        request.counter = None;
        if open {
            request.state = RequestState::Closed;
        }
        draft.put(key, &request)
    })?;
    log::append(draft, context, Event::Removed { dataset })?;
    draft.notify(Notice::DatasetChanged(dataset));
    Ok(())
}

/// Its name and description in answers that were not delivered yet.
fn forget_words(draft: &mut Draft<'_>, dataset: DatasetId) -> Result<(), ConsentError> {
    draft.each::<OutboxItem>(&[], |draft, _, item| {
        let Ok(answer) = Signed::<CatalogAnswer>::reopen(&item.message) else { return Ok(()) };
        for pointer in answer.body().pointers.iter().filter(|pointer| pointer.dataset == dataset) {
            draft.delete::<Text>(&pointer.name.0);
            draft.delete::<Text>(&pointer.description.0);
        }
        Ok(())
    })
}

/// Asks somebody what they let me see.
pub fn ask(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    of: &PartyId,
    search: &str,
    after: Option<DatasetId>,
) -> Result<MessageId, ConsentError> {
    let expires = context.now(draft)? + 3600;
    let body = CatalogAsk { search: search.to_owned(), after };
    let id = outbox::say_until(draft, context, of, body, vec![], expires)?.id();
    let whole = search.is_empty() && after.is_none();
    draft.put(&asked_key(&id), &Asked { of: *of, whole, expires, answered: false, next: None })?;
    Ok(id)
}

/// Somebody asks what I let them see: names, columns, row counts; never rows.
pub fn asked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    ask: &Signed<CatalogAsk>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let party = ask.sender();
    let after = ask.body().after.map(|dataset| dataset.0);
    let all = draft.scan::<DatasetRecord>(&[], after.as_ref().map(<[u8; 16]>::as_slice), usize::MAX >> 1)?;
    // a message has no longer one
    let search = Search::of(&ask.body().search)?;
    let wanted = |record: &DatasetRecord| record.visible.includes(&party) && matches(record, &search);
    let (mut pointers, mut texts, mut bytes, mut more) = (Vec::new(), Vec::new(), 0, false);
    for (key, record) in all.into_iter().filter(|(_, record)| wanted(record)) {
        let dataset = DatasetId::try_from(&key[..]).map_err(|_| ConsentError::NotFound("dataset"))?;
        let (pointer, words) = tell(context, dataset, &record)?;
        bytes += cbor::to_vec(&(&pointer, &words))?.len();
        if pointers.len() == CATALOG_PAGE || bytes > PAGE_BYTES {
            more = true;
            break;
        }
        pointers.push(pointer);
        texts.extend(words);
    }
    let expires = context.now(draft)? + 3600;
    let body = CatalogAnswer { ask: ask.id(), pointers, more };
    outbox::say_until(draft, context, &party, body, texts, expires)?;
    Ok(Ok(()))
}

/// What is told of a dataset, with the words that travel beside it.
fn tell(
    context: &mut Context<'_>,
    dataset: DatasetId,
    record: &DatasetRecord,
) -> Result<(Pointer, Vec<Text>), ConsentError> {
    let name = words("tag", record.tag.as_str(), context.salt())?;
    let description = words("description", &record.description, context.salt())?;
    let pointer = Pointer {
        dataset,
        version: record.version,
        name: name.commitment(),
        description: description.commitment(),
        columns: record.columns.clone(),
        rows: record.rows,
        mock: record.mock,
        vouched: record.voucher.as_ref().map_or(Vouched::SelfAsserted, |of| Vouched::Signed(of.signed.clone())),
    };
    let subject = record.voucher.as_ref().and_then(|of| of.subject.clone());
    Ok((pointer, [name, description].into_iter().chain(subject).collect()))
}

/// Whether a search finds a dataset of mine: in its name, its description or a column.
#[must_use]
pub fn matches(record: &DatasetRecord, search: &Search) -> bool {
    let columns = record.columns.iter().map(|column| column.name.as_str());
    search.finds([record.tag.as_str(), &record.description].into_iter().chain(columns))
}

/// They answered: what they told replaces what they told before.
pub fn answered(
    draft: &mut Draft<'_>,
    answer: &Signed<CatalogAnswer>,
    frame: &Frame,
) -> Result<Result<(), Refusal>, ConsentError> {
    let party = answer.sender();
    let key = asked_key(&answer.body().ask);
    let asked: Option<Asked> = draft.get(&key)?;
    let Some(mut asked) = asked.filter(|asked| asked.of == party && !asked.answered) else {
        return Ok(Err(Refusal::Unknown));
    };
    if asked.whole {
        forget_catalog(draft, &party)?;
    }
    let last = answer.body().pointers.last().map(|pointer| pointer.dataset);
    asked.answered = true;
    asked.next = last.filter(|_| answer.body().more);
    draft.put(&key, &asked)?;
    for pointer in &answer.body().pointers {
        // words erased while the answer was on its way: the dataset was removed
        let (Some(name), Some(description)) = (frame.text(&pointer.name), frame.text(&pointer.description)) else {
            continue;
        };
        let record = CatalogRecord {
            pointer: pointer.clone(),
            tag: name.as_str().to_owned(),
            description: description.as_str().to_owned(),
            texts: vec![pointer.name, pointer.description],
            subject: subject(pointer, frame),
        };
        draft.put(&catalog_key(&party, &pointer.dataset), &record)?;
    }
    draft.notify(Notice::CatalogArrived(answer.body().ask));
    Ok(Ok(()))
}

/// The words that travelled beside a voucher.
fn subject(pointer: &Pointer, frame: &Frame) -> Option<String> {
    let Vouched::Signed(bytes) = &pointer.vouched else { return None };
    let signed = SignedVoucher::open(bytes).ok()?;
    Some(frame.text(&signed.voucher().subject?)?.as_str().to_owned())
}

/// Key of a dataset of somebody else.
#[must_use]
pub fn catalog_key(party: &PartyId, dataset: &DatasetId) -> Vec<u8> {
    [&party.0[..], &dataset.0].concat()
}

/// What somebody told of their datasets last.
pub fn catalog(draft: &Draft<'_>, party: &PartyId) -> Result<Vec<CatalogRecord>, ConsentError> {
    Ok(draft.all::<CatalogRecord>(&party.0)?.into_iter().map(|(_, record)| record).collect())
}

/// Where the page after an answered ask begins; none when it was the last.
pub fn next_page(draft: &Draft<'_>, ask: &MessageId) -> Result<Option<DatasetId>, ConsentError> {
    Ok(draft.get::<Asked>(&asked_key(ask))?.and_then(|asked| asked.next))
}

fn asked_key(ask: &MessageId) -> Vec<u8> {
    [Asked::PREFIX, &ask.0].concat()
}

/// Forgets what somebody told, before the first page of a fresh answer replaces it.
pub(crate) fn forget_catalog(draft: &mut Draft<'_>, party: &PartyId) -> Result<(), ConsentError> {
    for (key, _) in draft.all::<CatalogRecord>(&party.0)? {
        draft.delete::<CatalogRecord>(&key);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
