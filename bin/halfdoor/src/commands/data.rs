use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use data_encoding::BASE64;
use node::wishes::{FILE_BYTES, Mapping, NewDataset, NewRules, Reading, formats};
use std::path::PathBuf;

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
    Rules(Rules),
    /// Delete it and its key for good
    Remove {
        /// Its tag or the beginning of its id
        dataset: String,
    },
}

/// Store a file of at most 16 MiB: a statement of a bank, bills, any table
///
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
    /// What the file is [default: recognised by its content]
    #[arg(long, value_parser = PossibleValuesParser::new(formats()))]
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
    /// Which column of a CSV file is which part of a transaction, such as date=Buchungstag; given several times, it makes
    /// transactions of the rows. Parts are date, amount (or debit and credit), currency, description, counterparty,
    /// balance, account
    #[arg(long = "map", value_name = "PART=COLUMN", value_parser = mapping)]
    map: Vec<Mapping>,
    /// The currency of transactions whose file names none, such as EUR
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
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
        let visible_to = visible(self.visible_to)?;
        let client = at.client()?;
        let (content, content_base64) = match String::from_utf8(input::read_file(&self.file, FILE_BYTES as u64)?) {
            Ok(text) => (Some(text), None),
            Err(other) => (None, Some(BASE64.encode(other.as_bytes()))),
        };
        let Self { dates, decimal_mark, header, text_columns, map, currency, .. } = self;
        let reading = Reading { dates, decimal_mark, header, text_columns, map, currency };
        let Self { format, tag, description, skip_bad_rows, .. } = self;
        let wish = NewDataset { content, content_base64, format, tag, description, skip_bad_rows, visible_to, reading };
        let dataset = print::waiting("storing", || client.add_dataset(&wish))?;
        at.answer(&dataset, print::dataset)
    }
}

/// `PART=COLUMN`; the node knows the parts.
fn mapping(text: &str) -> Result<Mapping, String> {
    let (part, column) = text.split_once('=').ok_or("write it as PART=COLUMN, such as date=Buchungstag")?;
    Ok(Mapping { part: part.trim().to_owned(), column: column.trim().to_owned() })
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
