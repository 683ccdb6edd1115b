//! The one session Duo's endpoints speak of: with whom, in which role, and which index means which dataset.

use crate::limits::DUO_DATASETS;
use node::views::{PersonView, RequestView};
use std::collections::HashMap;

/// What this side is in the session. Both nodes serve all nine calls and act by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Hosts, owns the data, decides.
    Owner,
    /// Connects, asks, runs.
    Requester,
}

impl Role {
    /// Which requests are the session's, seen from here.
    pub(super) fn direction(self) -> &'static str {
        match self {
            Self::Owner => "received",
            Self::Requester => "sent",
        }
    }
}

/// What was said since the node started. A node that was restarted goes on with whom it knows.
#[derive(Debug, Default)]
pub(super) struct Session {
    opened: Option<(Role, String)>,
    /// Indices of my datasets.
    pub(super) own: Shelf,
    /// Indices of theirs.
    pub(super) theirs: Shelf,
}

impl Session {
    /// Opens the session with a party. Opened again with the same one, every index stays.
    pub(super) fn open(&mut self, role: Role, party: &str) {
        if self.party() != Some(party) {
            self.theirs = Shelf::default();
        }
        self.opened = Some((role, party.to_owned()));
    }

    pub(super) fn role(&self) -> Option<Role> {
        self.opened.as_ref().map(|(role, _)| *role)
    }

    /// The identity key of the other side.
    pub(super) fn party(&self) -> Option<&str> {
        self.opened.as_ref().map(|(_, party)| party.as_str())
    }
}

/// Indices in the order datasets were first seen. A removed dataset leaves a gap and moves nobody.
#[derive(Debug, Default)]
pub(super) struct Shelf(HashMap<String, usize>);

impl Shelf {
    /// The index of a dataset, given to it now if it is new. None once the shelf is full.
    pub(super) fn number(&mut self, id: &str) -> Option<usize> {
        if let Some(index) = self.0.get(id) {
            return Some(*index);
        }
        let index = self.0.len();
        (index < DUO_DATASETS).then(|| *self.0.entry(id.to_owned()).or_insert(index))
    }

    /// The dataset at an index.
    pub(super) fn at(&self, index: u64) -> Option<String> {
        let index = usize::try_from(index).ok()?;
        self.0.iter().find(|(_, at)| **at == index).map(|(id, _)| id.clone())
    }
}

/// Who the session is with: the party it was opened with, else whoever came last. Never somebody blocked.
pub(super) fn choose(people: Vec<PersonView>, party: Option<&str>) -> Option<PersonView> {
    let mut people: Vec<_> = people.into_iter().filter(|person| !person.blocked).collect();
    if let Some(at) = people.iter().position(|person| Some(person.party.as_str()) == party) {
        return Some(people.swap_remove(at));
    }
    people.into_iter().max_by_key(|person| person.paired)
}

/// One party's requests that have an index, by index.
pub(super) fn indexed(all: Vec<RequestView>, party: &str) -> Vec<(u64, RequestView)> {
    let of_party = all.into_iter().filter(|request| request.party == party);
    let mut requests: Vec<_> = of_party.filter_map(|request| request.index.map(|index| (index, request))).collect();
    requests.sort_by_key(|(index, _)| *index);
    requests
}

#[cfg(test)]
mod tests;
