//! Whether a reason for a refusal says anything.
//!
//! Regulation B, 12 CFR 1002.9(b)(2): the statement of reasons must be specific; that somebody failed to achieve a
//! qualifying score, or that internal standards or policies were the ground, is insufficient.

/// Why a reason is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a reason must say what in the answer was decisive, such as \"rent was late in 5 of 12 months\"; \
     that a score was too low or a policy was not met is no reason"
)]
pub struct NotSpecific;

/// Words that say only that somebody was refused by a score or a policy.
const EMPTY: &[&str] = &[
    "a",
    "above",
    "achieve",
    "achieved",
    "an",
    "and",
    "applicant",
    "application",
    "approved",
    "are",
    "at",
    "bad",
    "based",
    "been",
    "below",
    "by",
    "can",
    "cannot",
    "company",
    "credit",
    "criteria",
    "cut",
    "cutoff",
    "declined",
    "denied",
    "did",
    "do",
    "does",
    "due",
    "enough",
    "fail",
    "failed",
    "fails",
    "for",
    "good",
    "guidelines",
    "has",
    "have",
    "high",
    "in",
    "insufficient",
    "internal",
    "is",
    "it",
    "lending",
    "limit",
    "loan",
    "low",
    "lower",
    "met",
    "meet",
    "minimum",
    "model",
    "no",
    "not",
    "of",
    "off",
    "on",
    "only",
    "our",
    "over",
    "overall",
    "poor",
    "points",
    "policies",
    "policy",
    "profile",
    "qualify",
    "qualifying",
    "rating",
    "reach",
    "refused",
    "rejected",
    "required",
    "requirement",
    "requirements",
    "result",
    "risk",
    "rules",
    "s",
    "score",
    "scored",
    "scores",
    "scorecard",
    "scoring",
    "standard",
    "standards",
    "sufficient",
    "system",
    "t",
    "than",
    "that",
    "the",
    "their",
    "this",
    "threshold",
    "to",
    "too",
    "total",
    "under",
    "unfortunately",
    "very",
    "was",
    "we",
    "were",
    "with",
    "you",
    "your",
];

/// Whether one word at least, other than a number, says more than that somebody was refused by a score or a policy.
///
/// # Errors
/// None does.
pub fn specific(words: &str) -> Result<(), NotSpecific> {
    let lower = words.to_lowercase();
    let mut said = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let telling = |word: &str| word.chars().any(char::is_alphabetic) && !EMPTY.contains(&word);
    if said.any(telling) { Ok(()) } else { Err(NotSpecific) }
}
