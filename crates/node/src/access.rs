//! Who may use the node's own interface: tokens with less power than the home's own, checked without asking the actor.
//!
//! The actor keeps the tokens; this is a copy of them in memory, changed right after they are durable. A call is judged
//! here, so a flood of wrong tokens waits for nothing and hinders nobody.

use crate::wishes::Scope;
use protocol::{Digest, Name, UnixSeconds};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use tokio::{sync::watch, time::sleep};

/// Tokens of one home at once: an institution has a handful of systems, and each call compares with all of them.
pub const TOKENS: usize = 64;
/// Longest text that is taken for a token, in bytes: more than twice the longest there is.
const TEXT_BYTES: usize = 128;
/// Between two looks at the clock while a token's end is waited for: it may be set forward meanwhile.
const LOOK: Duration = Duration::from_secs(30);

/// A token that holds, as the one who showed it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Lower-case hex.
    pub id: String,
    /// The name it was given.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Not after (seconds since 1970); none for no end.
    pub until: Option<UnixSeconds>,
}

/// Why a text is no token that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotHeld {
    /// Never made here, or revoked.
    Unknown,
    /// Its time is over. Only who holds it learns that.
    Expired {
        /// Its name.
        name: String,
    },
}

/// The tokens that hold now. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bearers(Arc<Book>);

/// One call of the node's own interface: no query, no body, no word of anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When it came (seconds since 1970).
    pub time: UnixSeconds,
    /// Who made it.
    pub by: Caller,
    /// Its method, a known one.
    pub method: String,
    /// The template of its path, such as `/v1/requests/{id}`.
    pub route: String,
    /// The HTTP status; none when its answer was never sent.
    pub status: Option<u16>,
    /// Whether it may change something.
    pub changes: bool,
}

/// Who made a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// The home's own token.
    Home,
    /// Nobody in particular, at Duo's endpoints.
    Duo,
    /// One of the tokens made here.
    Token {
        /// Lower-case hex.
        id: String,
        /// The name it had.
        name: String,
    },
}

/// A token as it is compared.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) hash: Digest,
    pub(crate) bearer: Bearer,
}

#[derive(Debug, Default)]
struct Book {
    kept: watch::Sender<Vec<Kept>>,
    /// The latest time seen: a clock set back revives no token.
    latest: AtomicU64,
}

impl Bearers {
    /// Whose token a text is. Takes the same time whichever it is, or none.
    ///
    /// # Errors
    /// [`NotHeld`].
    pub fn check(&self, text: &[u8]) -> Result<Bearer, NotHeld> {
        if text.len() > TEXT_BYTES {
            return Err(NotHeld::Unknown);
        }
        let hash = hash_of(text);
        let kept = self.0.kept.borrow();
        let mut found = 0;
        for (place, token) in (1_u64..).zip(kept.iter()) {
            let same: Choice = token.hash.0.ct_eq(&hash.0);
            found = u64::conditional_select(&found, &place, same);
        }
        let place = usize::try_from(found).unwrap_or_default().checked_sub(1);
        let bearer = place.and_then(|place| kept.get(place)).map(|token| token.bearer.clone());
        match bearer.ok_or(NotHeld::Unknown)? {
            bearer if self.is_over(&bearer) => Err(NotHeld::Expired { name: bearer.name }),
            bearer => Ok(bearer),
        }
    }

    /// Returns once a token holds no longer: revoked, or over.
    pub async fn ended(&self, bearer: &Bearer) {
        let mut changes = self.0.kept.subscribe();
        loop {
            let holds = changes.borrow_and_update().iter().any(|kept| kept.bearer.id == bearer.id);
            if !holds || self.is_over(bearer) {
                return;
            }
            let left = bearer.until.map_or(LOOK, |until| Duration::from_secs((until + 1).saturating_sub(self.now())));
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return },
                () = sleep(left.min(LOOK)) => {}
            }
        }
    }

    /// The tokens as they are durable now, and the latest time that this home has acted on.
    pub(crate) fn replace(&self, kept: Vec<Kept>, latest: UnixSeconds) {
        self.0.latest.fetch_max(latest, Ordering::Relaxed);
        self.0.kept.send_replace(kept);
    }

    /// Now, never earlier than ever before.
    pub(crate) fn now(&self) -> UnixSeconds {
        let now = crate::actor::now();
        self.0.latest.fetch_max(now, Ordering::Relaxed).max(now)
    }

    fn is_over(&self, bearer: &Bearer) -> bool {
        bearer.until.is_some_and(|until| until < self.now())
    }
}

/// All that is kept of a token's text. It has 256 random bits, so nothing slower than one hash is needed.
pub(crate) fn hash_of(text: &[u8]) -> Digest {
    Digest(sha2::Sha256::digest(text).into())
}

/// Names that the record of calls has another meaning for.
pub(crate) fn is_taken(name: &Name) -> bool {
    [HOME, DUO].iter().any(|taken| taken.eq_ignore_ascii_case(name.as_str()))
}

/// How a call by the home's own token is named.
const HOME: &str = "this home";
/// How a call at Duo's endpoints is named.
const DUO: &str = "duo";

impl Caller {
    /// Its name in the record.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Home => HOME,
            Self::Duo => DUO,
            Self::Token { name, .. } => name,
        }
    }

    /// The id of its token.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Home | Self::Duo => None,
            Self::Token { id, .. } => Some(id),
        }
    }
}

#[cfg(test)]
mod tests;
