use super::{
    outcome::{SignedOutcome, Unbelieved},
    *,
};
use crate::{
    evaluation::{announced, cuts, seed_commitment},
    lender::{self, LenderModel},
    model::{
        Model,
        tests::{GERMAN, GERMAN_ROWS},
    },
    plan::{Plan, tests::Draws as Dice},
};
use protocol::PartyId;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

const SEED: [u8; 32] = [5; 32];
const LENDER: usize = 3;

fn key(party: usize) -> IdentityKey {
    IdentityKey::from_secret(&[party as u8 + 1; 32])
}

fn party(of: usize) -> PartyId {
    key(of).party()
}

/// A model, its terms for three holders, the bins of its rows and the class of each in the clear.
struct Case {
    plan: Plan,
    terms: Terms,
    rows: Vec<(BTreeMap<u16, u8>, u8)>,
}

impl Case {
    fn german() -> Self {
        let model = Model::from_json(GERMAN.as_bytes()).unwrap();
        let plan = Plan::of(&model).unwrap();
        let asked = |(feature, cuts): (usize, Option<BTreeSet<u8>>)| {
            let bins = model.features()[feature].quantiser.bins();
            let cuts: Vec<u8> = cuts.unwrap().into_iter().filter(|cut| (1..bins).contains(cut)).collect();
            let holder = model.features()[feature].holder as u8;
            (!cuts.is_empty()).then_some(terms::Asked { feature: feature as u16, holder, bins, cuts })
        };
        let terms = Terms {
            nonce: Digest([9; 32]),
            holders: (0..LENDER).map(party).collect(),
            lender: party(LENDER),
            opener: 0,
            features: cuts(&plan, None).into_iter().filter_map(asked).collect(),
            announced: announced(plan.paths().len()) as u16,
            class: plan.class(),
            model: Digest(model.commitment(&[1; 32]).unwrap()),
            seed: Digest(seed_commitment(&SEED)),
            attempt: 1,
        };
        let row = |row: lender::Row| {
            let class = model.class_of(&row.bins).unwrap();
            ((0..).zip(row.bins).collect(), class)
        };
        let whole = LenderModel::from_json(GERMAN.as_bytes()).unwrap();
        let rows = lender::rows(&whole.features(), GERMAN_ROWS, 40).unwrap().into_iter().map(row).collect();
        Self { plan, terms, rows }
    }

    fn sessions(&self) -> Vec<Session> {
        (0..=LENDER).map(|me| Session::new(self.terms.clone(), me).unwrap()).collect()
    }
}

/// Four parties and a network that does with posts what it likes.
struct World<'a> {
    case: &'a Case,
    bins: &'a BTreeMap<u16, u8>,
    parties: Vec<Session>,
    /// What each has durably.
    disks: Vec<Kept>,
    wire: Vec<(usize, Post)>,
    /// Every post that was ever sent, by step and author.
    sent: BTreeMap<(Step, u8), Post>,
    fresh: u64,
}

impl<'a> World<'a> {
    fn new(case: &'a Case, row: usize) -> Self {
        let (bins, parties, wire) = (&case.rows[row].0, case.sessions(), Vec::new());
        let disks = parties.iter().map(Session::kept).collect();
        Self { case, bins, parties, disks, wire, sent: BTreeMap::new(), fresh: 0 }
    }

    fn fresh(&mut self) -> [u8; 32] {
        self.fresh += 1;
        Sha256::digest(self.fresh.to_be_bytes()).into()
    }

    /// Makes all that is due of one party, keeps it, and then puts it on the wire.
    fn act(&mut self, me: usize) {
        loop {
            let (fresh, key) = (self.fresh(), key(me));
            let own = if me == LENDER { Own::Lender(&self.case.plan, &SEED) } else { Own::Holder(self.bins, &key) };
            if self.parties[me].make(&own, &fresh).unwrap().is_none() {
                break;
            }
        }
        self.keep(me);
        self.send(me);
    }

    fn keep(&mut self, me: usize) {
        self.disks[me] = self.parties[me].kept();
    }

    fn send(&mut self, me: usize) {
        for post in self.parties[me].own().collect::<Vec<_>>() {
            let first = self.sent.entry((post.step, post.author)).or_insert_with(|| post.clone());
            assert_eq!(*first, post, "what was sent once is sent again as it was");
            let to: Vec<usize> = match post.step.audience() {
                Audience::Everybody => (0..=LENDER).collect(),
                Audience::Opener => vec![0],
                Audience::Holders => (0..LENDER).collect(),
            };
            self.wire.extend(to.into_iter().filter(|to| *to != me).map(|to| (to, post.clone())));
        }
    }

    /// Everybody acts and gets everything, until nothing new comes of it.
    fn settle(&mut self) {
        for _ in 0..30 {
            (0..=LENDER).for_each(|me| self.act(me));
            for (to, post) in std::mem::take(&mut self.wire) {
                let fresh = self.fresh();
                let _ = self.parties[to].take(post, &fresh);
                self.keep(to);
            }
        }
    }

