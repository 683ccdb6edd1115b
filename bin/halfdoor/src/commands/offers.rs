use crate::{context::Context, error::CliError, input, print};
use clap::{Args, Subcommand};
use node::wishes::{NewOffer, NewReason};

/// Make an offer, or refuse, to somebody who answered you
#[derive(Debug, Args)]
pub(crate) struct Offer {
    /// What you offer; with --refuse, what you say with it
    words: String,
    /// An answer it rests on: a receipt or a request; may be said several times
    #[arg(long = "on", value_name = "ID")]
    on: Vec<String>,
    /// Refuse, for one to four --reason
    #[arg(long, requires = "reasons")]
    refuse: bool,
    /// A reason and the answer it is tied to; that a score was too low is no reason
    #[arg(long = "reason", id = "reasons", value_name = "ID=WORDS", requires = "refuse", value_parser = reason)]
    reasons: Vec<NewReason>,
    /// Until when it can be accepted: 2026-12-31 or +30d; two weeks unless said
    #[arg(long, value_name = "WHEN", conflicts_with = "refuse")]
    until: Option<String>,
}

/// Offers and refusals, made and received
#[derive(Debug, Args)]
pub(crate) struct Offers {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// One of them in full
    Show {
        /// The offer: the beginning of its id is enough
        id: String,
    },
    /// Take up an offer; the answer is final
    Accept {
        /// The offer: the beginning of its id is enough
        id: String,
    },
    /// Turn an offer down; the answer is final
    Decline {
        /// The offer: the beginning of its id is enough
        id: String,
    },
}

impl Offer {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        input::words("the words", &self.words)?;
        let now = print::seconds_now();
        let until = self.until.map(|text| print::moment(&text, now)).transpose()?;
        let kind = if self.refuse { "refusal" } else { "offer" }.to_owned();
        let wish = NewOffer { kind, words: self.words, receipts: self.on, reasons: self.reasons, until };
        at.answer(&at.client()?.offer(&wish)?, print::offer)
    }
}

impl Offers {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match self.verb {
            None => at.answer(&client.offers()?, |offers| print::offers(offers)),
            Some(Verb::Show { id }) => at.answer(&client.offer_by_id(&id)?, print::offer),
            Some(Verb::Accept { id }) => at.answer(&client.answer_offer(&id, true)?, print::offer),
            Some(Verb::Decline { id }) => at.answer(&client.answer_offer(&id, false)?, print::offer),
        }
    }
}

fn reason(text: &str) -> Result<NewReason, String> {
    let (receipt, words) = text.split_once('=').ok_or("write the answer and the reason with = between: 3fa9=WORDS")?;
    Ok(NewReason { receipt: receipt.trim().to_owned(), words: words.trim().to_owned() })
}
