//! A process that serves another one ends with it, however that one ends.

use std::{future, io};

/// Completes once whoever started this process has closed its standard input, or is gone; never unless asked for.
pub(super) async fn cut(asked_for: bool) {
    if !asked_for {
        return future::pending().await;
    }
    let (cut, seen) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own: a runtime would wait at its end for a read that may never return.
    std::thread::spawn(move || {
        // An end and an error mean the same: nobody is there.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        drop(cut);
    });
    // Nothing is ever sent: the thread lets go of its end.
    let _ = seen.await;
}
