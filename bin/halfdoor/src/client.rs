//! The command line's side of `/v1`: finds the node of a home on loopback, and asks it.
//!
//! The running node writes two files into its home: where it listens and the token it wants. The token is sent nowhere
//! but to a loopback address, and through no proxy, whatever the environment says.

mod address;
mod calls;

use crate::error::{CliError, Kind};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fs::File,
    io::Read,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use ureq::http::{Method, Request, Response};

pub(crate) use calls::PersonChange;

/// Longest wait a node accepts in one call; longer waits are asked for again.
pub(crate) const WAIT_PER_CALL: Duration = Duration::from_secs(60);

/// What a call may take beyond the wait it asks for.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// What reading or checking a log of any length may take.
const FILE_TIME: Duration = Duration::from_secs(3600);
/// What understanding and storing the largest file may take beyond that: together, as long as the node itself allows.
const STORE_TIME: Duration = Duration::from_secs(60);
/// Largest answer read at once; a log is read as it comes.
const ANSWER_BYTES: u64 = 256 << 20;
/// Largest address or token file: both are one short line.
const LINE_BYTES: u64 = 512;

/// A node's `/v1` as its own user sees it.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    home: PathBuf,
    address: SocketAddr,
    token: String,
    agent: ureq::Agent,
}

/// A problem document as the node answers it.
#[derive(serde::Deserialize)]
struct Problem {
    #[serde(default, rename = "type")]
    urn: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    hint: Option<String>,
}

impl Client {
    /// The node running in a home, asked with the token in a file, or with the home's own. Reads where it listens; dials
    /// nothing yet.
    ///
    /// # Errors
    /// [`Kind::NotRunning`] when the home has no address file; [`Kind::Failed`] when that file names anything but
    /// loopback, or the token cannot be read.
    pub(crate) fn of(home: &Path, token: Option<&Path>) -> Result<Self, CliError> {
        let path = home.join("api.address");
        let line = read_line(&path)?.ok_or_else(|| CliError::not_running(home))?;
        let address = address::loopback(&line).ok_or_else(|| {
            CliError::failed(format!("{} does not name a loopback address", path.display()))
                .hint("the token is sent to this computer only; stop the node, remove the file and start: halfdoor up")
        })?;
        let token = match token {
            None => read_line(&home.join("api.token"))?.ok_or_else(|| CliError::not_running(home))?,
            Some(path) => read_line(path)?.ok_or_else(|| {
                CliError::failed(format!("there is no token file {}", path.display()))
                    .hint("make one: halfdoor tokens add NAME --scope SCOPE")
            })?,
        };
        let config = ureq::Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            // Below the time after which a node closes an idle connection: none is used that may be closing.
            .max_idle_age(Duration::from_secs(5))
            .timeout_connect(Some(Duration::from_secs(5)));
        let agent = config.build().new_agent();
        Ok(Self { home: home.to_owned(), address, token, agent })
    }

    /// Where the node's own pages are.
    pub(crate) fn screen(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T, CliError> {
        self.json(Method::GET, path, query, None::<&()>, Duration::ZERO)
    }

    fn post<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, CliError> {
        self.json(Method::POST, path, &[], Some(body), Duration::ZERO)
    }

    /// Asks, and reads the answer as JSON. `wait` is how long the node was asked to wait before it answers.
    fn json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&impl Serialize>,
        wait: Duration,
    ) -> Result<T, CliError> {
        let bytes = self.bytes(method, path, query, body, wait)?;
        serde_json::from_slice(&bytes).map_err(|e| CliError::failed("the node's answer makes no sense").because(e))
    }

    /// Asks, and reads the answer as it is.
    fn bytes(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&impl Serialize>,
        wait: Duration,
    ) -> Result<Vec<u8>, CliError> {
        let request = Request::builder()
            .method(method)
            .uri(address::uri(self.address, path, query))
            .header("authorization", format!("Bearer {}", self.token));
        let unsendable = |e: ureq::http::Error| CliError::failed("the call could not be written").because(e);
        let answer = match body {
            Some(body) => {
                let body = serde_json::to_vec(body)
                    .map_err(|e| CliError::failed("the call could not be written").because(e))?;
                let request = request.header("content-type", "application/json").body(body).map_err(unsendable)?;
                self.send(request, wait)
            }
            None => self.send(request.body(()).map_err(unsendable)?, wait),
        };
        let answer = answer.map_err(|e| self.unanswered(e))?;
        let status = answer.status();
        let bytes = answer.into_body().into_with_config().limit(ANSWER_BYTES).read_to_vec();
        let bytes = bytes.map_err(|e| self.unanswered(e))?;
        if status.is_success() { Ok(bytes) } else { Err(refused(status.as_u16(), &bytes)) }
    }

