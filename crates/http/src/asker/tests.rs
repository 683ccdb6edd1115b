use crate::{
    asker::Access,
    events::Streams,
    record,
    scope::{CALLS, Power},
    serve::guarded,
    token::Token,
    v1::{self, App},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header::WWW_AUTHENTICATE},
    response::Response,
};
use node::{
    Node,
    wishes::{Config, NewToken, RequestFilter, Scope},
};
use serde_json::{Value, json};
use std::time::SystemTime;
use tokio::{sync::watch, task::JoinHandle};
use tower::ServiceExt as _;

const HOST: &str = "127.0.0.1:4711";

/// A real node behind the layers of `/v1`.
struct House {
    _folder: tempfile::TempDir,
    _stop: watch::Sender<bool>,
    node: Node,
    router: Router,
    recording: JoinHandle<()>,
    own: String,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        node::create_home(&home, "Jill", None).unwrap();
        let listen = vec!["/ip4/127.0.0.1/tcp/0".to_owned()];
        let node = Node::start(Config { home, passphrase: None, listen, column_bytes: None }).await.unwrap();
        let own = Token::draw().unwrap();
        let text = std::fs::read_to_string(own.write(folder.path()).unwrap()).unwrap();
        let (stop, stopping) = watch::channel(false);
        let (recorder, recording) = record::start(node.clone());
        let access = Access::new(own, node.bearers(), recorder);
        let app = App { node: node.clone(), streams: Streams::new(stopping) };
        let router = guarded(v1::router().with_state(app), axum::Router::new(), access, HOST.parse().unwrap());
        Self { _folder: folder, _stop: stop, node, router, recording, own: text }
    }

    async fn token(&self, name: &str, scope: Scope, until: Option<u64>) -> String {
        self.node.make_token(NewToken { name: name.to_owned(), scope, until }).await.unwrap().token
    }

    async fn send(&self, token: &str, method: &str, path: &str, body: &Value) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", HOST)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.router.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap()
    }

    /// Everything that a call might have changed.
    async fn state(&self) -> Value {
        json!([
            self.node.tokens().await.unwrap(),
            self.node.datasets().await.unwrap(),
            self.node.relays().await.unwrap().into_iter().map(|relay| relay.address).collect::<Vec<_>>(),
            self.node.people().await.unwrap(),
            self.node.requests(RequestFilter::default()).await.unwrap(),
            self.node.log(0, 1000).await.unwrap(),
        ])
    }
}

/// A body with which the call would succeed, where one alone makes it.
fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("POST", "/v1/tokens") => json!({ "name": "another", "scope": "read" }),
        ("POST", "/v1/datasets") => json!({ "content": "[1,2,3,4,5,12]", "tag": "planted" }),
        ("POST", "/v1/relays") => {
            json!({ "address": format!("/ip4/127.0.0.1/tcp/9/p2p/{}", "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp") })
        }
        ("POST", "/v1/erase") => json!({ "subject": "nobody" }),
        _ => json!({}),
    }
}

async fn problem(response: Response) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap()
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_token_of_less_scope_than_needed_is_told_which_and_changes_nothing() {
    let house = House::new().await;
    let mut tokens = Vec::new();
    for scope in [Scope::Read, Scope::Request, Scope::Decide] {
        tokens.push((scope, house.token(&format!("{scope}s"), scope, None).await));
    }
    let before = house.state().await;
    for (method, path, needed) in CALLS {
        for (scope, token) in tokens.iter().filter(|(scope, _)| Power::from(*scope) < *needed) {
            let path = path.replace("{id}", "reads").replace("{name}", "nobody");
            let response = house.send(token, method, &path, &body(method, &path)).await;
            assert_eq!(response.status(), 403, "{method} {path} with {scope}");
            let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
            assert_eq!(challenge, format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\""));
            let problem = problem(response).await;
            assert_eq!(problem["type"], "urn:halfdoor:problem:scope");
            assert!(problem["detail"].as_str().unwrap().contains(&needed.to_string()), "{problem}");
        }
    }
    assert_eq!(house.state().await, before);
}

