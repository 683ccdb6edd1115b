use crate::{client::Client, context::Context, error::CliError, input, print};
use clap::Args;
use node::{views::InviteView, wishes::NewInvite};
use std::time::Duration;

/// Host a session: print an invite, and wait for the other side
#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// How many people may join by it [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    uses: Option<u32>,
    /// How long it can be used, such as 24h or 7d [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    expires_in: Option<u64>,
    /// What the session is for, in your words
    #[arg(long = "for", value_name = "WORDS")]
    hint: Option<String>,
    /// Print the invite and do not wait
    #[arg(long)]
    no_wait: bool,
}

impl Invite {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        if let Some(hint) = &self.hint {
            input::words("what the session is for", hint)?;
        }
        let client = at.client()?;
        let wish = NewInvite { uses: self.uses, expires_in: self.expires_in, hint: self.hint };
        let invite = client.invite(&wish)?;
        at.answer(&invite, print::invite)?;
        if self.no_wait { Ok(()) } else { joined(at, &client, &invite) }
    }
}

/// Waits for the first to join, as long as the invite lives; with `--json` that is a second document.
fn joined(at: &Context, client: &Client, invite: &InviteView) -> Result<(), CliError> {
    let patience = Duration::from_secs(invite.expires.saturating_sub(print::seconds_now()));
    let invite = print::waiting("waiting for the other side", || client.joined(&invite.id, patience))?;
    let Some(person) = invite.joined.first() else {
        return Err(CliError::failed("nobody joined before the invite lapsed").hint("make another: halfdoor invite"));
    };
    at.answer(person, |person| {
        let mut page = print::Page::new();
        page.gap();
        page.line(&format!("{} joined.", person.name));
        let left = usize::try_from(invite.uses).unwrap_or(usize::MAX).saturating_sub(invite.joined.len());
        if left > 0 {
            page.line(&format!("{left} more may join until {}.", print::day_and_time(invite.expires)));
        }
        page.line("Compare the safety code by voice: halfdoor people NAME");
        page
    })
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    print::span(text).ok_or("write 90m, 24h or 7d")
}
