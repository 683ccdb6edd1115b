//! What people do: ask, look, decide, take back, change their data.

use crate::{
    dice::Dice,
    model::{Granted, Kept, Offered, Violation, truth},
    testing::{BILLS, HOUR, bills, on, value, version},
    watch::must,
    world::{ASKING, OWNER, World},
};
use consent::{
    datasets,
    owner::{self, Approve, CounterOffer, Deny, StandingChoice},
    record::Visibility,
    requester,
};
use protocol::{
    Kind, MessageId, UnixSeconds,
    message::{Purpose, Review, Terms},
};
use std::collections::BTreeMap;

const KINDS: [Kind; 3] = [Kind::Mean, Kind::Max, Kind::Sum];

impl World {
    /// Terms as somebody may ask for them: mostly good ones.
    pub(crate) fn terms(&self, dice: &mut Dice, now: UnixSeconds) -> Terms {
        let current = self.model.version.unwrap_or(1);
        let stale = 1 + dice.roll(3) as u8;
        Terms {
            dataset: BILLS,
            version: version(if dice.chance(92) { current } else { stale }),
            computation: on(KINDS[dice.roll(3) as usize], "amount"),
            purpose: if dice.chance(90) { Purpose::CreditApplication } else { Purpose::Rental },
            uses: 1,
            until: now + [120, HOUR, 48 * HOUR][dice.roll(3) as usize],
        }
    }

    pub(crate) fn ask(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let who = ASKING[dice.roll(2) as usize];
        let (me, clock) = (self.parties[who].id(), self.parties[who].clock);
        let mut terms = self.terms(dice, clock);
        let standing = self.model.grants.iter().filter(|(_, grant)| grant.to == me && grant.standing.is_some());
        let standing: Vec<_> = standing.map(|(id, grant)| (*id, grant.standing)).collect();
        let under = dice.pick(&standing).filter(|_| dice.chance(70));
        if let Some((_, Some((kind, purpose, _)))) = under {
            (terms.computation, terms.purpose) = (on(kind, "amount"), purpose);
        }
        let expires = clock + [300, 24 * HOUR][dice.roll(2) as usize];
        self.ask_for(who, terms, under.map(|(id, _)| id), expires)
    }

    pub(crate) fn ask_for(
        &mut self,
        who: usize,
        terms: Terms,
        grant: Option<MessageId>,
        expires: UnixSeconds,
    ) -> Result<(), Violation> {
        let of = self.parties[OWNER].id();
        let asked =
            self.act(who, |draft, context| requester::request(draft, context, &of, terms, "why", grant, expires))?;
        self.mine.extend(asked.ok().map(|(id, _)| (who, id)));
        Ok(())
    }

    pub(crate) fn accept(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let Some((who, id)) = dice.pick(&self.mine) else { return Ok(()) };
        let new = self.act(who, |draft, context| requester::accept(draft, context, &id))?;
        self.mine.extend(new.ok().map(|(id, _)| (who, id)));
        Ok(())
    }

    pub(crate) fn run(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let granted = |id: &MessageId| {
            self.model.asked.get(id).is_some_and(|asked| matches!(asked.state, Kept::Approved(_)) && !asked.ran)
        };
        // mostly one that was approved and not run
        let ready: Vec<_> = self.mine.iter().filter(|(_, id)| granted(id)).copied().collect();
        let from = if dice.chance(85) { &ready } else { &self.mine };
        let Some((who, id)) = dice.pick(from) else { return Ok(()) };
        self.act(who, |draft, context| requester::run(draft, context, &id))?.ok();
        Ok(())
    }

