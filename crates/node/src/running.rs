//! Computing: on blocking threads, few at a time, over a read-only view of one version of one dataset.

use crate::{
    actor::{Actor, Mailbox},
    columns::{Columns, StoredView},
    error::NodeError,
    ledger::{Over, Rows},
};
use compute::{
    Bounds, RunError, View as _,
    disclosure::{self, Facts, Rules, Verdict},
};
use consent::record::{RunRecord, run_key};
use failpoint::Point;
use protocol::{
    Computation, DatasetId, Date, MessageId, Outcome, VersionHash,
    limits::LEDGER_ROWS,
    message::{NotReleased, Note},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::{DatasetReader, StoreError};
use tokio::sync::Semaphore;

/// Computations at once: a laptop has better things to do.
const AT_ONCE: usize = 2;
/// A computation that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(300);
/// Rows one computation may read.
const ROWS: u64 = compute::limits::ROWS;

/// The room in which computations run.
#[derive(Clone)]
pub(crate) struct Computations {
    room: Arc<Semaphore>,
    stopping: Arc<AtomicBool>,
    runtime: tokio::runtime::Handle,
    mailbox: Mailbox,
    /// What was opened lately.
    pub(crate) columns: Columns,
}

/// What was computed, with the rules applied.
pub(crate) struct Finding {
    pub(crate) outcome: Result<Outcome, Nothing>,
    pub(crate) verdict: Verdict,
    /// From when to when the dataset is, for the owner's prompt.
    pub(crate) dates: Option<(Date, Date)>,
    pub(crate) version: VersionHash,
    /// The rules that were applied.
    pub(crate) rules: Rules,
    /// Rows of the dataset.
    pub(crate) count: u64,
    /// What the outcome tells of which rows.
    pub(crate) rows: Rows,
    /// For the words about single rows.
    pub(crate) reader: DatasetReader,
}

/// Why there is no outcome: for the owner, and as much as the requester may know.
pub(crate) struct Nothing {
    pub(crate) why: String,
    pub(crate) told: NotReleased,
}

impl Computations {
    pub(crate) fn new(mailbox: Mailbox, columns: Columns) -> Self {
        Self {
            room: Arc::new(Semaphore::new(AT_ONCE)),
            stopping: Arc::new(AtomicBool::new(false)),
            runtime: tokio::runtime::Handle::current(),
            mailbox,
            columns,
        }
    }

    /// Stops what runs before its next chunk.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.columns.clear();
    }

    /// Computes on a blocking thread, when there is room.
    pub(crate) async fn compute(
        &self,
        reader: DatasetReader,
        computation: Computation,
        over: Over,
    ) -> Result<Finding, NodeError> {
        let _place = self.room.acquire().await.map_err(|_| NodeError::Stopping)?;
        let stopping = Arc::clone(&self.stopping);
        let view = StoredView::new(reader.clone(), self.columns.clone());
        let task = self.runtime.spawn_blocking(move || compute_over(reader, &view, &computation, &over, &stopping));
        task.await.map_err(|_| NodeError::Stopping)?
    }

    /// Lets something else be computed in the same room; it looks whether the node stops.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
    ) -> Result<T, NodeError> {
        let _place = self.room.acquire().await.map_err(|_| NodeError::Stopping)?;
        let stopping = Arc::clone(&self.stopping);
        self.runtime.spawn_blocking(move || work(&stopping)).await.map_err(|_| NodeError::Stopping)
    }

    /// Lets a task run that waits for the room.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Where what was computed goes.
    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }
}

