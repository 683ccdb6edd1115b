//! What an issuer signs of a table: its cells as they were understood, whatever file they came in.
//!
//! A file that was saved anew (other quotes, other line ends, zeros dropped after the point) has the same content; one
//! cell, one row or their order changed has another.

use crate::{
    text::texts,
    view::{View, ViewError},
};
use protocol::{Column, ColumnType, Commitment, Decimal, Digest, cbor, voucher};
use sha2::{Digest as _, Sha256};

/// Why the content of a table cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It cannot be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// A value that has no form.
    #[error("a cell cannot be encoded")]
    Cell(#[from] cbor::CborError),
}

/// The keyed hash of a table, as [`voucher::content`] defines it.
///
/// # Errors
/// The table cannot be read.
pub fn content(view: &dyn View, key: &[u8; 32]) -> Result<Commitment, ContentError> {
    let columns = view.columns().iter().map(|column| hash(view, column)).collect::<Result<Vec<_>, _>>()?;
    Ok(voucher::content(key, &voucher::schema(view.columns())?, view.rows(), &columns)?)
}

/// SHA-256 over the CBOR of a column's cells, one after the other.
fn hash(view: &dyn View, column: &Column) -> Result<Digest, ContentError> {
    let mut hash = Sha256::new();
    for chunk in view.chunks(&column.name)? {
        for cell in texts(&chunk?) {
            let bytes = match cell {
                None => cbor::to_vec(&())?,
                Some(text) => match column.of {
                    ColumnType::Integer | ColumnType::Decimal(_) => cbor::to_vec(&shortest(text))?,
                    ColumnType::Boolean => cbor::to_vec(&(text == "true"))?,
                    ColumnType::Date | ColumnType::Text => cbor::to_vec(&text)?,
                },
            };
            hash.update(bytes);
        }
    }
    Ok(Digest(hash.finalize().into()))
}

/// A number without zeros at the end of its fraction.
fn shortest(number: String) -> String {
    number.parse::<Decimal>().map_or(number, |decimal| decimal.normalized().to_string())
}

#[cfg(test)]
mod tests;
