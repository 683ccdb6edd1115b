//! What a command says when it fails: a kind, a cause, and where there is one a next step.

use std::{error::Error as StdError, path::Path, process::ExitCode};

/// What sort of failure it is; decides the exit code and the problem document's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The command line does not make sense: exit code 2.
    Usage,
    /// No node answers for this home.
    NotRunning,
    /// The node said no, with its problem document's type and HTTP status.
    Problem {
        /// The last part of `urn:halfdoor:problem:KIND`.
        of: String,
        /// HTTP status.
        status: u16,
    },
    /// Nobody consented: the question was answered with neither word, or could not be asked.
    Undecided,
    /// Anything else that failed here.
    Failed,
}

/// A failure people can act on.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CliError {
    kind: Kind,
    message: String,
    hint: Option<String>,
    #[source]
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl CliError {
    /// A failure of any kind.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, cause: None }
    }

    /// The command line does not make sense.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Something failed on this machine.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// No node answers for this home.
    pub(crate) fn not_running(home: &Path) -> Self {
        Self::new(Kind::NotRunning, format!("no node is running in {}", home.display()))
            .hint("start it with: halfdoor up (another home: --home DIR)")
    }

    /// The same with a next step.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with what caused it.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What sort of failure it is.
    #[cfg(test)]
    pub(crate) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The HTTP status the node answered with, if it answered.
    pub(crate) fn status(&self) -> Option<u16> {
        match self.kind {
            Kind::Problem { status, .. } => Some(status),
            _ => None,
        }
    }

    /// 2 for a command line that makes no sense, else 1.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.kind == Kind::Usage { 2 } else { 1 })
    }

    /// The message and every cause beneath it, on one line.
    pub(crate) fn chain(&self) -> String {
        with_causes(self)
    }

    /// The next step, where there is one.
    pub(crate) fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The same as a problem document (RFC 9457), so that `--json` fails in the form the node's API fails in.
    pub(crate) fn problem(&self) -> serde_json::Value {
        let (of, title) = match &self.kind {
            Kind::Usage => ("usage", "the command line does not make sense"),
            Kind::NotRunning => ("not-running", "no node answers"),
            Kind::Problem { of, .. } => (of.as_str(), "the node refused"),
            Kind::Undecided => ("undecided", "nothing was decided"),
            Kind::Failed => ("failed", "it failed"),
        };
        let mut problem = serde_json::json!({
            "type": format!("urn:halfdoor:problem:{of}"),
            "title": title,
            "detail": self.chain(),
        });
        if let Some(fields) = problem.as_object_mut() {
            if let Some(status) = self.status() {
                fields.insert("status".into(), status.into());
            }
            if let Some(hint) = &self.hint {
                fields.insert("hint".into(), hint.as_str().into());
            }
        }
        problem
    }
}

/// What can go wrong where no node answers: making a home, starting it, reading an exported file.
impl From<node::NodeError> for CliError {
    fn from(error: node::NodeError) -> Self {
        let hint = error.hint();
        let failed = Self::failed(with_causes(&error));
        match hint {
            Some(hint) => failed.hint(hint),
            None => failed,
        }
    }
}

/// A failure and what is beneath it, each after a colon. A cause that its effect already tells is not said twice.
fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        below = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;
