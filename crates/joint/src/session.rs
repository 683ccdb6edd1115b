//! One joint score as each party keeps it: what was sent and received, what is due next, how it ends.
//!
//! Pure. A [`Post`] is one party's message of one step; whoever carries it signs it and says who its author is. A
//! party's own post is made once, is kept before it is sent, and is what is sent again after a crash: nothing is
//! ever drawn a second time. A post that comes before those it rests on is kept, unread, until they are there. Every
//! post is verified by everybody who gets it, and the first that does not verify ends the score for its receiver.

use protocol::{Digest, IdentityKey};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

mod make;
pub mod outcome;
mod post;
mod progress;
pub mod terms;
#[cfg(test)]
mod tests;

pub use make::Own;
pub use post::{Audience, End, Kept, Post, Step, Trouble};

use outcome::{Came, Statement};
use progress::Progress;
use terms::{BadTerms, Terms};

/// One party's side of one joint score.
pub struct Session {
    terms: Terms,
    id: [u8; 32],
    me: usize,
    posts: BTreeMap<(Step, usize), Vec<u8>>,
    /// From which this holder's key share was drawn; wiped at the end.
    secret: Option<Zeroizing<[u8; 32]>>,
    progress: Progress,
    releasing: bool,
    end: Option<End>,
}

impl Session {
    /// The side of party `me`: a holder's number, or the number of holders for the lender.
    ///
    /// # Errors
    /// The terms are beyond their limits, or there is no such party.
    pub fn new(terms: Terms, me: usize) -> Result<Self, Trouble> {
        terms.check()?;
        if me > terms.holders.len() {
            return Err(BadTerms("there is no such party").into());
        }
        let id = terms.id()?;
        let (posts, progress) = (BTreeMap::new(), Progress::default());
        Ok(Self { terms, id, me, posts, secret: None, progress, releasing: false, end: None })
    }

    /// Takes up a side again from what was kept of it. What has ended stays ended.
    ///
    /// # Errors
    /// What was kept does not verify any more, or a share was committed to, is still needed, and its secret is gone.
    pub fn resume(terms: Terms, me: usize, kept: Kept, weights: &[u8; 32]) -> Result<Self, Trouble> {
        let mut session = Self::new(terms, me)?;
        for Post { step, author, payload } in kept.posts {
            session.posts.insert((step, author.into()), payload.into_vec());
        }
        session.releasing = session.said(Step::Release, me);
        session.secret = kept.secret;
        if let Some(end) = kept.ended {
            session.ended(end);
            return Ok(session);
        }
        session.advance(weights)?;
        let needed = session.end.is_none() && session.said(Step::Commit, me) && !session.said(Step::Share, me);
        if needed && session.secret.is_none() { Err(Trouble::Secret) } else { Ok(session) }
    }

    /// What is to be kept durably, sealed, before anything of it is sent, and to replace what was kept before.
    #[must_use]
    pub fn kept(&self) -> Kept {
        Kept { posts: self.posts().collect(), secret: self.secret.clone(), ended: self.end.clone() }
    }

    /// Takes another party's post. The same post again changes nothing. `weights` are 32 fresh random bytes: what
    /// is verified in batches is weighed with them.
    ///
    /// # Errors
    /// It is not taken. Where it does not verify, or contradicts an earlier one, the score ends here.
    pub fn take(&mut self, post: Post, weights: &[u8; 32]) -> Result<(), Trouble> {
        let Post { step, author, payload } = post;
        let known = self.posts.get(&(step, usize::from(author)));
        if known.is_some_and(|known| *known == payload.as_slice()) {
            return Ok(());
        }
        if self.end.is_some() {
            return Err(Trouble::Ended);
        }
        if usize::from(author) == self.me || !self.may_say(step, author.into(), payload.len()) {
            return Err(Trouble::Foreign(author));
        }
        let taken = if known.is_some() {
            Err(Trouble::Twice(author))
        } else {
            self.posts.insert((step, author.into()), payload.into_vec());
            self.advance(weights)
        };
        taken.inspect_err(|trouble| self.abort(&trouble.to_string()))
    }

