//! Whether the log is whole, and the log as a file: in pages, between which the actor does other work.

use crate::{
    actor::{Actor, Mailbox},
    error::NodeError,
    prompt,
    views::{LogReport, OtherLog},
};
use consent::{
    Draft, files,
    log::{
        self, Check, checkpoint,
        statement::{Contradiction, Statement, contradiction},
    },
    record::Person,
};
use protocol::message::TreeHead;

/// Entries looked at in one job of the actor: some ten milliseconds of work.
const PAGE: u64 = 500;

/// Checks every entry and every subtree, and tells how others' logs stand.
pub(crate) async fn check_log(mailbox: &Mailbox) -> Result<LogReport, NodeError> {
    let mut check = mailbox.call(|actor| actor.read(Check::begin)).await?;
    loop {
        let page = move |actor: &mut Actor| {
            let mut check = check;
            let more = actor.read(|draft| check.go_on(draft, PAGE))?;
            Ok((check, more))
        };
        let (looked, more) = mailbox.call(page).await?;
        check = looked;
        if !more {
            return mailbox.call(move |actor| actor.report(check)).await;
        }
    }
}

/// The log as a file, page by page.
pub struct LogExport {
    mailbox: Mailbox,
    head: Option<TreeHead>,
    cosigned: bool,
    next: u64,
}

impl LogExport {
    pub(crate) fn of(mailbox: Mailbox) -> Self {
        Self { mailbox, head: None, cosigned: false, next: 0 }
    }

    /// The next bytes of the file; none after its end. The log is as it was when the first were asked for.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, NodeError> {
        let Some(head) = self.head else {
            let (head, bytes) =
                self.mailbox.call(|actor| actor.read(|draft| files::opening(draft, &actor.key))).await?;
            self.head = Some(head);
            return Ok(Some(bytes));
        };
        if !std::mem::replace(&mut self.cosigned, true) {
            let bytes = self.mailbox.call(move |actor| actor.read(|draft| files::cosigned(draft, &head))).await?;
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        let from = self.next;
        let page = move |actor: &mut Actor| actor.read(|draft| files::entries(draft, &head, from, PAGE));
        let bytes = self.mailbox.call(page).await?;
        self.next = from.saturating_add(PAGE);
        Ok((!bytes.is_empty()).then_some(bytes))
    }
}

impl Actor {
    fn report(&self, check: Check) -> Result<LogReport, NodeError> {
        self.ask(|draft| {
            let head = log::head_at(draft, check.progress().0)?;
            Ok(LogReport {
                size: head.size,
                root: head.root.to_string(),
                checkpoint: checkpoint::sign(&head, &self.key),
                whole: check.faults.is_empty(),
                faults: check.faults,
                others: others(draft)?,
            })
        })
    }

    pub(crate) fn export_evidence(&self, name: &str) -> Result<Vec<u8>, NodeError> {
        let (party, person) = self.find_person(Some(name))?;
        let refused = |why: String| Err(NodeError::Refused { why });
        if person.fork.is_none() {
            return refused(format!("what {} signed of their log does not contradict itself", person.name));
        }
        if person.against.is_none() {
            return refused("the first version kept only one of the two statements; one proves nothing".to_owned());
        }
        self.read(|draft| files::Evidence::export(draft, &party))
    }
}

fn others(draft: &Draft<'_>) -> Result<Vec<OtherLog>, NodeError> {
    let mut others = Vec::new();
    for (_, person) in draft.all::<Person>(&[])? {
        let Some(seen) = person.seen else { continue };
        let (state, detail) = standing(&person);
        let (size, root) = (seen.size, seen.root.to_string());
        others.push(OtherLog { person: person.name.to_string(), size, root, state: state.to_owned(), detail });
    }
    Ok(others)
}

type State = (&'static str, Option<String>);

fn standing(person: &Person) -> State {
    if let Some(fork) = &person.fork {
        let open = |bytes: &[u8]| Statement::open(bytes).ok();
        let both = person.against.as_ref().and_then(|against| Some((open(against)?, open(fork)?)));
        let how = both.and_then(|(one, other)| contradiction(&one, &other));
        let state = if matches!(how, Some(Contradiction::CutBack { .. })) { "cut back" } else { "forked" };
        return (state, how.map(|how| how.to_string()));
    }
    let Some(ended) = person.ended.last() else { return ("consistent", None) };
    let day = prompt::day(ended.restored);
    let lost = match (ended.kept, ended.seen.size) {
        (kept, seen) if kept >= seen => "nothing seen before is lost".to_owned(),
        (kept, seen) => format!("entries {kept} to {} that were seen before are lost", seen - 1),
    };
    ("begun anew", Some(format!("restored from a backup on {day}; {lost}")))
}
