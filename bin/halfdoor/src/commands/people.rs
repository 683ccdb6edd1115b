use crate::{
    client::{Client, PersonChange},
    context::Context,
    error::CliError,
    print,
};
use clap::{Args, Subcommand};
use node::views::PingView;
use std::time::Duration;

/// Whom this node is connected with; verify, rename, block, forget
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct People {
    /// Show one person in full, with the safety code
    name: Option<String>,
    /// Measure the way there, once a second: until it is direct, 30 times at most
    #[arg(long, requires = "name")]
    ping: bool,
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
            (None, Some(name)) if self.ping => ping(at, &client, &name),
            (None, Some(name)) => at.answer(&client.person(&name)?, print::person),
            (None, None) => at.answer(&client.people()?, |people| print::people(people)),
        }
    }
}

/// How often the way to somebody is measured.
const PINGS: usize = 30;
/// How often when it is direct already, or has become so.
const DIRECT: usize = 3;
/// Between two measurements.
const PAUSE: Duration = Duration::from_secs(1);

/// Says each measurement as it is made; with `--json` all of them in one document at the end.
fn ping(at: &Context, client: &Client, name: &str) -> Result<(), CliError> {
    let mut pings: Vec<PingView> = Vec::new();
    while pings.len() < PINGS {
        pings.push(client.ping(name)?);
        if !at.json() {
            // with the one before it, for the change of the way
            let last = print::pings(pings.get(pings.len().saturating_sub(2)..).unwrap_or_default()).finish();
            print::out(&format!("{}\n", last.lines().last().unwrap_or_default()))?;
        }
        if pings.iter().filter(|ping| ping.path == "direct").count() >= DIRECT {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    if at.json() {
        print::json(&pings)?;
    }
    match pings.last() {
        Some(last) if last.path != "away" => Ok(()),
        _ => Err(CliError::failed(format!("{name} is away"))
            .hint("their program must run, and use a relay that yours uses too: halfdoor doctor")),
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
