//! Something that moves while people wait: on a terminal only, and only when it takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::IsTerminal as _,
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

/// Before this, nothing moves.
const PATIENCE: Duration = Duration::from_secs(1);

/// Does the work, and after a second shows what is waited for.
pub(crate) fn waiting<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (done, finished) = channel::<()>();
    let watcher = thread::spawn(move || {
        if finished.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style).with_message(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        // Ends when the work drops the other end.
        let _ = finished.recv();
        bar.finish_and_clear();
    });
    let result = work();
    drop(done);
    // A watcher that panicked drew nothing more; the work is done either way.
    let _ = watcher.join();
    result
}
