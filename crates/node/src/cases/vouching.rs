//! Vouchers: made over a file by whoever made the file, and held against the file by whoever stores it.

use super::reading::{Form, content as bytes_of, understood};
use crate::{
    actor::{Actor, now},
    error::NodeError,
    views::MadeVoucher,
    wishes::NewVoucher,
};
use compute::{Table, content::content, formats::AccountKey};
use consent::record::VoucherRecord;
use data_encoding::BASE64;
use protocol::{Commitment, Digest, SignedVoucher, Text, Voucher, VoucherFile, voucher};
use serde_bytes::ByteBuf;

/// A table to be vouched for, of which only hashes are kept.
pub(crate) struct Hashed {
    key: [u8; 32],
    content: Commitment,
    schema: Digest,
    rows: u64,
    subject: Option<Text>,
    holder: Option<String>,
    skipped: Vec<String>,
}

/// Understands a file as [`super::parse`] does, and keeps its hashes.
pub(crate) fn hashed(wish: NewVoucher) -> Result<Hashed, NodeError> {
    let subject = wish.subject.as_deref().map(|words| Text::new(words, protocol::Salt(rand::random()))).transpose();
    let subject = subject.map_err(|error| invalid("subject", &error))?;
    let key: [u8; 32] = rand::random();
    let NewVoucher { content, content_base64, format, skip_bad_rows, reading, holder, .. } = wish;
    let (bytes, form) = (bytes_of(content, content_base64)?, Form { format, skip_bad_rows, reading });
    // an account is hashed under the voucher's own key: both sides come to the same
    let read = understood(&bytes, &form, AccountKey::new(key))?;
    let (content, schema) = (content_of(&read.table, &key)?, schema_of(&read.table)?);
    let (rows, skipped) = (read.table.rows(), read.skipped.iter().map(ToString::to_string).collect());
    Ok(Hashed { key, content, schema, rows, subject, holder, skipped })
}

/// The voucher that came with a file, if the file is what it vouches for.
pub(super) fn vouched(base64: &str, file: &[u8], form: &Form) -> Result<VoucherRecord, NodeError> {
    let bytes = BASE64.decode(base64.as_bytes()).map_err(|error| invalid("voucher_base64", &error))?;
    let again = "ask whoever made it for a new one, or store the file as your own word (--unsigned)";
    let opened = VoucherFile::open(&bytes)
        .map_err(|error| invalid("voucher", &format!("it does not verify ({error}); {again}")))?;
    let said = opened.signed.voucher();
    let table = understood(file, form, AccountKey::new(opened.key))?.table;
    if content_of(&table, &opened.key)? != said.content {
        let issuer = said.issuer.to_string();
        let why = format!(
            "the rows of this file are not the {} that {}… signed: one was changed, lost or added, or the file is read \
             otherwise than they read it (give the same options); {again}",
            said.rows,
            issuer.get(..8).unwrap_or_default()
        );
        return Err(invalid("voucher", &why));
    }
    if schema_of(&table)? != said.schema || table.rows() != said.rows {
        return Err(invalid("voucher", &format!("it states other columns or rows than it signs; {again}")));
    }
    Ok(VoucherRecord { signed: ByteBuf::from(opened.signed.bytes()), key: opened.key, subject: opened.subject })
}

impl Actor {
    /// Signs what was hashed, in this home's name.
    pub(crate) fn vouch(&mut self, hashed: Hashed) -> Result<MadeVoucher, NodeError> {
        let holder = hashed.holder.as_deref().map(|name| self.find_person(Some(name))).transpose()?;
        let said = Voucher {
            issuer: self.key.party(),
            holder: holder.as_ref().map(|(party, _)| *party),
            content: hashed.content,
            schema: hashed.schema,
            rows: hashed.rows,
            issued: now(),
            subject: hashed.subject.as_ref().map(Text::commitment),
        };
        let internal = |error: protocol::BadVoucher| NodeError::Internal(error.to_string());
        let signed = SignedVoucher::sign(said, &self.key).map_err(internal)?;
        let (id, issued) = (signed.id().to_string(), signed.voucher().issued);
        let vouched = signed.id();
        self.act(|draft, context| consent::vouching::signed(draft, context, vouched))?;
        let file = VoucherFile { signed, key: hashed.key, subject: hashed.subject };
        Ok(MadeVoucher {
            id,
            rows: hashed.rows,
            issued,
            holder: holder.map(|(_, person)| person.name.to_string()),
            left_out: hashed.skipped,
            file_base64: BASE64.encode(&file.to_vec().map_err(internal)?),
        })
    }

    /// Whether a voucher is somebody else's word about data of mine.
    pub(super) fn check_voucher(&self, record: &VoucherRecord) -> Result<(), NodeError> {
        let signed = record.open().map_err(|error| invalid("voucher", &error))?;
        consent::vouching::for_owner(signed.voucher(), &self.key.party()).map_err(|why| {
            invalid("voucher", &format!("{why}; ask for one that names your key, or store the file with --unsigned"))
        })
    }
}

fn content_of(table: &Table, key: &[u8; 32]) -> Result<Commitment, NodeError> {
    content(table, key).map_err(|error| NodeError::Internal(error.to_string()))
}

fn schema_of(table: &Table) -> Result<Digest, NodeError> {
    voucher::schema(table.columns()).map_err(|error| NodeError::Internal(error.to_string()))
}

fn invalid(field: &'static str, why: &dyn std::fmt::Display) -> NodeError {
    NodeError::Invalid { field, why: why.to_string() }
}
