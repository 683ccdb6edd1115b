//! What the nodes said was done, and whether it stays done.

use super::arena::{Arena, Side};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

/// Every acknowledgement that came back whole. What is about to be undone on purpose is taken out first.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Datasets that Jack said are stored.
    pub datasets: BTreeSet<String>,
    /// Datasets that Jack said are removed.
    pub removed: BTreeSet<String>,
    /// Requests that Jill said are made.
    pub requests: BTreeSet<String>,
    /// Requests that Jack said are approved, with their grants.
    pub approved: BTreeMap<String, String>,
    /// Requests that Jack said are denied.
    pub denied: BTreeSet<String>,
    /// Requests that Jack said are countered.
    pub countered: BTreeSet<String>,
    /// Grants that Jack was asked to revoke.
    pub revoking: BTreeSet<String>,
    /// Grants that Jack said are revoked, with the runs they had then.
    pub revoked: BTreeMap<String, u64>,
    /// Receipts that Jill said she has, by request.
    pub receipts: BTreeMap<String, String>,
    /// Words of requests that this side said are erased.
    pub erased: BTreeSet<(Side, String)>,
}

type Entries = Vec<(String, Vec<String>)>;

impl Ledger {
    /// Everything that a node acknowledged is there. `now`: what was acknowledged, or begun, since.
    ///
    /// # Panics
    /// When something is gone, or came back.
    pub fn is_kept_by(&self, arena: &Arena, side: Side, now: &Mutex<Self>) {
        if side == Side::Relay {
            // it has nothing to keep but its key, which restarting it checks
            return;
        }
        let api = arena.api(side);
        let report = api.get("/v1/log/verify");
        assert_eq!(report["whole"], true, "the log of {side:?}: {report}");
        for other in report["others"].as_array().expect("a list") {
            assert_eq!(
                word(other, "state"),
                "consistent",
                "nobody's log forked or was cut back: {side:?} says {other}"
            );
        }
        let requests = by_id(&api.get("/v1/requests"), "id");
        for (_, request) in self.erased.iter().filter(|(by, _)| *by == side) {
            let seen = requests.get(request).unwrap_or_else(|| panic!("request {request} was only to lose its words"));
            assert_eq!(seen["reason"], "", "erased, and back: {seen}");
        }
        match side {
            Side::Jack => self.is_kept_by_jack(arena, &requests, now),
            Side::Jill | Side::Relay => self.is_kept_by_jill(arena, &requests),
        }
    }

    fn is_kept_by_jack(&self, arena: &Arena, requests: &BTreeMap<String, Value>, now: &Mutex<Self>) {
        let api = arena.api(Side::Jack);
        let stored = by_id(&api.get("/v1/datasets"), "id");
        let grants = by_id(&api.get("/v1/grants"), "id");
        let now = now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for id in self.datasets.intersection(&now.datasets) {
            assert!(stored.contains_key(id), "dataset {id} was acknowledged and is gone");
        }
        for id in &self.removed {
            assert!(!stored.contains_key(id), "dataset {id} was removed and is back");
        }
        for (id, grant) in &self.approved {
            let request = requests.get(id).unwrap_or_else(|| panic!("request {id} was approved and is gone"));
            let revoked = now.revoking.contains(grant) && word(request, "state") == "revoked";
            assert!(revoked || ["approved", "done"].contains(&word(request, "state")), "approved, and now: {request}");
            assert_eq!(word(request, "grant"), grant, "another grant: {request}");
        }
        for (ids, still, state) in
            [(&self.denied, &now.denied, "denied"), (&self.countered, &now.countered, "countered")]
        {
            for id in ids.intersection(still) {
                let request = requests.get(id).unwrap_or_else(|| panic!("request {id} was {state} and is gone"));
                assert_eq!(word(request, "state"), state, "{request}");
            }
        }
        for (id, runs) in &self.revoked {
            let grant = grants.get(id).unwrap_or_else(|| panic!("grant {id} was revoked and is gone"));
            assert_eq!((word(grant, "state"), &grant["spent"]), ("revoked", &Value::from(*runs)), "{grant}");
        }
        was_released(&whole_log(arena), &self.receipts);
    }

