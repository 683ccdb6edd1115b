//! A command with somebody at its terminal.

use crate::{said::one_line, until};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::ffi::OsStrExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A running command whose stdin, stdout and stderr are a terminal.
#[derive(Debug)]
pub struct Terminal {
    keyboard: File,
    screen: Arc<Mutex<Vec<u8>>>,
    child: Child,
}

impl Terminal {
    /// Starts a command there.
    ///
    /// # Panics
    /// When the system gives no terminal, or the command does not start.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("a terminal of ours");
        unlockpt(&master).expect("a terminal that opens");
        let name = ptsname(&master, Vec::new()).expect("a terminal with a name");
        let end = OpenOptions::new().read(true).write(true).open(OsStr::from_bytes(name.as_bytes()));
        let end = end.expect("the other end of the terminal");
        let stdio = || Stdio::from(end.try_clone().expect("a copy of the terminal"));
        command.stdin(stdio()).stdout(stdio()).stderr(stdio());
        let child = command.spawn().expect("a command that starts");
        let keyboard = File::from(master);
        let screen = Arc::default();
        watch(keyboard.try_clone().expect("a copy of the terminal"), Arc::clone(&screen));
        Self { keyboard, screen, child }
    }

    /// What stands on the screen, as it reads.
    #[must_use]
    pub fn screen(&self) -> String {
        one_line(&String::from_utf8_lossy(&self.screen.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Waits until these words stand on the screen.
    ///
    /// # Panics
    /// When they do not come.
    pub fn wait_for(&self, words: &str) {
        until(&format!("“{words}” on the screen"), || self.screen().contains(words).then_some(()));
    }

    /// Types a line.
    ///
    /// # Panics
    /// When the terminal is closed.
    pub fn type_line(&mut self, line: &str) {
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("a terminal that is open");
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When it does not end.
    pub fn ended(&mut self) -> ExitStatus {
        let child = &mut self.child;
        until("the command at the terminal ends", || child.try_wait().expect("the state of a process"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies what appears until the terminal is closed.
fn watch(mut from: File, screen: Arc<Mutex<Vec<u8>>>) {
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            screen.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..read]);
        }
    });
}