    fn crash(&mut self, me: usize) {
        let fresh = self.fresh();
        self.parties[me] = Session::resume(self.case.terms.clone(), me, self.disks[me].clone(), &fresh).unwrap();
    }
}

/// What a party has in the end, where it has an outcome.
fn outcome(session: &Session) -> Option<&SignedOutcome> {
    match session.end() {
        Some(End::Signed(outcome)) => Some(outcome),
        _ => None,
    }
}

#[test]
fn posts_lost_repeated_and_out_of_order_and_parties_that_crash_change_no_outcome() {
    let case = Case::german();
    let denied = case.rows.iter().position(|(_, class)| *class == 0).unwrap();
    let approved = case.rows.iter().position(|(_, class)| *class == 1).unwrap();
    for (seed, row) in [(1, denied), (2, approved), (3, denied), (4, approved)] {
        println!("seed {seed}, row {row}");
        let (mut dice, mut world) = (Dice(seed * 7919), World::new(&case, row));
        for round in 0.. {
            assert!(round < 4000, "seed {seed} does not end");
            let me = dice.below(4) as usize;
            match dice.below(8) {
                0 => world.crash(me),
                1 => world.send(me),
                2..=3 => world.act(me),
                _ => {}
            }
            if world.parties[0].opened().is_some() && world.parties[0].end().is_none() {
                world.parties[0].release().unwrap();
            }
            for _ in 0..world.wire.len().min(4) {
                let at = dice.below(world.wire.len() as u64) as usize;
                let (to, post) = if dice.below(4) == 0 { world.wire[at].clone() } else { world.wire.swap_remove(at) };
                if dice.below(4) > 0 {
                    let fresh = world.fresh();
                    let taken = world.parties[to].take(post, &fresh);
                    assert!(matches!(taken, Ok(()) | Err(Trouble::Ended)), "{taken:?}");
                    // acked, so durable first
                    world.keep(to);
                }
            }
            if world.parties.iter().all(|one| one.end().is_some()) {
                break;
            }
        }
        let expected = case.rows[row].1;
        for session in &world.parties {
            assert_eq!(outcome(session).unwrap().verify(), Ok(Came::Class(expected)));
            assert!(session.secret().is_none());
        }
    }
}

#[test]
fn a_holder_that_vanishes_at_any_step_leaves_the_others_without_any_outcome() {
    let case = Case::german();
    for last in [Step::Commit, Step::Reveal, Step::Inputs, Step::Blinding, Step::Share] {
        let mut world = World::new(&case, 0);
        // holder 1 says everything before this step, and then nothing more
        for _ in 0..12 {
            for me in 0..=LENDER {
                if me != 1 || world.parties[1].due().is_some_and(|due| due < last) {
                    let (fresh, key) = (world.fresh(), key(me));
                    let own = if me == LENDER { Own::Lender(&case.plan, &SEED) } else { Own::Holder(world.bins, &key) };
                    world.parties[me].make(&own, &fresh).unwrap();
                    world.send(me);
                }
            }
            for (to, post) in std::mem::take(&mut world.wire) {
                let fresh = world.fresh();
                world.parties[to].take(post, &fresh).unwrap();
            }
        }
        for session in &mut world.parties {
            assert_eq!((session.opened(), session.end()), (None, None), "before {last:?}");
            session.abort("bank did not answer in time");
            assert!(session.secret().is_none() && session.due().is_none());
        }
    }
}

#[test]
fn what_is_not_released_in_time_is_withheld_and_signed_by_nobody_afterwards() {
    let case = Case::german();
    let mut world = World::new(&case, 0);
    world.settle();
    assert_eq!(world.parties[0].opened(), Some(case.rows[0].1));
    assert!(world.parties[1..].iter().all(|one| one.opened().is_none()));
    for me in 1..LENDER {
        let said = world.parties[me].time_over(&key(me)).unwrap().unwrap();
        assert_eq!((said.step, world.parties[me].end()), (Step::Signature, Some(&End::Withheld)));
        let fresh = world.fresh();
        world.parties[LENDER].take(said, &fresh).unwrap();
    }
    // nor after a crash
    (1..LENDER).for_each(|me| world.keep(me));
    (1..LENDER).for_each(|me| world.crash(me));
    world.parties[0].release().unwrap();
    world.settle();
    assert!(world.parties.iter().all(|one| outcome(one).is_none()));
}

#[test]
fn an_applicant_that_withholds_is_recorded_by_every_holders_signature() {
    let case = Case::german();
    let mut world = World::new(&case, 0);
    world.settle();
    for me in 0..LENDER {
        let said = world.parties[me].time_over(&key(me)).unwrap().unwrap();
        let fresh = world.fresh();
        world.parties[LENDER].take(said, &fresh).unwrap();
    }
    assert_eq!(outcome(&world.parties[LENDER]).unwrap().verify(), Ok(Came::Withheld));
}

