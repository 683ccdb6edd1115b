use super::outcomes::relied_on;
use crate::{context::Context, error::CliError, input, print};
use clap::Args;
use node::{
    Source,
    views::{FileView, FilesView},
};
use std::{
    fs::File,
    io::{BufReader, Cursor, Read},
    path::{Path, PathBuf},
};

/// Most that is read from standard input, which cannot be read twice.
const STANDARD_INPUT: u64 = 64 << 20;

/// Check exported files, and against each other; needs no node and no network
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Receipts, logs and evidence; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Verify {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let mut sources = self.files.iter().map(|path| source(path)).collect::<Result<Vec<_>, _>>()?;
        let view = print::waiting("checking", || node::verify_files(&mut sources))?;
        match view.files.as_slice() {
            [one] => at.answer(one, |_| print::files(&view))?,
            _ => at.answer(&view, print::files)?,
        }
        holds(&view)
    }
}

fn source(path: &Path) -> Result<Source<'static>, CliError> {
    let name = path.display().to_string();
    if path.as_os_str() == "-" {
        let bytes = input::read_file(path, STANDARD_INPUT)?;
        let open = move || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>);
        return Ok(Source { name, open: Box::new(open) });
    }
    let path = path.to_owned();
    // a file that is not there is said so at once
    File::open(&path).map_err(|e| CliError::failed(format!("{name} cannot be read")).because(e))?;
    let open = move || Ok(Box::new(BufReader::new(File::open(&path)?)) as Box<dyn Read>);
    Ok(Source { name, open: Box::new(open) })
}

fn holds(view: &FilesView) -> Result<(), CliError> {
    for file in &view.files {
        if let FileView::Outcome(outcome) = file {
            relied_on(outcome)?;
        }
    }
    match &view.fork {
        Some(fork) => Err(CliError::failed(fork.clone()).hint("keep all of these files: together they are the proof")),
        None => Ok(()),
    }
}
