//! The owner's node is killed at a bad moment, and loses nothing.

use crate::{
    client::Client,
    demo::{
        bills::Amounts,
        check,
        scene::{BILLS, PATIENCE, Question, Scene, code, short, whole_log},
        stage::JACK,
        tree,
    },
    error::CliError,
};
use node::{
    views::{DatasetView, EntryView, GrantView, LogReport, RequestView},
    wishes::{Approve, RequestFilter},
};
use std::time::Duration;

const APPROVED: Question<'_> = Question {
    dataset: BILLS,
    computation: "sum",
    column: "total",
    reason: "What did you pay in all these years together?",
};
const WAITING: Question<'_> =
    Question { computation: "median", reason: "What does a usual month cost you?", ..APPROVED };
const ON_THE_WAY: Question<'_> =
    Question { computation: "count", reason: "How many of your bills are there?", ..APPROVED };

/// What Jack's node had acknowledged before it was killed.
struct Before {
    log: LogReport,
    entries: Vec<EntryView>,
    requests: Vec<RequestView>,
    grants: Vec<GrantView>,
    datasets: Vec<DatasetView>,
}

impl Before {
    fn of(jack: &Client) -> Result<Self, CliError> {
        Ok(Self {
            entries: whole_log(jack)?,
            log: jack.verify_log()?,
            requests: jack.requests(&RequestFilter::default())?,
            grants: jack.grants()?,
            datasets: jack.datasets("")?,
        })
    }
}

/// One request is approved, one waits, one is on its way, as the power goes.
pub(in crate::demo) fn power_cut(scene: &mut Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("The power goes at Jack's")?;
    let approved = scene.asking(&APPROVED)?;
    let waiting = scene.asking(&WAITING)?;
    let before = scene.telling.step("Jack's node is killed right after a yes", || {
        let (prompt, value) = scene.looks_at(&approved.id, Amounts::of(APPROVED.column)?.sum()?)?;
        let before = Before::of(&scene.jack)?;
        let preview = code(&prompt)?;
        scene.jack.approve(&approved.id, &Approve { preview, ..Approve::default() })?;
        scene.stage.kill(JACK)?;
        let told = format!("Jack approves {value}; the moment his node has said so, it is killed (SIGKILL)");
        Ok((before, told))
    })?;
    let sent = scene.telling.step("Jill asks while Jack's node is down", || {
        let request = scene.jill.request(&ON_THE_WAY.wish(), Duration::ZERO)?;
        check::same("the request at Jill's", &request.state.as_str(), &"sending")?;
        Ok((request, "Jill asks something else meanwhile; her node keeps it until Jack's is back".into()))
    })?;
    (scene.at.jack, scene.jack) = scene.telling.step("Jack's node starts again", || {
        let (up, client) = scene.stage.start_node(JACK)?;
        let told = format!("Jack's node starts again, at {}", up.screen);
        Ok(((up, client), told))
    })?;
    nothing_lost(scene, &before, &approved.id)?;
    goes_on(scene, &approved, &waiting, &sent)
}

fn nothing_lost(scene: &Scene<'_>, before: &Before, approved: &str) -> Result<(), CliError> {
    scene.telling.step("everything acknowledged is still there", || {
        let now = Before::of(&scene.jack)?;
        check::holds(now.log.whole, format!("the log is not whole: {}", now.log.faults.join("; ")))?;
        check::same("the datasets", &now.datasets, &before.datasets)?;
        for grant in &before.grants {
            check::holds(now.grants.contains(grant), format!("grant {} is not as it was", short(&grant.id)))?;
        }
        for request in before.requests.iter().filter(|request| request.id != approved) {
            check::holds(now.requests.contains(request), format!("request {} is not as it was", short(&request.id)))?;
        }
        let decided = scene.jack.request_by_id(approved)?;
        check::same("the request approved last", &decided.state.as_str(), &"approved")?;
        let old = now.entries.get(..before.entries.len());
        check::holds(old == Some(before.entries.as_slice()), "the log does not continue the one before")?;
        check::same("the root over the old entries", &tree::root_of(old.unwrap_or_default())?, &before.log.root)?;
        let (requests, grants) = (before.requests.len(), before.grants.len());
        let told = format!(
            "Nothing is lost: the yes, {requests} requests, {grants} grants, {} entries of the log, which goes on",
            before.log.size
        );
        Ok(((), told))
    })
}

/// The walk goes on where it stood: the yes is run, what waited is decided, what was on its way arrives.
fn goes_on(
    scene: &Scene<'_>,
    approved: &RequestView,
    waiting: &RequestView,
    sent: &RequestView,
) -> Result<(), CliError> {
    scene.telling.step("the nodes find each other again", || {
        scene.answered(&approved.id, "approved")?;
        Ok(((), "They find each other again through the relay; the yes reaches Jill".into()))
    })?;
    let amounts = Amounts::of(APPROVED.column)?;
    scene.running(&approved.id, &APPROVED.words(), amounts.sum()?)?;
    for (request, question, expected) in [(waiting, &WAITING, amounts.median()?), (sent, &ON_THE_WAY, amounts.count()?)]
    {
        scene.telling.step("Jack approves what waited", || {
            check::eventually("the request at Jack's", PATIENCE, || {
                let there = scene.jack.requests(&RequestFilter::default())?;
                Ok(there.iter().any(|there| there.id == request.id).then_some(()))
            })?;
            let (prompt, value) = scene.looks_at(&request.id, expected)?;
            scene.approves(&prompt, Approve::default())?;
            Ok(((), format!("Jack finds “{}”, sees {value} and approves", question.reason)))
        })?;
        scene.running(&request.id, &question.words(), expected)?;
    }
    Ok(())
}
