//! A voucher: an issuer's signed word for a table that it made, handed over beside the file.
//!
//! It is to nobody in particular and does not expire: it is about what was true when it was made. It names the table by a
//! keyed hash, so that whoever sees the voucher without the key cannot try rows until one fits.

use crate::{
    Column, ColumnType, Commitment, Digest, IdentityKey, MessageId, PartyId, Text, UnixSeconds,
    cbor::{self, CborError},
    cose::{self, EnvelopeError},
    limits::{SIGNED_TEXT_BYTES, TEXT_BYTES, VOUCHER_BYTES},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

const KIND: &str = "voucher";
/// Key of the one pair of a voucher file.
pub const FILE_TAG: &str = "halfdoor-voucher-1";
/// Largest voucher file, in bytes: a voucher, its key and one text.
pub const FILE_BYTES: usize = 4096;

/// Why bytes are not a voucher.
#[derive(Debug, thiserror::Error)]
pub enum BadVoucher {
    /// Longer than any voucher.
    #[error("longer than a voucher can be")]
    TooLong,
    /// Damaged, or not signed by the issuer it names.
    #[error("envelope: {0}")]
    Envelope(#[from] EnvelopeError),
    /// Its content.
    #[error("payload: {0}")]
    Content(#[from] CborError),
    /// Signed by one key, said in the name of another.
    #[error("the issuer named inside is not the one who signed")]
    Issuer,
    /// Of a table without rows.
    #[error("it is of no rows")]
    NoRows,
    /// A file with words that the voucher does not commit to.
    #[error("the words in it are not the ones that were signed")]
    Subject,
}

/// What a voucher says, by version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Versioned {
    #[serde(rename = "1")]
    V1(Voucher),
}

/// An issuer's word: I made this table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voucher {
    /// Who made it; equals the signer.
    pub issuer: PartyId,
    /// For whom, where the issuer knew their key: it counts for nobody else's data then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<PartyId>,
    /// The rows: [`content`].
    pub content: Commitment,
    /// The columns: [`schema`].
    pub schema: Digest,
    /// Number of rows.
    pub rows: u64,
    /// When it was signed, by the issuer's clock.
    pub issued: UnixSeconds,
    /// Commitment to the issuer's words on what, or whom, it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Commitment>,
}

/// A verified voucher. Its bytes are kept as they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedVoucher {
    bytes: Vec<u8>,
    voucher: Voucher,
    id: MessageId,
}

impl SignedVoucher {
    /// Signs; refuses what a reader would refuse.
    ///
    /// # Errors
    /// A voucher of no rows, or in the name of somebody else.
    pub fn sign(voucher: Voucher, key: &IdentityKey) -> Result<Self, BadVoucher> {
        check(&voucher, key.party())?;
        let (bytes, id) = cose::sign(KIND, key, cbor::to_vec(&Versioned::V1(voucher.clone()))?);
        Ok(Self { bytes, voucher, id })
    }

    /// Verifies signature and form.
    ///
    /// # Errors
    /// See [`BadVoucher`].
    pub fn open(bytes: &[u8]) -> Result<Self, BadVoucher> {
        if bytes.len() > VOUCHER_BYTES {
            return Err(BadVoucher::TooLong);
        }
        let opened = cose::open(KIND, bytes)?;
        let Versioned::V1(voucher) = cbor::from_stranger(opened.payload, SIGNED_TEXT_BYTES)?;
        check(&voucher, opened.signer)?;
        Ok(Self { bytes: bytes.to_vec(), voucher, id: opened.id })
    }

    /// The envelope, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it says.
    #[must_use]
    pub fn voucher(&self) -> &Voucher {
        &self.voucher
    }

    /// SHA-256 of the signed structure.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.id
    }
}

fn check(voucher: &Voucher, signer: PartyId) -> Result<(), BadVoucher> {
    if voucher.issuer != signer {
        return Err(BadVoucher::Issuer);
    }
    if voucher.rows == 0 { Err(BadVoucher::NoRows) } else { Ok(()) }
}

/// A voucher as the issuer hands it over beside the file: with what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherFile {
    /// The voucher.
    pub signed: SignedVoucher,
    /// Key of its content. Whoever has it can try rows: it is for the holder alone.
    pub key: [u8; 32],
    /// What, or whom, it is about.
    pub subject: Option<Text>,
}

#[derive(Serialize, Deserialize)]
enum File {
    #[serde(rename = "halfdoor-voucher-1")]
    V1(Parts),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    voucher: ByteBuf,
    #[serde(with = "serde_bytes")]
    key: [u8; 32],
    #[serde(deserialize_with = "crate::cbor::at_most::<1, _, _>")]
    texts: Vec<Text>,
}

impl VoucherFile {
    /// Its bytes.
    ///
    /// # Errors
    /// Never for a file that [`VoucherFile::open`] accepts.
    pub fn to_vec(&self) -> Result<Vec<u8>, BadVoucher> {
        let voucher = ByteBuf::from(self.signed.bytes());
        let parts = Parts { voucher, key: self.key, texts: self.subject.clone().into_iter().collect() };
        Ok(cbor::to_vec(&File::V1(parts))?)
    }

    /// Reads and verifies; the words in it are those that the voucher commits to, or erased.
    ///
    /// # Errors
    /// See [`BadVoucher`].
    pub fn open(bytes: &[u8]) -> Result<Self, BadVoucher> {
        if bytes.len() > FILE_BYTES {
            return Err(BadVoucher::TooLong);
        }
        let File::V1(mut parts) = cbor::from_stranger(bytes, TEXT_BYTES)?;
        let signed = SignedVoucher::open(&parts.voucher)?;
        let subject = parts.texts.pop();
        match &subject {
            Some(text) if signed.voucher.subject != Some(text.commitment()) => Err(BadVoucher::Subject),
            _ => Ok(Self { signed, key: parts.key, subject }),
        }
    }
}

/// Hash of the columns: SHA-256 of the CBOR of `[[name, type], …]`, where integers and decimals are both `number`.
///
/// How many digits a column has is not part of it: a program that saves a file anew may drop zeros at the end.
///
/// # Errors
/// Never for columns that a dataset can have.
pub fn schema(columns: &[Column]) -> Result<Digest, CborError> {
    let told: Vec<(&str, &str)> = columns.iter().map(|column| (column.name.as_str(), word(column.of))).collect();
    Ok(Digest(Sha256::digest(cbor::to_vec(&told)?).into()))
}

fn word(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Integer | ColumnType::Decimal(_) => "number",
        ColumnType::Date => "date",
        ColumnType::Text => "text",
        ColumnType::Boolean => "boolean",
    }
}

/// Keyed hash of a table: HMAC-SHA256(key, "halfdoor/content/1" ‖ CBOR of `[schema, rows, [hash of each column]]`).
///
/// The hash of a column is the SHA-256 of the CBOR of its cells, one after the other: numbers as their shortest decimal
/// text, dates as `yyyy-mm-dd`, texts and booleans as themselves, absent cells as `null`.
///
/// # Errors
/// Never for what a dataset can have.
pub fn content(key: &[u8; 32], schema: &Digest, rows: u64, columns: &[Digest]) -> Result<Commitment, CborError> {
    let bound = cbor::to_vec(&(schema, rows, columns))?;
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return Err(CborError::Malformed) }; // any length of key is one
    Ok(Commitment(mac.chain_update(b"halfdoor/content/1").chain_update(bound).finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests;
