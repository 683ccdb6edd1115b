//! A chunk in memory together with the bytes it lies in, which do not outlive it readable.

use super::{ChunkError, decode_buffer};
use arrow::{array::ArrayRef, buffer::Buffer};
use protocol::ColumnType;
use zeroize::Zeroize as _;

/// A chunk that was decoded in place. When it is let go of its bytes are overwritten, unless somebody else still holds the
/// array.
pub struct Decoded {
    /// Gone only while it is dropped, so that nothing but the bytes is left.
    parts: Option<(ArrayRef, Buffer)>,
    bytes: usize,
}

impl Decoded {
    /// The array in a chunk of a column of that type, uncopied.
    ///
    /// # Errors
    /// As [`super::decode`].
    pub fn new(bytes: Vec<u8>, of: ColumnType) -> Result<Self, ChunkError> {
        let length = bytes.len();
        let bytes = Buffer::from_vec(bytes);
        let values = decode_buffer(&bytes, of)?;
        Ok(Self { parts: Some((values, bytes)), bytes: length })
    }

    /// The array.
    #[must_use]
    pub fn values(&self) -> Option<&ArrayRef> {
        self.parts.as_ref().map(|(values, _)| values)
    }

    /// How many bytes it has in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Decoded {
    fn drop(&mut self) {
        let Some((values, bytes)) = self.parts.take() else { return };
        drop(values);
        if let Ok(mut bytes) = bytes.into_mutable() {
            bytes.as_slice_mut().zeroize();
        }
    }
}
