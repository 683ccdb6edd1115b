//! Opens the doors of a node and closes them again.

use crate::{
    HttpError,
    asker::{self, Access},
    connection,
    duo::{self, Duo},
    events::Streams,
    files::{ADDRESS, Passing},
    gate::{self, Gate},
    guard::{self, Guard},
    headers,
    limits::{REQUESTS, STOP_TIME},
    problem::{Kind, Problem},
    record,
    screens::{self, Screens, Sessions},
    token::Token,
    v1::{self, App},
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
};
use node::Node;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinHandle,
};

/// Told the invite that `host_session` made, so that a program can print it.
pub type Announce = Arc<dyn Fn(&str) + Send + Sync>;

/// What to open, and where.
#[derive(Clone)]
pub struct Options {
    /// The node's home: the token and the address are written there.
    pub home: PathBuf,
    /// Where `/v1` listens; port 0 for any free one.
    pub listen: SocketAddr,
    /// Duo's endpoints, where they are wanted.
    pub duo: Option<DuoOptions>,
}

impl Options {
    /// `/v1` on a free loopback port, and nothing else.
    #[must_use]
    pub fn new(home: PathBuf) -> Self {
        Self { home, listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), duo: None }
    }
}

/// How Duo's nine endpoints are opened.
#[derive(Clone)]
pub struct DuoOptions {
    /// Where they listen; a loopback address, port 0 for any free one.
    pub listen: SocketAddr,
    /// Whether `request_decision` may decide: without it, any program of any local user could say yes.
    pub allow_decisions: bool,
    /// The invite `connect_session` joins by.
    pub invite: Option<String>,
    /// Told an invite that `host_session` made.
    pub announce: Option<Announce>,
}

impl DuoOptions {
    /// Duo's endpoints at `listen`, without decisions, invite or announcement.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self { listen, allow_decisions: false, invite: None, announce: None }
    }
}

/// Open doors. Dropped without [`Running::stop`], they close all the same, but nobody waits until they have.
pub struct Running {
    address: SocketAddr,
    duo_address: Option<SocketAddr>,
    token_path: PathBuf,
    address_file: Passing,
    stop: watch::Sender<bool>,
    stop_asked: Arc<Notify>,
    launch_path: PathBuf,
    doors: Vec<JoinHandle<()>>,
    recording: JoinHandle<()>,
}

impl Running {
    /// Where `/v1` listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where Duo's endpoints listen, if they do.
    #[must_use]
    pub fn duo_address(&self) -> Option<SocketAddr> {
        self.duo_address
    }

    /// The file with the access token.
    #[must_use]
    pub fn token_path(&self) -> &Path {
        &self.token_path
    }

    /// The file that says where `/v1` is, until the doors are closed.
    #[must_use]
    pub fn address_path(&self) -> &Path {
        self.address_file.path()
    }

    /// The file that opens the screens in a browser: a page that only this user can read.
    #[must_use]
    pub fn launch_path(&self) -> &Path {
        &self.launch_path
    }

    /// Returns once somebody has stopped everything at a screen.
    pub async fn asked_to_stop(&self) {
        self.stop_asked.notified().await;
    }

    /// Takes no more connections, lets answers under way finish for a few seconds, removes the address file, and
    /// returns once every call is recorded.
    pub async fn stop(self) {
        let Self { address_file, stop, doors, recording, .. } = self;
        drop(address_file);
        stop.send_replace(true);
        for door in doors.into_iter().chain([recording]) {
            if let Err(error) = door.await {
                tracing::error!(%error, "a listener ended by a fault");
            }
        }
    }
}

/// Opens the doors of `node`: `/v1` behind a fresh token, and Duo's endpoints where they are asked for.
///
/// The token and the address are written only once everything listens.
///
/// # Errors
/// When an address cannot be listened on, Duo's is not a loopback address, or the home cannot be written.
pub async fn serve(node: Node, options: Options) -> Result<Running, HttpError> {
    let Options { home, listen, duo } = options;
    if let Some(duo) = &duo
        && !duo.listen.ip().is_loopback()
    {
        return Err(HttpError::NotLoopback { address: duo.listen });
    }
    let token = Token::draw()?;
    let (stop, stopping) = watch::channel(false);
    let (listener, address) = bind_again(listen, &home).await?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "/v1 is open to the network, without encryption: whoever sees its traffic sees the token");
    }
    let duo = match duo {
        None => None,
        Some(options) => Some((bind(options.listen).await?, options)),
    };
    let token_path = token.write(&home)?;
    let address_file = Passing::write(home.join(ADDRESS), &format!("http://{}\n", reachable(address)))?;

    let (recorder, recording) = record::start(node.clone());
    let access = Access::new(token.clone(), node.bearers(), recorder.clone());
    let streams = Streams::new(stopping.clone());
    let app = App { node: node.clone(), streams: streams.clone() };
    let sessions = Sessions::start(home.clone(), &node.me().party, reachable(address))?;
    let (launch_path, stop_asked) = (sessions.launch_path(), Arc::new(Notify::new()));
    let screens = Screens::new(node.clone(), streams, sessions, recorder.clone(), stop_asked.clone());
    let mut doors = vec![tokio::spawn(connection::serve(
        listener,
        guarded(v1::router().with_state(app), screens::router(screens), access, address),
        stopping.clone(),
        STOP_TIME,
    ))];
    let mut duo_address = None;
    if let Some(((listener, address), options)) = duo {
        tracing::warn!(%address, decisions = options.allow_decisions,
            "duo's endpoints are open without a token: any user of this machine may call them");
        let duo = Arc::new(Duo::new(node, home, token, options));
        doors.push(tokio::spawn(connection::serve(listener, duo::router(duo, recorder, address), stopping, STOP_TIME)));
        duo_address = Some(address);
    }
    Ok(Running { address, duo_address, token_path, address_file, stop, stop_asked, launch_path, doors, recording })
}

/// As [`bind`]; of any free port the one of the last start, where it is free: a screen that is open finds its node again.
async fn bind_again(address: SocketAddr, home: &Path) -> Result<(TcpListener, SocketAddr), HttpError> {
    if let (0, Some(port)) = (address.port(), screens::last_port(home))
        && let Ok(bound) = bind(SocketAddr::new(address.ip(), port)).await
    {
        return Ok(bound);
    }
    bind(address).await
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), HttpError> {
    let failed = |source| HttpError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// How this machine reaches a listener: one on every address is at none in particular.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// `/v1` behind its layers, headers around guard around token and record around gate; and the screens, which have a door
/// of their own behind the same guard.
pub(crate) fn guarded(routes: Router, screens: Router, access: Access, address: SocketAddr) -> Router {
    let guard = Guard::new(address, IntoResponse::into_response);
    let gate = Gate::new(REQUESTS, IntoResponse::into_response);
    // What does not exist needs the token too: strangers learn nothing of what does.
    routes
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(gate, gate::pass))
        .layer(from_fn_with_state(access, asker::pass))
        .merge(screens)
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn(headers::add))
}

async fn unknown() -> Problem {
    Problem::new(Kind::NotFound, "there is no such path").hint("GET /v1/openapi.json lists them")
}

async fn wrong_method() -> Problem {
    Problem::new(Kind::Method, "this path does not take that method").hint("GET /v1/openapi.json lists them")
}

#[cfg(test)]
mod tests;