#[test]
fn an_outcome_signed_by_fewer_than_all_holders_or_of_other_terms_is_not_believed() {
    let case = Case::german();
    let mut world = World::new(&case, 0);
    world.settle();
    world.parties[0].release().unwrap();
    world.settle();
    let good = outcome(&world.parties[LENDER]).unwrap().clone();
    let bytes = protocol::cbor::to_vec(&good).unwrap();
    let read: SignedOutcome = protocol::cbor::from_stranger(&bytes, 64).unwrap();
    assert_eq!(read.verify(), Ok(Came::Class(case.rows[0].1)));
    let broken = |change: fn(&mut SignedOutcome)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed.verify().unwrap_err()
    };
    assert_eq!(broken(|one| drop(one.signatures.pop())), Unbelieved::Missing { found: 2, needed: 3 });
    assert_eq!(broken(|one| one.signatures.swap(0, 1)), Unbelieved::Signature(0));
    assert_eq!(broken(|one| one.signatures[2] = one.signatures[1].clone()), Unbelieved::Signature(2));
    assert_eq!(broken(|one| one.statement.attempt = 2), Unbelieved::Other);
    assert_eq!(broken(|one| one.terms.holders.swap(0, 1)), Unbelieved::Other);
    assert_eq!(broken(|one| one.terms.holders.truncate(2)), Unbelieved::Other);
    assert_eq!(broken(|one| one.statement.made = Digest([0; 32])), Unbelieved::Signature(0));
    assert_eq!(broken(|one| one.statement.came = Came::Class(2)), Unbelieved::Class(2));
}

#[test]
fn a_post_that_is_damaged_or_contradicts_an_earlier_one_ends_the_score_before_anything_opens() {
    let case = Case::german();
    for step in [Step::Commit, Step::Reveal, Step::Inputs, Step::Evaluation, Step::Blinding, Step::Share] {
        let mut world = World::new(&case, 0);
        world.settle();
        let author = if step == Step::Evaluation { LENDER as u8 } else { 1 };
        let mut damaged = world.sent[&(step, author)].clone();
        let middle = damaged.payload.len() / 2;
        damaged.payload[middle] ^= 1;
        let again = world.parties[0].take(damaged.clone(), &[1; 32]);
        assert!(matches!(again, Err(Trouble::Twice(who)) if who == author), "{step:?}: {again:?}");
        assert!(matches!(world.parties[0].end(), Some(End::Aborted(_))));
        let mut kept = world.disks[0].clone();
        kept.posts.retain(|post| (post.step, post.author) != (step, author));
        kept.posts.push(damaged);
        let resumed = Session::resume(case.terms.clone(), 0, kept, &[2; 32]);
        assert!(resumed.is_err(), "{step:?} is damaged and nobody saw");
    }
}

#[test]
fn nobody_may_say_what_is_not_its_to_say() {
    let case = Case::german();
    let mut sessions = case.sessions();
    let said = |step, author, length: usize| Post { step, author, payload: vec![0; length].into() };
    for (to, post) in [
        (0, said(Step::Commit, 0, 32)),
        (0, said(Step::Commit, 3, 32)),
        (0, said(Step::Commit, 1, 33)),
        (0, said(Step::Evaluation, 1, 64)),
        (0, said(Step::Release, 1, 64)),
        (1, said(Step::Share, 2, 64)),
        (LENDER, said(Step::Share, 1, 64)),
        (LENDER, said(Step::Release, 0, 64)),
        (1, said(Step::Commit, 200, 32)),
    ] {
        let mut session = sessions.remove(to);
        assert!(matches!(session.take(post, &[1; 32]), Err(Trouble::Foreign(_))));
        sessions.insert(to, Session::new(case.terms.clone(), to).unwrap());
    }
}

#[test]
fn a_share_that_was_committed_to_is_never_drawn_anew() {
    let case = Case::german();
    let mut world = World::new(&case, 0);
    world.act(1);
    let kept = Kept { secret: None, ..world.disks[1].clone() };
    assert!(matches!(Session::resume(case.terms.clone(), 1, kept, &[1; 32]), Err(Trouble::Secret)));
}

#[test]
fn terms_beyond_a_limit_are_not_agreed_to() {
    let good = Case::german().terms;
    let changes: [fn(&mut Terms); 14] = [
        |terms| terms.holders.truncate(1),
        |terms| terms.holders.extend((4..8).map(party)),
        |terms| terms.holders[1] = terms.holders[0],
        |terms| terms.lender = terms.holders[2],
        |terms| terms.opener = 3,
        |terms| terms.features.clear(),
        |terms| terms.features.swap(0, 1),
        |terms| terms.features[0].holder = 3,
        |terms| terms.features[0].bins = 65,
        |terms| terms.features[0].cuts = vec![0],
        |terms| terms.features[0].cuts = vec![],
        |terms| terms.announced = 0,
        |terms| terms.class = 2,
        |terms| terms.attempt = 0,
    ];
    assert!(good.check().is_ok());
    for (at, change) in changes.into_iter().enumerate() {
        let mut terms = good.clone();
        change(&mut terms);
        assert!(Session::new(terms, 0).is_err(), "change {at}");
    }
}
