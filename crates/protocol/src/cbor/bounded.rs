//! Lists with a bound known before they are read.

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// Reads a list of at most `N` elements; for `#[serde(deserialize_with)]`.
///
/// Serde's own reading makes room for as many elements as a list claims to have, up to a mebibyte: a frame of a few
/// kilobytes could ask for a hundred times its size. Here there is room for what has been read.
pub fn at_most<'de, const N: usize, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(AtMost::<N, T>(PhantomData))
}

struct AtMost<const N: usize, T>(PhantomData<T>);

impl<'de, const N: usize, T: Deserialize<'de>> Visitor<'de> for AtMost<N, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {N}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = list.next_element()? {
            if read.len() == N {
                return Err(A::Error::custom(format_args!("a list of more than {N}")));
            }
            read.push(element);
        }
        Ok(read)
    }
}
