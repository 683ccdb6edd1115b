//! Balances of a statement: what was there before, what moved, what is there afterwards.
//!
//! A statement that states both ends, and whose transactions add up to their difference, tells the balance after each of
//! them. One that does not add up tells none: something is missing in it, or was read wrongly.

use super::{
    Note, Place, ReadError, RowProblem,
    ledger::{Sink, Transaction},
};
use protocol::Decimal;

/// What one statement of a file states, and what its transactions add up to.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub(super) opening: Option<Decimal>,
    pub(super) closing: Option<Decimal>,
    moved: Option<Decimal>,
    faulty: bool,
}

/// Statements of a file in order: filled in a pass of its own, used in those that follow.
#[derive(Default)]
pub(super) struct Balances {
    statements: Vec<Totals>,
}

impl Balances {
    /// Goes through a file with nothing to be kept but what its statements state.
    pub(super) fn of(
        pass: impl FnOnce(&mut dyn Sink, &mut Running<'_>) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError> {
        let mut statements = Vec::new();
        pass(&mut Nothing, &mut Running { known: None, statements: &mut statements, at: 0, balance: None })?;
        Ok(Self { statements })
    }

    /// For a pass that gives its transactions away.
    pub(super) fn running<'b>(&'b self, scratch: &'b mut Vec<Totals>) -> Running<'b> {
        Running { known: Some(&self.statements), statements: scratch, at: 0, balance: None }
    }
}

/// The balance while a pass goes on.
pub(super) struct Running<'b> {
    known: Option<&'b [Totals]>,
    statements: &'b mut Vec<Totals>,
    at: usize,
    balance: Option<Decimal>,
}

impl Running<'_> {
    /// A statement begins.
    pub(super) fn begin(&mut self, place: Place, sink: &mut dyn Sink) {
        self.at = self.statements.len();
        self.statements.push(Totals { moved: Decimal::new(0, 0).ok(), ..Totals::default() });
        let Some(totals) = self.known.and_then(|known| known.get(self.at)) else { return };
        self.balance = totals.opening.filter(|_| totals.adds_up());
        if !totals.faulty && totals.states_both() && !totals.adds_up() {
            sink.note(Note::Unbalanced { place });
        }
    }

    /// The statement states an end of it.
    pub(super) fn state(&mut self, opening: Option<Decimal>, closing: Option<Decimal>) {
        if let Some(totals) = self.statements.last_mut() {
            totals.opening = totals.opening.or(opening);
            totals.closing = closing.or(totals.closing);
        }
    }

    /// A transaction with the balance after it, where that is known.
    pub(super) fn follow(&mut self, found: Result<Transaction, RowProblem>) -> Result<Transaction, RowProblem> {
        let Some(totals) = self.statements.last_mut() else { return found };
        let Ok(transaction) = found else {
            totals.faulty = true;
            return found;
        };
        totals.moved = totals.moved.and_then(|moved| sum(&moved, &transaction.amount));
        self.balance = self.balance.and_then(|balance| sum(&balance, &transaction.amount));
        Ok(Transaction { balance: transaction.balance.or(self.balance), ..transaction })
    }
}

impl Totals {
    fn states_both(&self) -> bool {
        self.opening.is_some() && self.closing.is_some()
    }

    fn adds_up(&self) -> bool {
        let reached = self.opening.zip(self.moved).and_then(|(opening, moved)| sum(&opening, &moved));
        let closing = reached.zip(self.closing);
        !self.faulty && closing.is_some_and(|(reached, closing)| reached.normalized() == closing.normalized())
    }
}

/// The exact sum; `None` beyond what a number can hold.
pub(super) fn sum(one: &Decimal, other: &Decimal) -> Option<Decimal> {
    let scale = one.scale().max(other.scale());
    let at = |number: &Decimal| number.mantissa().checked_mul(10_i128.checked_pow(u32::from(scale - number.scale()))?);
    Decimal::new(at(one)?.checked_add(at(other)?)?, scale).ok()
}

/// Keeps nothing.
struct Nothing;

impl Sink for Nothing {
    fn take(&mut self, _: Place, _: Result<Transaction, RowProblem>) -> Result<(), ReadError> {
        Ok(())
    }
    fn note(&mut self, _: Note) {}
    fn pending(&mut self) {}
}
