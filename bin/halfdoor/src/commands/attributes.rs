use crate::{
    context::Context,
    error::{CliError, Kind},
    print,
};
use clap::Args;
use node::attributes;

/// The credit attributes that can be asked of transactions: what each one is, and where it comes from
#[derive(Debug, Args)]
pub(crate) struct Attributes {
    /// One of them, in full
    name: Option<String>,
}

impl Attributes {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let Some(name) = self.name else { return at.answer(&attributes::all(), |all| print::attributes(all)) };
        let known = attributes::named(&name).ok_or_else(|| {
            CliError::new(Kind::Failed, format!("there is no credit attribute called {name}"))
                .hint("halfdoor attributes lists them")
        })?;
        at.answer(&known, print::attribute)
    }
}
