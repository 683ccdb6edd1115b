//! The processes of the story: each one is this program, and none of them outlives it.
//!
//! A child ends when its standard input closes, which the system does also when this process is killed: nothing is left
//! running, whatever happens here. On every platform that is also the orderly way to stop one.

use crate::error::CliError;
use std::{
    collections::BTreeMap,
    io::BufReader,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError, mpsc::channel},
    thread,
    time::{Duration, Instant},
};

/// How long a child may take to say where it is.
const START: Duration = Duration::from_secs(30);
/// How long a child may take to stop in order; then it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// Between two looks whether it has.
const LOOK: Duration = Duration::from_millis(10);

/// What runs. Dropping it stops all of it.
#[derive(Debug, Default)]
pub(super) struct Processes(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    closed: bool,
    running: BTreeMap<&'static str, Process>,
}

/// One child. Dropping it kills it.
#[derive(Debug)]
struct Process {
    child: Child,
    /// Open as long as the child is to run.
    lifeline: Option<ChildStdin>,
}

impl Processes {
    /// Starts a child and reads with `read` what it says first.
    pub(super) fn start<T: Send + 'static>(
        &self,
        name: &'static str,
        command: &mut Command,
        read: impl FnOnce(BufReader<ChildStdout>) -> Option<T> + Send + 'static,
    ) -> Result<T, CliError> {
        let stdout = self.spawn(name, command)?;
        let (told, heard) = channel();
        // Ends with the child at the latest: its end closes the pipe.
        thread::spawn(move || told.send(stdout.map(BufReader::new).and_then(read)));
        heard.recv_timeout(START).ok().flatten().ok_or_else(|| CliError::failed(format!("{name} did not start")))
    }

    fn spawn(&self, name: &'static str, command: &mut Command) -> Result<Option<ChildStdout>, CliError> {
        let mut inside = self.inside();
        // Asked under the same lock that closes: no child slips in behind the others' end.
        if inside.closed {
            return Err(CliError::failed("everything is being stopped"));
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| CliError::failed(format!("{name} could not be started")).because(e))?;
        let (lifeline, stdout) = (child.stdin.take(), child.stdout.take());
        inside.running.insert(name, Process { child, lifeline });
        Ok(stdout)
    }

    /// Kills one without notice (SIGKILL), as a power cut would.
    pub(super) fn kill(&self, name: &str) -> Result<(), CliError> {
        let process = self.inside().running.remove(name);
        let Some(mut process) = process else { return Err(CliError::failed(format!("{name} is not running"))) };
        let killed = process.child.kill().and_then(|()| process.child.wait());
        killed.map(|_| ()).map_err(|e| CliError::failed(format!("{name} could not be killed")).because(e))
    }

    /// One that ended although nobody asked it to.
    pub(super) fn ended(&self) -> Option<&'static str> {
        let mut inside = self.inside();
        inside.running.iter_mut().find_map(|(name, process)| process.has_ended().then_some(*name))
    }

    /// Stops all of it, and lets nothing start any more.
    pub(super) fn close(&self) {
        let mut inside = self.inside();
        inside.closed = true;
        let mut running: Vec<_> = std::mem::take(&mut inside.running).into_values().collect();
        drop(inside);
        running.iter_mut().for_each(|process| process.lifeline = None);
        let until = Instant::now() + GRACE;
        while Instant::now() < until {
            running.retain_mut(|process| !process.has_ended());
            if running.is_empty() {
                return;
            }
            thread::sleep(LOOK);
        }
        // The rest is killed as it is dropped.
    }

    /// What is inside stays usable if a thread panicked while it held it: children must be stopped all the same.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.close();
    }
}

impl Process {
    /// Whether it has ended; one that cannot be asked counts as running, and is killed.
    fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails only for a child that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(all(test, unix))]
mod tests;
