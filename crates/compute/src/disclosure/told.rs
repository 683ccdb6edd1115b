//! What one outcome tells about rows: the numbers that are weighted sums, and those that are not.

use protocol::{Condition, Digest, Name};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_bytes::ByteBuf;

/// Everything that one outcome tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Numbers that are weighted sums over rows.
    pub facts: Vec<Fact>,
    /// Numbers that are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
}

/// One number that is `Σ weight·unknown` over rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What is unknown of each row.
    pub about: About,
    /// Which of the groups that are told of, in the outcome's order; none where there are no groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u16>,
    /// Which rows.
    pub rows: Rows,
}

/// What is unknown of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Its value in this column. The rows of such a fact are those that have one and are in the sum.
    Value(Name),
    /// Whether it has values in all of these columns.
    Present(Vec<Name>),
    /// Whether its value in this column satisfies all of these conditions on it.
    Within(Name, Vec<Condition>),
    /// Whether something else holds of it: a hash of what.
    Holds(Digest),
}

/// Facts with the same key are added up: about the ranges of one column they belong together, whatever their conditions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknowns {
    /// Values of a column.
    Values(Name),
    /// Presence of values.
    Presence(Vec<Name>),
    /// In which range a value of this column lies.
    Ranges(Name),
    /// Something else.
    Other(Digest),
}

impl About {
    /// With which other facts this one is added up.
    #[must_use]
    pub fn unknowns(&self) -> Unknowns {
        match self {
            Self::Value(column) => Unknowns::Values(column.clone()),
            Self::Present(columns) => Unknowns::Presence(columns.clone()),
            Self::Within(column, _) => Unknowns::Ranges(column.clone()),
            Self::Holds(digest) => Unknowns::Other(*digest),
        }
    }
}

/// A number that is no weighted sum: the largest, a median, a spread, how many are different, an answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The column whose values it is made of.
    pub column: Name,
    /// Numbers it tells.
    pub numbers: u32,
    /// The rows it looks at.
    pub rows: Rows,
}

/// Rows and their weights: ascending, each once, no weight 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(pub Vec<(u32, i64)>);

impl Told {
    /// The same about rows that go by other numbers: `to` has the new number of each old one.
    #[must_use]
    pub fn renumbered(self, to: &[u32]) -> Self {
        let fact = |fact: Fact| Fact { rows: fact.rows.renumbered(to), ..fact };
        let other = |other: Other| Other { rows: other.rows.renumbered(to), ..other };
        Self { facts: self.facts.into_iter().map(fact).collect(), others: self.others.into_iter().map(other).collect() }
    }

    /// Its bytes, as [`Told::from_slice`] reads them.
    ///
    /// # Errors
    /// Never of what this crate makes.
    pub fn to_vec(&self) -> Result<Vec<u8>, protocol::cbor::CborError> {
        protocol::cbor::to_vec(self)
    }

    /// Reads what [`Told::to_vec`] wrote, from where nobody else can write.
    ///
    /// # Errors
    /// Other bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, protocol::cbor::CborError> {
        protocol::cbor::own(bytes)
    }

    /// Without the groups that are not kept: `kept` holds their places in ascending order, and becomes their new order.
    #[must_use]
    pub fn only(&self, kept: &[u16]) -> Self {
        let facts = self.facts.iter().filter_map(|fact| {
            let part = match fact.part {
                None => None,
                Some(part) => Some(u16::try_from(kept.iter().position(|one| *one == part)?).ok()?),
            };
            Some(Fact { part, ..fact.clone() })
        });
        Self { facts: facts.collect(), others: self.others.clone() }
    }

    /// The groups that are told of, each with the fewest rows that one of its facts is about.
    #[must_use]
    pub fn parts(&self) -> Vec<(u16, usize)> {
        let mut parts = std::collections::BTreeMap::new();
        for fact in &self.facts {
            if let Some(part) = fact.part {
                let fewest = parts.entry(part).or_insert(usize::MAX);
                *fewest = (*fewest).min(fact.rows.0.len());
            }
        }
        parts.into_iter().collect()
    }
}

impl Rows {
    /// Rows that all count once.
    #[must_use]
    pub fn each(rows: impl IntoIterator<Item = u32>) -> Self {
        Self(rows.into_iter().map(|row| (row, 1)).collect())
    }

    fn renumbered(self, to: &[u32]) -> Self {
        let row = |(row, weight): (u32, i64)| Some((*to.get(row as usize)?, weight));
        let mut rows: Vec<_> = self.0.into_iter().filter_map(row).collect();
        rows.sort_unstable();
        Self(rows)
    }

    /// How many rows are in one and not in the other.
    #[must_use]
    pub fn apart(&self, other: &Self) -> usize {
        let (mut mine, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut apart = 0;
        loop {
            match (mine.peek(), theirs.peek()) {
                (Some((a, _)), Some((b, _))) if a == b => {
                    mine.next();
                    theirs.next();
                }
                (Some((a, _)), Some((b, _))) => {
                    apart += 1;
                    if a < b {
                        mine.next()
                    } else {
                        theirs.next()
                    };
                }
                (None, None) => return apart,
                _ => return apart + mine.count() + theirs.count(),
            }
        }
    }
}

/// Gaps between rows and weights as variable-length integers, seven bits at a time, the lowest first.
impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        let (mut next, mut before) = (0u32, 0i64);
        for (row, weight) in &self.0 {
            // one bit says that the weight is that of the row before
            let same = *weight == before;
            put(&mut bytes, (u64::from(row.wrapping_sub(next)) << 1) | u64::from(same));
            if !same {
                put(&mut bytes, zigzag(*weight));
            }
            (next, before) = (row.wrapping_add(1), *weight);
        }
        ByteBuf::from(bytes).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = ByteBuf::deserialize(from)?;
        read(&bytes).map(Self).ok_or_else(|| de::Error::custom("not a list of rows"))
    }
}

fn read(mut bytes: &[u8]) -> Option<Vec<(u32, i64)>> {
    let mut rows = Vec::new();
    let (mut next, mut weight) = (0u32, 0i64);
    while !bytes.is_empty() {
        let gap = take(&mut bytes)?;
        if gap & 1 == 0 {
            weight = unzigzag(take(&mut bytes)?);
        }
        let row = next.checked_add(u32::try_from(gap >> 1).ok()?)?;
        rows.push((row, weight));
        next = row.wrapping_add(1);
    }
    Some(rows)
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7f) as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn zigzag(weight: i64) -> u64 {
    (weight.wrapping_shl(1) ^ (weight >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[cfg(test)]
mod tests;
