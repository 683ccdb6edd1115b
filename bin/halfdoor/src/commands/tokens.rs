use crate::{context::Context, error::CliError, print};
use clap::{Args, Subcommand, ValueEnum};
use node::wishes::{NewToken, Scope};

/// What other programs of yours may do here; make, revoke, and see what was called
#[derive(Debug, Args)]
pub(crate) struct Tokens {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a token for a program; its text is printed once and kept nowhere
    Add {
        /// What it is for
        name: String,
        /// What it may do
        #[arg(long)]
        scope: Level,
        /// Not after: 2026-12-31 or +30d [default: until revoked]
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// End a token at once; what it listens to is cut
    Revoke {
        /// Its name, or the beginning of its id
        name: String,
    },
    /// Who called what of this node, newest first
    Calls {
        /// Only by this token: its name or id; "this home" and "duo" are those without one
        #[arg(long, value_name = "NAME")]
        token: Option<String>,
        /// How many to show, at most 1000
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    /// Look at everything that is no secret
    Read,
    /// Also ask others, and run what they approved
    Request,
    /// Also decide for this home; everything but tokens
    Decide,
}

impl Tokens {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match self.verb {
            None => at.answer(&client.tokens()?, |tokens| print::tokens(tokens)),
            Some(Verb::Add { name, scope, until }) => {
                let until = until.map(|text| print::moment(&text, print::seconds_now())).transpose()?;
                let made = client.make_token(&NewToken { name, scope: scope.into(), until })?;
                at.answer(&made, print::made_token)
            }
            Some(Verb::Revoke { name }) => {
                client.revoke_token(&name)?;
                at.done(&format!("{name} holds no longer"))
            }
            Some(Verb::Calls { token, limit }) => {
                at.answer(&client.calls(token.as_deref(), limit.into())?, |calls| print::calls(calls))
            }
        }
    }
}

impl From<Level> for Scope {
    fn from(level: Level) -> Self {
        match level {
            Level::Read => Self::Read,
            Level::Request => Self::Request,
            Level::Decide => Self::Decide,
        }
    }
}
