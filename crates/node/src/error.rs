//! What can go wrong, with its cause and the next step.

/// Why a node did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// Nothing has that name or id.
    #[error("{what} {name:?} is not known here")]
    NotFound {
        /// person, dataset, request, grant, relay, column …
        what: &'static str,
        /// What was named.
        name: String,
    },
    /// Several have that name or beginning of an id.
    #[error("{what} {name:?} could mean several; use more of its id")]
    Ambiguous {
        /// person, dataset, request, grant …
        what: &'static str,
        /// What was named.
        name: String,
    },
    /// An input beyond its limit or of the wrong form.
    #[error("{field}: {why}")]
    Invalid {
        /// Which input.
        field: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The rules do not allow it now.
    #[error("{why}")]
    Refused {
        /// In words, with the remedy where there is one.
        why: String,
    },
    /// It contradicts the present state (decided already, joined already, changed since shown).
    #[error("{why}")]
    Conflict {
        /// In words, with the next step.
        why: String,
    },
    /// The other side did not answer in time; what was said is kept and will be sent again.
    #[error("{why}")]
    Away {
        /// In words.
        why: String,
    },
    /// No relay is configured, or none can be reached.
    #[error("{why}")]
    NoRelay {
        /// In words, with the next step.
        why: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The network.
    #[error("the network could not be started: {0}")]
    Net(String),
    /// A bug: a record that does not decode, a message of ours that does not encode.
    #[error("internal: {0}")]
    Internal(String),
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

impl NodeError {
    /// The next step, where the message does not say it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { what: "person", .. } => Some("halfdoor people lists whom you are connected with"),
            Self::NotFound { what: "dataset", .. } => {
                Some("halfdoor data list shows yours, halfdoor catalog NAME theirs")
            }
            Self::NotFound { what: "request", .. } => Some("halfdoor requests lists them"),
            Self::NoRelay { .. } => {
                Some("halfdoor relays add ADDRESS names a relay; its operator tells you the address")
            }
            _ => None,
        }
    }
}

impl From<consent::ConsentError> for NodeError {
    fn from(error: consent::ConsentError) -> Self {
        use consent::ConsentError as C;
        match error {
            C::Refused(why) => Self::Conflict { why },
            C::NotFound(what) => Self::NotFound { what, name: String::new() },
            C::Text { field, source } => Self::Invalid { field, why: source.to_string() },
            C::Invite(source) => Self::Invalid { field: "invite", why: source.to_string() },
            C::View(source) => match source.downcast::<store::StoreError>() {
                Ok(store) => Self::Store(*store),
                Err(other) => Self::Internal(other.to_string()),
            },
            other => Self::Internal(other.to_string()),
        }
    }
}
