//! How far one file is, and who is told.

use serde::{Deserialize, Serialize};
use std::{
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};
use tokio::sync::broadcast;
use utoipa::ToSchema;

/// How often it is told how far one file is.
const PAUSE: Duration = Duration::from_millis(200);

/// How far a file is. Numbers only: nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Loading {
    /// The word that whoever sends it gave it.
    pub id: String,
    /// What is done with it.
    pub stage: Stage,
    /// Bytes of the file that this has come to. A file is read more than once: this is its share of all readings.
    pub bytes: u64,
    /// Bytes of the file, once that is known.
    pub of: Option<u64>,
    /// Rows that are sealed so far.
    pub rows: u64,
}

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It comes.
    Receiving,
    /// It is read.
    Reading,
    /// It is a dataset.
    Stored,
    /// It is none, and nothing of it is kept.
    Refused,
}

/// How far one file is, and who is told.
pub(super) struct Telling {
    pub(super) state: Mutex<State>,
    told: broadcast::Sender<Loading>,
    /// Whether nobody waits for the file any more.
    pub(super) over: AtomicBool,
}

pub(super) struct State {
    /// `bytes` are those of this stage, or of this one of several readings.
    loading: Loading,
    /// Which reading this is, and of how many.
    pass: (u32, u32),
    told: Option<Instant>,
}

impl Telling {
    /// Of a file that begins to come, of so many bytes where that is known.
    pub(super) fn of(id: String, of: Option<u64>, told: broadcast::Sender<Loading>) -> Self {
        let loading = Loading { id, stage: Stage::Receiving, bytes: 0, of, rows: 0 };
        let state = Mutex::new(State { loading, pass: (1, 1), told: None });
        Self { state, told, over: AtomicBool::new(false) }
    }

    /// More bytes; how many it are in this stage.
    pub(super) fn add(&self, bytes: u64) -> u64 {
        self.change(false, |state| {
            state.loading.bytes += bytes;
            state.loading.bytes
        })
    }

    pub(super) fn rows(&self, rows: u64) {
        self.change(false, |state| state.loading.rows += rows);
    }

    pub(super) fn pass(&self, pass: u32, of: u32) {
        self.change(false, |state| (state.pass, state.loading.bytes) = ((pass, of), 0));
    }

    pub(super) fn stage(&self, stage: Stage, of: Option<u64>) {
        self.change(true, |state| {
            (state.loading.stage, state.loading.of) = (stage, of.or(state.loading.of));
            (state.pass, state.loading.bytes) = ((1, 1), 0);
            if stage == Stage::Stored {
                state.loading.bytes = state.loading.of.unwrap_or_default();
            }
        });
    }

    /// Changes it, and tells when that was not done just now, or must be.
    fn change<T>(&self, must: bool, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut state);
        if must || state.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            state.told = Some(Instant::now());
            // an error means that nobody listens
            let _ = self.told.send(state.shown());
        }
        changed
    }
}

impl State {
    /// The share of all readings.
    pub(super) fn shown(&self) -> Loading {
        let (pass, of) = (u64::from(self.pass.0.max(1)), u64::from(self.pass.1.max(1)));
        let bytes = match self.loading.of {
            // a reading that goes back and forth passes some bytes twice
            Some(length) => (length * (pass - 1) + self.loading.bytes.min(length)) / of,
            None => self.loading.bytes,
        };
        Loading { bytes, ..self.loading.clone() }
    }
}
