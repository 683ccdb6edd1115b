//! Something that moves while people wait: on a terminal only, and only when it takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal as _,
    sync::{
        Arc,
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

/// Does the work, and after a second shows what is waited for.
pub(crate) fn waiting<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let spinner = || styled(ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}");
    shown(what, spinner, |_| {}, work)
}

/// The same for work that tells how many bytes it has come along, of how many where that is known.
pub(crate) fn moving<T>(what: &'static str, length: Option<u64>, work: impl FnOnce(&mut dyn FnMut(u64)) -> T) -> T {
    let place = Arc::new(AtomicU64::new(0));
    let bar = move || match length {
        Some(length) => styled(ProgressBar::new(length), "{msg} {wide_bar} {bytes} of {total_bytes}, {eta} left"),
        None => styled(ProgressBar::new_spinner(), "{spinner} {msg} {bytes} {elapsed}"),
    };
    let told = Arc::clone(&place);
    shown(what, bar, move |bar| bar.set_position(told.load(Relaxed)), || work(&mut |bytes| place.store(bytes, Relaxed)))
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner()))
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
