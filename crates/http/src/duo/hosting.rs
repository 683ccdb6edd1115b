//! `host_session` and `connect_session`.

use super::{Duo, answers::Status, failure::Failure, session::Role};
use crate::{
    HttpError,
    extract::Query,
    files::{INVITE, Passing},
    limits::DUO_JOIN_TIME,
    problem::{Kind, Problem},
};
use axum::{Json, extract::State, http::HeaderMap};
use node::{NodeError, views::InviteView, wishes::NewInvite};
use serde::Deserialize;
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Pause between two waits for the joiner, so that a wait that ends at once does not spin.
const PAUSE: Duration = Duration::from_millis(200);

/// An invite that waits for its joiner, and the file it can be read from.
pub(super) struct Hosted {
    invite: InviteView,
    _file: Passing,
}

/// The query of `connect_session`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Connect {
    invite: Option<String>,
}

/// Answers once the other side has joined. The invite is announced and written into the home before the wait.
pub(super) async fn host_session(State(duo): State<Arc<Duo>>) -> Result<Json<Status>, Failure> {
    let hosted = Json(Status { status: "session hosted" });
    if let Some(partner) = duo.partner().await? {
        duo.session().open(Role::Owner, &partner.party);
        return Ok(hosted);
    }
    let invite = duo.invite().await?;
    loop {
        match duo.node.joined(&invite.id, DUO_JOIN_TIME).await {
            Ok(person) => {
                duo.session().open(Role::Owner, &person.party);
                duo.used(&invite).await;
                return Ok(hosted);
            }
            Err(NodeError::Away { .. }) if now() < invite.expires => tokio::time::sleep(PAUSE).await,
            Err(error) => {
                duo.used(&invite).await;
                return Err(error.into());
            }
        }
    }
}

/// Joins by `?invite=` (with the token), else goes on with the session there is, else joins by the configured invite.
pub(super) async fn connect_session(
    State(duo): State<Arc<Duo>>,
    headers: HeaderMap,
    query: Result<Query<Connect>, Problem>,
) -> Result<Json<Status>, Failure> {
    let Query(Connect { invite }) = query?;
    let partner = match invite {
        Some(invite) => {
            duo.token.require(&headers)?;
            duo.node.connect(&invite, DUO_JOIN_TIME).await?
        }
        None => match (duo.partner().await?, &duo.options.invite) {
            (Some(partner), _) => partner,
            (None, Some(invite)) => duo.node.connect(invite, DUO_JOIN_TIME).await?,
            (None, None) => {
                let nobody = Problem::new(Kind::Conflict, "there is no session and no invite to join one by");
                return Err(nobody
                    .hint("start the node with the invite, or send it as ?invite= with the token")
                    .into());
            }
        },
    };
    duo.session().open(Role::Requester, &partner.party);
    Ok(Json(Status { status: "session connected" }))
}

impl Duo {
    /// The invite that waits, made now if none does. Two calls at once wait on the same one.
    async fn invite(&self) -> Result<InviteView, Failure> {
        let mut hosted = self.hosted.lock().await;
        if let Some(Hosted { invite, .. }) = hosted.as_ref()
            && now() < invite.expires
        {
            return Ok(invite.clone());
        }
        let invite = self.node.invite(NewInvite::default()).await?;
        let (path, text) = (self.home.join(INVITE), format!("{}\n", invite.text));
        let file = tokio::task::spawn_blocking(move || Passing::write(path, &text)).await.map_err(unwritten)?;
        let file = file.map_err(|error: HttpError| unwritten(error))?;
        tracing::info!(invite = %invite.id, file = %file.path().display(), "a session is hosted: hand over the invite");
        if let Some(announce) = &self.options.announce {
            announce(&invite.text);
        }
        *hosted = Some(Hosted { invite: invite.clone(), _file: file });
        Ok(invite)
    }

    /// Lets go of an invite that nobody waits on any more, with its file.
    async fn used(&self, invite: &InviteView) {
        let mut hosted = self.hosted.lock().await;
        if hosted.as_ref().is_some_and(|hosted| hosted.invite.id == invite.id) {
            *hosted = None;
        }
    }
}

fn unwritten(error: impl std::error::Error + 'static) -> Failure {
    tracing::error!(error = &error as &dyn std::error::Error, "the invite could not be written");
    Problem::new(Kind::Internal, "the invite could not be written into the home").hint("is the disk full?").into()
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
