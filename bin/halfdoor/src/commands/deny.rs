use crate::{context::Context, error::CliError, input, print};
use clap::Args;

/// Say no
#[derive(Debug, Args)]
pub(crate) struct Deny {
    /// The request: the beginning of its id is enough
    id: String,
    /// Why, in your words, for the one who asked
    #[arg(long, value_name = "WORDS")]
    because: Option<String>,
}

impl Deny {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        if let Some(because) = &self.because {
            input::words("the reason", because)?;
        }
        at.answer(&at.client()?.deny(&self.id, self.because.as_deref())?, print::request)
    }
}
