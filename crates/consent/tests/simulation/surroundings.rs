//! What happens around people: a network that loses, repeats and reorders, clocks that jump, crashes, and liars.

use crate::{
    dice::Dice,
    model::{Violation, truth},
    testing::{HOUR, euros, finished, words},
    watch::must,
    world::{ASKING, Flight, OWNER, STRANGER, World},
};
use consent::{
    outbox,
    owner::{self, Computed, Finished},
    time::{self, Progress},
};
use protocol::{
    Ack, Frame, MessageId, Outcome, Signed,
    message::{Answer, NotReleased, Receipt, Request, Run},
};

impl World {
    /// Two talk; each thing said may be lost, repeated or late, and so may its ack.
    pub(crate) fn talk(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let asking = ASKING[dice.roll(2) as usize];
        for (from, to) in [(asking, OWNER), (OWNER, asking)] {
            for _ in 0..=dice.roll(3) {
                let Some(flight) = self.send(dice, from, to)? else { break };
                if dice.mishap(5) {
                    continue;
                }
                if dice.mishap(10) {
                    self.flying.push(flight);
                    continue;
                }
                if dice.mishap(5) {
                    self.land(dice, &flight)?;
                }
                self.land(dice, &flight)?;
            }
        }
        Ok(())
    }

    /// Something arrives from its sender's place, and the ack travels back.
    fn land(&mut self, dice: &mut Dice, flight: &Flight) -> Result<(), Violation> {
        let peer = self.parties[flight.from].peer.clone();
        let Some(ack) = self.arrive(dice, flight, &peer)? else { return Ok(()) };
        if dice.mishap(10) {
            return Ok(());
        }
        if dice.mishap(10) {
            self.acks.push((flight.clone(), ack));
            return Ok(());
        }
        self.settle(flight, &ack)
    }

    fn settle(&mut self, flight: &Flight, ack: &Ack) -> Result<(), Violation> {
        if flight.key.is_empty() {
            return Ok(());
        }
        let to = self.parties[flight.to].id();
        let settled = self.act(flight.from, |draft, _| outbox::settle(draft, &to, &flight.key, ack))?;
        must(settled.is_ok(), || "an ack made its receiver fail".to_owned())
    }

    /// What was late arrives, in any order.
    pub(crate) fn late(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        if let Some(at) = dice.place(self.flying.len()) {
            let flight = self.flying.swap_remove(at);
            self.land(dice, &flight)?;
        }
        if let Some(at) = dice.place(self.acks.len()) {
            let (flight, ack) = self.acks.swap_remove(at);
            let ack = if dice.chance(10) { Ack::Accepted(MessageId([1; 32])) } else { ack };
            self.settle(&flight, &ack)?;
        }
        Ok(())
    }

    /// Somebody on the way sends again what they kept, from its sender's place or their own.
    pub(crate) fn replay(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let Some(flight) = dice.pick(&self.kept) else { return Ok(()) };
        let place = if dice.chance(80) { flight.from } else { STRANGER };
        let peer = self.parties[place].peer.clone();
        self.arrive(dice, &flight, &peer).map(|_| ())
    }

    /// A run of anything, by anybody.
    pub(crate) fn run_wildly(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let who = 1 + dice.roll(3) as usize;
        let any = MessageId([1; 32]);
        let grants: Vec<_> = self.model.grants.keys().copied().collect();
        let asked: Vec<_> = self.model.asked.keys().copied().collect();
        let grant = dice.pick(&grants).unwrap_or(any);
        // mostly what was decided about that grant, so that the number is what matters
        let fitting: Vec<_> = asked
            .iter()
            .filter(|id| self.model.asked[*id].state == crate::model::Kept::Approved(grant))
            .copied()
            .collect();
        let candidates = if dice.chance(75) { fitting } else { asked };
        let request = dice.pick(&candidates).unwrap_or(any);
        let number = 1 + dice.roll(3) as u32;
        let owner = self.parties[OWNER].id();
        let frame = self.parties[who].say(&owner, Run { grant, request, number });
        self.thrown(dice, who, frame)
    }

    /// A request that names any counter-offer or grant.
    pub(crate) fn ask_wildly(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let who = 1 + dice.roll(3) as usize;
        let clock = self.parties[who].clock;
        let offers: Vec<_> = self.model.offers.iter().map(|(id, offer)| (*id, offer.proposal.clone())).collect();
        let grants: Vec<_> = self.model.grants.keys().copied().collect();
        let mut terms = self.terms(dice, clock);
        let mut counter = None;
        if let Some((id, proposal)) = dice.pick(&offers).filter(|_| dice.chance(50)) {
            counter = Some(id);
            if dice.chance(70) {
                terms = proposal;
            }
        }
        let grant = if counter.is_none() { dice.pick(&grants) } else { None };
        let body = Request { terms, reason: words("wild").commitment(), counter, grant };
        let owner = self.parties[OWNER].id();
        let frame = self.parties[who].say(&owner, body);
        self.thrown(dice, who, Frame::new(&frame.message, vec![words("wild")]))
    }

    fn thrown(&mut self, dice: &mut Dice, from: usize, frame: Frame) -> Result<(), Violation> {
        let flight = Flight::new(from, OWNER, vec![], frame);
        self.kept.push(flight.clone());
        if dice.chance(20) {
            self.flying.push(flight);
            return Ok(());
        }
        self.land(dice, &flight)
    }

