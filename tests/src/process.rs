//! A process that ends with its owner and leaves its words behind.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

/// Bytes of each log that a failed scenario shows.
const TAIL: usize = 6000;

/// A running program. Killed when dropped; if the scenario failed, its logs are printed.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl Process {
    /// Starts a program whose outputs go to files in `logs`, under a name of their own.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(name: &str, mut command: Command, logs: &Path) -> Self {
        let (out, err) = (logs.join(format!("{name}.out")), logs.join(format!("{name}.err")));
        let file = |path: &Path| File::create(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        command.stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err));
        let child = command.spawn().unwrap_or_else(|e| panic!("{name} does not start: {e}"));
        Self { name: name.to_owned(), child, out, err }
    }

    /// What it printed so far.
    #[must_use]
    pub fn out(&self) -> String {
        text(&self.out)
    }

    /// What it said on stderr so far.
    #[must_use]
    pub fn err(&self) -> String {
        text(&self.err)
    }

    /// How it ended, if it has.
    ///
    /// # Panics
    /// When the system does not tell.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the state of a process")
    }

    /// The most memory it ever had, in bytes, where the system says so (Linux).
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
    }

    /// Whether it was ended by SIGKILL, by itself or by others; where there are no signals, by anything but success.
    ///
    /// # Panics
    /// When it ended otherwise: nobody asked it to.
    pub fn has_died(&mut self) -> bool {
        let Some(status) = self.ended() else { return false };
        #[cfg(unix)]
        let killed = std::os::unix::process::ExitStatusExt::signal(&status) == Some(9);
        #[cfg(not(unix))]
        let killed = !status.success();
        assert!(killed, "{} ended: {status}\n{}", self.name, self.err());
        true
    }

    /// Ends it at once, wherever it is: SIGKILL.
    pub fn kill(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end (SIGTERM) and waits. Where there is no such signal it is killed, and no status is known.
    ///
    /// # Panics
    /// When it does not end.
    pub fn terminate(&mut self) -> Option<ExitStatus> {
        #[cfg(unix)]
        {
            let pid = rustix::process::Pid::from_child(&self.child);
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal to a child");
            let name = self.name.clone();
            Some(crate::until(&format!("{name} ends when asked to"), || self.ended()))
        }
        #[cfg(not(unix))]
        {
            self.kill();
            None
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            for (stream, path) in [("stdout", &self.out), ("stderr", &self.err)] {
                let all = text(path);
                let from = all.len().saturating_sub(TAIL);
                let from = (from..=all.len()).find(|at| all.is_char_boundary(*at)).unwrap_or(0);
                eprintln!("--- {stream} of {}\n{}", self.name, &all[from..]);
            }
        }
    }
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}
