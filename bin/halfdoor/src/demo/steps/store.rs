//! The owner stores real bills, and later lets the institution see that they exist.

use crate::{
    demo::{
        bills::{self, Amounts},
        check,
        scene::{BILLS, INSTITUTION, PATIENCE, Scene},
    },
    error::CliError,
};
use node::wishes::NewDataset;

/// Jack stores his bills; nobody may see them yet.
pub(in crate::demo) fn store(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.chapter("Jack has bills and no credit history")?;
    scene.telling.note(bills::SOURCE)?;
    scene.telling.step("Jack stores his bills", || {
        let stored = scene.jack.add_dataset(&NewDataset {
            content: Some(bills::CSV.to_owned()),
            content_base64: None,
            format: None,
            tag: BILLS.to_owned(),
            description: "Monthly bills for electricity and gas".to_owned(),
            skip_bad_rows: false,
            visible_to: Vec::new(),
            reading: node::wishes::Reading::default(),
            voucher_base64: None,
        })?;
        check::value("the number of rows", Some(&stored.rows.to_string()), Amounts::of("total")?.count()?)?;
        check::holds(stored.visible_to.is_empty(), "somebody may see what was stored for nobody")?;
        Ok(((), format!("Jack stores {} bills of {} columns, visible to nobody", stored.rows, stored.columns.len())))
    })
}

/// Jill sees nothing, until Jack lets her see that the bills exist; then she finds them, and no row of them.
pub(in crate::demo) fn show(scene: &Scene<'_>) -> Result<(), CliError> {
    scene.telling.step("Jill looks at the catalog before Jack shows anything", || {
        let catalog = scene.jill.catalog(None, "", PATIENCE)?;
        check::holds(catalog.fresh, "Jack's node did not answer")?;
        check::same("datasets that Jill sees", &catalog.datasets.len(), &0)?;
        Ok(((), "Jill's catalog of Jack's data is empty: being connected shows nothing".into()))
    })?;
    scene.telling.step("Jack shows Jill that his bills exist", || {
        let shown = scene.jack.show_dataset_to(BILLS, &[INSTITUTION.to_owned()])?;
        check::same("who may see it", &shown.visible_to, &vec![INSTITUTION.to_owned()])?;
        Ok(((), format!("Jack lets Jill see that “{BILLS}” exists, and nobody else")))
    })?;
    scene.telling.step("Jill searches the catalog", || {
        let nothing = scene.jill.catalog(None, "payslips", PATIENCE)?;
        check::same("datasets about payslips", &nothing.datasets.len(), &0)?;
        let found = scene.jill.catalog(None, "electricity bills", PATIENCE)?;
        let [dataset] = found.datasets.as_slice() else {
            return Err(CliError::failed(format!("found {} datasets instead of one", found.datasets.len())));
        };
        check::same("its name", &dataset.tag.as_str(), &BILLS)?;
        check::value("its number of rows", Some(&dataset.rows.to_string()), Amounts::of("total")?.count()?)?;
        let (rows, columns) = (dataset.rows, dataset.columns.len());
        let told = format!("Jill searches “electricity bills” and finds “{BILLS}”: {rows} rows, {columns} columns");
        Ok(((), told))
    })
}
