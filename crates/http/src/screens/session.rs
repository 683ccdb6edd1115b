//! Sessions of the screens: opened by a launch token that only this user can read, held by a cookie, closed by a lock.
//!
//! Nothing here is chosen by a browser: a cookie that this node did not draw opens nothing (no fixation), a launch token
//! opens one session (no replay), and a session holds on the host name it was opened on. What is kept on the disk are
//! hashes, so that an open screen survives a restart of the node on the same port and a copy of the file opens nothing.

use super::launch;
use crate::{
    HttpError,
    files::{self, Passing},
};
use axum::http::{HeaderMap, header};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use rand::{TryRng as _, rngs::SysRng};
use sha2::{Digest as _, Sha256};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};
use subtle::ConstantTimeEq as _;

/// Sessions open at once; the oldest makes room.
const SESSIONS: usize = 16;
/// Seconds a session holds.
const LIFE: u64 = 24 * 3600;
/// Wrong passphrases in a row before a person has to open the screen anew.
const TRIES: u8 = 5;
/// Bytes drawn for a secret.
const SECRET: usize = 32;
/// The file that sessions are kept in.
const FILE: &str = "screen.sessions";
/// Longest such file that is read: sixteen lines of a hash, a name and two numbers.
const FILE_BYTES: usize = 16 * 1024;

/// The sessions of one node. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions(Arc<Inside>);

struct Inside {
    home: PathBuf,
    address: SocketAddr,
    cookie: String,
    /// The name the screens are served under: only this node's, so that no other port gets its cookie.
    host: String,
    sealed: bool,
    launch_file: Passing,
    state: Mutex<State>,
}

struct State {
    launch: String,
    held: Vec<Held>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    hash: [u8; 32],
    host: String,
    made: u64,
    locked: bool,
    wrong: u8,
}

/// The session a request came in.
#[derive(Clone)]
pub(crate) struct Session {
    hash: [u8; 32],
    /// What every form of this session carries.
    pub(crate) form: String,
    /// Whether it waits for the passphrase.
    pub(crate) locked: bool,
}

impl Sessions {
    /// Takes up the sessions of the last start, if it was at this port, and lays out a launch token.
    pub(crate) fn start(home: PathBuf, party: &str, address: SocketAddr) -> Result<Self, HttpError> {
        let sealed = node::is_sealed(&home);
        let (host, mut held) = match read(&home, address.port()) {
            Some(kept) => kept,
            None => (format!("halfdoor-{}.localhost", HEXLOWER.encode(&drawn::<6>()?)), Vec::new()),
        };
        // whoever can start a sealed node is asked again at its screen
        held.iter_mut().for_each(|one| one.locked |= sealed);
        let launch = secret()?;
        let launch_file = Passing::write(home.join(launch::FILE), &launch::page(&host, address, &launch))?;
        let cookie = format!("halfdoor-{}", party.get(..12).unwrap_or(party));
        let state = Mutex::new(State { launch, held });
        let inside = Inside { home, address, cookie, host, sealed, launch_file, state };
        Ok(Self(Arc::new(inside)))
    }

    /// Where the launch token lies.
    pub(crate) fn launch_path(&self) -> PathBuf {
        self.0.launch_file.path().to_owned()
    }

    /// The home, and whether its keys are sealed.
    pub(crate) fn home(&self) -> (&PathBuf, bool) {
        (&self.0.home, self.0.sealed)
    }

    /// Opens a session for whoever has the launch token; answers with the cookie. The token is spent, another laid out.
    pub(crate) fn launch(&self, token: &str, host: &str) -> Result<Option<String>, HttpError> {
        let mut state = self.state();
        if !bool::from(token.as_bytes().ct_eq(state.launch.as_bytes())) {
            return Ok(None);
        }
        state.launch = secret()?;
        let page = launch::page(&self.0.host, self.0.address, &state.launch);
        files::write_private(self.0.launch_file.path(), &page)?;
        self.begin(&mut state, host).map(Some)
    }

    /// Opens a session for whoever has shown the passphrase; answers with the cookie.
    pub(crate) fn admit(&self, host: &str) -> Result<String, HttpError> {
        self.begin(&mut self.state(), host)
    }

    fn begin(&self, state: &mut State, host: &str) -> Result<String, HttpError> {
        let secret = secret()?;
        if state.held.len() >= SESSIONS {
            state.held.remove(0);
        }
        state.held.push(Held { hash: hash(&secret), host: host.to_owned(), made: now(), locked: false, wrong: 0 });
        self.keep(state)?;
        Ok(format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={LIFE}", self.0.cookie))
    }

    /// The session of a request, by its cookie and the host it was sent to.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Option<Session> {
        let secret = self.shown(headers)?;
        let (hash, host) = (hash(secret), host(headers)?);
        let state = self.state();
        let held = state.held.iter().find(|held| held.hash.ct_eq(&hash).into())?;
        let holds = held.host == host && now() < held.made.saturating_add(LIFE);
        holds.then(|| Session { hash, form: form_token(secret), locked: held.locked })
    }

