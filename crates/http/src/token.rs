//! The home's own access token: 256 random bits that only this machine's user can read.

use crate::{
    HttpError,
    files::{self, TOKEN},
    problem::{Kind, Problem},
};
use axum::http::{HeaderMap, header::AUTHORIZATION};
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

    /// Whether a text is it.
    pub(crate) fn is(&self, given: &[u8]) -> bool {
        given.ct_eq(self.0.as_bytes()).into()
    }

    /// Refuses whoever does not show it, as a problem that says where it is.
    pub(crate) fn require(&self, headers: &HeaderMap) -> Result<(), Problem> {
        if given(headers).is_some_and(|given| self.is(given)) {
            return Ok(());
        }
        Err(Problem::new(Kind::Unauthorised, "the access token is missing or not the one of this start")
            .hint("send \"Authorization: Bearer TOKEN\" with the content of api.token in the node's home"))
    }
}

/// The token that headers carry: exactly one `Authorization: Bearer TOKEN`.
pub(crate) fn given(headers: &HeaderMap) -> Option<&[u8]> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else { return None };
    let (scheme, given) = field.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(given)
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests;
