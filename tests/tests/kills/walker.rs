//! Walks again and again, as a patient program does whose calls may be cut off at any moment: what was not
//! acknowledged is looked up before it is done again.

use super::{
    arena::{Arena, Side},
    ledger::{Ledger, word},
};
use scenarios::{Answer, until};
use serde_json::{Value, json};
use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering::SeqCst},
};

/// Uses of each standing grant: every third walk begins a new one.
const USES: u64 = 3;

pub(crate) struct Walker<'a> {
    arena: &'a Arena,
    ledger: &'a Mutex<Ledger>,
    steps: &'a AtomicU64,
    walks: u64,
    /// The standing grant in use.
    grant: Option<String>,
}

impl<'a> Walker<'a> {
    pub(crate) fn new(arena: &'a Arena, ledger: &'a Mutex<Ledger>, steps: &'a AtomicU64) -> Self {
        Self { arena, ledger, steps, walks: 0, grant: None }
    }

    /// Walks completed.
    pub(crate) fn walks(&self) -> u64 {
        self.walks
    }

    /// One walk: store, ask, approve, run, run again. Grants of one use and of several take turns.
    pub(crate) fn walk(&mut self) {
        let number = self.walks;
        let tag = format!("numbers-{}", number / USES);
        self.store(&tag);
        let first = number.is_multiple_of(USES);
        let standing = (number / USES).is_multiple_of(2);
        let under = self.grant.clone().filter(|_| standing && !first);
        let request = self.ask(&tag, number, under.as_deref());
        self.decide(&request, standing && first);
        let receipt = self.run(&request);
        assert_eq!(self.run(&request), receipt, "the same run is the same receipt");
        self.grant = match (standing, first) {
            (true, true) => Some(word(&self.mine(Side::Jill, &request), "grant").to_owned()),
            (true, false) => self.grant.take(),
            (false, _) => None,
        };
        self.walks += 1;
    }

    fn store(&self, tag: &str) {
        self.step("dataset", Side::Jack, || {
            let api = self.arena.api(Side::Jack);
            let there = api.try_get(&format!("/v1/datasets/{tag}")).ok()?;
            let stored = match there.status {
                404 => {
                    let wish = json!({ "content": "[1, 2, 3, 4, 5, 12]", "tag": tag, "visible_to": ["everyone"] });
                    done(api.try_post("/v1/datasets", &wish))?
                }
                _ => there.ok(),
            };
            self.ledger.lock().unwrap().datasets.insert(word(&stored, "id").to_owned());
            Some(())
        });
    }

    /// Each walk asks with words of its own, by which a request is found whose acknowledgement was lost.
    fn ask(&self, tag: &str, number: u64, grant: Option<&str>) -> String {
        let reason = format!("walk {number}");
        self.step("request", Side::Jill, || {
            let api = self.arena.api(Side::Jill);
            let all = done(api.try_get("/v1/requests"))?;
            let made = match all.as_array().unwrap().iter().find(|one| one["reason"] == *reason) {
                Some(made) => made.clone(),
                None => {
                    let page = done(api.try_get("/v1/catalog?wait=2"))?;
                    // an empty page is what Jill knew before Jack could be asked
                    page["datasets"].as_array().unwrap().iter().find(|one| one["tag"] == tag)?;
                    let wish = json!({
                        "person": "Jack", "dataset": tag, "computation": "max", "reason": reason, "uses": USES, "grant": grant,
                    });
                    done(api.try_post("/v1/requests", &wish))?
                }
            };
            let id = word(&made, "id").to_owned();
            self.ledger.lock().unwrap().requests.insert(id.clone());
            Some(id)
        })
    }

    fn decide(&self, request: &str, standing: bool) {
        self.step("decision", Side::Jack, || {
            let api = self.arena.api(Side::Jack);
            let known = api.try_get(&format!("/v1/requests/{request}")).ok().filter(|known| known.status == 200)?.ok();
            match word(&known, "state") {
                "approved" | "done" => {}
                "waiting" => {
                    let prompt = done(api.try_get(&format!("/v1/requests/{request}/prompt")))?;
                    let mut wish = json!({ "preview": prompt["preview"] });
                    if standing {
                        wish["uses"] = json!(USES);
                    }
                    let approved = done(api.try_post(&format!("/v1/requests/{request}/approve"), &wish))?;
                    assert_eq!(approved["state"], "approved", "{approved}");
                }
                other => panic!("the request of this walk is {other}: {known}"),
            }
            self.ledger.lock().unwrap().approved.insert(request.to_owned());
            Some(())
        });
    }

    fn run(&self, request: &str) -> String {
        self.step("receipt", Side::Jill, || {
            let api = self.arena.api(Side::Jill);
            let state = done(api.try_get(&format!("/v1/requests/{request}")))?;
            match word(&state, "state") {
                "sending" | "waiting" => return None,
                "approved" | "done" => {}
                other => panic!("the request of this walk is {other}: {state}"),
            }
            let outcome = done(api.try_post(&format!("/v1/requests/{request}/run?wait=2"), &json!({})))?;
            assert_eq!((&outcome["failed"], &outcome["value"]), (&json!([]), &json!("12")), "{outcome}");
            let receipt = word(&outcome, "receipt").to_owned();
            self.ledger.lock().unwrap().receipts.insert(request.to_owned(), receipt.clone());
            Some(receipt)
        })
    }

    fn mine(&self, side: Side, request: &str) -> Value {
        until("the request can be read", || done(self.arena.api(side).try_get(&format!("/v1/requests/{request}"))))
    }

    /// Tries until it is acknowledged, then counts as a step.
    fn step<T>(&self, what: &str, side: Side, attempt: impl FnMut() -> Option<T>) -> T {
        let value = until(&format!("{what} of walk {}, acknowledged by {side:?}", self.walks), attempt);
        self.steps.fetch_add(1, SeqCst);
        value
    }
}

/// A whole answer of success. A node that went away, the other side being away, and a node that is stopping are reasons
/// to try again; every other refusal is a fault.
fn done(answer: Result<Answer, String>) -> Option<Value> {
    let answer = answer.ok()?;
    match answer.status {
        200..300 => Some(answer.ok()),
        503 | 504 => None,
        _ => panic!("refused: {} {}", answer.status, answer.text()),
    }
}
