//! Made-up rows: attached by an owner, tried on by whoever is to ask.

use super::reading::{self, Form, understood};
use crate::{
    actor::Actor,
    asking,
    columns::StoredView,
    error::NodeError,
    show,
    views::{DatasetView, MockOutcomeView},
    wishes::{NewMock, NewRequest},
};
use compute::{Bounds, Described, Table, View, content::content, formats::AccountKey, mock};
use consent::{
    mocks,
    record::{MockRecord, Tried},
};
use protocol::{
    Column, ColumnType, Computation, DatasetId, MessageId, PartyId, limits::MOCK_WORDS_BYTES, message::Mocked,
    text::neutralised,
};
use serde_bytes::ByteBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use store::DatasetReader;

/// Rows that a generator makes unless said.
const ROWS: u64 = 24;
/// Every outcome of a mock begins with this.
const NOTICE: &str = "MOCK: computed over rows that the owner made up. It says nothing about the data.";

/// A dataset that is to have made-up rows.
pub(crate) struct Beside {
    pub(crate) id: DatasetId,
    columns: Vec<Column>,
    reader: DatasetReader,
}

/// Made-up rows for a dataset, from a file or from the columns alone.
pub(crate) fn made_up(wish: NewMock, beside: &Beside) -> Result<MockRecord, NodeError> {
    let NewMock { content, content_base64, format, reading, generate, rows, seed } = wish;
    if generate != (content.is_none() && content_base64.is_none()) {
        return Err(invalid("generate", &"either a file, or generate: true"));
    }
    let (table, seed) = if generate {
        let seed = seed.unwrap_or_else(rand::random);
        // the generator is given the columns, and has no way to a row
        (mock::generated(&beside.columns, rows.unwrap_or(ROWS), seed), Some(seed))
    } else {
        let mut reading = reading;
        let texts = beside.columns.iter().filter(|column| column.of == ColumnType::Text);
        reading.text_columns.extend(texts.map(|column| column.name.to_string()));
        let bytes = reading::content(content, content_base64)?;
        let read =
            understood(&bytes, &Form { format, skip_bad_rows: false, reading }, AccountKey::new(rand::random()))?;
        (mock::fitted(&read.table, &beside.columns), None)
    };
    let table = table.map_err(|error| invalid("mock", &error))?;
    if is_the_data(&table, &beside.reader)? {
        return Err(invalid("mock", &"these are the rows of the dataset itself, and would be told without asking you"));
    }
    let rows = table.rows();
    let (columns, chunks) = table.into_parts();
    let bytes =
        |chunks: Vec<compute::table::Chunk>| chunks.into_iter().map(|chunk| ByteBuf::from(chunk.bytes)).collect();
    Ok(MockRecord { columns, rows, chunks: chunks.into_iter().map(bytes).collect(), seed })
}

/// Whether somebody attached the very rows that nobody is to see.
fn is_the_data(table: &Table, reader: &DatasetReader) -> Result<bool, NodeError> {
    if table.rows() != reader.manifest().rows {
        return Ok(false);
    }
    let of = |view: &dyn View| content(view, &[0; 32]).map_err(|error| NodeError::Internal(error.to_string()));
    Ok(of(table)? == of(&StoredView::passing(reader.clone()))?)
}

impl Actor {
    pub(crate) fn beside(&self, named: &str) -> Result<Beside, NodeError> {
        let (id, record) = self.find_dataset(named)?;
        Ok(Beside { id, columns: record.columns, reader: self.reader(id)? })
    }

    pub(crate) fn attach_mock(&mut self, id: DatasetId, mock: &MockRecord) -> Result<DatasetView, NodeError> {
        self.act(|draft, _| mocks::attach(draft, id, mock))?;
        self.one_dataset(&id.to_string())
    }

    pub(crate) fn detach_mock(&mut self, named: &str) -> Result<DatasetView, NodeError> {
        let (id, _) = self.find_dataset(named)?;
        self.act(|draft, _| mocks::detach(draft, id))?;
        self.one_dataset(&id.to_string())
    }

