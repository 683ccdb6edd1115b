//! The steps of a walk, each done until it is acknowledged.

use super::{
    super::{
        arena::Side,
        ledger::{Ledger, by_id, word},
    },
    Walkers,
};
use crate::{Answer, until_within};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    sync::{MutexGuard, PoisonError, atomic::Ordering::SeqCst},
    time::Duration,
};

/// How long one step may take while processes come and go around it.
const PATIENCE: Duration = Duration::from_secs(240);

/// One walk: what it made so far.
pub(super) struct Walk<'w> {
    of: &'w Walkers<'w>,
    /// Told apart from every other walk by this.
    name: String,
    countered: RefCell<Vec<String>>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(of: &'w Walkers<'w>, name: String) -> Self {
        Self { of, name, countered: RefCell::default() }
    }

    fn tag(&self) -> String {
        format!("numbers-{}", self.name)
    }

    pub(super) fn store(&self) -> String {
        let tag = self.tag();
        self.step("dataset", || {
            let there = self.get(Side::Jack, &format!("/v1/datasets/{tag}"))?;
            let stored = match there.status {
                404 => {
                    let wish = json!({ "content": "[1, 2, 3, 4, 5, 12]", "tag": tag, "visible_to": ["everyone"] });
                    self.post(Side::Jack, "/v1/datasets", &wish)?
                }
                _ => self.done(there)?,
            };
            let id = word(&stored, "id").to_owned();
            self.ledger().datasets.insert(id.clone());
            Some(id)
        })
    }

    /// Each request has words of its own, by which it is found when its acknowledgement was lost.
    pub(super) fn asked(&self, computation: &str, words: &str, grant: Option<&str>) -> String {
        let (reason, tag) = (format!("walk {}: {words}", self.name), self.tag());
        self.step("request", || {
            let all = self.read(Side::Jill, "/v1/requests")?;
            let made = match all.as_array()?.iter().find(|one| one["reason"] == *reason) {
                Some(made) => made.clone(),
                None => {
                    let page = self.read(Side::Jill, "/v1/catalog?wait=2")?;
                    // an empty page is what Jill knew before Jack could be asked
                    page["datasets"].as_array()?.iter().find(|one| one["tag"] == tag)?;
                    let wish = json!({
                        "person": "Jack", "dataset": tag, "computation": computation, "reason": reason, "uses": super::USES,
                        "grant": grant,
                    });
                    self.post(Side::Jill, "/v1/requests", &wish)?
                }
            };
            let id = word(&made, "id").to_owned();
            self.ledger().requests.insert(id.clone());
            Some(id)
        })
    }

    /// Asked and approved for one use, under a grant or on its own.
    pub(super) fn approved(&self, computation: &str, words: &str, grant: Option<&str>) -> String {
        let request = self.asked(computation, words, grant);
        self.approve(&request, 1);
        request
    }

    pub(super) fn approve(&self, request: &str, uses: u64) {
        self.decide("approval", request, &["approved", "done"], |prompt| {
            let mut wish = json!({ "preview": prompt["preview"] });
            if uses > 1 {
                wish["uses"] = json!(uses);
            }
            self.post(Side::Jack, &format!("/v1/requests/{request}/approve"), &wish)
        });
        let grant = self.step("grant", || {
            let known = self.read(Side::Jack, &format!("/v1/requests/{request}"))?;
            Some(word(&known, "grant").to_owned())
        });
        self.ledger().approved.insert(request.to_owned(), grant);
    }

    pub(super) fn deny(&self, request: &str) {
        self.decide("denial", request, &["denied"], |_| {
            self.post(Side::Jack, &format!("/v1/requests/{request}/deny"), &json!({ "because": "too much" }))
        });
        self.ledger().denied.insert(request.to_owned());
    }

    pub(super) fn counter(&self, request: &str, computation: &str) {
        self.decide("counter-offer", request, &["countered"], |_| {
            let instead = format!("/v1/requests/{request}/prompt?computation={computation}");
            let prompt = self.read(Side::Jack, &instead)?;
            let wish = json!({ "offer": { "computation": computation }, "preview": prompt["preview"] });
            self.post(Side::Jack, &format!("/v1/requests/{request}/counter"), &wish)
        });
        self.countered.borrow_mut().push(request.to_owned());
        self.ledger().countered.insert(request.to_owned());
    }

    /// Jill accepts the counter-offer, once; answers with the request that came of it.
    pub(super) fn accepted(&self, countered: &str) -> String {
        self.hears(countered, "countered");
        self.step("acceptance", || {
            let all = self.read(Side::Jill, "/v1/requests")?;
            let made = match all.as_array()?.iter().find(|one| one["follows"] == *countered && one["id"] != *countered)
            {
                Some(made) => made.clone(),
                None => self.post(Side::Jill, &format!("/v1/requests/{countered}/accept"), &json!({}))?,
            };
            let id = word(&made, "id").to_owned();
            self.ledger().requests.insert(id.clone());
            Some(id)
        })
    }

    pub(super) fn hears(&self, request: &str, state: &str) {
        self.step(state, || {
            let known = self.read(Side::Jill, &format!("/v1/requests/{request}"))?;
            (word(&known, "state") == state).then_some(())
        });
    }

    /// The same run twice, the same receipt.
    pub(super) fn runs_twice(&self, request: &str) {
        let receipt = self.run(request);
        assert_eq!(self.run(request), receipt, "the same run is the same receipt");
    }

    fn run(&self, request: &str) -> String {
        self.step("receipt", || {
            let known = self.read(Side::Jill, &format!("/v1/requests/{request}"))?;
            match word(&known, "state") {
                "sending" | "waiting" => return None,
                "approved" | "done" => {}
                other => panic!("the request of this walk is {other}: {known}"),
            }
            let outcome = self.post(Side::Jill, &format!("/v1/requests/{request}/run?wait=2"), &json!({}))?;
            assert_eq!((&outcome["failed"], &outcome["value"]), (&json!([]), &json!("12")), "{outcome}");
            let receipt = word(&outcome, "receipt").to_owned();
            self.ledger().receipts.insert(request.to_owned(), receipt.clone());
            Some(receipt)
        })
    }

    pub(super) fn grant_of(&self, request: &str) -> String {
        self.step("grant", || {
            let known = self.read(Side::Jill, &format!("/v1/requests/{request}"))?;
            known["grant"].as_str().map(str::to_owned)
        })
    }

    pub(super) fn revoke(&self, grant: &str, runs: u64) {
        self.ledger().revoking.insert(grant.to_owned());
        self.step("revocation", || {
            let grants = by_id(&self.read(Side::Jack, "/v1/grants")?, "id");
            if word(grants.get(grant)?, "state") != "revoked" {
                self.post(Side::Jack, &format!("/v1/grants/{grant}/revoke"), &json!({}))?;
            }
            Some(())
        });
        self.ledger().revoked.insert(grant.to_owned(), runs);
    }

    /// Each side erases the words of a request.
    pub(super) fn erase(&self, request: &str) {
        for side in [Side::Jack, Side::Jill] {
            self.step("erasure", || self.post(side, "/v1/erase", &json!({ "subject": request })));
            self.ledger().erased.insert((side, request.to_owned()));
        }
    }

    /// With the dataset go the grants on it.
    pub(super) fn remove(&self, dataset: &str) {
        let mut ledger = self.ledger();
        ledger.datasets.remove(dataset);
        for request in self.countered.borrow().iter() {
            ledger.countered.remove(request);
        }
        drop(ledger);
        self.step("removal", || match self.get(Side::Jack, &format!("/v1/datasets/{dataset}"))?.status {
            404 => Some(()),
            _ => {
                let answer = self.of.arena.api(Side::Jack).call("DELETE", &format!("/v1/datasets/{dataset}"), None);
                self.done(answer.ok()?).map(drop)
            }
        });
        self.ledger().removed.insert(dataset.to_owned());
    }

    /// Decides on what the prompt shows, unless that was done.
    fn decide(&self, what: &str, request: &str, decided: &[&str], decide: impl Fn(Value) -> Option<Value>) {
        self.step(what, || {
            let known = self.get(Side::Jack, &format!("/v1/requests/{request}"))?;
            if known.status == 404 {
                // it has not arrived yet
                return None;
            }
            let known = self.done(known)?;
            match word(&known, "state") {
                state if decided.contains(&state) => {}
                "waiting" => {
                    let answer = decide(self.read(Side::Jack, &format!("/v1/requests/{request}/prompt"))?)?;
                    assert!(decided.contains(&word(&answer, "state")), "{answer}");
                }
                other => panic!("the request of this walk is {other}: {known}"),
            }
            Some(())
        });
    }

    fn get(&self, side: Side, path: &str) -> Option<Answer> {
        self.of.arena.api(side).try_get(path).ok()
    }

    fn read(&self, side: Side, path: &str) -> Option<Value> {
        self.done(self.get(side, path)?)
    }

    fn post(&self, side: Side, path: &str, wish: &Value) -> Option<Value> {
        self.done(self.of.arena.api(side).try_post(path, wish).ok()?)
    }

    /// A whole answer of success. A node that went away (another may listen there by now, to whom our token is nothing),
    /// the other side being away, and a node that is stopping are reasons to try again; every other refusal is a fault.
    fn done(&self, answer: Answer) -> Option<Value> {
        match answer.status {
            200..300 => Some(answer.ok()),
            401 | 503 | 504 => None,
            500 if self.of.disk_goes => None,
            // another walk was answered between Jack's look and his yes
            409 if answer.text().contains("look at the request again") => None,
            _ => panic!("refused: {} {}", answer.status, answer.text()),
        }
    }

    /// Tries until it is acknowledged, then counts as a step.
    fn step<T>(&self, what: &str, attempt: impl FnMut() -> Option<T>) -> T {
        let value = until_within(PATIENCE, &format!("{what} of walk {}", self.name), attempt);
        self.of.steps.fetch_add(1, SeqCst);
        value
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.of.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