    /// The one cookie of this node; several of its name are none.
    fn shown<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let fields = headers.get_all(header::COOKIE).iter().filter_map(|field| field.to_str().ok());
        let pairs = fields.flat_map(|field| field.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut mine = pairs.filter(|(name, _)| *name == self.0.cookie).map(|(_, value)| value);
        match (mine.next(), mine.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }

    /// Locks a session until the passphrase is shown; without one it is closed.
    pub(crate) fn lock(&self, session: &Session) -> Result<(), HttpError> {
        let mut state = self.state();
        if self.0.sealed {
            state.held.iter_mut().filter(|held| held.hash == session.hash).for_each(|held| held.locked = true);
        } else {
            state.held.retain(|held| held.hash != session.hash);
        }
        self.keep(&state)
    }

    /// Records whether the passphrase was right; after some wrong ones the session is closed.
    pub(crate) fn unlock(&self, session: &Session, right: bool) -> Result<(), HttpError> {
        let mut state = self.state();
        if let Some(held) = state.held.iter_mut().find(|held| held.hash == session.hash) {
            held.locked = !right;
            held.wrong = if right { 0 } else { held.wrong.saturating_add(1) };
        }
        state.held.retain(|held| held.wrong < TRIES);
        self.keep(&state)
    }

    /// Closes every session.
    pub(crate) fn close_all(&self) -> Result<(), HttpError> {
        let mut state = self.state();
        state.held.clear();
        self.keep(&state)
    }

    fn keep(&self, state: &State) -> Result<(), HttpError> {
        let Inside { home, address, host, .. } = &*self.0;
        let mut text = format!("{} {host}\n", address.port());
        for Held { hash, host, made, locked, wrong } in &state.held {
            let hash = HEXLOWER.encode(hash);
            text.push_str(&format!("{hash} {host} {made} {locked} {wrong}\n"));
        }
        files::write_private(&home.join(FILE), &text)
    }

    /// A thread that panicked while it held the lock leaves sessions as they were before or after its change.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Whether a form was made for this session.
    pub(crate) fn made(&self, form: &str) -> bool {
        form.as_bytes().ct_eq(self.form.as_bytes()).into()
    }

    /// What tells this session from others.
    pub(crate) fn id(&self) -> [u8; 32] {
        self.hash
    }
}

/// The port of the last start, so that a screen that is open finds its node again.
pub(crate) fn last_port(home: &std::path::Path) -> Option<u16> {
    first_line(&home.join(FILE))?.split(' ').next()?.parse().ok()
}

/// The host that a request names, as it was checked by the guard.
pub(crate) fn host(headers: &HeaderMap) -> Option<String> {
    headers.get(header::HOST)?.to_str().ok().map(str::to_ascii_lowercase)
}

fn first_line(path: &std::path::Path) -> Option<String> {
    std::fs::read_to_string(path).ok()?.lines().next().map(str::to_owned)
}

fn read(home: &std::path::Path, port: u16) -> Option<(String, Vec<Held>)> {
    let text = std::fs::read_to_string(home.join(FILE)).ok().filter(|text| text.len() <= FILE_BYTES)?;
    let mut lines = text.lines();
    let (was, host) = lines.next()?.split_once(' ')?;
    let whole = was.parse::<u16>().ok()? == port && host.ends_with(".localhost");
    whole.then(|| (host.to_owned(), lines.filter_map(held).take(SESSIONS).collect()))
}

fn held(line: &str) -> Option<Held> {
    let mut parts = line.split(' ');
    let hash = HEXLOWER.decode(parts.next()?.as_bytes()).ok()?.try_into().ok()?;
    let host = parts.next()?.to_owned();
    let (made, locked, wrong) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Held { hash, host, made, locked, wrong })
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A token of its own for forms: it stands in pages, and the cookie cannot be worked out from it.
fn form_token(secret: &str) -> String {
    let mut of = Sha256::new();
    of.update(b"halfdoor screen form v1\0");
    of.update(secret.as_bytes());
    BASE64URL_NOPAD.encode(&of.finalize())
}

fn secret() -> Result<String, HttpError> {
    Ok(BASE64URL_NOPAD.encode(&drawn::<SECRET>()?))
}

fn drawn<const N: usize>() -> Result<[u8; N], HttpError> {
    let mut random = [0; N];
    SysRng.try_fill_bytes(&mut random).map_err(HttpError::Randomness)?;
    Ok(random)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;
