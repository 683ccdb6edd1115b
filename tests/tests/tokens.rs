//! Tokens of other programs over a real node: each scope does what it may and no more, and ends when it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Api, Node, Pair, now, until};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    time::Duration,
};

/// Makes a token by the command line.
fn token(node: &Node, name: &str, scope: &str) -> String {
    let made = node.json(&["tokens", "add", name, "--scope", scope]);
    made["token"].as_str().unwrap().to_owned()
}

/// The interface of a running node with another token than its own.
fn with(node: &Node, token: &str) -> Api {
    Api::new(&format!("http://{}", node.api().authority()), Some(token.to_owned()))
}

/// The scope that a refusal names.
fn scope_refused(api: &Api, method: &str, path: &str, body: &Value) -> String {
    let answer = api.call(method, path, Some(("application/json", body.to_string().as_bytes()))).unwrap();
    assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
    assert_eq!(answer.json()["type"], "urn:halfdoor:problem:scope", "{method} {path}");
    answer.refused(403)
}

#[test]
fn a_loan_system_asks_and_runs_with_its_token_and_its_auditor_only_looks() {
    let pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    let (loans, auditor) = (token(&pair.jill, "loan system", "request"), token(&pair.jill, "auditor", "read"));
    let file = pair.jill.desk().join("loans.token");
    std::fs::write(&file, format!("{loans}\n")).unwrap();
    let as_loans =
        |arguments: &[&str]| pair.jill.json(&[&["--token-file", file.to_str().unwrap()], arguments].concat());
    let catalog = as_loans(&["catalog", "Jack"]);
    assert_eq!(catalog["fresh"], true, "{catalog}");
    let asked = as_loans(&["request", "Jack", "numbers", "max", "--reason", "for the loan"]);
    let id = asked["id"].as_str().unwrap();

    // Jack's side: a program that may ask may not decide, and what it is refused has no effect
    let bridge = with(&pair.jack, &token(&pair.jack, "bridge", "request"));
    let before = pair.state();
    assert!(scope_refused(&bridge, "GET", &format!("/v1/requests/{id}/prompt"), &json!(null)).contains("decide"));
    let approve = json!({ "preview": "000000000000" });
    assert!(scope_refused(&bridge, "POST", &format!("/v1/requests/{id}/approve"), &approve).contains("decide"));
    let _ = scope_refused(&bridge, "POST", &format!("/v1/requests/{id}/deny"), &json!({}));
    let _ = scope_refused(&bridge, "DELETE", "/v1/datasets/numbers", &json!({}));
    let made = scope_refused(&bridge, "POST", "/v1/tokens", &json!({ "name": "more", "scope": "decide" }));
    assert!(made.contains("home's own token"), "{made}");
    assert_eq!(pair.state(), before);

    let desk = with(&pair.jack, &token(&pair.jack, "desk", "decide"));
    let prompt = desk.get(&format!("/v1/requests/{id}/prompt"));
    let _ = desk.post(&format!("/v1/requests/{id}/approve"), &json!({ "preview": prompt["preview"] })).ok();
    let _ = scope_refused(&desk, "POST", "/v1/tokens", &json!({ "name": "more", "scope": "read" }));
    pair.hears(id, "approved");
    assert_eq!(as_loans(&["run", id])["value"], "12");

    let auditor = with(&pair.jill, &auditor);
    assert_eq!(auditor.get(&format!("/v1/outcomes/{id}"))["value"], "12");
    assert_eq!(auditor.get("/v1/log/verify")["whole"], true);
    assert!(scope_refused(&auditor, "POST", &format!("/v1/requests/{id}/run"), &json!({})).contains("request"));
    recorded(&pair.jill, &auditor);
}

