use crate::{
    client::{Client, PersonChange},
    context::Context,
    error::CliError,
    print,
};
use clap::{Args, Subcommand};

/// Whom this node is connected with; verify, rename, block, forget
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct People {
    /// Show one person in full, with the safety code
    name: Option<String>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Record that you compared the safety code
    Verify {
        /// Whom
        name: String,
        /// The code as the other side read it to you; spaces do not matter
        #[arg(required = true)]
        code: Vec<String>,
    },
    /// Give somebody another name, here only
    Rename {
        /// Whom
        name: String,
        /// The new name
        new: String,
    },
    /// Refuse everything from somebody
    Block {
        /// Whom
        name: String,
    },
    /// Let somebody ask again
    Unblock {
        /// Whom
        name: String,
    },
    /// Disconnect from somebody; a new invite is needed to meet again
    Forget {
        /// Whom
        name: String,
    },
}

impl People {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        match (self.verb, self.name) {
            (Some(verb), _) => verb.run(at, &client),
            (None, Some(name)) => at.answer(&client.person(&name)?, print::person),
            (None, None) => at.answer(&client.people()?, |people| print::people(people)),
        }
    }
}

impl Verb {
    fn run(self, at: &Context, client: &Client) -> Result<(), CliError> {
        let (name, change) = match self {
            Self::Verify { name, code } => {
                (name, PersonChange { safety_code: Some(code.concat()), ..Default::default() })
            }
            Self::Rename { name, new } => (name, PersonChange { name: Some(new), ..Default::default() }),
            Self::Block { name } => (name, PersonChange { blocked: Some(true), ..Default::default() }),
            Self::Unblock { name } => (name, PersonChange { blocked: Some(false), ..Default::default() }),
            Self::Forget { name } => {
                client.forget(&name)?;
                return at.done(&format!("{name} is forgotten here"));
            }
        };
        at.answer(&client.change_person(&name, &change)?, print::person)
    }
}
