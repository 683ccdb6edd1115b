//! DuckDB through its Python package, in a process that answers one question after the other.

use anyhow::Context as _;
use std::{
    fmt,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// What runs there: reads a line of JSON for each question, and writes one.
const SCRIPT: &str = include_str!("duck.py");

/// What is asked, on so many threads.
#[derive(Clone, Copy)]
pub(super) enum Engine {
    /// DuckDB's own table.
    Native(usize),
    /// The Parquet file.
    Parquet(usize),
}

impl Engine {
    pub(super) const ALL: [Self; 4] = [Self::Native(1), Self::Native(2), Self::Parquet(1), Self::Parquet(2)];
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native(threads) => write!(f, "native {threads}"),
            Self::Parquet(threads) => write!(f, "parquet {threads}"),
        }
    }
}

/// The process; it ends with this value.
pub(super) struct Duck {
    child: Child,
    asking: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// An answer.
pub(super) struct Answer {
    /// As measured there, without the way here.
    pub(super) milliseconds: f64,
    pub(super) rows: Vec<Vec<f64>>,
}

impl Duck {
    /// Starts it and lets it load the file; in words why it cannot be had, if so.
    pub(super) fn start(python: &Path, file: &Path) -> anyhow::Result<Result<Self, String>> {
        let known =
            Command::new(python).args(["-c", "import duckdb"]).stdin(Stdio::null()).stderr(Stdio::null()).status();
        if !known.is_ok_and(|known| known.success()) {
            return Ok(Err(format!(
                "{} has no module duckdb: python3 -m venv D && D/bin/pip install duckdb, then --python D/bin/python",
                python.display()
            )));
        }
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("python")?;
        let asking = child.stdin.take().context("no way to ask")?;
        let answers = BufReader::new(child.stdout.take().context("no way to answer")?);
        Ok(Ok(Self { child, asking, answers }))
    }

    /// Asks; `{}` in the question is what it is asked of.
    pub(super) fn ask(&mut self, engine: Engine, sql: &str) -> anyhow::Result<Answer> {
        let (table, threads) = match engine {
            Engine::Native(threads) => ("native", threads),
            Engine::Parquet(threads) => ("parquet", threads),
        };
        writeln!(self.asking, "{}", serde_json::json!({ "of": table, "threads": threads, "sql": sql }))?;
        self.asking.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: serde_json::Value = serde_json::from_str(&line).context("DuckDB gave up")?;
        let number = |value: &serde_json::Value| value.as_f64().context("no number");
        let row = |row: &serde_json::Value| row.as_array().context("no row")?.iter().map(number).collect();
        let rows = answer["rows"].as_array().context("no rows")?.iter().map(row).collect::<anyhow::Result<_>>()?;
        Ok(Answer { milliseconds: number(&answer["milliseconds"])?, rows })
    }
}

impl Drop for Duck {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
