//! What is removed can no longer be asked, whatever was approved before.

use crate::{
    demo::{
        bills::{self, Amounts},
        check,
        scene::{INSTITUTION, PATIENCE, Question, Scene},
    },
    error::CliError,
};
use node::wishes::{Approve, NewDataset};

/// A second dataset of Jack's.
const YEAR: &str = "last-year";
/// Bills in it.
const MONTHS: usize = 12;

/// A dataset is stored, asked about, approved, and removed before the run.
pub(in crate::demo) fn remove(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("Data that is gone")?;
    let mut cents = bills::in_order("total")?;
    let year = cents.split_off(cents.len().saturating_sub(MONTHS));
    scene.telling.step("Jack stores the bills of a year as a list", || {
        let list: Vec<_> = year.iter().map(|cents| format!("{}.{:02}", cents / 100, cents % 100)).collect();
        let stored = scene.jack.add_dataset(&NewDataset {
            content: Some(format!("[{}]", list.join(", "))),
            content_base64: None,
            format: Some("json".to_owned()),
            tag: YEAR.to_owned(),
            description: "The last twelve of them, as a plain list".to_owned(),
            skip_bad_rows: false,
            visible_to: vec![INSTITUTION.to_owned()],
            reading: node::wishes::Reading::default(),
            voucher_base64: None,
        })?;
        check::same("its rows", &stored.rows, &(year.len() as u64))?;
        let seen = scene.jill.catalog(None, YEAR, PATIENCE)?;
        check::same("datasets that Jill sees", &seen.datasets.len(), &1)?;
        Ok(((), format!("Jack stores the last {} totals as a JSON list “{YEAR}”, visible to Jill", year.len())))
    })?;
    let reason = "What did the last year come to?";
    let question = Question { dataset: YEAR, computation: "sum", column: "value", reason };
    let request = scene.asking(&question)?;
    scene.telling.step("Jack approves and removes the dataset", || {
        let (prompt, value) = scene.looks_at(&request.id, Amounts::of_cents(year)?.sum()?)?;
        scene.approves(&prompt, Approve::default())?;
        scene.jack.remove_dataset(YEAR)?;
        let left: Vec<_> = scene.jack.datasets("")?.into_iter().map(|dataset| dataset.tag).collect();
        check::holds(!left.iter().any(|tag| tag == YEAR), "the dataset is still listed")?;
        Ok(((), format!("Jack approves {value}, then removes “{YEAR}”: its rows and their key are gone")))
    })?;
    scene.refused_run(&request.id, "Jill runs what was approved")?;
    scene.telling.step("Jill looks for the removed dataset", || {
        let seen = scene.jill.catalog(None, YEAR, PATIENCE)?;
        check::holds(seen.fresh, "Jack's node did not answer")?;
        check::same("datasets of that name", &seen.datasets.len(), &0)?;
        Ok(((), format!("Jill's catalog no longer shows “{YEAR}”")))
    })
}
