use super::{Purpose, Terms};
use crate::{
    Commitment, Computation, DatasetId, Kind, MessageId, Name, UnixSeconds, VersionHash,
    envelope::{Body, Invalid, distinct, require},
    limits::{STANDING_ITEMS, USES},
};
use serde::{Deserialize, Serialize};

/// The owner's answer to a request. An approval's id is the id of its grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// No.
    Deny(Denial),
    /// Not that, but this.
    Counter(Counter),
    /// Yes.
    Approve(Approval),
}

/// A no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    /// The request denied.
    pub request: MessageId,
    /// Commitment to the owner's words, if any were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Commitment>,
}

/// A complete other request that the owner would grant: accepted by a request naming it, equal field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// The request answered.
    pub request: MessageId,
    /// What the owner would say yes to.
    pub proposal: Terms,
    /// Salted commitment to the outcome the owner saw.
    pub preview: Commitment,
    /// Until when it can be accepted.
    pub expires: UnixSeconds,
    /// Commitment to the owner's words, if any were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Commitment>,
}

/// A yes, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The request approved.
    pub request: MessageId,
    /// What is allowed from now on.
    pub grant: Grant,
}

/// What an approval allows: how often, until when, for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// This one outcome, once.
    Once(Once),
    /// Several, within bounds; only by the owner's explicit choice.
    Standing(Standing),
    /// One more use of a standing grant given earlier.
    Under(MessageId),
}

/// Exactly what the owner saw, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Once {
    /// The version previewed; another version does not run.
    pub version: VersionHash,
    /// Salted commitment to the outcome previewed; another outcome does not leave.
    pub outcome: Commitment,
    /// Not before.
    pub from: UnixSeconds,
    /// Not after.
    pub until: UnixSeconds,
}

/// Bounds within which requests are granted without a further choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Of this dataset, whatever its version.
    pub dataset: DatasetId,
    /// Only these kinds of computation.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::STANDING_ITEMS }, _, _>")]
    pub kinds: Vec<Kind>,
    /// Only these columns.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::STANDING_ITEMS }, _, _>")]
    pub columns: Vec<Name>,
    /// Only for this purpose.
    pub purpose: Purpose,
    /// At most so many runs in all.
    pub uses: u32,
    /// Not before.
    pub from: UnixSeconds,
    /// Not after.
    pub until: UnixSeconds,
    /// Whether the owner looks at each outcome before it leaves.
    pub review: Review,
    /// Whether parts of the rows may be asked about; only all of them unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
}

/// Which parts of the rows a standing grant lets be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    /// Those that filters and groups make, over the columns named.
    FiltersAndGroups,
}

/// Whether the owner looks at each outcome of a standing grant before it leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Each one waits for the owner.
    #[default]
    Each,
    /// None does.
    None,
}

impl Standing {
    /// Whether a request's terms stay within these bounds: every kind in the computation, every column it reads for its
    /// values, its filter or its groups, and a filter or groups only where parts are allowed.
    #[must_use]
    pub fn covers(&self, terms: &Terms) -> bool {
        let computation: &Computation = &terms.computation;
        terms.dataset == self.dataset
            && terms.purpose == self.purpose
            && computation.kinds().iter().all(|kind| self.kinds.contains(kind))
            && (self.parts == Some(Parts::FiltersAndGroups) || !computation.in_parts())
            && computation.columns().into_iter().all(|column| self.columns.contains(column))
    }
}

impl Body for Decision {
    const KIND: &'static str = "decision";
    fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Deny(_) => Ok(()),
            Self::Counter(counter) => counter.proposal.validate(),
            Self::Approve(approval) => match &approval.grant {
                Grant::Under(_) => Ok(()),
                Grant::Once(once) => require(once.from < once.until, "until", "not after its beginning"),
                Grant::Standing(standing) => standing.validate(),
            },
        }
    }
}

impl Standing {
    fn validate(&self) -> Result<(), Invalid> {
        require(self.from < self.until, "until", "not after its beginning")?;
        require((1..=USES).contains(&self.uses), "uses", "none, or more than 10,000")?;
        require((1..=STANDING_ITEMS).contains(&self.kinds.len()), "kinds", "none, or more than 64")?;
        require((1..=STANDING_ITEMS).contains(&self.columns.len()), "columns", "none, or more than 64")?;
        require(distinct(&self.kinds), "kinds", "one is there twice")?;
        require(distinct(&self.columns), "columns", "one is there twice")
    }
}
