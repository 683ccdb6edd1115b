//! Which deaths are to be died, and on which side each point lies.

use failpoint::Point;
use scenarios::{
    Chance,
    trial::{Death, Side},
};
use std::collections::VecDeque;

/// Deaths in a run of this file unless `HALFDOOR_KILLS` says otherwise.
const KILLS: u64 = 200;
/// Times that each point kills on each side where it lies, in a run of that many.
pub(crate) const EACH: u64 = 2;
/// Of the deaths at random moments, one in so many is the relay's.
const RELAYS: u64 = 8;

/// The sides on which a point is passed during a walk, and within how many passings it is worth dying there.
fn lies(point: Point) -> (&'static [Side], u64) {
    use Side::{Jack, Jill, Relay};
    match point {
        Point::BatchApplied | Point::FileSynced | Point::CountNoted => (&[Jack, Jill], 12),
        Point::GroupApplied | Point::GroupDurable | Point::EffectDone => (&[Jack, Jill], 12),
        Point::AnswersUntold => (&[Jack, Jill], 40),
        Point::ErrandReady | Point::AckUnsettled | Point::MessageKept => (&[Jack, Jill], 6),
        Point::AnswerUnsent => (&[Jack, Jill], 40),
        Point::FileUnplaced | Point::ChunksFinished => (&[Jack], 2),
        Point::RunCounted | Point::RunComputed | Point::RunRecorded => (&[Jack], 2),
        Point::DatasetDiscarded => (&[Jack], 1),
        Point::DeletionCommitted | Point::GenerationCopied => (&[Jack, Jill], 1),
        Point::GenerationSwitched | Point::GenerationLocked | Point::DeletionReal => (&[Jack, Jill], 1),
        Point::RelayRegistered => (&[Relay], 3),
        Point::RelayReserved => (&[Relay], 2),
        Point::RelayCircuit => (&[Relay], 1),
        // no walk passes these: other scenarios are about them
        Point::PageCommitted | Point::BackupUnplaced | Point::HomeBuilt | Point::HomePlaced => (&[], 1),
        Point::LetterReady | Point::LettersTaken | Point::LettersTold => (&[], 1),
    }
}

/// The deaths that one arena sees: those of each side, in order.
#[derive(Debug)]
pub(crate) struct Deaths {
    sides: [VecDeque<Death>; 3],
}

impl Deaths {
    /// All that a run is to have, dealt out to so many arenas by chance.
    pub(crate) fn deal(arenas: usize, chance: &mut Chance) -> Vec<Self> {
        let wanted = wanted();
        let mut all = Vec::new();
        for point in Point::ALL {
            let (sides, most) = lies(*point);
            for side in sides {
                let times = EACH * wanted.div_ceil(KILLS);
                all.extend((0..times).map(|_| (*side, Death::At(*point, 1 + chance.of(0..most)))));
            }
        }
        let left = wanted.saturating_sub(all.len() as u64);
        all.extend((0..left).map(|number| {
            let side = match number {
                number if number.is_multiple_of(RELAYS) => Side::Relay,
                number if number.is_multiple_of(2) => Side::Jack,
                _ => Side::Jill,
            };
            (side, Death::Anywhere)
        }));
        shuffle(&mut all, chance);
        let mut dealt: Vec<_> = (0..arenas).map(|_| Self { sides: Default::default() }).collect();
        for (number, (side, death)) in all.into_iter().enumerate() {
            dealt[number % arenas].sides[side as usize].push_back(death);
        }
        dealt
    }

    /// The next death of a side.
    pub(crate) fn next(&mut self, side: Side) -> Option<Death> {
        self.sides[side as usize].pop_front()
    }

    /// A death that did not come: it is tried again.
    pub(crate) fn again(&mut self, side: Side, death: Death) {
        self.sides[side as usize].push_back(death);
    }
}

/// Every point on every side where it lies.
pub(crate) fn every_point() -> impl Iterator<Item = (Side, &'static str)> {
    Point::ALL.iter().flat_map(|point| lies(*point).0.iter().map(|side| (*side, point.name())))
}

/// Deaths that this run is to have.
pub(crate) fn wanted() -> u64 {
    let said = std::env::var("HALFDOOR_KILLS").ok();
    said.map_or(KILLS, |text| text.parse().expect("HALFDOOR_KILLS is a number"))
}

fn shuffle<T>(all: &mut [T], chance: &mut Chance) {
    for at in 1..all.len() {
        let other = chance.of(0..at as u64 + 1) as usize;
        all.swap(at, other);
    }
}