#[tokio::test]
async fn a_token_of_the_scope_needed_passes_and_so_does_the_homes_own() {
    let house = House::new().await;
    for (method, path, needed) in CALLS {
        // what needs the home's own token comes last: it revokes
        let scope = match needed {
            Power::Read => Some(Scope::Read),
            Power::Request => Some(Scope::Request),
            Power::Decide => Some(Scope::Decide),
            Power::Home => None,
        };
        let token = match scope {
            None => house.own.clone(),
            Some(scope) => house.token("passing", scope, None).await,
        };
        let path = path.replace("{id}", "nothing").replace("{name}", "nobody");
        let response = house.send(&token, method, &path, &body(method, &path)).await;
        let status = response.status().as_u16();
        // an event stream has no end, and needs none to be seen
        if path != "/v1/events" && status >= 400 {
            let of = problem(response).await["type"].clone();
            assert!(of != "urn:halfdoor:problem:scope" && of != "urn:halfdoor:problem:unauthorised", "{path} {of}");
        }
        if scope.is_some() {
            house.node.revoke_token("passing").await.unwrap();
        }
    }
    assert_eq!(house.node.tokens().await.unwrap().iter().map(|token| &token.name).collect::<Vec<_>>(), ["another"]);
}

#[tokio::test]
async fn a_revoked_an_expired_and_an_unknown_token_are_refused() {
    let house = House::new().await;
    let token = house.token("loans", Scope::Read, None).await;
    let status = async |token: &str| house.send(token, "GET", "/v1/me", &json!(null)).await.status().as_u16();
    assert_eq!(status(&token).await, 200);
    assert_eq!(status(&format!("{token}x")).await, 401);
    assert_eq!(status(&token.to_uppercase()).await, 401);
    house.node.revoke_token("loans").await.unwrap();
    assert_eq!(status(&token).await, 401);
    let short = house.token("short", Scope::Read, Some(now() + 1)).await;
    let mut answer = house.send(&short, "GET", "/v1/me", &json!(null)).await;
    while answer.status() == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        answer = house.send(&short, "GET", "/v1/me", &json!(null)).await;
    }
    assert_eq!(answer.status(), 401);
    assert_eq!(problem(answer).await["detail"], "the token \"short\" has expired");
}

#[tokio::test]
async fn revoking_cuts_what_the_token_listens_to_and_what_it_waits_for() {
    let house = House::new().await;
    let token = house.token("loans", Scope::Decide, None).await;
    let stream = house.send(&token, "GET", "/v1/events", &json!(null)).await;
    assert_eq!(stream.status(), 200);
    let relays = body("POST", "/v1/relays");
    let _ = house.send(&house.own, "POST", "/v1/relays", &relays).await;
    let invite = problem(house.send(&token, "POST", "/v1/invites", &json!({})).await).await;
    let path = format!("/v1/invites/{}?wait=60", invite["id"].as_str().unwrap());
    let waiting = async { house.send(&token, "GET", &path, &json!(null)).await.status().as_u16() };
    let revoking = async {
        tokio::task::yield_now().await;
        house.node.revoke_token("loans").await.unwrap();
    };
    let (status, ()) = tokio::join!(waiting, revoking);
    assert_eq!(status, 401);
    assert!(to_bytes(stream.into_body(), 1 << 20).await.is_ok(), "the stream has an end");
}

#[tokio::test]
async fn the_record_tells_who_called_what_newest_first_and_strangers_are_not_in_it() {
    let house = House::new().await;
    let token = house.token("auditor", Scope::Read, None).await;
    for (token, method, path) in [
        (token.as_str(), "GET", "/v1/people/Jack%20Doe?"),
        (token.as_str(), "DELETE", "/v1/people/Jack"),
        ("wrong", "GET", "/v1/me"),
        (house.own.as_str(), "POST", "/v1/datasets"),
    ] {
        let _ = house.send(token, method, path, &body(method, path)).await;
    }
    let House { node, router, recording, .. } = house;
    drop(router);
    recording.await.unwrap();
    let calls = node.calls(None, 100).await.unwrap();
    let told: Vec<_> = calls.iter().map(|call| (call.by.as_str(), call.route.as_str(), call.status.unwrap())).collect();
    assert_eq!(
        told,
        [
            ("this home", "/v1/datasets", 201),
            ("auditor", "/v1/people/{name}", 403),
            ("auditor", "/v1/people/{name}", 404),
        ]
    );
    assert_eq!(node.calls(Some("auditor"), 1).await.unwrap(), calls[1..2]);
    assert_eq!(node.calls(Some("auditor"), 0).await.unwrap(), []);
    let tokens = node.tokens().await.unwrap();
    assert_eq!(node.calls(Some(&tokens[0].id), 100).await.unwrap().len(), 2);
    assert!(tokens[0].used.is_some(), "a token knows when it was last used");
}
