//! The access token: 256 random bits that only this machine's user can read.

use crate::{
    HttpError,
    files::{self, TOKEN},
    problem::{Kind, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header::AUTHORIZATION},
    middleware::Next,
    response::Response,
};
use data_encoding::BASE64URL_NOPAD;
use rand::{TryRng as _, rngs::SysRng};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};
use subtle::ConstantTimeEq as _;

const RANDOM_BYTES: usize = 32;

/// The token of this start. Compared in constant time, shown to nobody.
#[derive(Clone)]
pub(crate) struct Token(Arc<str>);

impl Token {
    /// Draws a new one; whoever held the last one is out.
    pub(crate) fn draw() -> Result<Self, HttpError> {
        let mut random = [0; RANDOM_BYTES];
        SysRng.try_fill_bytes(&mut random).map_err(HttpError::Randomness)?;
        Ok(Self(BASE64URL_NOPAD.encode(&random).into()))
    }

    /// Writes it into the home with mode 0600; answers where.
    pub(crate) fn write(&self, home: &Path) -> Result<PathBuf, HttpError> {
        let path = home.join(TOKEN);
        files::write_private(&path, &self.0)?;
        Ok(path)
    }

    /// Whether these headers carry it: exactly one `Authorization: Bearer TOKEN`.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let mut fields = headers.get_all(AUTHORIZATION).iter();
        let (Some(field), None) = (fields.next(), fields.next()) else { return false };
        let Some((scheme, given)) = field.as_bytes().split_at_checked("Bearer ".len()) else { return false };
        scheme.eq_ignore_ascii_case(b"Bearer ") && given.ct_eq(self.0.as_bytes()).into()
    }

    /// Refuses whoever does not show it, as a problem that says where it is.
    pub(crate) fn require(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if self.is_in(headers) {
            return Ok(());
        }
        Err(Problem::new(Kind::Unauthorised, "the access token is missing or not the one of this start")
            .hint("send \"Authorization: Bearer TOKEN\" with the content of api.token in the node's home"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

/// The layer before everything that knows who is asking.
pub(crate) async fn require(State(token): State<Token>, request: Request, next: Next) -> Result<Response, Problem> {
    token.require(request.headers())?;
    Ok(next.run(request).await)
}

#[cfg(test)]
mod tests;