    /// The owner signs a receipt that is not the one she made.
    pub(crate) fn forge(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let made: Vec<_> = self.receipts.values().cloned().collect();
        let Some(bytes) = dice.pick(&made) else { return Ok(()) };
        let genuine = Signed::<Receipt>::open(&bytes).map_err(|error| error.to_string())?;
        let mut body = genuine.body().clone();
        let bound = self.model.grants.get(&body.grant).is_some_and(|grant| grant.standing.is_none());
        match dice.roll(6) {
            0 => body.number += 1,
            1 => body.version = crate::testing::version(9),
            2 => body.entry.index = 0,
            3 => body.grant = body.request,
            4 => body.computation = crate::testing::on(protocol::Kind::Std, "amount"),
            _ => match &mut body.answer {
                Answer::Released { outcome, .. } if bound => *outcome = euros("1000000"),
                _ => body.entry.started += 1,
            },
        }
        let (Some(to), audience) = (self.party(&genuine.payload().audience), genuine.payload().audience) else {
            return Ok(());
        };
        let frame = self.parties[OWNER].say(&audience, body);
        let peer = self.parties[OWNER].peer.clone();
        self.arrive(dice, &Flight::new(OWNER, to, vec![], frame), &peer).map(|_| ())
    }

    /// One of the runs begun is computed, over what is stored now.
    pub(crate) fn compute(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let Some(at) = dice.place(self.computing.len()) else { return Ok(()) };
        let (grant, number) = self.computing.swap_remove(at);
        let asked = self.model.grants.get(&grant).and_then(|grant| grant.runs.get(&number));
        let Some(asked) = asked.and_then(|request| self.model.asked.get(request)) else {
            return Err("a run is computed that was never begun".to_owned());
        };
        let wrong = dice.chance(10);
        let over = self.model.version.map(|version| {
            let outcome = truth(version, &asked.terms.computation);
            (version, if wrong { Outcome::Count(7) } else { outcome })
        });
        let mut done = match &over {
            Some((version, outcome)) => finished(outcome.clone(), crate::testing::version(*version)),
            None => Finished {
                computed: Computed::Nothing(NotReleased::DatasetChanged),
                engine: "test 1".to_owned(),
                hand_over: false,
            },
        };
        done.hand_over = dice.chance(30);
        let drafted = self.parties[OWNER].draft(|draft, context| owner::computed(draft, context, &grant, number, done));
        let ((), outline) = drafted.map_err(|error| format!("a run could not be finished: {error}"))?;
        if dice.chance(10) {
            return Ok(()); // a crash before the receipt was durable: the run is found again
        }
        let facts = self.keep(OWNER, outline)?;
        for (grant, number, answer) in facts.made {
            self.answered((grant, number), over.clone(), &answer)?;
        }
        Ok(())
    }

    /// The owner's node starts again: what was to be done is lost, and what was begun is found.
    pub(crate) fn restart(&mut self) {
        self.computing = self.parties[OWNER].read(owner::unfinished);
    }

    /// Time goes on for everybody; or somebody's clock jumps, mostly the owner's.
    pub(crate) fn clocks(&mut self, dice: &mut Dice) {
        let steps = [1, 30, 300, HOUR, 12 * HOUR];
        let who = (dice.roll(8) as usize).saturating_sub(4);
        match dice.roll(8) {
            0 => self.parties[who].clock += dice.roll(400),
            1 | 2 => self.parties[who].clock -= dice.roll(2 * HOUR),
            _ => {
                let step = steps[dice.roll(5).min(dice.roll(5)) as usize];
                self.parties.iter_mut().for_each(|party| party.clock += step);
            }
        }
    }

    pub(crate) fn time_passes(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let who = dice.roll(3) as usize;
        let mut progress = Progress::default();
        let passed = self.act(who, |draft, context| time::passed(draft, context, &mut progress))?;
        must(passed.is_ok(), || "time could not pass".to_owned())?;
        if who == OWNER {
            self.model.lapse(self.now());
        }
        Ok(())
    }

    /// One thing happens.
    pub(crate) fn step(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let (done, result) = match dice.roll(100) {
            0..=13 => ("ask", self.ask(dice)),
            14..=42 => ("talk", self.talk(dice)),
            43..=53 => ("decide", self.decide(dice)),
            54..=62 => ("run", self.run(dice)),
            63..=71 => ("compute", self.compute(dice)),
            72..=74 => ("late", self.late(dice)),
            75..=77 => ("replay", self.replay(dice)),
            78..=80 => ("run wildly", self.run_wildly(dice)),
            81..=82 => ("ask wildly", self.ask_wildly(dice)),
            83..=85 => ("accept", self.accept(dice)),
            86..=87 => ("revoke", self.revoke(dice)),
            88 => ("forge", self.forge(dice)),
            89 => ("change dataset", self.change_dataset(dice)),
            90 => ("choose who", self.choose_who(dice)),
            91 => ("time passes", self.time_passes(dice)),
            92 => {
                self.restart();
                ("restart", Ok(()))
            }
            _ => {
                self.clocks(dice);
                ("clocks", Ok(()))
            }
        };
        self.done.push(done);
        result
    }
}
