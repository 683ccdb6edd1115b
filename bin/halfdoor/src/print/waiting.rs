//! Something that moves while people wait: on a terminal only, and only when it takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal as _,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

/// Before this, nothing moves.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings.
const RENEWED: Duration = Duration::from_millis(120);
/// How work looks whose length is known.
const WITH_LENGTH: &str = "{msg} {wide_bar} {bytes} of {total_bytes}, {eta} left";
/// How it looks where that is not known.
const WITHOUT_LENGTH: &str = "{spinner} {msg} {bytes} {elapsed}";

/// Does the work, and after a second shows what is waited for.
pub(crate) fn waiting<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let spinner = || styled(ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}");
    shown(what, spinner, |_| {}, work)
}

/// The same for work that tells how many bytes it has come along, of how many where that is known.
pub(crate) fn moving<T>(what: &'static str, length: Option<u64>, work: impl FnOnce(&mut dyn FnMut(u64)) -> T) -> T {
    let place = Arc::new(AtomicU64::new(0));
    let bar = move || match length {
        Some(length) => styled(ProgressBar::new(length), WITH_LENGTH),
        None => styled(ProgressBar::new_spinner(), WITHOUT_LENGTH),
    };
    let told = Arc::clone(&place);
    shown(what, bar, move |bar| bar.set_position(told.load(Relaxed)), || work(&mut |bytes| place.store(bytes, Relaxed)))
}

/// How far work of several stages is.
#[derive(Clone, Default)]
pub(crate) struct Moving(Arc<Mutex<Place>>);

/// A stage by its words, and how far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    words: String,
    bytes: u64,
    of: Option<u64>,
}

impl Moving {
    /// Whether anybody sees it.
    pub(crate) fn is_shown(&self) -> bool {
        std::io::stderr().is_terminal()
    }

    /// Goes on by so many bytes.
    pub(crate) fn by(&self, bytes: u64) {
        self.place().bytes += bytes;
    }

    /// Goes to a place.
    pub(crate) fn to(&self, words: String, bytes: u64, of: u64) {
        *self.place() = Place { words, bytes, of: Some(of) };
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does work that tells in which stage it is and how far.
pub(crate) fn staged<T>(what: &'static str, of: Option<u64>, work: impl FnOnce(&Moving) -> T) -> T {
    let moving = Moving(Arc::new(Mutex::new(Place { words: what.to_owned(), bytes: 0, of })));
    let told = moving.clone();
    let bar = || styled(ProgressBar::new_spinner(), WITHOUT_LENGTH);
    let renew = move |bar: &ProgressBar| {
        let Place { words, bytes, of } = told.place().clone();
        bar.set_message(words);
        bar.set_position(bytes);
        if let Some(of) = of.filter(|of| bar.length() != Some(*of)) {
            bar.set_length(of);
            bar.set_style(style(WITH_LENGTH));
        }
    };
    shown(what, bar, renew, || work(&moving))
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.with_style(style(template))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// Does the work; after a second, draws the bar and renews it until the work is done.
fn shown<T>(
    what: &'static str,
    bar: impl FnOnce() -> ProgressBar + Send + 'static,
    renew: impl Fn(&ProgressBar) + Send + 'static,
    work: impl FnOnce() -> T,
) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (done, finished) = channel::<()>();
    let watcher = thread::spawn(move || {
        if finished.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let bar = bar().with_message(what);
        loop {
            renew(&bar);
            bar.tick();
            // Ends when the work drops the other end.
            if finished.recv_timeout(RENEWED) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        bar.finish_and_clear();
    });
    let result = work();
    drop(done);
    // A watcher that panicked drew nothing more; the work is done either way.
    let _ = watcher.join();
    result
}
