use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use node::wishes::{NewDataset, Reading};
use std::path::PathBuf;

/// Largest file that `data add` takes: it travels to the node in one call.
const FILE_BYTES: u64 = 16 << 20;

/// Store, show and remove datasets of your own
#[derive(Debug, Args)]
pub(crate) struct Data {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Add(Add),
    /// Show your datasets
    List,
    /// Show what was understood of one
    Show {
        /// Its tag or the beginning of its id
        dataset: String,
    },
    /// Choose who sees that it exists: its description and columns, never rows
    Visible {
        /// Its tag or the beginning of its id
        dataset: String,
        /// everyone, nobody, or names of people
        #[arg(required = true)]
        who: Vec<String>,
    },
    /// Delete it and its key for good
    Remove {
        /// Its tag or the beginning of its id
        dataset: String,
    },
}

/// Store a CSV or JSON file of at most 16 MiB
#[derive(Debug, Args)]
struct Add {
    /// The file; - reads standard input
    file: PathBuf,
    /// Its name
    #[arg(long)]
    tag: String,
    /// What it is, for those who may see it
    #[arg(long, default_value = "")]
    description: String,
    /// What the file is [default: recognised by its content]
    #[arg(long, value_parser = ["csv", "json"])]
    format: Option<String>,
    /// Leave out bad rows instead of refusing the file
    #[arg(long)]
    skip_bad_rows: bool,
    /// Order of dates such as 03/04/2021 [default: decided by the whole column]
    #[arg(long, value_name = "ORDER", value_parser = ["day-first", "month-first"])]
    dates: Option<String>,
    /// The mark before the fraction of a number [default: decided by the whole column]
    #[arg(long, value_name = "MARK", value_parser = ["point", "comma"])]
    decimal_mark: Option<String>,
    /// Whether the first line names the columns [default: decided by its content]
    #[arg(long, value_name = "YES")]
    header: Option<bool>,
    /// A column to keep as words whatever it looks like; may be given several times
    #[arg(long = "text-column", value_name = "COLUMN")]
    text_columns: Vec<String>,
    /// Who sees that it exists: everyone, nobody, or a name; may be given several times [default: nobody]
    #[arg(long, value_name = "WHO")]
    visible_to: Vec<String>,
}

impl Data {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        match self.verb {
            Verb::Add(add) => add.run(at),
            Verb::List => at.answer(&at.client()?.datasets()?, |datasets| print::datasets(datasets)),
            Verb::Show { dataset } => at.answer(&at.client()?.dataset(&dataset)?, print::dataset),
            Verb::Visible { dataset, who } => {
                at.answer(&at.client()?.show_dataset_to(&dataset, &visible(who)?)?, print::dataset)
            }
            Verb::Remove { dataset } => {
                at.client()?.remove_dataset(&dataset)?;
                at.done(&format!("{dataset} is removed, and its key with it"))
            }
        }
    }
}

impl Add {
    fn run(self, at: &Context) -> Result<(), CliError> {
        input::words("the description", &self.description)?;
        let visible_to = visible(self.visible_to)?;
        let client = at.client()?;
        let content = String::from_utf8(input::read_file(&self.file, FILE_BYTES)?).map_err(|e| {
            CliError::failed(format!("{} is not UTF-8 text", self.file.display()))
                .because(e.utf8_error())
                .hint("save it as UTF-8 CSV or JSON")
        })?;
        let Self { format, tag, description, skip_bad_rows, dates, decimal_mark, header, text_columns, .. } = self;
        let reading = Reading { dates, decimal_mark, header, text_columns };
        let wish = NewDataset { content, format, tag, description, skip_bad_rows, visible_to, reading };
        let dataset = print::waiting("storing", || client.add_dataset(&wish))?;
        at.answer(&dataset, print::dataset)
    }
}

/// `nobody` is the absence of names, and goes with none.
fn visible(who: Vec<String>) -> Result<Vec<String>, CliError> {
    match who.as_slice() {
        [nobody] if nobody == "nobody" => Ok(Vec::new()),
        several if several.len() > 1 && several.iter().any(|name| name == "nobody" || name == "everyone") => {
            Err(CliError::usage("everyone and nobody stand alone"))
        }
        _ => Ok(who),
    }
}

#[cfg(test)]
mod tests;
