//! The steps of a walk, over HTTP: for scenarios that are about something else.

use crate::{api::Answer, pair::Pair, until};
use serde_json::{Value, json};

impl Pair {
    /// Jack stores these numbers where Jill sees that they exist; answers with the pointer.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn store(&self, tag: &str, numbers: &[i64]) -> String {
        let wish = json!({
            "content": json!(numbers).to_string(), "format": "json", "tag": tag,
            "description": format!("numbers called {tag}"), "visible_to": ["Jill"],
        });
        let stored = self.jack.api().post("/v1/datasets", &wish).ok();
        stored["id"].as_str().expect("a dataset has an id").to_owned()
    }

    /// Jill looks at the catalog and asks; answers with the request once Jack has it.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn ask(&self, tag: &str, computation: &str, more: &Value) -> String {
        let api = self.jill.api();
        let page = api.get("/v1/catalog?person=Jack&wait=30");
        assert_eq!(page["fresh"], true, "the catalog was not answered: {page}");
        let mut wish =
            json!({ "person": "Jack", "dataset": tag, "computation": computation, "reason": "for the tests" });
        for (key, value) in more.as_object().into_iter().flatten() {
            wish[key] = value.clone();
        }
        let made = api.post("/v1/requests?wait=30", &wish).ok();
        assert_ne!(made["state"], "sending", "the request was not delivered: {made}");
        made["id"].as_str().expect("a request has an id").to_owned()
    }

    /// Jack looks at the prompt and approves what it shows; Jill hears of it.
    ///
    /// # Panics
    /// When that fails.
    pub fn approve(&self, request: &str, choice: &Value) {
        let _ = self.approval(request, choice).ok();
        self.hears(request, "approved");
    }

    /// The answer to Jack's approval of what the prompt shows.
    #[must_use]
    pub fn approval(&self, request: &str, choice: &Value) -> Answer {
        let api = self.jack.api();
        let prompt = api.get(&format!("/v1/requests/{request}/prompt"));
        let mut wish = choice.clone();
        wish["preview"] = prompt["preview"].clone();
        api.post(&format!("/v1/requests/{request}/approve"), &wish)
    }

    /// Waits until Jill's request is in that state.
    pub fn hears(&self, request: &str, state: &str) {
        let api = self.jill.api();
        until(&format!("Jill hears that {request} is {state}"), || {
            (api.get(&format!("/v1/requests/{request}"))["state"] == state).then_some(())
        });
    }

    /// Jill runs what was approved; answers with the outcome, everything about it verified.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn run(&self, request: &str) -> Value {
        let outcome = self.jill.api().post(&format!("/v1/requests/{request}/run?wait=30"), &json!({})).ok();
        assert_eq!(outcome["failed"], json!([]), "{outcome}");
        assert!(!outcome["verified"].as_array().expect("a list").is_empty(), "{outcome}");
        outcome
    }

    /// Everything a stranger's request might change, of both nodes.
    #[must_use]
    pub fn state(&self) -> Value {
        let of = |api: crate::Api| {
            let seen = |path: &str| api.get(path);
            json!({
                "relays": seen("/v1/relays").as_array().map(Vec::len),
                "people": seen("/v1/people").as_array().map(|all| all.iter().map(|one| (one["party"].clone(), one["name"].clone(), one["blocked"].clone(), one["verified"].clone())).collect::<Vec<_>>()),
                "datasets": seen("/v1/datasets"),
                "requests": seen("/v1/requests"),
                "grants": seen("/v1/grants"),
                "outcomes": seen("/v1/outcomes").as_array().map(|all| all.iter().map(|one| one["receipt"].clone()).collect::<Vec<_>>()),
                "log": seen("/v1/log?limit=1000"),
            })
        };
        json!({ "jack": of(self.jack.api()), "jill": of(self.jill.api()) })
    }
}