    /// Asks for a file of any length, which is read as it comes.
    fn stream(&self, path: &[&str]) -> Result<impl Read + use<>, CliError> {
        let request = Request::builder()
            .method(Method::GET)
            .uri(address::uri(self.address, path, &[]))
            .header("authorization", format!("Bearer {}", self.token));
        let unsendable = |e: ureq::http::Error| CliError::failed("the call could not be written").because(e);
        let answer = self.send(request.body(()).map_err(unsendable)?, FILE_TIME).map_err(|e| self.unanswered(e))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body().into_with_config().limit(u64::MAX).reader());
        }
        let bytes = answer.into_body().into_with_config().limit(ANSWER_BYTES).read_to_vec();
        Err(refused(status.as_u16(), &bytes.map_err(|e| self.unanswered(e))?))
    }

    /// Sends bytes as they come, of which there are `length` where that is known, and reads the answer as JSON.
    fn send_file<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        file: impl Read + 'static,
        length: Option<u64>,
    ) -> Result<T, CliError> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(address::uri(self.address, path, query))
            .header("content-type", "application/octet-stream")
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let unsendable = |e: ureq::http::Error| CliError::failed("the call could not be written").because(e);
        let request = request.body(ureq::SendBody::from_owned_reader(file)).map_err(unsendable)?;
        let answer = self.send(request, FILE_TIME).map_err(|e| self.unanswered(e))?;
        let status = answer.status();
        let bytes = answer.into_body().into_with_config().limit(ANSWER_BYTES).read_to_vec();
        let bytes = bytes.map_err(|e| self.unanswered(e))?;
        if !status.is_success() {
            return Err(refused(status.as_u16(), &bytes));
        }
        serde_json::from_slice(&bytes).map_err(|e| CliError::failed("the node's answer makes no sense").because(e))
    }

    fn send(
        &self,
        request: Request<impl ureq::AsSendBody>,
        wait: Duration,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let config = self.agent.configure_request(request);
        self.agent.run(config.timeout_global(Some(wait + ANSWER_TIME)).build())
    }

    fn unanswered(&self, error: ureq::Error) -> CliError {
        match error {
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
                CliError::not_running(&self.home)
            }
            ureq::Error::ConnectionFailed => CliError::not_running(&self.home),
            ureq::Error::Timeout(_) => CliError::failed("the node did not answer in time").because(error),
            _ => CliError::failed("the node could not be asked").because(error),
        }
    }
}

/// The one line of a small file of the home; none when the file is not there.
fn read_line(path: &Path) -> Result<Option<String>, CliError> {
    let unreadable = |e| CliError::failed(format!("{} cannot be read", path.display())).because(e);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(e)),
    };
    let mut text = String::new();
    file.take(LINE_BYTES).read_to_string(&mut text).map_err(unreadable)?;
    let line = text.trim();
    if line.is_empty() || !line.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CliError::failed(format!("{} is damaged", path.display())).hint("stop the node and start it again"));
    }
    Ok(Some(line.to_owned()))
}

/// The node's no, in its own words where it wrote some.
fn refused(status: u16, body: &[u8]) -> CliError {
    let problem = serde_json::from_slice::<Problem>(body).ok();
    let of = problem.as_ref().and_then(|p| p.urn.rsplit(':').next()).filter(|of| !of.is_empty()).unwrap_or("refused");
    let kind = Kind::Problem { of: of.to_owned(), status };
    let Some(Problem { title, detail, hint, .. }) = problem else {
        return CliError::new(kind, format!("the node answered {status}"));
    };
    let error = CliError::new(kind, detail.unwrap_or(title));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

#[cfg(test)]
mod tests;