/// The record tells what the loan system did, by its name; the auditor may read it.
fn recorded(jill: &Node, auditor: &Api) {
    let told = |calls: &Value| -> Vec<String> {
        let row = |call: &Value| format!("{} {} {}", call["method"], call["route"], call["status"]).replace('"', "");
        calls.as_array().unwrap().iter().map(row).collect()
    };
    // what changed something was recorded before it was answered
    let calls = told(&auditor.get("/v1/calls?token=loan%20system"));
    for made in ["POST /v1/requests 201", "POST /v1/requests/{id}/run 200"] {
        assert!(calls.iter().any(|call| call == made), "{made} in {calls:?}");
    }
    let refused = until("a read is recorded within its second", || {
        let calls = jill.json(&["tokens", "calls", "--token", "auditor", "--limit", "1000"]);
        let calls = told(&calls);
        calls.iter().any(|call| call == "POST /v1/requests/{id}/run 403").then_some(calls)
    });
    assert!(refused.iter().any(|call| call == "GET /v1/outcomes/{id} 200"), "{refused:?}");
}

/// An event stream that has begun.
fn listening(node: &Node, token: &str) -> BufReader<TcpStream> {
    let authority = node.api().authority().to_owned();
    let mut stream = TcpStream::connect(&authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(100))).unwrap();
    let head = format!("GET /v1/events HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    reader
}

#[test]
fn revoking_holds_at_once_and_across_a_restart() {
    let mut jill = Node::init("Jill");
    jill.up();
    let (kept, gone) = (token(&jill, "kept", "read"), token(&jill, "gone", "read"));
    let mut stream = listening(&jill, &gone);
    let _ = jill.says(&["tokens", "revoke", "gone"]);
    let status = |node: &Node, token: &str| with(node, token).try_get("/v1/me").unwrap().status;
    assert_eq!((status(&jill, &kept), status(&jill, &gone)), (200, 401));
    // the stream comes to its end, and what it tells before that is well formed
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "{rest:?}");

    jill.kill();
    jill.up();
    assert_eq!((status(&jill, &kept), status(&jill, &gone)), (200, 401));
    assert_eq!(with(&jill, "").try_get("/v1/me").unwrap().status, 401);
    let names: Vec<_> = jill.json(&["tokens"]).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["kept"]);
}

#[test]
fn a_token_ends_when_its_time_is_over() {
    let mut jill = Node::init("Jill");
    jill.up();
    let wish = json!({ "name": "short", "scope": "read", "until": now() + 2 });
    let made = jill.api().post("/v1/tokens", &wish).ok();
    let short = with(&jill, made["token"].as_str().unwrap());
    let why = until("the token is over", || {
        let answer = short.try_get("/v1/me").unwrap();
        (answer.status != 200).then(|| answer.refused(401))
    });
    assert!(why.contains("expired"), "{why}");
    let past = json!({ "name": "past", "scope": "read", "until": now() - 10 });
    assert!(jill.api().post("/v1/tokens", &past).refused(422).contains("past"));
    assert_eq!(jill.json(&["tokens"])[0]["name"], "short", "what is over is listed until it is revoked");
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(std::fs::read(path).unwrap());
        }
    }
}

#[test]
fn the_text_of_a_token_is_shown_once_and_in_no_file_of_the_home() {
    let mut jill = Node::init("Jill");
    jill.up();
    let made = jill.says(&["tokens", "add", "loans", "--scope", "request", "--until", "+30d"]);
    let text = made.out().lines().next().unwrap().to_owned();
    assert!(text.starts_with("hdt_") && text.len() == 47, "{text}");
    assert_eq!(with(&jill, &text).try_get("/v1/me").unwrap().status, 200);
    let again = jill.cli(&["tokens", "add", "loans", "--scope", "read"]);
    let _ = again.refused(&["loans", "already"]);
    for arguments in [&["tokens"][..], &["--json", "tokens"], &["tokens", "calls"], &["--json", "tokens", "calls"]] {
        let _ = jill
            .says(arguments)
            .shows(&[if arguments.contains(&"calls") { "/v1/tokens" } else { "loans" }])
            .hides(&[&text]);
    }
    jill.stop();
    let mut all = Vec::new();
    files(&jill.home(), &mut all);
    assert!(all.len() > 5, "the home has files");
    // the secret part alone, too
    for word in [text.as_bytes(), &text.as_bytes()[4..]] {
        assert!(!all.iter().any(|file| file.windows(word.len()).any(|window| window == word)));
    }
}
