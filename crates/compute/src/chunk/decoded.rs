//! A chunk in memory together with the bytes it lies in, which do not outlive it readable.

use super::{ChunkError, decode_buffer};
use arrow::{array::ArrayRef, buffer::Buffer};
use protocol::ColumnType;

/// A chunk that was decoded in place, or unpacked. When it is let go of the memory that it lies in is overwritten, unless
/// somebody else still holds the array.
pub struct Decoded {
    /// Gone only while it is dropped, so that nothing but the memory is left.
    parts: Option<(ArrayRef, Vec<Buffer>)>,
    bytes: usize,
}

impl Decoded {
    /// The array in a chunk of a column of that type: uncopied, or unpacked and the chunk's bytes overwritten.
    ///
    /// # Errors
    /// As [`super::decode`].
    pub fn new(bytes: Vec<u8>, of: ColumnType) -> Result<Self, ChunkError> {
        let bytes = Buffer::from_vec(bytes);
        let (values, unpacked) = decode_buffer(&bytes, of)?;
        let memory = if unpacked.is_empty() {
            vec![bytes]
        } else {
            overwrite(bytes);
            unpacked
        };
        Ok(Self { bytes: memory.iter().map(Buffer::len).sum(), parts: Some((values, memory)) })
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
        let Some((values, memory)) = self.parts.take() else { return };
        drop(values);
        memory.into_iter().for_each(overwrite);
    }
}

/// What nobody else holds. Filled at once and then shown to the barrier, since zeroize writes byte by byte.
fn overwrite(bytes: Buffer) {
    if let Ok(mut bytes) = bytes.into_mutable() {
        bytes.as_slice_mut().fill(0);
        zeroize::optimization_barrier(bytes.as_slice());
    }
}
