//! What a command said when it was done.

use serde_json::Value;
use std::process::Output;

/// The end of one command.
#[derive(Clone, Debug)]
pub struct Said {
    line: String,
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    pub(crate) fn new(line: String, output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { line, code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Whether it did what was asked: exit code 0.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// What it printed.
    #[must_use]
    pub fn out(&self) -> &str {
        &self.out
    }

    /// What it said on stderr.
    #[must_use]
    pub fn err(&self) -> &str {
        &self.err
    }

    /// It did what was asked: exit code 0.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// It refused or failed, exit code 1, and every one of these words is in the reason it gave. Line breaks do not count.
    ///
    /// # Panics
    /// When it did otherwise.
    pub fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{self}");
        assert!(self.err.contains("error:"), "a refusal says why: {self}");
        let err = one_line(&self.err);
        for word in words {
            assert!(err.contains(word), "“{word}” is missing: {self}");
        }
        self
    }

    /// Every one of these words is in what it printed. Line breaks do not count.
    ///
    /// # Panics
    /// When one is missing.
    pub fn shows(&self, words: &[&str]) -> &Self {
        let out = one_line(&self.out);
        for word in words {
            assert!(out.contains(word), "“{word}” is missing: {self}");
        }
        self
    }

    /// None of these words is in what it printed.
    ///
    /// # Panics
    /// When one is there.
    pub fn hides(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.out.contains(word), "“{word}” is shown: {self}");
        }
        self
    }

    /// What it printed, as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("no JSON ({e}): {self}"))
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, code, out, err } = self;
        write!(f, "halfdoor {line}: exit code {code:?}\n--- stdout\n{out}\n--- stderr\n{err}")
    }
}

/// Text as it reads, however it was wrapped.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
