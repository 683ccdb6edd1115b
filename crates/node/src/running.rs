//! Computing: on blocking threads, few at a time, over a read-only view of one version of one dataset.

use crate::{
    actor::{Actor, Mailbox},
    columns::{Columns, StoredView},
    error::NodeError,
};
use compute::{
    Bounds, RunError, View as _,
    disclosure::{self, Facts, Rules, Verdict},
};
use consent::{
    owner::{self, Computed, Finished},
    record::{GrantRecord, Preview, Previewed, RunRecord, run_key},
};
use failpoint::Point;
use protocol::{
    Computation, DatasetId, Date, MessageId, Outcome, Salt, VersionHash,
    message::{Grant, NotReleased, Note, Review},
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
    pub(crate) async fn compute(&self, reader: DatasetReader, computation: Computation) -> Result<Finding, NodeError> {
        let _place = self.room.acquire().await.map_err(|_| NodeError::Stopping)?;
        let stopping = Arc::clone(&self.stopping);
        let view = StoredView::new(reader.clone(), self.columns.clone());
        let task = self.runtime.spawn_blocking(move || compute_over(&reader, &view, &computation, &stopping));
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
        failpoint::pass(Point::RunCounted);
        let computations = self.computations.clone();
        self.computations.runtime.clone().spawn(async move {
            let finding = match reader {
                Some(reader) => match computations.compute(reader, run.computation).await {
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

    fn finish_run(&mut self, grant: MessageId, number: u32, finding: Option<Finding>) -> Result<(), NodeError> {
        let given: GrantRecord = self.read(|draft| draft.need(&grant.0))?;
        let computed = finding.map_or(Computed::Nothing(NotReleased::DatasetChanged), |found| found.released(&given));
        let hand_over = self.paths.contains_key(&given.other);
        let finished = Finished { computed, engine: compute::ENGINE.to_owned(), hand_over };
        self.act(|draft, context| owner::computed(draft, context, &grant, number, finished))
    }

    /// A reader of a dataset that must exist.
    pub(crate) fn reader(&self, dataset: DatasetId) -> Result<DatasetReader, NodeError> {
        Ok(self.store.read_dataset(dataset)?)
    }
}

impl Finding {
    /// What may leave. Where the owner saw this very outcome she decided about the rules too; a standing grant whose
    /// outcomes nobody looks at never sets a rule aside.
    fn released(self, given: &GrantRecord) -> Computed {
        let unseen = matches!(&given.grant, Grant::Standing(standing) if standing.review == Review::None);
        match (self.outcome, self.verdict.refused) {
            (Err(nothing), _) => Computed::Nothing(nothing.told),
            (Ok(_), Some(rule)) if unseen && rule.follows_from_public_metadata() => {
                Computed::Nothing(NotReleased::TooFewRows)
            }
            (Ok(_), Some(_)) if unseen => Computed::Nothing(NotReleased::Unspecified),
            (Ok(outcome), _) => Computed::Outcome { outcome, version: self.version, notes: notes(&self.verdict.notes) },
        }
    }

    /// As the owner is shown it. `overridable` rules stay a warning; she may set them aside for this request.
    pub(crate) fn preview(self, computation: Computation, salt: Salt) -> Preview {
        let notes = notes(&self.verdict.notes);
        let against = self.verdict.refused.map(|refusal| refusal.owner_sentence());
        let shown = match self.outcome {
            Ok(outcome) => Previewed::Value { outcome, salt, notes, against },
            Err(nothing) => Previewed::Nothing { why: nothing.why },
        };
        Preview { computation, version: self.version, shown, dates: self.dates }
    }
}

fn notes(notes: &[disclosure::Note]) -> Vec<Note> {
    let note = |note: &disclosure::Note| match note {
        disclosure::Note::IsARow => Note::IsARow,
        disclosure::Note::FewRows { .. } => Note::FewRows,
        disclosure::Note::SelfAsserted => Note::SelfAsserted,
    };
    notes.iter().map(note).collect()
}

fn compute_over(
    reader: &DatasetReader,
    view: &StoredView,
    computation: &Computation,
    stopping: &AtomicBool,
) -> Result<Finding, NodeError> {
    let begun = Instant::now();
    let cancelled = || stopping.load(Ordering::Relaxed) || begun.elapsed() > PATIENCE;
    let bounds = Bounds { max_rows: ROWS, cancelled: &cancelled };
    let rules = Rules::default();
    let ran = compute::run_by(&rules, computation, view, &bounds);
    // only words of a prompt: a column of dates that cannot be read is found when it is asked for
    let dates = compute::dates(view, &bounds).unwrap_or_default();
    if stopping.load(Ordering::Relaxed) {
        return Err(NodeError::Stopping);
    }
    let facts = Facts { rows: view.rows(), values: ran.as_ref().ok().map(|ran| ran.values) };
    let verdict = disclosure::check(computation, &facts, &rules, false);
    let version = reader.manifest().version()?;
    Ok(Finding { outcome: ran.map(|ran| ran.outcome).map_err(|error| nothing(&error)), verdict, dates, version })
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
