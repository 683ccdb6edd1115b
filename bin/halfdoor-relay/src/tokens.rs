//! Tokens that the relay gives out: made, and read from their file.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use data_encoding::BASE64URL_NOPAD;
use protocol::access::TOKEN_BYTES;
use zeroize::Zeroizing;

/// Longest file of tokens, in bytes.
const FILE_BYTES: u64 = 1 << 20;
/// Tokens in it: each is tried when one is shown.
const MOST: usize = 1024;
/// What a token begins with, so that a scanner of texts that leaked knows what it has found.
const MARK: &str = "hrt_";

/// Why tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokensError {
    #[error("cannot read the tokens {path}: is the path right, and may this user read it?")]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the tokens {path} cannot be used: {why}")]
    Form { path: PathBuf, why: String },
}

/// A fresh one, 256 bits.
pub(crate) fn fresh() -> Zeroizing<String> {
    let bytes = Zeroizing::new(rand::random::<[u8; 32]>());
    Zeroizing::new(format!("{MARK}{}", BASE64URL_NOPAD.encode(&*bytes)))
}

/// Reads a file of tokens: one a line, behind which a `#` begins a remark.
pub(crate) fn read(path: &Path) -> Result<Vec<Zeroizing<Vec<u8>>>, TokensError> {
    let failed = |source| TokensError::Read { path: path.to_owned(), source };
    let form = |why: String| TokensError::Form { path: path.to_owned(), why };
    let mut text = Zeroizing::new(String::new());
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES + 1).read_to_string(&mut text)).map_err(failed)?;
    if read as u64 > FILE_BYTES {
        return Err(form("it is longer than 1 MiB".to_owned()));
    }
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let token = line.split('#').next().unwrap_or_default().trim();
        if token.is_empty() {
            continue;
        }
        if !TOKEN_BYTES.contains(&token.len()) {
            let (least, most) = (TOKEN_BYTES.start(), TOKEN_BYTES.end());
            return Err(form(format!("line {number}: a token has {least} to {most} bytes; --new-token makes one")));
        }
        tokens.push(Zeroizing::new(token.as_bytes().to_vec()));
    }
    match tokens.len() {
        0 => Err(form("there is none in it: nobody would be served; --new-token makes one".to_owned())),
        1..=MOST => Ok(tokens),
        _ => Err(form(format!("there are more than {MOST} in it"))),
    }
}

#[cfg(test)]
mod tests;
