//! Erasing: what can be read goes, under every key that remains; what was signed stays provable.

use crate::{actor::Actor, error::NodeError};
use consent::erase;

impl Actor {
    /// A request by id, or a person by name.
    pub(crate) fn erase_subject(&mut self, named: &str) -> Result<(), NodeError> {
        match self.find_person(Some(named)) {
            Ok((party, _)) => self.forget_person(&party),
            Err(NodeError::NotFound { .. }) => {
                let (id, _) = self.find_request(named).map_err(|error| match error {
                    NodeError::NotFound { .. } => {
                        NodeError::NotFound { what: "request or person", name: named.to_owned() }
                    }
                    other => other,
                })?;
                self.act_with(
                    |draft, context| erase::request(draft, context, &id),
                    |store, batch, ()| Ok(store.erase(batch)?),
                )
            }
            Err(other) => Err(other),
        }
    }

    /// Page by page, then for good: interrupted between, the person is still there, and asking again ends it.
    pub(crate) fn forget_person(&mut self, party: &protocol::PartyId) -> Result<(), NodeError> {
        let mut place: Option<Vec<u8>> = None;
        loop {
            place = self.act(|draft, _| erase::some_words(draft, party, place.as_deref()))?;
            if place.is_none() {
                break;
            }
        }
        self.act_with(|draft, context| erase::person(draft, context, party), |store, batch, ()| Ok(store.erase(batch)?))
    }
}
