//! What can be asked and how it can be made safer: options that asking and offering share.

use clap::Args;

/// A safer form: about the number, instead of the number.
#[derive(Clone, Debug, Default, Args)]
#[group(multiple = false)]
pub(crate) struct Form {
    /// Only whether it is above this
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) above: Option<String>,
    /// Only whether it is below this
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    pub(crate) below: Option<String>,
    /// Only in which of the ranges between these it lies, at most 16: 0,500,1000
    #[arg(long, value_name = "NUMBER,...", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) bands: Vec<String>,
    /// Only rounded to the nearest multiple of this
    #[arg(long, value_name = "STEP")]
    pub(crate) rounded: Option<String>,
}

/// Which rows it is about, and one answer for all of them or for each group.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Rows {
    /// Only rows for which this holds: 'amount >= 100', 'date between 2025-01-01 and 2025-12-31',
    /// 'kind in gas, power'; = != < <= > >= between in; several: all of them
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) filter: Vec<String>,
    /// One answer for each value of a column; groups that are too small are left out
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group_by: Option<String>,
    /// Groups of dates
    #[arg(long, value_parser = ["month", "quarter", "year"])]
    pub(crate) every: Option<String>,
}

/// What credit attributes can be told; `halfdoor attributes NAME` says which of these each one has.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Window {
    /// credit attributes over days: 7 to 366 [default: 90]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(7..=366))]
    pub(crate) days: Option<u16>,
    /// credit attributes over whole calendar months: 1 to 24 [default: 6]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=24))]
    pub(crate) months: Option<u8>,
}

/// What credit attributes can be told besides how long their window is.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Attributes {
    /// credit attributes: the last day of the window [default: the last date of the dataset]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// payments on time: the day of the month on which they are due [default: 1]
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u8).range(1..=28))]
    pub(crate) due_day: Option<u8>,
    /// payments on time: days after the due one that are still on time [default: 5]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u8).range(0..=15))]
    pub(crate) grace: Option<u8>,
    /// income, rent, bills: words of a description or counterparty that mark it, at most 8
    #[arg(long, value_name = "WORDS,...", value_delimiter = ',')]
    pub(crate) words: Vec<String>,
    /// credit attributes: only transactions in this currency
    #[arg(long, value_name = "EUR")]
    pub(crate) currency: Option<String>,
    /// credit attributes: only transactions of this account, by its hash
    #[arg(long, value_name = "HASH")]
    pub(crate) account: Option<String>,
}

/// What some statistics need to know besides a column.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Parameters {
    /// quantile: between 0 and 1
    #[arg(long, value_name = "P")]
    pub(crate) p: Option<String>,
    /// histogram: ascending edges, at most 65; with --bins the first and the last
    #[arg(long, value_name = "NUMBER,...", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) edges: Vec<String>,
    /// histogram: so many bins of equal width between two edges
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) bins: Option<u32>,
    /// trend: the column of dates; may be left out when there is only one
    #[arg(long, value_name = "COLUMN")]
    pub(crate) over: Option<String>,
    /// trend: per day or per month [default: month]
    #[arg(long, value_parser = ["day", "month"])]
    pub(crate) per: Option<String>,
    /// share: the condition whose share it is, written as for --where; several: all of them
    #[arg(long, value_name = "CONDITION")]
    pub(crate) that: Vec<String>,
}
