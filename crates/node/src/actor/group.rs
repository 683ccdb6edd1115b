//! Group commit: what several jobs decided becomes durable by one sync. Nothing of it shows before: first the disk,
//! then what is to happen, then the answers, each in the order in which the jobs came.

use crate::error::NodeError;
use failpoint::Point;
use store::{Applied, StoreError};

/// Tells a caller whether what its job decided, or saw, is durable; gives the job's answer if so.
pub(super) type Answer = Box<dyn FnOnce(Result<(), NodeError>) + Send>;

/// What makes a group durable and carries out what it decided.
pub(super) trait Keeper<E> {
    /// Returns once everything up to `applied` is on the disk.
    fn sync(&mut self, applied: Applied) -> Result<(), StoreError>;

    /// Lets something happen. It may be lost in a crash and is then found again, so a failure is no caller's.
    fn carry_out(&mut self, effect: E);

    /// What everybody is told of whom a failed sync has taken the ground.
    fn stopped(&self) -> StoreError;
}

/// What waits for a sync.
pub(super) struct Group<E> {
    applied: Option<Applied>,
    effects: Vec<E>,
    answers: Vec<Answer>,
}

impl<E> Default for Group<E> {
    fn default() -> Self {
        Self { applied: None, effects: Vec::new(), answers: Vec::new() }
    }
}

impl<E> Group<E> {
    /// A batch was applied: whoever answers from now on may have seen it.
    pub(super) fn applied(&mut self, applied: Applied) {
        self.applied = self.applied.max(Some(applied));
    }

    /// Something is to happen once all that was applied is durable.
    pub(super) fn then(&mut self, effects: Vec<E>) {
        self.effects.extend(effects);
    }

    /// Answers once all that was applied is durable; at once, if nothing waits for that.
    pub(super) fn answer(&mut self, answer: Answer) {
        if self.is_empty() { answer(Ok(())) } else { self.answers.push(answer) }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.applied.is_none() && self.effects.is_empty() && self.answers.is_empty()
    }

    /// Makes durable what was applied, carries out what is to happen, then answers.
    ///
    /// # Errors
    /// The sync's: then nothing happens, and nobody who waits has an answer but an error.
    pub(super) fn close(self, keeper: &mut impl Keeper<E>) -> Result<(), StoreError> {
        if let Some(applied) = self.applied {
            failpoint::pass(Point::GroupApplied);
            if let Err(error) = keeper.sync(applied) {
                for answer in self.answers {
                    answer(Err(keeper.stopped().into()));
                }
                return Err(error);
            }
            failpoint::pass(Point::GroupDurable);
        }
        for effect in self.effects {
            keeper.carry_out(effect);
            failpoint::pass(Point::EffectDone);
        }
        failpoint::pass(Point::AnswersUntold);
        for answer in self.answers {
            answer(Ok(()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
