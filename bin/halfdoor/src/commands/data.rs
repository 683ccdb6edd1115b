mod file;
mod large;
mod mock;
mod sign;

use self::file::Understood;
use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use data_encoding::BASE64;
use node::wishes::{NewDataset, NewRules};
use protocol::voucher;
use std::path::{Path, PathBuf};

/// Store, show and remove datasets of your own
#[derive(Debug, Args)]
pub(crate) struct Data {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Add(Add),
    Sign(sign::Sign),
    /// Show your datasets
    List {
        /// Only those in whose tag, description or columns words begin with all of these
        #[arg(long, value_name = "WORDS", default_value = "")]
        search: String,
    },
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
    Mock(mock::Mock),
    Rules(Rules),
    /// Delete it and its key for good
    Remove {
        /// Its tag or the beginning of its id
        dataset: String,
    },
}

/// Store a file: a statement of a bank, bills, any table
///
/// Of at most 64 MiB, or 1 GiB of CSV and Parquet. The node reads it as it comes; memory holds a piece of it.
/// What the file is, is recognised by its content. Statements (OFX, QIF, camt.053, MT940, and JSON as Plaid and FDX write
/// it) become date, amount, currency, description, counterparty, balance and account; account numbers are not stored, but a
/// hash that tells accounts apart. So does a CSV file whose columns --map names.
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
    #[command(flatten)]
    understood: Understood,
    /// Who sees that it exists: everyone, nobody, or a name; may be given several times [default: nobody]
    #[arg(long, value_name = "WHO")]
    visible_to: Vec<String>,
    /// The voucher of whoever made the file [default: FILE.voucher, where that is there]
    #[arg(long, value_name = "VOUCHER")]
    signed: Option<PathBuf>,
    /// Store it as your own word, whatever voucher lies beside it
    #[arg(long, conflicts_with = "signed")]
    unsigned: bool,
}

impl Data {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        match self.verb {
            Verb::Add(add) => add.run(at),
            Verb::Sign(sign) => sign.run(at),
            Verb::List { search } => {
                at.answer(&at.client()?.datasets(&search)?, |datasets| print::datasets(datasets, &search))
            }
            Verb::Show { dataset } => at.answer(&at.client()?.dataset(&dataset)?, print::dataset),
            Verb::Visible { dataset, who } => {
                at.answer(&at.client()?.show_dataset_to(&dataset, &visible(who)?)?, print::dataset)
            }
            Verb::Mock(mock) => mock.run(at),
            Verb::Rules(rules) => rules.run(at),
            Verb::Remove { dataset } => {
                at.client()?.remove_dataset(&dataset)?;
                at.done(&format!("{dataset} is removed, and its key with it"))
            }
        }
    }
}

/// Set what may leave of it; what is not said stays. Without any option, show it
///
/// Answers to requests and under grants keep to these rules. In the prompt of a request you can set one aside, in words.
#[derive(Debug, Args)]
struct Rules {
    /// Its tag or the beginning of its id
    dataset: String,
    /// Fewest rows, and fewest values, behind any answer
    #[arg(long, value_name = "N")]
    minimum_rows: Option<u64>,
    /// Fewest values in a group that is told of, and fewest rows about which all answers together may tell anything
    #[arg(long, value_name = "N")]
    smallest_group: Option<u64>,
    /// Percent of a sum that one row may make at most; 100 lets it make all
    #[arg(long, value_name = "PERCENT")]
    dominance: Option<u8>,
    /// Whether an answer may be a row: the smallest, the largest, a median, a quantile
    #[arg(long, value_name = "YES")]
    rows_may_leave: Option<bool>,
    /// Round every number to a multiple of this before it leaves; off for none
    #[arg(long, value_name = "STEP")]
    round_to: Option<String>,
}

impl Rules {
    fn run(self, at: &Context) -> Result<(), CliError> {
        let Self { dataset, minimum_rows, smallest_group, dominance, rows_may_leave, round_to } = self;
        let wish = NewRules { minimum_rows, smallest_group, dominance, rows_may_leave, round_to };
        let client = at.client()?;
        let shown =
            if wish == NewRules::default() { client.dataset(&dataset)? } else { client.set_rules(&dataset, &wish)? };
        at.answer(&shown, print::dataset)
    }
}

impl Add {
    fn run(self, at: &Context) -> Result<(), CliError> {
        input::words("the description", &self.description)?;
        let voucher_base64 = self.voucher()?;
        let visible_to = visible(self.visible_to)?;
        let client = at.client()?;
        let Self { file, tag, description, understood, .. } = self;
        let Understood { format, skip_bad_rows, .. } = understood.clone();
        let reading = understood.reading();
        let (content, content_base64) = (None, None);
        let wish = NewDataset {
            content,
            content_base64,
            format,
            tag,
            description,
            skip_bad_rows,
            visible_to,
            reading,
            voucher_base64,
        };
        let dataset = large::sent(&client, &file, &wish)?;
        at.answer(&dataset, print::dataset)
    }

    /// The voucher that was named, or the one that lies beside the file.
    fn voucher(&self) -> Result<Option<String>, CliError> {
        let beside = beside(&self.file);
        let found = match (&self.signed, self.unsigned) {
            (Some(named), _) => named,
            (None, false) if self.file.as_os_str() != "-" && beside.exists() => &beside,
            _ => return Ok(None),
        };
        Ok(Some(BASE64.encode(&input::read_file(found, voucher::FILE_BYTES as u64)?)))
    }
}

/// Where the voucher of a file lies.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".voucher");
    name.into()
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