impl Actor {
    /// Begins to compute a run that was counted; what comes of it comes back as a job.
    pub(crate) fn compute_run(&mut self, grant: MessageId, number: u32) -> Result<(), NodeError> {
        let run: RunRecord = self.read(|draft| draft.need(&run_key(&grant, number)))?;
        let reader = match self.store.read_dataset(run.dataset) {
            Ok(reader) => Some(reader),
            Err(StoreError::NoSuchDataset { .. }) => None,
            Err(other) => return Err(other.into()),
        };
        let over = self.over(run.dataset)?;
        failpoint::pass(Point::RunCounted);
        let computations = self.computations.clone();
        self.computations.runtime.clone().spawn(async move {
            let finding = match reader {
                Some(reader) => match computations.compute(reader, run.computation, over).await {
                    Ok(finding) => Some(finding),
                    Err(error) => {
                        return tracing::warn!(%error, "a run was not computed; it is taken up again at the next start");
                    }
                },
                None => None,
            };
            failpoint::pass(Point::RunComputed);
            let told = computations.mailbox.call(move |actor| actor.finish_run(grant, number, finding)).await;
            failpoint::pass(Point::RunRecorded);
            if let Err(error) = told {
                tracing::error!(%error, "a computed run could not be recorded; it is taken up again at the next start");
            }
        });
        Ok(())
    }

    /// A reader of a dataset that must exist.
    pub(crate) fn reader(&self, dataset: DatasetId) -> Result<DatasetReader, NodeError> {
        Ok(self.store.read_dataset(dataset)?)
    }
}

pub(crate) fn notes(notes: &[disclosure::Note]) -> Vec<Note> {
    let note = |note: &disclosure::Note| match note {
        disclosure::Note::IsARow => Note::IsARow,
        disclosure::Note::FewRows { .. } => Note::FewRows,
        disclosure::Note::SelfAsserted => Note::SelfAsserted,
    };
    notes.iter().map(note).collect()
}

fn compute_over(
    reader: DatasetReader,
    view: &StoredView,
    computation: &Computation,
    over: &Over,
    stopping: &AtomicBool,
) -> Result<Finding, NodeError> {
    let begun = Instant::now();
    let cancelled = || stopping.load(Ordering::Relaxed) || begun.elapsed() > PATIENCE;
    let bounds = Bounds { max_rows: ROWS, cancelled: &cancelled };
    let (rules, count) = (over.rules, view.rows());
    let ran = compute::run_by(&rules, computation, view, &bounds);
    // only words of a prompt: a column of dates that cannot be read is found when it is asked for
    let dates = compute::dates(view, &bounds).unwrap_or_default();
    let facts = match &ran {
        Ok(ran) => Facts { rows: count, values: Some(ran.values), dominated: ran.dominated },
        Err(_) => Facts { rows: count, values: None, dominated: false },
    };
    let verdict = disclosure::check(computation, &facts, &rules, false);
    let found = ran.and_then(|ran| Ok((ran.outcome, rows(view, computation, over, &bounds)?)));
    if stopping.load(Ordering::Relaxed) {
        return Err(NodeError::Stopping);
    }
    let version = reader.manifest().version()?;
    let (outcome, rows) = match found {
        Ok((outcome, rows)) => (Ok(outcome), rows),
        // nothing leaves, and nothing is told
        Err(error) => (Err(nothing(&error)), Rows::TooMany),
    };
    Ok(Finding { outcome, verdict, dates, version, rules, count, rows, reader })
}

/// What an outcome tells of which rows, and who these are.
fn rows(view: &StoredView, asked: &Computation, over: &Over, bounds: &Bounds<'_>) -> Result<Rows, RunError> {
    if view.rows() > LEDGER_ROWS {
        return Ok(Rows::TooMany);
    }
    let who = match &over.placed {
        Some(placed) => Ok(placed.clone()),
        None => Err(disclosure::identities(&over.key, view, bounds)?),
    };
    Ok(Rows::Told(compute::told(&over.rules, asked, view, bounds)?, who))
}

fn nothing(error: &RunError) -> Nothing {
    let told = match error {
        RunError::NotPossible(_) | RunError::TooManyRows { .. } => NotReleased::DatasetChanged,
        RunError::View(_)
        | RunError::Chunk(_)
        | RunError::Cancelled
        | RunError::TooFewValues { .. }
        | RunError::OneDate
        | RunError::Attribute(_)
        | RunError::TooManyGroups { .. }
        | RunError::GroupName
        | RunError::TooManyDigits { .. } => NotReleased::Unspecified,
    };
    Nothing { why: error.to_string(), told }
}