    /// The owner opens a prompt and decides, or does not.
    pub(crate) fn decide(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let Some(id) = dice.pick(&self.model.waiting()) else { return Ok(()) };
        let Some(code) = self.look(&id)? else { return Ok(()) };
        if dice.chance(8) {
            self.change_dataset(dice)?;
        }
        match dice.roll(10) {
            0 => Ok(()),
            1 => self.approve(&id, Approve { code: "000000000000".to_owned(), ..Approve::default() }, false),
            2 => self.deny(&id),
            3 => self.counter(dice, &id),
            _ => {
                let choice = self.choice(dice, &id, code);
                self.approve(&id, choice, true)
            }
        }
    }

    /// Shows a waiting request with what would leave; the code of what was shown.
    pub(crate) fn look(&mut self, id: &MessageId) -> Result<Option<String>, Violation> {
        let Some(over) = self.model.version else { return Ok(None) };
        let computation = self.model.asked[id].terms.computation.clone();
        let preview = value(computation.clone(), version(over), truth(over, &computation));
        let shown = self.act(OWNER, |draft, _| owner::keep_preview(draft, id, preview))?;
        let (code, _) = shown.map_err(|error| format!("a waiting request was not shown: {error}"))?;
        self.model.asked.entry(*id).and_modify(|asked| asked.shown = Some(over));
        Ok(Some(code))
    }

    fn choice(&self, dice: &mut Dice, id: &MessageId, code: String) -> Approve {
        let until = dice.chance(20).then(|| self.now() + dice.roll(HOUR));
        let review = if dice.chance(50) { Review::Each } else { Review::None };
        let standing = StandingChoice { uses: 1 + dice.roll(3) as u32, review, ..StandingChoice::default() };
        let standing = (self.model.asked[id].under.is_none() && dice.chance(35)).then_some(standing);
        Approve { code, until, standing, despite: None }
    }

    /// `named`: the code is the one that was shown.
    pub(crate) fn approve(&mut self, id: &MessageId, choice: Approve, named: bool) -> Result<(), Violation> {
        let (now, asked) = (self.now(), self.model.asked[id].clone());
        let until = choice.until.unwrap_or(asked.terms.until);
        let may = named && self.model.may_approve(id, until, now);
        let approved = self.act(OWNER, |draft, context| owner::approve(draft, context, id, &choice))?;
        must(approved.is_ok() == may, || format!("approving: {:?}, allowed {may}", approved.as_ref().err()))?;
        let Ok(((), facts)) = approved else { return Ok(()) };
        let grant = match (asked.under, &facts.granted[..]) {
            (Some(grant), []) => grant,
            (None, [(grant, record)]) => {
                let (kind, purpose) = (asked.terms.computation.kind(), asked.terms.purpose);
                let agreed = Granted {
                    to: asked.by,
                    first: *id,
                    uses: choice.standing.as_ref().map_or(1, |standing| standing.uses),
                    from: now,
                    until,
                    standing: choice.standing.map(|standing| (kind, purpose, standing.review == Review::Each)),
                    revoked: false,
                    runs: BTreeMap::new(),
                };
                self.granted(*grant, record, agreed)?;
                *grant
            }
            _ => return Err("a yes grants once".to_owned()),
        };
        self.state(id, Kept::Approved(grant));
        Ok(())
    }

    fn deny(&mut self, id: &MessageId) -> Result<(), Violation> {
        let may = self.model.asked[id].state == Kept::Waiting;
        let denied = self.act(OWNER, |draft, context| owner::deny(draft, context, id, &Deny::default()))?;
        must(denied.is_ok() == may, || format!("denying: allowed {may}"))?;
        if may {
            self.state(id, Kept::Closed);
        }
        Ok(())
    }

