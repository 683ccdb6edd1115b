//! Who is asking, and whether they may: the layer before every handler of `/v1`.

use crate::{
    problem::{Kind, Problem},
    record::Recorder,
    scope::{self, Power},
    token::{self, Token},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use node::access::{Bearer, Bearers, Caller, NotHeld};
use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Calls with a wrong token are told in the node's log this often at most: whoever tries tokens must not fill a disk.
const WARNING: Duration = Duration::from_secs(60);

/// What judges a call: the home's own token, those made for programs, and where it is recorded.
#[derive(Clone)]
pub(crate) struct Access {
    own: Token,
    bearers: Bearers,
    recorder: Recorder,
    refused: Arc<Mutex<Refused>>,
}

/// Somebody whose token holds.
#[derive(Clone)]
pub(crate) enum Asker {
    /// Has the home's own token.
    Home,
    /// Has one that was made for a program.
    Program(Bearer, Bearers),
}

/// Calls without a token that holds, since they were last told.
#[derive(Default)]
struct Refused {
    told: Option<Instant>,
    calls: u64,
}

impl Access {
    pub(crate) fn new(own: Token, bearers: Bearers, recorder: Recorder) -> Self {
        Self { own, bearers, recorder, refused: Arc::default() }
    }

    fn who(&self, headers: &HeaderMap) -> Result<Asker, Problem> {
        let Some(given) = token::given(headers) else { return Err(self.refuse(NotHeld::Unknown)) };
        if self.own.is(given) {
            return Ok(Asker::Home);
        }
        match self.bearers.check(given) {
            Ok(bearer) => Ok(Asker::Program(bearer, self.bearers.clone())),
            Err(why) => Err(self.refuse(why)),
        }
    }

    fn refuse(&self, why: NotHeld) -> Problem {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.calls += 1;
        if refused.told.is_none_or(|told| told.elapsed() >= WARNING) {
            tracing::warn!(calls = refused.calls, "calls without a token that holds were refused");
            *refused = Refused { told: Some(Instant::now()), calls: 0 };
        }
        drop(refused);
        match why {
            // no token, or one that nobody knows: the same answer, so that trying tells nothing
            NotHeld::Unknown => Problem::new(Kind::Unauthorised, "the access token is missing or not one that holds")
                .hint("send \"Authorization: Bearer TOKEN\" with the content of api.token in the node's home"),
            NotHeld::Expired { name } => over(&format!("the token {name:?} has expired")),
        }
    }
}

impl Asker {
    /// The refusal of what needs more power than this.
    fn refusal(&self, needed: Power) -> Option<Response> {
        match self {
            Self::Program(bearer, _) if Power::from(bearer.scope) < needed => Some(beyond(bearer, needed)),
            Self::Home | Self::Program(..) => None,
        }
    }

    /// Returns once the token holds no longer. The home's own holds until the node stops.
    pub(crate) async fn ended(&self) {
        match self {
            Self::Home => pending().await,
            Self::Program(bearer, bearers) => bearers.ended(bearer).await,
        }
    }

    fn caller(&self) -> Caller {
        match self {
            Self::Home => Caller::Home,
            Self::Program(Bearer { id, name, .. }, _) => Caller::Token { id: id.clone(), name: name.clone() },
        }
    }
}

/// The layer: who asks, whether they may, and a record of how it ended. A token that ends while its call is answered
/// gets no answer.
pub(crate) async fn pass(State(access): State<Access>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let asker = access.who(request.headers())?;
    let mut call = access.recorder.open(asker.caller(), &request, !request.method().is_safe()).await;
    if let Some(refusal) = asker.refusal(scope::needed(&request)) {
        return Ok(call.end(refusal).await);
    }
    request.extensions_mut().insert(asker.clone());
    tokio::select! {
        biased;
        answer = next.run(request) => Ok(call.end(answer).await),
        () = asker.ended() => {
            call.leave();
            Err(over("the token ended while this was being answered"))
        }
    }
}

fn over(detail: &str) -> Problem {
    Problem::new(Kind::Unauthorised, detail).hint("make another: halfdoor tokens add NAME --scope SCOPE")
}

/// The refusal that names what is needed, for people and, as RFC 6750 §3.1 has it, for programs.
fn beyond(bearer: &Bearer, needed: Power) -> Response {
    let Bearer { name, scope, .. } = bearer;
    let problem = match needed {
        Power::Home => Problem::new(Kind::Scope, format!("only the home's own token may do this, not {name:?}"))
            .hint("use the command line on the node's computer"),
        _ => Problem::new(Kind::Scope, format!("this needs a token of scope {needed}; {name:?} has {scope}"))
            .hint(format!("make one: halfdoor tokens add NAME --scope {needed}")),
    };
    let mut response = problem.into_response();
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\"");
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

#[cfg(test)]
mod tests;
