use super::approve::preview;
use crate::{
    client::Client,
    context::Context,
    error::{CliError, Kind},
    input::{self, Answer},
    print,
};
use clap::Args;
use node::wishes::CounterOffer;

/// Offer something else instead; taken up, it is granted once without asking you again
#[derive(Debug, Args)]
pub(crate) struct Counter {
    /// The request: the beginning of its id is enough
    id: String,
    #[command(flatten)]
    offer: Offer,
    /// When the offer lapses: 2026-12-31 or +30d [default: +7d]
    #[arg(long, value_name = "DATE")]
    expires: Option<String>,
    /// Why, in your words, for the one who asked
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
    /// Offer without being asked: the preview of this counter-offer, at least its first 12 characters
    #[arg(long, value_name = "HASH", value_parser = preview)]
    preview: Option<String>,
}

/// What is offered. What is not said stays as asked.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Offer {
    /// Another computation, or another credit attribute
    #[arg(long, value_name = "KIND", value_parser = input::computation)]
    computation: Option<String>,
    /// Another column
    #[arg(long)]
    column: Option<String>,
    /// Of a credit attribute: so many days
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(7..=366))]
    days: Option<u16>,
    /// Of a credit attribute: so many whole calendar months
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=24))]
    months: Option<u8>,
    /// Only whether it is above this
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, conflicts_with_all = ["below", "bands", "rounded"])]
    above: Option<String>,
    /// Only whether it is below this
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, conflicts_with_all = ["bands", "rounded"])]
    below: Option<String>,
    /// Only in which of the ranges between these it lies, at most 16: 0,500,1000
    #[arg(
        long,
        value_name = "NUMBER,...",
        value_delimiter = ',',
        allow_hyphen_values = true,
        conflicts_with = "rounded"
    )]
    bands: Vec<String>,
    /// Only rounded to the nearest multiple of this
    #[arg(long, value_name = "STEP")]
    rounded: Option<String>,
    /// Runs until: 2026-12-31 or +30d
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl Counter {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        if let Some(because) = &self.because {
            input::words("the reason", because)?;
        }
        let now = print::seconds_now();
        let moment = |text: Option<String>| text.map(|text| print::moment(&text, now)).transpose();
        let offer = CounterOffer {
            computation: self.offer.computation,
            column: self.offer.column,
            days: self.offer.days,
            months: self.offer.months,
            above: self.offer.above,
            below: self.offer.below,
            bands: self.offer.bands,
            rounded: self.offer.rounded,
            until: moment(self.offer.until)?,
            expires: moment(self.expires)?,
            because: self.because,
        };
        let client = at.client()?;
        match self.preview {
            Some(preview) => at.answer(&client.counter(&self.id, &offer, &preview)?, print::request),
            None => asked(at, &client, &self.id, &offer),
        }
    }
}

/// Shows the prompt of the offer: what would leave instead. Where nobody can be asked, it is shown all the same, so
/// that a script learns the preview, and nothing is offered.
fn asked(at: &Context, client: &Client, id: &str, offer: &CounterOffer) -> Result<(), CliError> {
    let prompt = print::waiting("working out what would leave", || client.counter_prompt(id, offer))?;
    let there = input::somebody_is_there();
    if there || !at.json() {
        print::aside(&print::prompt(&prompt).finish());
    }
    let preview = prompt.preview.as_deref().ok_or_else(|| {
        CliError::failed("nothing could leave under this offer, so it cannot be made").hint("offer something else")
    })?;
    if !there {
        return Err(CliError::new(Kind::Undecided, "nobody is here to be asked, and silence is never consent")
            .hint(format!("to offer what was shown: the same command with --preview {preview}")));
    }
    let id = prompt.request.id.as_str();
    match input::ask_here("Offer this instead? Type offer or cancel:", ["offer", "cancel"])? {
        Answer::First => at.answer(&client.counter(id, offer, preview)?, print::request),
        Answer::Second => at.done("nothing was offered"),
    }
}