    pub(crate) fn counter(&mut self, dice: &mut Dice, id: &MessageId) -> Result<(), Violation> {
        let (Some(over), asked) = (self.model.version, self.model.asked[id].clone()) else { return Ok(()) };
        let now = self.now();
        let computation = on(Kind::Count, "amount");
        let preview = value(computation.clone(), version(over), truth(over, &computation));
        let proposal = Terms { computation, uses: 1, until: now + 24 * HOUR, ..asked.terms.clone() };
        let offer = proposal.clone();
        let expires = now + [60, 6 * HOUR][dice.roll(2) as usize];
        let may = self.model.asked[id].state == Kept::Waiting && version(over) == asked.terms.version;
        let offered = self.act(OWNER, |draft, context| {
            let code = owner::keep_counter_preview(draft, id, preview)?;
            owner::counter(draft, context, id, CounterOffer { code, proposal: offer, expires, because: None })
        })?;
        must(offered.is_ok() == may, || format!("offering: {:?}, allowed {may}", offered.as_ref().err()))?;
        let Ok(((), facts)) = offered else { return Ok(()) };
        let [(_, decision)] = facts.decided[..] else { return Err("an offer is one decision".to_owned()) };
        self.state(id, Kept::Countered);
        self.model.asked.entry(*id).and_modify(|asked| {
            // what was shown of the offer is what its acceptance grants
            asked.shown = None;
        });
        let offered = Offered { asked: *id, to: asked.by, proposal, expires, open: true };
        self.model.offers.insert(decision, offered);
        Ok(())
    }

    pub(crate) fn revoke(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        let all: Vec<MessageId> = self.model.grants.keys().chain(self.model.offers.keys()).copied().collect();
        let Some(id) = dice.pick(&all) else { return Ok(()) };
        let open = match (self.model.grants.get(&id), self.model.offers.get(&id)) {
            (Some(grant), _) => !grant.revoked,
            (_, Some(offer)) => offer.open,
            _ => false,
        };
        // the model knows first: nothing of this grant may be released in this very step
        let before = self.model.clone();
        self.model.revoke(&id);
        let revoked = self.act(OWNER, |draft, context| owner::revoke(draft, context, &id))?;
        must(revoked.is_ok() || !open, || "a live grant could not be revoked".to_owned())?;
        if revoked.is_err() {
            self.model = before;
        } else if let Some(offer) = self.model.offers.get_mut(&id) {
            offer.open = false;
            let asked = offer.asked;
            self.state(&asked, Kept::Closed);
        }
        Ok(())
    }

    /// Another version is stored, or the dataset removed.
    pub(crate) fn change_dataset(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        if self.model.version.is_some() && dice.chance(20) {
            self.act(OWNER, |draft, context| datasets::removed(draft, context, BILLS))?
                .map_err(|error| format!("a dataset could not be removed: {error}"))?;
            self.model.remove();
            return Ok(());
        }
        let new = 1 + dice.roll(3) as u8;
        let mut record = bills(version(new));
        record.visible = self.visibility();
        self.act(OWNER, |draft, context| datasets::stored(draft, context, BILLS, &record))?
            .map_err(|error| format!("a dataset could not be stored: {error}"))?;
        self.model.version = Some(new);
        Ok(())
    }

    /// The dataset is hidden or shown, or somebody blocked or not.
    pub(crate) fn choose_who(&mut self, dice: &mut Dice) -> Result<(), Violation> {
        if dice.chance(50) && self.model.version.is_some() {
            self.model.hidden = !self.model.hidden;
            let visible = self.visibility();
            self.act(OWNER, |draft, _| datasets::show_to(draft, BILLS, visible))?.ok();
            return Ok(());
        }
        let party = self.parties[ASKING[dice.roll(2) as usize]].id();
        let blocked = !self.model.blocked.remove(&party);
        if blocked {
            self.model.blocked.insert(party);
        }
        self.act(OWNER, |draft, _| consent::people::block(draft, &party, blocked))?.ok();
        Ok(())
    }

    fn visibility(&self) -> Visibility {
        if self.model.hidden { Visibility::Nobody } else { Visibility::Everyone }
    }

    fn state(&mut self, id: &MessageId, state: Kept) {
        if let Some(asked) = self.model.asked.get_mut(id) {
            asked.state = state;
        }
    }
}
