use crate::{
    client::Client,
    context::Context,
    error::{CliError, Kind},
    input::{self, Answer},
    print,
};
use clap::Args;
use node::{views::Prompt, wishes};

/// See the prompt, then say yes or no
#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The request: the beginning of its id is enough
    id: String,
    /// Approve without being asked: the preview that `show` printed, at least its first 12 characters
    #[arg(long, value_name = "HASH", value_parser = preview)]
    preview: Option<String>,
    /// Runs allowed; more than one makes a standing grant [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    uses: Option<u32>,
    /// Not after: 2026-12-31 or +30d [default: what was asked for]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Make a standing grant even for one run
    #[arg(long)]
    standing: bool,
    /// Computations a standing grant covers [default: the one asked]
    #[arg(long, value_name = "KIND,...", value_delimiter = ',', value_parser = input::kind)]
    kinds: Vec<String>,
    /// Columns a standing grant covers [default: the one asked]
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    columns: Vec<String>,
    /// Whether you see each outcome of a standing grant before it leaves [default: each]
    #[arg(long, value_parser = ["each", "none"])]
    review: Option<String>,
    /// Let a standing grant cover filters and groups by its columns, as it does where the request has any
    #[arg(long)]
    parts: bool,
    /// Release although a disclosure rule refuses it: why, in your own words, which stay with your decision
    #[arg(long, value_name = "WORDS", value_parser = reason)]
    despite: Option<String>,
}

impl Approve {
    pub(crate) fn run(self, at: &Context) -> Result<(), CliError> {
        let now = print::seconds_now();
        let until = self.until.as_deref().map(|text| print::moment(text, now)).transpose()?;
        if self.preview.is_none() && !input::somebody_is_there() {
            return Err(nobody_there(&self.id));
        }
        let client = at.client()?;
        let wish = wishes::Approve {
            preview: self.preview.unwrap_or_default(),
            uses: self.uses,
            until,
            standing: self.standing,
            kinds: self.kinds,
            columns: self.columns,
            review: self.review,
            parts: self.parts,
            despite: self.despite,
        };
        if wish.preview.is_empty() {
            return asked(at, &client, &self.id, wish);
        }
        at.answer(&client.approve(&self.id, &wish)?, print::request)
    }
}

/// Shows the prompt and asks; the decision is made on exactly what was shown.
fn asked(at: &Context, client: &Client, id: &str, mut wish: wishes::Approve) -> Result<(), CliError> {
    let prompt = print::waiting("working out what would leave", || client.prompt(id))?;
    let mut page = print::prompt(&prompt);
    if let Some(choice) = choice(&prompt, &wish) {
        page.line("Beyond what was asked, you chose");
        page.indented(2, &choice);
        page.gap();
    }
    print::aside(&page.finish());
    // Decided on the request the prompt is about: what was typed may come to mean another one.
    let id = prompt.request.id.as_str();
    let answer = if prompt.leaves.refused && wish.despite.is_none() {
        let words = input::ask_words_here(
            "A rule refuses this. Deny it, by typing deny; or type in a few words why it is to leave all the same:",
            "deny",
        )?;
        wish.despite = words.map(|words| reason(&words).map_err(undecided)).transpose()?;
        if wish.despite.is_some() { Answer::First } else { Answer::Second }
    } else {
        input::ask_here("Approve or deny? Type approve or deny:", ["approve", "deny"])?
    };
    let request = match answer {
        Answer::Second => client.deny(id, None)?,
        Answer::First => {
            wish.preview = prompt.preview.ok_or_else(|| {
                CliError::failed("nothing can leave, so there is nothing to approve")
                    .hint(format!("halfdoor deny {id}"))
            })?;
            client.approve(id, &wish)?
        }
    };
    at.answer(&request, print::request)
}

/// Why nothing is decided where nobody can be shown anything, and how a script decides.
fn nobody_there(id: &str) -> CliError {
    let see = format!("see it: halfdoor show {id}; then approve what was shown: halfdoor approve {id} --preview HASH");
    CliError::new(Kind::Undecided, "nobody is here to be asked, and silence is never consent").hint(see)
}

/// What the options add to the request, in words; none when they add nothing.
fn choice(prompt: &Prompt, wish: &wishes::Approve) -> Option<String> {
    let uses = wish.uses.unwrap_or(1);
    let mut words = Vec::new();
    if wish.standing || uses > 1 {
        let of = |chosen: &[String], asked: &str| if chosen.is_empty() { asked.to_owned() } else { chosen.join(", ") };
        let kinds = of(&wish.kinds, &prompt.request.computation);
        let columns = of(&wish.columns, &prompt.request.column);
        words.push(format!("a standing grant: {uses} runs of {kinds} over {columns}"));
        words.extend(wish.parts.then(|| "of any of the rows, by filters and groups over these columns".to_owned()));
        words.push(match wish.review.as_deref() {
            Some("none") => "outcomes leave WITHOUT being shown to you first".to_owned(),
            _ => "each outcome is shown to you before it leaves".to_owned(),
        });
    }
    words.extend(wish.until.map(|until| format!("until {}", print::day_and_time(until))));
    words.extend(wish.despite.as_ref().map(|why| format!("release although a rule refuses it, because: {why}")));
    (!words.is_empty()).then(|| words.join("; "))
}

/// Words that are a reason: a bare yes is none.
fn reason(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.split_whitespace().count() < 2 { Err("say why, in two words or more") } else { Ok(text.to_owned()) }
}

fn undecided(why: &str) -> CliError {
    CliError::new(Kind::Undecided, "that was neither deny nor a reason, so nothing was done").hint(why)
}

/// As short as the node accepts, so that a slip of the finger is not a decision.
pub(super) fn preview(text: &str) -> Result<String, &'static str> {
    let form = text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if form { Ok(text.to_ascii_lowercase()) } else { Err("it has at least 12 hexadecimal characters") }
}

#[cfg(test)]
mod tests;
