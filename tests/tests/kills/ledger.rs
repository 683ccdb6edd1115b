//! What the nodes said was done, and whether it stays done.

use super::arena::{Arena, Side};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Every acknowledgement that came back whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    /// Datasets that Jack said are stored.
    pub(crate) datasets: BTreeSet<String>,
    /// Requests that Jill said are made.
    pub(crate) requests: BTreeSet<String>,
    /// Requests that Jack said are approved.
    pub(crate) approved: BTreeSet<String>,
    /// Receipts that Jill said she has, by request.
    pub(crate) receipts: BTreeMap<String, String>,
}

impl Ledger {
    /// Everything that a node acknowledged is there.
    pub(crate) fn is_kept_by(&self, arena: &Arena, side: Side) {
        let api = arena.api(side);
        let report = api.get("/v1/log/verify");
        assert_eq!(report["whole"], true, "the log of {side:?}: {report}");
        let requests = by_id(&api.get("/v1/requests"), "id");
        match side {
            Side::Jack => {
                let stored = by_id(&api.get("/v1/datasets"), "id");
                for id in &self.datasets {
                    assert!(stored.contains_key(id), "dataset {id} was acknowledged and is gone");
                }
                for id in &self.approved {
                    let request = requests.get(id).unwrap_or_else(|| panic!("request {id} was approved and is gone"));
                    assert!(["approved", "done"].contains(&word(request, "state")), "approved, and now: {request}");
                    assert!(request["grant"].is_string(), "approved without a grant: {request}");
                }
                self.was_released_by(arena, &self.receipts);
            }
            Side::Jill => {
                for id in &self.requests {
                    assert!(requests.contains_key(id), "request {id} was acknowledged and is gone");
                }
                for (request, receipt) in &self.receipts {
                    let outcome = api.get(&format!("/v1/outcomes/{request}"));
                    assert_eq!(word(&outcome, "receipt"), receipt, "{outcome}");
                    assert_eq!(outcome["failed"], serde_json::json!([]), "{outcome}");
                }
            }
        }
    }

    /// Whatever Jill holds was released by Jack, logged, once; and no grant was overdrawn.
    pub(crate) fn agrees_with(&self, arena: &Arena) {
        let held = by_id(&arena.api(Side::Jill).get("/v1/outcomes"), "receipt");
        assert!(!self.receipts.is_empty(), "no receipt was ever acknowledged");
        for receipt in self.receipts.values() {
            assert!(held.contains_key(receipt), "receipt {receipt} was acknowledged and is gone");
        }
        let all: BTreeMap<_, _> = held.iter().map(|(id, one)| (word(one, "request").to_owned(), id.clone())).collect();
        assert_eq!(all.len(), held.len(), "one receipt per request");
        self.was_released_by(arena, &all);
        // the same run, the same receipt: on both sides
        let given = by_id(&arena.api(Side::Jack).get("/v1/outcomes"), "receipt");
        let mut runs = BTreeMap::new();
        for outcome in held.values().chain(given.values()) {
            let run = (word(outcome, "grant").to_owned(), outcome["number"].as_u64().unwrap());
            let receipt = word(outcome, "receipt");
            assert_eq!(*runs.entry(run).or_insert(receipt), receipt, "two receipts of one run: {outcome}");
        }
        within_their_uses(arena, &given);
    }

    fn was_released_by(&self, arena: &Arena, receipts: &BTreeMap<String, String>) {
        let log = whole_log(arena);
        for (request, receipt) in receipts {
            let of = |kind: &str| log.iter().filter(|(k, ids)| k == kind && ids.contains(receipt)).count();
            assert_eq!(of("released"), 1, "Jill holds receipt {receipt} of {request}: its release is logged once");
            let ran = log.iter().filter(|(kind, ids)| kind == "ran" && ids.contains(request)).count();
            assert_eq!(ran, 1, "request {request} ran once");
        }
    }
}

/// No grant has more runs than it has uses: as counted, as logged, as given.
fn within_their_uses(arena: &Arena, given: &BTreeMap<String, Value>) {
    let log = whole_log(arena);
    let grants = by_id(&arena.api(Side::Jack).get("/v1/grants"), "id");
    assert!(!grants.is_empty());
    for (id, grant) in &grants {
        let (uses, spent) = (grant["uses"].as_u64().unwrap(), grant["spent"].as_u64().unwrap());
        let ran = log.iter().filter(|(kind, ids)| kind == "ran" && ids.contains(id)).count() as u64;
        let receipts = given.values().filter(|outcome| word(outcome, "grant") == id).count() as u64;
        assert!(spent <= uses && ran == spent && receipts <= spent, "{ran} runs, {receipts} receipts: {grant}");
    }
}

/// Jack's log: kinds and ids.
fn whole_log(arena: &Arena) -> Vec<(String, Vec<String>)> {
    let api = arena.api(Side::Jack);
    let mut entries = Vec::new();
    loop {
        let page = api.get(&format!("/v1/log?from={}&limit=1000", entries.len()));
        let page = page.as_array().unwrap();
        if page.is_empty() {
            return entries;
        }
        let ids =
            |entry: &Value| entry["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        entries.extend(page.iter().map(|entry| (word(entry, "kind").to_owned(), ids(entry))));
    }
}

fn by_id(list: &Value, key: &str) -> BTreeMap<String, Value> {
    list.as_array().unwrap().iter().map(|one| (word(one, key).to_owned(), one.clone())).collect()
}

pub(crate) fn word<'v>(of: &'v Value, key: &str) -> &'v str {
    of[key].as_str().unwrap_or_else(|| panic!("no {key}: {of}"))
}
