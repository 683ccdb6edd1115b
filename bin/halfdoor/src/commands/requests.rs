use crate::{context::Context, error::CliError, print};
use clap::Args;
use node::wishes::RequestFilter;

/// What waits for you, and what you asked
#[derive(Debug, Args)]
pub(crate) struct Requests {
    /// Only how this one stands: the beginning of its id is enough
    #[arg(conflicts_with_all = ["direction", "person", "state"])]
    id: Option<String>,
    /// Only those made to you, or only those you made
    #[arg(long, value_parser = ["received", "sent"])]
    direction: Option<String>,
    /// Only this person's
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// Only in this state: waiting, approved, denied, countered, expired, done, ...
    #[arg(long)]
    state: Option<String>,
}

impl Requests {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        if let Some(id) = &self.id {
            return at.answer(&client.request_by_id(id)?, print::request);
        }
        let filter = RequestFilter { direction: self.direction, person: self.person, state: self.state };
        at.answer(&client.requests(&filter)?, |requests| print::requests(requests))
    }
}
