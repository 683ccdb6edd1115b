//! Duo's script against two real nodes: the calls a program written for Duo makes, and the answers it reads, byte by byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

#[path = "duo/refused.rs"]
mod refused;

use scenarios::{Api, Node, Pair, Relay, until};
use serde_json::Value;
use std::thread;

const STORED: &str =
    r#"{"data": [1, 2, 3, 4, 5, 12], "tag": "utility", "description": "utility bills of the last 6 months"}"#;

/// Two nodes with Duo's endpoints, connected as Duo connects: one hosts, the other joins.
fn session() -> Pair {
    let relay = Relay::start();
    let (mut jack, mut jill) = (Node::init("Jack"), Node::init("Jill"));
    jack.set_options(&["--duo", "127.0.0.1:0", "--duo-allow-decisions"]);
    jack.up();
    let _ = jack.says(&["relays", "add", relay.address()]);
    let duo = jack.duo();
    let hosting = thread::spawn(move || duo.try_get("/host_session").unwrap());
    let invite = until("the invite lies in the home", || {
        std::fs::read_to_string(jack.home().join("invite.txt")).ok().map(|text| text.trim().to_owned())
    });
    assert!(!hosting.is_finished(), "hosting waits for the other side");
    jill.set_options(&["--duo", "127.0.0.1:0", "--duo-invite", &invite]);
    jill.up();
    assert_eq!(get(&jill.duo(), "/connect_session"), r#"{"status":"session connected"}"#);
    let hosted = hosting.join().unwrap();
    assert_eq!((hosted.status, hosted.text()), (200, r#"{"status":"session hosted"}"#.to_owned()));
    let pair = Pair { jack, jill, relay };
    pair.reached();
    pair
}

/// `curl ADDRESS`: the body of a success.
fn get(duo: &Api, path: &str) -> String {
    let answer = duo.try_get(path).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// `curl -H 'Content-Type: application/json' -d BODY ADDRESS`: the body of a success.
fn post(duo: &Api, path: &str, body: &str) -> String {
    let answer = duo.call("POST", path, Some(("application/json", body.as_bytes()))).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// Waits until Jill's node knows how a request was decided: Duo's script had a person between the two calls.
fn decided(pair: &Pair, requests: usize) {
    let api = pair.jill.api();
    until("the decision arrives", || {
        let all = api.get("/v1/requests");
        let decided =
            all.as_array().unwrap().iter().filter(|one| one["state"] != "waiting" && one["state"] != "sending");
        (decided.count() == requests).then_some(())
    });
}

#[test]
fn duos_script_reads_the_answers_it_was_written_for() {
    let pair = session();
    let (jack, jill) = (pair.jack.duo(), pair.jill.duo());
    assert_eq!(get(&jack, "/see_data_store"), r#"{"data_store":[{}]}"#);
    assert_eq!(get(&jill, "/see_requests"), r#"{"current_requests":[{}]}"#);
    assert_eq!(get(&jill, "/request_logs"), r#"{"logs":[{}]}"#);
    assert_eq!(post(&jack, "/store_data", STORED), r#"{"status":"data storage complete"}"#);
    let shown =
        r#"{"data_store":[{"Description":"utility bills of the last 6 months","Filename":"utility","index":0}]}"#;
    assert_eq!(get(&jack, "/see_data_store"), shown);
    assert_eq!(get(&jill, "/see_data_store"), shown);

    // one index serves as request and as computation; Duo called it id, ix and idx, each in another call
    let cycles = [
        ("average", "mean", "4.5", "id", "ix"),
        ("max", "max", "12.0", "ix", "idx"),
        ("median", "median", "3.5", "idx", "id"),
    ];
    for (index, (computation, kind, result, decide, run)) in cycles.into_iter().enumerate() {
        let asked =
            format!(r#"{{"{decide}": 0, "computation": "{computation}", "name": "Jill", "reason": "loan {index}"}}"#);
        assert_eq!(post(&jill, "/request_data", &asked), format!(r#"{{"computation_index":{index}}}"#));
        let waiting = format!(
            r#"{{"current_requests":[{{"Reason":"loan {index}","Requested Access":"utility_{kind}","index":{index}}}]}}"#
        );
        assert_eq!(get(&jack, "/see_requests"), waiting);
        assert_eq!(post(&jack, "/see_requests", "{}"), waiting);
        let early = jill.call(
            "POST",
            "/run_computation",
            Some(("application/json", format!(r#"{{"ix": {index}}}"#).as_bytes())),
        );
        assert_eq!(early.unwrap().json()["result"], "No Access to Run Computation");
        let yes = format!(r#"{{"{decide}": {index}, "decision": "approve"}}"#);
        assert_eq!(
            post(&jack, "/request_decision", &yes),
            format!(r#"{{"Decision":"approve","Reason":"loan {index}","index":{index}}}"#)
        );
        decided(&pair, index + 1);
        assert_eq!(
            post(&jill, "/run_computation", &format!(r#"{{"{run}": {index}}}"#)),
            format!(r#"{{"result":"{result}"}}"#)
        );
        assert_eq!(get(&jack, "/see_requests"), r#"{"current_requests":[{}]}"#);
    }
    denied(&pair);
    logs(&pair);
}

/// A fourth request, denied: it runs nowhere, and nobody's index moved.
fn denied(pair: &Pair) {
    let (jack, jill) = (pair.jack.duo(), pair.jill.duo());
    let asked = r#"{"idx": 0, "computation": "sum", "name": "Jill", "reason": "loan 3"}"#;
    assert_eq!(post(&jill, "/request_data", asked), r#"{"computation_index":3}"#);
    let no = r#"{"id": 3, "decision": "deny"}"#;
    assert_eq!(post(&jack, "/request_decision", no), r#"{"Decision":"deny","Reason":"loan 3","index":3}"#);
    decided(pair, 4);
    let ran = jill.call("POST", "/run_computation", Some(("application/json", br#"{"ix": 3}"#))).unwrap();
    assert_eq!((ran.status, &ran.json()["result"]), (403, &Value::from("No Access to Run Computation")));
    assert_eq!(post(&jill, "/run_computation", r#"{"ix": 1}"#), r#"{"result":"12.0"}"#, "run again, the same answer");
}

/// Decisions in their order, on both sides, with the time as Duo wrote it.
fn logs(pair: &Pair) {
    for duo in [pair.jack.duo(), pair.jill.duo()] {
        let logs: Value = serde_json::from_str(&get(&duo, "/request_logs")).unwrap();
        let logs = logs["logs"].as_array().unwrap();
        let of = |key: &str| logs.iter().map(|log| log[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(of("Decision"), ["approve", "approve", "approve", "deny"]);
        assert_eq!(of("Request Reason"), ["loan 0", "loan 1", "loan 2", "loan 3"]);
        for time in of("Decision Timestamp") {
            let form: String = time
                .chars()
                .map(|c| {
                    if c.is_ascii_digit() {
                        '0'
                    } else if c.is_alphabetic() {
                        'a'
                    } else {
                        c
                    }
                })
                .collect();
            assert_eq!(form, "aaa, 00 aaa 0000 00:00:00 aaa", "{time}");
            assert!(time.ends_with(" GMT"), "{time}");
        }
        assert!(logs.iter().all(|log| log.as_object().unwrap().len() == 3), "{logs:?}");
    }
}

#[test]
fn a_session_goes_on_after_a_restart_with_the_same_indices() {
    let mut pair = session();
    assert_eq!(post(&pair.jack.duo(), "/store_data", STORED), r#"{"status":"data storage complete"}"#);
    let asked = r#"{"idx": 0, "computation": "max", "name": "Jill", "reason": "before"}"#;
    assert_eq!(post(&pair.jill.duo(), "/request_data", asked), r#"{"computation_index":0}"#);
    pair.jack.kill();
    pair.jack.up();
    pair.reached();
    assert_eq!(get(&pair.jack.duo(), "/host_session"), r#"{"status":"session hosted"}"#);
    assert_eq!(get(&pair.jill.duo(), "/connect_session"), r#"{"status":"session connected"}"#);
    let again = r#"{"idx": 0, "computation": "min", "name": "Jill", "reason": "after"}"#;
    assert_eq!(post(&pair.jill.duo(), "/request_data", again), r#"{"computation_index":1}"#);
    let waiting = r#"{"current_requests":[{"Reason":"before","Requested Access":"utility_max","index":0},{"Reason":"after","Requested Access":"utility_min","index":1}]}"#;
    assert_eq!(get(&pair.jack.duo(), "/see_requests"), waiting);
    let yes = r#"{"id": 1, "decision": "approve"}"#;
    assert_eq!(
        post(&pair.jack.duo(), "/request_decision", yes),
        r#"{"Decision":"approve","Reason":"after","index":1}"#
    );
    decided(&pair, 1);
    assert_eq!(post(&pair.jill.duo(), "/run_computation", r#"{"ix": 1}"#), r#"{"result":"1.0"}"#);
}
