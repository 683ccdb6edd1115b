use crate::{
    Commitment, Computation, DatasetId, MessageId, UnixSeconds, VersionHash,
    envelope::{Body, Invalid, require},
    limits::USES,
};
use serde::{Deserialize, Serialize};

/// One question about one version of one dataset, for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Everything that a decision is about.
    pub terms: Terms,
    /// Salted commitment to the requester's own words.
    pub reason: Commitment,
    /// The counter-offer that this request accepts, field by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<MessageId>,
    /// The standing grant under which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<MessageId>,
}

/// What is asked of which data, what for, how often and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The pointer.
    pub dataset: DatasetId,
    /// The version the requester saw in the catalog.
    pub version: VersionHash,
    /// What would run; nothing else can.
    pub computation: Computation,
    /// What for, from the closed list.
    pub purpose: Purpose,
    /// How many runs are asked for.
    pub uses: u32,
    /// Until when the runs may happen.
    pub until: UnixSeconds,
}

/// What an outcome may be used for: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Deciding on a loan, a card, a limit.
    CreditApplication,
    /// Looking again at an account that exists.
    AccountReview,
    /// Letting a home.
    Rental,
    /// Checking what somebody earns.
    IncomeVerification,
    /// Checking what somebody can pay.
    Affordability,
    /// Learning about many, not deciding about one.
    Research,
}

impl Purpose {
    /// Every purpose, in the order people are shown them.
    pub const ALL: [Self; 6] = [
        Self::CreditApplication,
        Self::AccountReview,
        Self::Rental,
        Self::IncomeVerification,
        Self::Affordability,
        Self::Research,
    ];

    /// Its word in commands and in HTTP, as on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CreditApplication => "credit_application",
            Self::AccountReview => "account_review",
            Self::Rental => "rental",
            Self::IncomeVerification => "income_verification",
            Self::Affordability => "affordability",
            Self::Research => "research",
        }
    }

    /// The purpose of that word; hyphens count as underscores.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let word = word.replace('-', "_");
        Self::ALL.into_iter().find(|purpose| purpose.name() == word)
    }

    /// As the prompt says it.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::CreditApplication => "to decide on an application for credit",
            Self::AccountReview => "to review an existing account",
            Self::Rental => "to decide on letting a home",
            Self::IncomeVerification => "to verify an income",
            Self::Affordability => "to check what can be afforded",
            Self::Research => "for research",
        }
    }
}

impl Body for Request {
    const KIND: &'static str = "request";
    fn validate(&self) -> Result<(), Invalid> {
        self.terms.validate()?;
        require(self.counter.is_none() || self.grant.is_none(), "grant", "named together with a counter-offer")
    }
}

impl Terms {
    /// Uses within 1 to 10,000; a computation within its bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.computation.validate()?;
        require((1..=USES).contains(&self.uses), "uses", "none, or more than 10,000")
    }
}
