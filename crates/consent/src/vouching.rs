//! Whose word a voucher is, and whether it is about this data of this owner.

use crate::{
    ConsentError,
    context::Context,
    draft::Draft,
    log,
    record::{DatasetRecord, Preview, Previewed, RequestRecord},
    requester::Check,
};
use protocol::{
    DatasetId, Event, MessageId, PartyId, Signed, SignedVoucher, VersionHash, Voucher,
    message::{Answer, Note, Pointer, Receipt, Vouched},
    voucher::schema,
};
use serde_bytes::ByteBuf;

/// Why a voucher does not count for a dataset, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotVouched {
    /// The owner's own word.
    #[error("the owner signed it, and nobody else")]
    Own,
    /// Issued to somebody else.
    #[error("its issuer signed it for somebody else's data")]
    OtherHolder,
    /// Of a table with other columns or another number of rows.
    #[error("its issuer signed another table")]
    OtherTable,
    /// Damaged, or a forgery.
    #[error("its signature is not genuine")]
    Forged,
}

/// This party signed a voucher: the log says so before anybody has it.
pub fn signed(draft: &mut Draft<'_>, context: &mut Context<'_>, voucher: MessageId) -> Result<(), ConsentError> {
    log::append(draft, context, Event::Vouched { voucher }).map(|_| ())
}

/// What stands behind a pointer of `owner`: an issuer's voucher, nothing, or something that does not count.
///
/// # Errors
/// [`NotVouched`]: then it is the owner's word alone.
pub fn of_pointer(pointer: &Pointer, owner: &PartyId) -> Result<Option<SignedVoucher>, NotVouched> {
    let Vouched::Signed(bytes) = &pointer.vouched else { return Ok(None) };
    let signed = SignedVoucher::open(bytes).map_err(|_| NotVouched::Forged)?;
    let same = signed.voucher().rows == pointer.rows && schema(&pointer.columns).ok() == Some(signed.voucher().schema);
    if !same {
        return Err(NotVouched::OtherTable);
    }
    for_owner(signed.voucher(), owner).map(|()| Some(signed))
}

/// Whether a voucher is somebody's word about data of `owner`.
///
/// # Errors
/// It is the owner's own, or for somebody else.
pub fn for_owner(voucher: &Voucher, owner: &PartyId) -> Result<(), NotVouched> {
    if voucher.issuer == *owner {
        return Err(NotVouched::Own);
    }
    if voucher.holder.is_some_and(|holder| holder != *owner) { Err(NotVouched::OtherHolder) } else { Ok(()) }
}

/// The voucher of that version of a dataset of mine.
pub(crate) fn of_dataset(
    draft: &Draft<'_>,
    dataset: &DatasetId,
    version: &VersionHash,
) -> Result<Option<ByteBuf>, ConsentError> {
    let record: Option<DatasetRecord> = draft.get(&dataset.0)?;
    let voucher = record.filter(|record| record.version == *version).and_then(|record| record.voucher);
    Ok(voucher.map(|voucher| voucher.signed))
}

/// An answer with the voucher that goes with it: where there is one, the data is not self-asserted.
pub(crate) fn beside(answer: Answer, voucher: Option<ByteBuf>) -> (Answer, Option<ByteBuf>) {
    match (answer, voucher) {
        (Answer::Released { outcome, salt, mut notes }, Some(voucher)) => {
            notes.retain(|note| *note != Note::SelfAsserted);
            (Answer::Released { outcome, salt, notes }, Some(voucher))
        }
        (answer, _) => (answer, None),
    }
}

/// A preview as its owner is shown it: data with a voucher is not called self-asserted.
pub(crate) fn shown(draft: &Draft<'_>, request: &RequestRecord, mut preview: Preview) -> Result<Preview, ConsentError> {
    let dataset = request.open()?.body().terms.dataset;
    if let (Previewed::Value { notes, .. }, true) =
        (&mut preview.shown, of_dataset(draft, &dataset, &preview.version)?.is_some())
    {
        notes.retain(|note| *note != Note::SelfAsserted);
    }
    Ok(preview)
}

/// The voucher of a receipt; it was verified when the receipt was opened.
#[must_use]
pub fn of_receipt(receipt: &Signed<Receipt>) -> Option<SignedVoucher> {
    SignedVoucher::open(receipt.body().voucher.as_ref()?).ok()
}

/// What must hold of a voucher in a receipt; nothing where there is none.
pub(crate) fn checks(receipt: &Signed<Receipt>) -> Vec<Check> {
    let Some(signed) = receipt.body().voucher.as_ref().map(|bytes| SignedVoucher::open(bytes)) else {
        return Vec::new();
    };
    let (genuine, about) = match &signed {
        Ok(signed) => (true, for_owner(signed.voucher(), &receipt.sender())),
        Err(_) => (false, Err(NotVouched::Forged)),
    };
    vec![
        Check { what: "the issuer signed the voucher for the rows", holds: genuine },
        Check { what: "the issuer is not the owner", holds: about != Err(NotVouched::Own) && genuine },
        Check {
            what: "the voucher is for data of this owner",
            holds: about != Err(NotVouched::OtherHolder) && genuine,
        },
    ]
}

#[cfg(test)]
mod tests;
