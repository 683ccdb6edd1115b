//! Tokens of the node's own interface, and the record of calls.

use super::{Done, Node};
use crate::{
    access::{Bearers, Call},
    cases::{CallRecord, Ring},
    views::{CallView, MadeToken, TokenView},
    wishes::NewToken,
};

impl Node {
    /// Judges tokens, without waiting for anything.
    #[must_use]
    pub fn bearers(&self) -> Bearers {
        self.bearers.clone()
    }

    /// Makes a token. Its text is told here and never again.
    pub async fn make_token(&self, wish: NewToken) -> Done<MadeToken> {
        let bearers = self.bearers();
        self.mailbox.call(move |actor| actor.make_token(&wish, &bearers)).await
    }

    /// The tokens there are, by name.
    pub async fn tokens(&self) -> Done<Vec<TokenView>> {
        self.mailbox.call(|actor| actor.list_tokens()).await
    }

    /// Ends a token, by its name or the beginning of its id; it holds no longer when this returns.
    pub async fn revoke_token(&self, named: &str) -> Done<()> {
        let (named, bearers) = (named.to_owned(), self.bearers());
        self.mailbox.call(move |actor| actor.revoke_token(&named, &bearers)).await
    }

    /// Records calls, in one commit.
    pub async fn record_calls(&self, calls: Vec<Call>) -> Done<()> {
        self.mailbox.call(move |actor| actor.record_calls(&calls)).await
    }

    /// The latest calls, newest first, at most `limit`; of one caller, by its name or its token's whole id.
    pub async fn calls(&self, by: Option<&str>, limit: usize) -> Done<Vec<CallView>> {
        let mut found = Vec::new();
        for ring in Ring::ALL {
            found.extend(self.latest(ring, by, limit).await?);
        }
        found.sort_by_key(|call| std::cmp::Reverse(call.order));
        found.truncate(limit);
        Ok(found.into_iter().map(view).collect())
    }

    async fn latest(&self, ring: Ring, by: Option<&str>, limit: usize) -> Done<Vec<CallRecord>> {
        let (mut found, mut below) = (Vec::new(), u64::MAX);
        while below > 0 && found.len() < limit {
            let (page, rest) = self.mailbox.call(move |actor| actor.recorded(ring, below)).await?;
            found.extend(
                page.into_iter().filter(|call| by.is_none_or(|by| call.by.name() == by || call.by.id() == Some(by))),
            );
            below = rest;
        }
        Ok(found)
    }
}

fn view(call: CallRecord) -> CallView {
    CallView {
        time: call.time,
        by: call.by.name().to_owned(),
        token: call.by.id().map(str::to_owned),
        method: call.method,
        route: call.route,
        status: call.status,
    }
}
