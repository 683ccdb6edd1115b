use super::file::Content;
use crate::{context::Context, error::CliError, print};
use clap::Args;
use node::wishes::{NewMock, Reading};
use std::path::PathBuf;

/// Attach made-up rows to a dataset, so that a request can be tried before it is made
///
/// Whoever sees the dataset may compute over them at any time, without asking you, and sees that they are made up. So they
/// must not be real: take --generate, which looks at names and types of columns and at no row, or a file of your own making.
#[derive(Debug, Args)]
pub(super) struct Mock {
    /// Its tag or the beginning of its id
    dataset: String,
    /// A file with the dataset's columns, at most 1000 rows
    #[arg(required_unless_present_any = ["generate", "remove"], conflicts_with_all = ["generate", "remove"])]
    file: Option<PathBuf>,
    /// Make rows from the names and types of the columns alone
    #[arg(long, conflicts_with = "remove")]
    generate: bool,
    /// How many rows to make [default: 24]
    #[arg(long, value_name = "N", requires = "generate", value_parser = clap::value_parser!(u64).range(1..=1000))]
    rows: Option<u64>,
    /// Make the same rows as another time [default: chosen anew]
    #[arg(long, value_name = "NUMBER", requires = "generate")]
    seed: Option<u64>,
    /// Take the made-up rows away
    #[arg(long)]
    remove: bool,
}

impl Mock {
    pub(super) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        if self.remove {
            return at.answer(&client.detach_mock(&self.dataset)?, print::dataset);
        }
        let Content { content, content_base64 } = match &self.file {
            Some(file) => Content::of(file)?,
            None => Content { content: None, content_base64: None },
        };
        let Self { dataset, generate, rows, seed, .. } = self;
        let wish = NewMock { content, content_base64, format: None, reading: Reading::default(), generate, rows, seed };
        let dataset = print::waiting("storing", || client.attach_mock(&dataset, &wish))?;
        at.answer(&dataset, print::dataset)
    }
}