    /// The step that this party is to make next, where there is one.
    #[must_use]
    pub fn due(&self) -> Option<Step> {
        if self.end.is_some() {
            return None;
        }
        Step::all().into_iter().find(|step| !self.said(*step, self.me) && self.ready(*step))
    }

    /// The applicant's second consent: its outcome may go to the other holders, who sign it.
    ///
    /// # Errors
    /// Nothing is open yet, or this is not the applicant.
    pub fn release(&mut self) -> Result<(), Trouble> {
        if self.end.is_some() {
            return Err(Trouble::Ended);
        }
        if self.me != usize::from(self.terms.opener) || self.opened().is_none() {
            return Err(Trouble::Own);
        }
        self.releasing = true;
        Ok(())
    }

    /// The class that opened: to the opener before it is released, to the other holders after.
    #[must_use]
    pub fn opened(&self) -> Option<u8> {
        self.progress.class
    }

    /// This party refuses, another one did or vanished, or a post does not verify. Where it has ended nothing changes.
    pub fn abort(&mut self, why: &str) {
        self.ended(End::Aborted(why.to_owned()));
    }

    /// The time is over. A holder that has not signed an outcome signs that it was withheld, and signs no other from
    /// now on; `None` where it has, for the lender, and where it has ended.
    ///
    /// # Errors
    /// The statement does not encode.
    pub fn time_over(&mut self, key: &IdentityKey) -> Result<Option<Post>, Trouble> {
        if self.end.is_some() || self.said(Step::Signature, self.me) {
            return Ok(None);
        }
        self.ended(End::Withheld);
        if self.me == self.lender() {
            return Ok(None);
        }
        let payload = signature(&self.statement(Came::Withheld), key)?;
        Ok(Some(self.keep(Step::Signature, payload)))
    }

    /// How it ended, where it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Every post that is here, this party's own too.
    pub fn posts(&self) -> impl Iterator<Item = Post> + '_ {
        self.posts.iter().map(|((step, author), payload)| post(*step, *author, payload))
    }

    /// This party's own posts: what is sent, and sent again.
    pub fn own(&self) -> impl Iterator<Item = Post> + '_ {
        self.posts().filter(|post| usize::from(post.author) == self.me)
    }

    /// From which the key share was drawn; kept sealed beside the posts, and to be destroyed once there is none.
    #[must_use]
    pub fn secret(&self) -> Option<&Zeroizing<[u8; 32]>> {
        self.secret.as_ref()
    }

    fn ended(&mut self, end: End) {
        if self.end.is_none() {
            self.secret = None;
            self.end = Some(end);
        }
    }

    fn keep(&mut self, step: Step, payload: Vec<u8>) -> Post {
        let made = post(step, self.me, &payload);
        self.posts.insert((step, self.me), payload);
        made
    }

    fn said(&self, step: Step, author: usize) -> bool {
        self.posts.contains_key(&(step, author))
    }

    fn lender(&self) -> usize {
        self.terms.holders.len()
    }

    fn statement(&self, came: Came) -> Statement {
        let (score, made) = (Digest(self.id), Digest(self.progress.made));
        Statement { score, model: self.terms.model, made, attempt: self.terms.attempt, came }
    }
}

fn post(step: Step, author: usize, payload: &[u8]) -> Post {
    Post { step, author: u8::try_from(author).unwrap_or(u8::MAX), payload: payload.to_vec().into() }
}

/// 64 bytes of signature, then the statement.
fn signature(statement: &Statement, key: &IdentityKey) -> Result<Vec<u8>, Trouble> {
    let mut payload = statement.sign(key)?.to_vec();
    payload.extend(protocol::cbor::to_vec(statement)?);
    Ok(payload)
}
