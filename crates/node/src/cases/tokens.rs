//! Tokens of the node's own interface: made, listed, revoked. Their text is told once and kept nowhere.

use crate::{
    access::{Bearer, Bearers, Call, Kept, TOKENS, hash_of, is_taken},
    actor::Actor,
    error::NodeError,
    resolve::hex_of,
    views::{Happening, MadeToken, TokenView},
    wishes::{NewToken, Scope},
};
use consent::record::Clock;
use data_encoding::BASE64URL_NOPAD;
use protocol::{Digest, Name, UnixSeconds, cbor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Batch;
use zeroize::Zeroizing;

/// Where the control database keeps them, by id.
pub(crate) const TREE: &str = "node-tokens";
/// What a token begins with, so that a scanner of texts that leaked knows what it has found.
const MARK: &str = "hdt_";
/// Random bytes of a token.
const SECRET_BYTES: usize = 32;
/// Random bytes of its id.
const ID_BYTES: usize = 8;

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TokenRecord {
    name: Name,
    scope: Scope,
    /// SHA-256 of its text.
    hash: Digest,
    made: UnixSeconds,
    until: Option<UnixSeconds>,
    used: Option<UnixSeconds>,
}

impl Actor {
    /// Makes one. Durable before it is told.
    pub(crate) fn make_token(&mut self, wish: &NewToken, bearers: &Bearers) -> Result<MadeToken, NodeError> {
        let now = bearers.now();
        let kept = self.kept_tokens()?;
        let name = free_name(&wish.name, &kept)?;
        if wish.until.is_some_and(|until| until < now) {
            return Err(invalid("until", "it is in the past".to_owned()));
        }
        let secret = Zeroizing::new(rand::random::<[u8; SECRET_BYTES]>());
        let text = format!("{MARK}{}", BASE64URL_NOPAD.encode(&*secret));
        let id = rand::random::<[u8; ID_BYTES]>();
        let record = TokenRecord {
            name,
            scope: wish.scope,
            hash: hash_of(text.as_bytes()),
            made: now,
            until: wish.until,
            used: None,
        };
        let mut batch = Batch::new();
        batch.put(TREE, &id, encoded(&record)?);
        self.store.control().commit(&batch)?;
        self.tell_bearers(bearers)?;
        tracing::info!(token = hex_of(&id), scope = %record.scope, "a token was made");
        self.tell(happening(hex_of(&id), "made"));
        Ok(MadeToken { token: text, of: view(&id, &record) })
    }

    /// All of them, by name.
    pub(crate) fn list_tokens(&self) -> Result<Vec<TokenView>, NodeError> {
        let mut all: Vec<_> = self.kept_tokens()?.iter().map(|(id, record)| view(id, record)).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// Ends one, by its name or the beginning of its id. It holds no longer when this returns.
    pub(crate) fn revoke_token(&mut self, named: &str, bearers: &Bearers) -> Result<(), NodeError> {
        let id = find(&self.kept_tokens()?, named)?;
        let mut batch = Batch::new();
        batch.delete(TREE, &id);
        self.store.control().commit(&batch)?;
        self.tell_bearers(bearers)?;
        tracing::info!(token = hex_of(&id), "a token was revoked");
        self.tell(happening(hex_of(&id), "revoked"));
        Ok(())
    }

    /// Lets those who judge calls know the tokens as they are durable now.
    pub(crate) fn tell_bearers(&self, bearers: &Bearers) -> Result<(), NodeError> {
        let clock: Option<Clock> = self.read(|draft| draft.get(Clock::KEY))?;
        let kept = self.kept_tokens()?.into_iter().map(|(id, record)| Kept {
            hash: record.hash,
            bearer: Bearer { id: hex_of(&id), name: record.name.to_string(), scope: record.scope, until: record.until },
        });
        bearers.replace(kept.collect(), clock.map_or(0, |clock| clock.latest));
        Ok(())
    }

    /// Adds to a batch when each token of these calls was last used.
    pub(super) fn note_use(&self, calls: &[Call], batch: &mut Batch) -> Result<(), NodeError> {
        let mut latest = BTreeMap::new();
        for call in calls {
            if let Some(id) = call.by.id() {
                let time = latest.entry(id).or_insert(call.time);
                *time = call.time.max(*time);
            }
        }
        if latest.is_empty() {
            return Ok(());
        }
        // a call may end after its token was revoked
        for (id, mut record) in self.kept_tokens()? {
            if let Some(time) = latest.get(hex_of(&id).as_str()) {
                record.used = record.used.max(Some(*time));
                batch.put(TREE, &id, encoded(&record)?);
            }
        }
        Ok(())
    }

    fn kept_tokens(&self) -> Result<Vec<(Vec<u8>, TokenRecord)>, NodeError> {
        let found = self.store.control().scan(TREE, &[], None, TOKENS)?;
        let decoded = found.into_iter().map(|(id, bytes)| {
            let record = cbor::from_slice(&bytes).map_err(|error| NodeError::Internal(error.to_string()))?;
            Ok((id, record))
        });
        decoded.collect()
    }
}

/// A name that no token has yet; and room for one more.
fn free_name(wanted: &str, kept: &[(Vec<u8>, TokenRecord)]) -> Result<Name, NodeError> {
    let name: Name = wanted.trim().parse().map_err(|error: protocol::BadText| invalid("name", error.to_string()))?;
    if is_taken(&name) {
        return Err(invalid("name", format!("{name:?} already means something else in the record of calls")));
    }
    if kept.iter().any(|(_, record)| record.name == name) {
        let why = format!("there is a token {name:?} already; revoke it first, or choose another name");
        return Err(NodeError::Conflict { why });
    }
    if kept.len() >= TOKENS {
        return Err(NodeError::Refused {
            why: format!("there are {TOKENS} tokens, the most there may be; revoke one"),
        });
    }
    Ok(name)
}

/// A whole name comes first: it may look like the beginning of another's id.
fn find(kept: &[(Vec<u8>, TokenRecord)], named: &str) -> Result<Vec<u8>, NodeError> {
    if let Some((id, _)) = kept.iter().find(|(_, record)| record.name.as_str() == named) {
        return Ok(id.clone());
    }
    let mut begin = kept.iter().filter(|(id, _)| !named.is_empty() && hex_of(id).starts_with(named));
    match (begin.next(), begin.next()) {
        (Some((id, _)), None) => Ok(id.clone()),
        (None, _) => Err(NodeError::NotFound { what: "token", name: named.to_owned() }),
        (Some(_), Some(_)) => Err(NodeError::Ambiguous { what: "token", name: named.to_owned() }),
    }
}

fn view(id: &[u8], record: &TokenRecord) -> TokenView {
    TokenView {
        id: hex_of(id),
        name: record.name.to_string(),
        scope: record.scope,
        made: record.made,
        until: record.until,
        used: record.used,
    }
}

fn happening(id: String, of: &str) -> Happening {
    Happening { what: "token".to_owned(), id, of: Some(of.to_owned()) }
}

fn encoded(record: &TokenRecord) -> Result<Vec<u8>, NodeError> {
    cbor::to_vec(record).map_err(|error| NodeError::Internal(error.to_string()))
}

fn invalid(field: &'static str, why: String) -> NodeError {
    NodeError::Invalid { field, why }
}

#[cfg(test)]
mod tests;
