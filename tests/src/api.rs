//! A node's HTTP interface, as a program of its user calls it; and raw, as anything else may.

use serde_json::Value;
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};
use ureq::http::Request;

/// Longer than any wait that a node accepts.
const ANSWER_TIME: Duration = Duration::from_secs(100);

/// A node's interface under one address, with or without its token.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    token: Option<String>,
    agent: ureq::Agent,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Content type.
    pub of: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Api {
    /// The interface at `base`, such as `http://127.0.0.1:5001/`.
    #[must_use]
    pub fn new(base: &str, token: Option<String>) -> Self {
        let config = ureq::Agent::config_builder().proxy(None).max_redirects(0).http_status_as_error(false);
        // every call its own connection: a node that was killed leaves none half open
        let config = config.timeout_global(Some(ANSWER_TIME)).max_idle_connections(0);
        Self { base: base.trim_end_matches('/').to_owned(), token, agent: config.build().new_agent() }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The token, where there is one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// One call; an error when no whole answer came.
    ///
    /// # Errors
    /// In words, when the node cannot be reached or went away.
    pub fn call(&self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = match body {
            Some((of, bytes)) => {
                let request = request.header("content-type", of).body(bytes).map_err(|e| e.to_string())?;
                self.agent.run(request)
            }
            None => self.agent.run(request.body(()).map_err(|e| e.to_string())?),
        };
        let answer = answer.map_err(|e| e.to_string())?;
        let status = answer.status().as_u16();
        let of = answer.headers().get("content-type").and_then(|of| of.to_str().ok()).unwrap_or_default().to_owned();
        let body = answer.into_body().into_with_config().limit(256 << 20).read_to_vec().map_err(|e| e.to_string())?;
        Ok(Answer { status, of, body })
    }

    /// GET; an error when no whole answer came.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub fn try_get(&self, path: &str) -> Result<Answer, String> {
        self.call("GET", path, None)
    }

    /// POST of JSON; an error when no whole answer came.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, String> {
        self.call("POST", path, Some(("application/json", body.to_string().as_bytes())))
    }

    /// What a GET shows.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        self.try_get(path).unwrap_or_else(|e| panic!("GET {path}: {e}")).ok()
    }

    /// The answer to a POST of JSON.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).unwrap_or_else(|e| panic!("POST {path}: {e}"))
    }
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {} {}", self.status, self.text()))
    }

    /// The body of a success.
    ///
    /// # Panics
    /// When it is a failure.
    #[must_use]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The detail of a problem document with that status.
    ///
    /// # Panics
    /// When it is anything else.
    #[must_use]
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.of, "application/problem+json", "{}", self.text());
        let detail = self.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert!(!detail.is_empty(), "a problem says what it is: {}", self.text());
        detail
    }
}

/// Sends exactly these header lines (a request line among them, no `Connection`) and this body; answers with status,
/// header lines and body.
///
/// # Panics
/// When no answer comes.
#[must_use]
pub fn raw(authority: &str, head: &[String], body: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(authority).expect("a node that listens");
    stream.set_read_timeout(Some(ANSWER_TIME)).expect("a timeout");
    let head = head.join("\r\n");
    let text = format!("{head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).expect("a node that reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no HTTP answer: {answer:?}")), head.to_ascii_lowercase(), body.to_owned())
}
