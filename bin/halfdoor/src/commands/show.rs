use crate::{context::Context, error::CliError, print};
use clap::Args;
use node::views::Prompt;

/// The consent prompt in full: who, what, reads, leaves, why, how long
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The request: the beginning of its id is enough
    id: String,
}

impl Show {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let client = at.client()?;
        let prompt = print::waiting("working out what would leave", || client.prompt(&self.id))?;
        at.answer(&prompt, page)
    }
}

/// The prompt, and beneath it either the two ways to decide, alike, or what became of it.
fn page(prompt: &Prompt) -> print::Page {
    let mut page = print::prompt(prompt);
    let request = &prompt.request;
    if request.direction != "received" || request.state != "waiting" {
        page.line(&print::standing(request));
        return page;
    }
    let id = print::shortened(&request.id);
    page.line("Nothing happens until you decide:");
    page.indented(2, &format!("halfdoor approve {id}"));
    page.indented(2, &format!("halfdoor deny {id}"));
    page.indented(2, &format!("halfdoor counter {id}"));
    if !prompt.instead.is_empty() {
        page.gap();
        page.line("Instead you could offer less than the number:");
        for one in &prompt.instead {
            page.indented(2, &format!("halfdoor counter {id} --{} {}", one.form, one.with));
            page.indented(4, &format!("they would get: {}", one.value));
        }
    }
    if let Some(preview) = &prompt.preview {
        page.gap();
        page.line(&format!("A script names what it was shown: --preview {preview}"));
    }
    page
}

#[cfg(test)]
mod tests;