    fn is_kept_by_jill(&self, arena: &Arena, requests: &BTreeMap<String, Value>) {
        for id in &self.requests {
            assert!(requests.contains_key(id), "request {id} was acknowledged and is gone");
        }
        let held = by_id(&arena.api(Side::Jill).get("/v1/outcomes"), "request");
        for (request, receipt) in &self.receipts {
            let outcome = held.get(request).unwrap_or_else(|| panic!("receipt {receipt} was acknowledged and is gone"));
            assert_eq!(word(outcome, "receipt"), receipt, "{outcome}");
            assert_eq!(outcome["failed"], serde_json::json!([]), "{outcome}");
        }
    }

    /// Whatever Jill holds was released by Jack, logged, once; and no grant was overdrawn.
    ///
    /// # Panics
    /// When that is not so, or when there is nothing to say it of.
    pub fn agrees_with(&self, arena: &Arena) {
        let held = by_id(&arena.api(Side::Jill).get("/v1/outcomes"), "receipt");
        assert!(!self.receipts.is_empty(), "no receipt was ever acknowledged");
        for receipt in self.receipts.values() {
            assert!(held.contains_key(receipt), "receipt {receipt} was acknowledged and is gone");
        }
        let all: BTreeMap<_, _> = held.iter().map(|(id, one)| (word(one, "request").to_owned(), id.clone())).collect();
        assert_eq!(all.len(), held.len(), "one receipt per request");
        let log = whole_log(arena);
        was_released(&log, &all);
        // the same run, the same receipt: on both sides
        let given = by_id(&arena.api(Side::Jack).get("/v1/outcomes"), "receipt");
        let mut runs = BTreeMap::new();
        for outcome in held.values().chain(given.values()) {
            let run = (word(outcome, "grant").to_owned(), outcome["number"].as_u64().expect("a number"));
            let receipt = word(outcome, "receipt");
            assert_eq!(*runs.entry(run).or_insert(receipt), receipt, "two receipts of one run: {outcome}");
        }
        within_their_uses(arena, &log, &given);
    }
}

fn was_released(log: &Entries, receipts: &BTreeMap<String, String>) {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (kind, ids) in log {
        for id in ids {
            *counts.entry((kind, id)).or_default() += 1;
        }
    }
    let count = |kind, id: &str| counts.get(&(kind, id)).copied().unwrap_or_default();
    for (request, receipt) in receipts {
        assert_eq!(
            count("released", receipt),
            1,
            "Jill holds receipt {receipt} of {request}: its release is logged once"
        );
        assert_eq!(count("ran", request), 1, "request {request} ran once");
    }
}

/// No grant has more runs than it has uses: as counted, as logged, as given.
fn within_their_uses(arena: &Arena, log: &Entries, given: &BTreeMap<String, Value>) {
    let grants = by_id(&arena.api(Side::Jack).get("/v1/grants"), "id");
    assert!(!grants.is_empty(), "no grant was ever made");
    for (id, grant) in &grants {
        let (uses, spent) = (grant["uses"].as_u64().expect("uses"), grant["spent"].as_u64().expect("runs"));
        let ran = log.iter().filter(|(kind, ids)| kind == "ran" && ids.contains(id)).count() as u64;
        let receipts = given.values().filter(|outcome| word(outcome, "grant") == id).count() as u64;
        assert!(spent <= uses && ran == spent && receipts <= spent, "{ran} runs, {receipts} receipts: {grant}");
    }
}

/// Jack's log: kinds and ids.
fn whole_log(arena: &Arena) -> Entries {
    let api = arena.api(Side::Jack);
    let mut entries = Vec::new();
    loop {
        let page = api.get(&format!("/v1/log?from={}&limit=1000", entries.len()));
        let page = page.as_array().expect("a list");
        if page.is_empty() {
            return entries;
        }
        entries.extend(page.iter().map(|entry| {
            let ids = entry["ids"].as_array().expect("ids").iter().filter_map(|id| id.as_str().map(str::to_owned));
            (word(entry, "kind").to_owned(), ids.collect())
        }));
    }
}

pub(super) fn by_id(list: &Value, key: &str) -> BTreeMap<String, Value> {
    list.as_array().expect("a list").iter().map(|one| (word(one, key).to_owned(), one.clone())).collect()
}

pub(super) fn word<'v>(of: &'v Value, key: &str) -> &'v str {
    of[key].as_str().unwrap_or_else(|| panic!("no {key}: {of}"))
}