    /// Tries a computation on somebody's made-up rows.
    pub(crate) fn ask_mock(&mut self, wish: &NewRequest) -> Result<MessageId, NodeError> {
        let (party, _) = self.find_person(Some(&wish.person))?;
        let told = self.find_catalogued(&party, &wish.dataset)?;
        let computation = asking::computation(wish, &told.pointer.columns)?;
        self.act(|draft, context| mocks::ask(draft, context, &party, told.pointer.dataset, computation))
    }

    /// What a try came to, once it came.
    pub(crate) fn mock_came(&self, ask: &MessageId) -> Result<Option<MockOutcomeView>, NodeError> {
        self.ask(|draft| {
            let gone = || NodeError::NotFound { what: "try", name: ask.to_string() };
            let tried: Tried = mocks::tried(draft, ask)?.ok_or_else(gone)?;
            if let Some(refusal) = tried.refusal {
                return Err(NodeError::Refused { why: show::refused(refusal).to_owned() });
            }
            let Some(came) = tried.came else { return Ok(None) };
            let told = consent::datasets::catalog(draft, &tried.of)?.into_iter();
            let told = told.into_iter().find(|record| record.pointer.dataset == tried.dataset).ok_or_else(gone)?;
            let (tag, rows) = (neutralised(&told.tag), told.pointer.mock.unwrap_or_default());
            let sentence = match tag.parse() {
                Ok(name) => {
                    let described = Described::new(&name, rows, &told.pointer.columns);
                    compute::sentence(&tried.computation, &described)
                }
                Err(_) => compute::phrase(&tried.computation),
            };
            let (value, outcome, nothing) = match came {
                Mocked::Outcome(outcome) => (Some(outcome.to_string()), serde_json::to_value(outcome).ok(), None),
                Mocked::Nothing(why) => (None, None, Some(neutralised(&why))),
            };
            let (mock, notice) = (true, NOTICE.to_owned());
            let person = show::name_of(draft, &tried.of)?;
            Ok(Some(MockOutcomeView { mock, notice, person, tag, rows, sentence, value, outcome, nothing }))
        })
    }

    /// Begins a try that somebody asked for; what comes of it comes back as a job.
    pub(crate) fn try_on_mock(
        &self,
        (ask, to): (MessageId, PartyId),
        dataset: DatasetId,
        computation: Computation,
    ) -> Result<(), NodeError> {
        let Some(record) = self.read(|draft| draft.get::<MockRecord>(&dataset.0))? else { return Ok(()) };
        let computations = self.computations.clone();
        self.computations.spawn(async move {
            let ran = computations.aside(move |stopping| tried(record, &computation, stopping)).await;
            let told = match ran {
                Ok(came) => computations.mailbox().call(move |actor| actor.answer_mock(ask, &to, came)).await,
                Err(error) => Err(error),
            };
            if let Err(error) = told {
                tracing::debug!(%error, "a try on made-up rows was not answered; whoever asked asks again");
            }
        });
        Ok(())
    }

    fn answer_mock(&mut self, ask: MessageId, to: &PartyId, came: Mocked) -> Result<(), NodeError> {
        self.act(|draft, context| mocks::came(draft, context, to, ask, came))
    }
}

/// Computes over made-up rows, under the rules that a dataset has unless its owner changes them.
fn tried(record: MockRecord, computation: &Computation, stopping: &AtomicBool) -> Mocked {
    let chunks: Vec<Vec<&[u8]>> =
        record.chunks.iter().map(|chunks| chunks.iter().map(|chunk| chunk.as_slice()).collect()).collect();
    let cancelled = || stopping.load(Ordering::Relaxed);
    let bounds = Bounds { max_rows: record.rows, cancelled: &cancelled };
    let ran = mock::table(record.columns.clone(), &chunks)
        .map_err(|error| error.to_string())
        .and_then(|table| compute::run(computation, &table, &bounds).map_err(|error| error.to_string()));
    ran.map_or_else(|why| Mocked::Nothing(short(&why)), Mocked::Outcome)
}

/// At most as long as an answer may have words.
fn short(why: &str) -> String {
    let plain = neutralised(why);
    let end = plain.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= MOCK_WORDS_BYTES).last();
    plain.get(..end.unwrap_or_default()).unwrap_or_default().to_owned()
}

fn invalid(field: &'static str, why: &dyn std::fmt::Display) -> NodeError {
    NodeError::Invalid { field, why: why.to_string() }
}
