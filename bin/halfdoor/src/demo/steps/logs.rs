//! Both logs are whole, and Jack can no longer rewrite his unseen.

use crate::{
    client::Client,
    demo::{
        check,
        scene::{OWNER, PATIENCE, Scene, short, whole_log},
        tree,
    },
    error::CliError,
};
use node::views::{EntryView, LogReport};

/// Verifies both logs, and the head of Jack's log that Jill holds, by code that is not the nodes'.
pub(in crate::demo) fn logs(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("What stays")?;
    let entries = scene.telling.step("Jack's log is verified", || whole(&scene.jack, "Jack"))?;
    scene.telling.step("Jill's log is verified", || whole(&scene.jill, "Jill"))?;
    scene.telling.step("Jill's head of Jack's log is checked", || {
        let report = scene.jill.verify_log()?;
        let head = report.others.iter().find(|other| other.person == OWNER);
        let head = head.ok_or_else(|| CliError::failed("Jill holds no head of Jack's log"))?;
        check::same("how Jack's log stands at Jill's", &head.state.as_str(), &"consistent")?;
        let size = usize::try_from(head.size).unwrap_or(usize::MAX);
        let known = entries.get(..size).filter(|known| !known.is_empty());
        let known = known.ok_or_else(|| CliError::failed(format!("Jill knows {size} entries of {}", entries.len())))?;
        check::same("the root at Jill's", &head.root, &tree::root_of(known)?)?;
        let (size, root) = (head.size, short(&head.root));
        Ok(((), format!("Jill holds a checked head of Jack's log: {size} entries, root {root}…")))
    })
}

fn whole(client: &Client, name: &str) -> Result<(Vec<EntryView>, String), CliError> {
    let (entries, report) = check::eventually("a log that does not grow", PATIENCE, || {
        let (entries, report) = (whole_log(client)?, client.verify_log()?);
        Ok((report.size == entries.len() as u64).then_some((entries, report)))
    })?;
    let LogReport { size, root, whole, faults, .. } = report;
    check::holds(whole, format!("the log is not whole: {}", faults.join("; ")))?;
    check::same("the root over the entries", &tree::root_of(&entries)?, &root)?;
    Ok((
        entries,
        format!("{name}'s log is whole: {size} entries; the root {}… is right, worked out anew", short(&root)),
    ))
}
