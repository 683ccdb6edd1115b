//! Who stands behind a dataset, in words.

use super::Shown;
use crate::{error::NodeError, views::IssuerView};
use consent::{
    Draft,
    record::{CatalogRecord, DatasetRecord, Person, RequestRecord, Side},
    vouching,
};
use protocol::{DatasetId, Date, PartyId, SignedVoucher, text::neutralised};

/// Nobody but the owner.
pub(crate) const SELF_ASSERTED: &str = "self-asserted";
const DAY: u64 = 24 * 3600;

/// Of a dataset of mine.
pub(crate) fn of_mine(draft: &Draft<'_>, record: &DatasetRecord) -> Shown<Option<IssuerView>> {
    let Some(voucher) = &record.voucher else { return Ok(None) };
    let signed = voucher.open().map_err(|error| NodeError::Internal(error.to_string()))?;
    let subject = voucher.subject.as_ref().map(|text| text.as_str());
    issuer(draft, &signed, subject).map(Some)
}

/// Of a dataset of somebody else, as they told it: a signature that does not count is said, and is none.
pub(crate) fn of_told(
    draft: &Draft<'_>,
    owner: &PartyId,
    record: &CatalogRecord,
) -> Shown<(Option<IssuerView>, String)> {
    match vouching::of_pointer(&record.pointer, owner) {
        Ok(None) => Ok((None, SELF_ASSERTED.to_owned())),
        Ok(Some(signed)) => {
            let issuer = issuer(draft, &signed, record.subject.as_deref())?;
            let sentence = issuer.sentence.clone();
            Ok((Some(issuer), sentence))
        }
        Err(why) => Ok((None, format!("{SELF_ASSERTED}: a signature came with it that does not count ({why})"))),
    }
}

/// Of the dataset of a request, in a sentence; none where it is self-asserted, or gone.
pub(crate) fn of_request(draft: &Draft<'_>, record: &RequestRecord, dataset: &DatasetId) -> Shown<Option<String>> {
    let issuer = match record.side {
        Side::Owner => match draft.get::<DatasetRecord>(&dataset.0)? {
            Some(mine) => of_mine(draft, &mine)?,
            None => None,
        },
        Side::Requester => {
            let key = consent::datasets::catalog_key(&record.other, dataset);
            match draft.get::<CatalogRecord>(&key)? {
                Some(told) => of_told(draft, &record.other, &told)?.0,
                None => None,
            }
        }
    };
    Ok(issuer.map(|issuer| issuer.sentence))
}

/// A voucher as people read it, whose issuer may be one of my people.
pub(crate) fn issuer(draft: &Draft<'_>, signed: &SignedVoucher, subject: Option<&str>) -> Shown<IssuerView> {
    let person: Option<Person> = draft.get(&signed.voucher().issuer.0)?;
    let party = signed.voucher().issuer.to_string();
    let unknown = || format!("a key you do not know ({}…)", party.get(..16).unwrap_or(&party));
    Ok(view(signed, subject, person, unknown()))
}

/// The same without records: nobody is known by name.
pub(crate) fn plain(signed: &SignedVoucher, subject: Option<&str>) -> IssuerView {
    view(signed, subject, None, signed.voucher().issuer.to_string())
}

fn view(signed: &SignedVoucher, subject: Option<&str>, person: Option<Person>, unknown: String) -> IssuerView {
    let said = signed.voucher();
    let key = match &person {
        Some(person) if person.verified => "verified",
        Some(_) => "first seen",
        None => "not known",
    };
    let who = person.as_ref().map_or(unknown, |person| format!("{} (key {key})", person.name));
    let rows = if said.rows == 1 { "1 row".to_owned() } else { format!("{} rows", said.rows) };
    let day = i32::try_from(said.issued / DAY).ok().and_then(Date::from_days);
    let day = day.map_or_else(String::new, |day| format!(", {day}"));
    IssuerView {
        party: said.issuer.to_string(),
        name: person.map(|person| person.name.to_string()),
        key: key.to_owned(),
        rows: said.rows,
        issued: said.issued,
        subject: subject.map(neutralised),
        for_owner: said.holder.is_some(),
        sentence: format!("signed by {who}, {rows}{day}"),
    }
}
