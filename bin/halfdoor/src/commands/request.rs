use super::question::{Attributes, Form, Parameters, Rows, Window};
use crate::{context::Context, error::CliError, input, print};
use clap::Args;
use node::wishes::NewRequest;
use protocol::message::Purpose;
use std::time::Duration;

/// Ask something of somebody's dataset
#[derive(Debug, Args)]
pub(crate) struct Request {
    /// Whose dataset
    name: String,
    /// Its tag or the beginning of its id
    dataset: String,
    /// count, sum, mean (average), min, max, median, std, quantile, distinct, histogram, trend or
    /// share; or a credit attribute, as `halfdoor attributes` lists them
    #[arg(value_parser = input::computation)]
    computation: String,
    /// The column; may be left out when only one is numeric
    #[arg(long)]
    column: Option<String>,
    #[command(flatten)]
    parameters: Parameters,
    #[command(flatten)]
    window: Window,
    #[command(flatten)]
    attributes: Attributes,
    #[command(flatten)]
    rows: Rows,
    #[command(flatten)]
    form: Form,
    /// Why you ask, in your words; the owner reads them as not checked
    #[arg(long, default_value = "")]
    reason: String,
    /// credit_application, account_review, rental, income_verification, affordability or research
    /// [default: credit_application]
    #[arg(long, value_parser = purpose)]
    purpose: Option<String>,
    /// How many runs you ask for [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    uses: Option<u32>,
    /// Until when you may run it: 2026-12-31 or +30d [default: +7d]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// When the request lapses undecided: 2026-12-31 or +30d [default: +7d]
    #[arg(long, value_name = "DATE")]
    expires: Option<String>,
    /// A standing grant to ask under
    #[arg(long, value_name = "ID")]
    grant: Option<String>,
    /// Seconds to wait until the other side has it
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=60))]
    wait: u64,
}

impl Request {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        input::words("the reason", &self.reason)?;
        let now = print::seconds_now();
        let moment = |text: Option<String>| text.map(|text| print::moment(&text, now)).transpose();
        let wish = NewRequest {
            until: moment(self.until)?,
            expires: moment(self.expires)?,
            person: self.name,
            dataset: self.dataset,
            computation: self.computation,
            column: self.column,
            filter: self.rows.filter,
            group_by: self.rows.group_by,
            every: self.rows.every,
            p: self.parameters.p,
            edges: self.parameters.edges,
            bins: self.parameters.bins,
            over: self.parameters.over,
            per: self.parameters.per,
            that: self.parameters.that,
            days: self.window.days,
            months: self.window.months,
            as_of: self.attributes.as_of,
            due_day: self.attributes.due_day,
            grace: self.attributes.grace,
            words: self.attributes.words,
            currency: self.attributes.currency,
            account: self.attributes.account,
            above: self.form.above,
            below: self.form.below,
            bands: self.form.bands,
            rounded: self.form.rounded,
            purpose: self.purpose,
            reason: self.reason,
            uses: self.uses,
            grant: self.grant,
        };
        let client = at.client()?;
        let patience = Duration::from_secs(self.wait);
        let request = print::waiting("handing the request over", || client.request(&wish, patience))?;
        at.answer(&request, print::request)
    }
}

fn purpose(word: &str) -> Result<String, String> {
    let known = || Purpose::ALL.map(Purpose::name).join(", ");
    Purpose::named(word).map(|purpose| purpose.name().to_owned()).ok_or_else(|| format!("known are {}", known()))
}
