//! What a web page in the owner's browser can do to a real node: nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Api, Node, Relay, raw};
use serde_json::{Value, json};

/// Calls that change state, each with what it changes when an own program makes it.
const CHANGES: &[(&str, &str, &str)] = &[
    ("POST", "/v1/datasets", r#"{"content": "[1,2,3,4,5,12]", "tag": "planted", "visible_to": ["everyone"]}"#),
    ("POST", "/v1/relays", r#"{"address": "RELAY"}"#),
    ("POST", "/v1/invites", "{}"),
];

/// Calls of Duo's interface that change state.
const DUO_CHANGES: &[(&str, &str, &str)] = &[
    ("POST", "/store_data", r#"{"data": [1,2,3,4,5,12], "tag": "duo", "description": ""}"#),
    ("GET", "/host_session", ""),
    ("GET", "/connect_session", ""),
];

/// A node with both interfaces, and a relay, so that every call could succeed.
struct Scene {
    jack: Node,
    relay: Relay,
}

impl Scene {
    fn new() -> Self {
        let relay = Relay::start();
        let mut jack = Node::init("Jack");
        jack.set_options(&["--duo", "127.0.0.1:0", "--duo-allow-decisions"]);
        jack.up();
        Self { jack, relay }
    }

    /// Everything that a call might have changed.
    fn state(&self) -> Value {
        let api = self.jack.api();
        let [datasets, relays, people, requests, log] =
            ["/v1/datasets", "/v1/relays", "/v1/people", "/v1/requests", "/v1/log?limit=1000"]
                .map(|path| api.get(path));
        let relays: Vec<_> = relays.as_array().unwrap().iter().map(|relay| relay["address"].clone()).collect();
        json!([datasets, relays, people, requests, log, self.jack.home().join("invite.txt").exists()])
    }

    /// A call with exactly these further header lines.
    fn send(
        &self,
        api: &Api,
        (method, path, body): (&str, &str, &str),
        host: &str,
        lines: &[String],
    ) -> (u16, String, String) {
        let mut head = vec![format!("{method} {path} HTTP/1.1"), format!("Host: {host}")];
        if !body.is_empty() {
            head.push("Content-Type: application/json".to_owned());
        }
        head.extend_from_slice(lines);
        raw(api.authority(), &head, &body.replace("RELAY", self.relay.address()))
    }
}

fn bearer(api: &Api) -> String {
    format!("Authorization: Bearer {}", api.token().unwrap())
}

#[test]
fn a_page_of_another_origin_has_no_effect_even_with_the_token() {
    let scene = Scene::new();
    let (api, duo) = (scene.jack.api(), scene.jack.duo());
    let before = scene.state();
    let other_port =
        format!("http://127.0.0.1:{}", api.authority().rsplit(':').next().unwrap().parse::<u16>().unwrap() ^ 1);
    for origin in ["https://evil.example", "http://localhost", "null", "file://", &other_port] {
        let lines = [format!("Origin: {origin}"), bearer(&api)];
        refused_all(&scene, &before, &lines, 403, None);
    }
    // two of one field: whichever is read, the other may be the true one
    let own = format!("Origin: http://{}", api.authority());
    for (of, call) in [(&api, CHANGES[0]), (&duo, DUO_CHANGES[0])] {
        let lines = [own.clone(), "Origin: https://evil.example".to_owned(), bearer(&api)];
        let (status, ..) = scene.send(of, call, of.authority(), &lines);
        assert_eq!(status, 403);
    }
    assert_eq!(scene.state(), before);
}

#[test]
fn a_host_name_that_was_made_to_point_here_has_no_effect() {
    let scene = Scene::new();
    let before = scene.state();
    let port = scene.jack.api().authority().rsplit(':').next().unwrap().to_owned();
    let lines = [bearer(&scene.jack.api())];
    for name in
        ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example.", "0.0.0.0", "192.0.2.1"]
    {
        refused_all(&scene, &before, &lines, 421, Some(&format!("{name}:{port}")));
        refused_all(&scene, &before, &lines, 421, Some(name));
    }
    // the right name with the port of nobody
    refused_all(&scene, &before, &lines, 421, Some("127.0.0.1:1"));
}

#[test]
fn a_call_that_a_browser_marks_as_coming_from_another_site_has_no_effect() {
    let scene = Scene::new();
    let before = scene.state();
    for site in ["cross-site", "same-site", "unheard-of"] {
        refused_all(&scene, &before, &[format!("Sec-Fetch-Site: {site}"), bearer(&scene.jack.api())], 403, None);
    }
    // an image or a link on a foreign page: a GET, without the token
    for path in ["/host_session", "/connect_session", "/see_data_store", "/request_logs"] {
        let duo = scene.jack.duo();
        let lines = [
            "Sec-Fetch-Site: cross-site".to_owned(),
            "Sec-Fetch-Mode: no-cors".to_owned(),
            "Sec-Fetch-Dest: image".to_owned(),
        ];
        let (status, _, body) = scene.send(&duo, ("GET", path, ""), duo.authority(), &lines);
        assert_eq!(status, 403, "{path}: {body}");
    }
    assert_eq!(scene.state(), before);
}

#[test]
fn no_answer_lets_a_foreign_page_read_it() {
    let scene = Scene::new();
    let (api, duo) = (scene.jack.api(), scene.jack.duo());
    let asking = ["Origin: https://evil.example".to_owned(), "Access-Control-Request-Method: POST".to_owned()];
    for (of, path) in [(&api, "/v1/me"), (&api, "/"), (&duo, "/see_data_store")] {
        for (method, lines) in [("OPTIONS", &asking[..]), ("GET", &asking[..1]), ("GET", &[])] {
            let (status, head, _) = scene.send(of, (method, path, ""), of.authority(), lines);
            assert!(!head.contains("access-control-allow"), "{method} {path} ({status}): {head}");
        }
    }
}

#[test]
fn the_same_calls_by_a_program_of_the_owner_take_effect() {
    let scene = Scene::new();
    let (api, duo) = (scene.jack.api(), scene.jack.duo());
    let before = scene.state();
    for call in CHANGES {
        let (status, _, body) = scene.send(&api, *call, api.authority(), &[]);
        assert_eq!(status, 401, "without the token {call:?}: {body}");
    }
    assert_eq!(scene.state(), before);
    // the relay first: an invite needs one
    for call in [CHANGES[0], CHANGES[1], CHANGES[2]] {
        let (status, _, body) = scene.send(&api, call, api.authority(), &[bearer(&api)]);
        assert_eq!(status, 201, "{call:?}: {body}");
    }
    let (status, _, body) = scene.send(&duo, DUO_CHANGES[0], duo.authority(), &[]);
    assert_eq!(status, 200, "{body}");
    let after = scene.state();
    assert_eq!((after[0].as_array().unwrap().len(), after[1].as_array().unwrap().len()), (2, 1), "{after}");
}

#[cfg(unix)]
#[test]
fn the_token_and_every_key_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    let _ = scene.jack.api().post("/v1/datasets", &json!({ "content": "[1,2,3,4,5]", "tag": "numbers" })).ok();
    let home = scene.jack.home();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700, "the home");
    assert_eq!(mode(&home.join("keys")), 0o700, "the folder of the keys");
    assert_eq!(mode(&home.join("api.token")), 0o600, "the token");
    let keys: Vec<_> = std::fs::read_dir(home.join("keys")).unwrap().map(|key| key.unwrap().path()).collect();
    let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    for of in ["identity.key", "transport.key", "mailbox.key", "control-", "dataset-"] {
        assert!(keys.iter().any(|key| name(key).starts_with(of)), "no key {of}: {keys:?}");
    }
    for key in &keys {
        assert_eq!(mode(key), 0o600, "{}", key.display());
    }
}

/// Every call that changes state is refused with that status, and nothing changed.
fn refused_all(scene: &Scene, before: &Value, lines: &[String], status: u16, host: Option<&str>) {
    let (api, duo) = (scene.jack.api(), scene.jack.duo());
    for (of, calls) in [(&api, CHANGES), (&duo, DUO_CHANGES)] {
        for call in calls {
            let (got, _, body) = scene.send(of, *call, host.unwrap_or(of.authority()), lines);
            assert_eq!(got, status, "{call:?} with {host:?} {lines:?}: {body}");
        }
    }
    assert_eq!(&scene.state(), before, "{host:?} {lines:?}");
}
