//! What follows from the posts that are here, each verified once, as soon as all it rests on is there.

use super::{
    End, Session, Step, Trouble,
    outcome::{Came, SignedOutcome, Statement, Unbelieved},
};
use crate::{
    evaluation::{Evaluation, Inputs},
    scheme::{Blinding, Ciphertext, Draws, JointKey, OneHot, Opened, Refused, Reveal, Share, open},
};
use sha2::{Digest, Sha256};

/// What was verified so far.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) key: Option<JointKey>,
    pub(super) inputs: Option<Inputs>,
    /// As the last verified turn of blinding left them; before the evaluation there are none.
    pub(super) values: Vec<Ciphertext>,
    /// How many holders have blinded them.
    blinded: usize,
    /// The digest of all inputs and the evaluation.
    pub(super) made: [u8; 32],
    pub(super) class: Option<u8>,
}

impl Session {
    /// Whether all is there that such a post of this party rests on.
    pub(super) fn ready(&self, step: Step) -> bool {
        let progress = &self.progress;
        let (holder, opener) = (self.me != self.lender(), self.me == usize::from(self.terms.opener));
        let blinded = progress.blinded == self.lender();
        match step {
            Step::Evaluation => !holder && progress.inputs.is_some(),
            _ if !holder => false,
            Step::Commit => true,
            Step::Reveal => self.all_said(Step::Commit),
            Step::Inputs => progress.key.is_some() && self.terms.of(self.me).next().is_some(),
            Step::Blinding => !progress.values.is_empty() && progress.blinded == self.me,
            Step::Share => blinded,
            Step::Release => opener && self.releasing && progress.class.is_some(),
            // the opener signs what it releases, the others what was released to them
            Step::Signature => progress.class.is_some() && (!opener || self.said(Step::Release, self.me)),
        }
    }

    /// Whether that party has such a step, and says no more in it than it can need.
    pub(super) fn may_say(&self, step: Step, author: usize, length: usize) -> bool {
        let (values, holders) = (self.terms.announced(), self.lender());
        let holder = author < holders;
        let share = values * 32 + 64;
        let (may, most) = match step {
            Step::Commit => (holder, 32),
            Step::Reveal => (holder, 96),
            Step::Inputs => (holder && self.terms.of(author).next().is_some(), self.input_bytes(author)),
            Step::Evaluation => (author == holders, values * 64),
            Step::Blinding => (holder, values * 160),
            Step::Share => (holder && self.me == usize::from(self.terms.opener), share),
            Step::Release => (author == usize::from(self.terms.opener) && self.me != holders, share * holders),
            Step::Signature => (holder, 512),
        };
        may && length <= most
    }

    fn input_bytes(&self, holder: usize) -> usize {
        self.terms.of(holder).map(|asked| OneHot::length(asked.encrypted().count())).sum()
    }

    fn all_said(&self, step: Step) -> bool {
        (0..self.lender()).all(|holder| self.said(step, holder))
    }

    /// Verifies all that can be by now.
    pub(super) fn advance(&mut self, weights: &[u8; 32]) -> Result<(), Trouble> {
        let draws = |label: &str| Draws::new(label, &self.id, weights);
        let (mut inputs, mut blinding) = (draws("weigh inputs"), draws("weigh blinding"));
        self.combine()?;
        self.verify_inputs(&mut inputs)?;
        self.read_evaluation()?;
        self.verify_blinding(&mut blinding)?;
        self.open_values()?;
        self.verify_signatures()
    }

    fn combine(&mut self) -> Result<(), Trouble> {
        if self.progress.key.is_some() || !self.all_said(Step::Commit) || !self.all_said(Step::Reveal) {
            return Ok(());
        }
        let commitments: Result<Vec<[u8; 32]>, _> =
            self.of_all(Step::Commit).map(|bytes| bytes.try_into().map_err(|_| Refused::Malformed)).collect();
        let reveals: Result<Vec<Reveal>, _> = self.of_all(Step::Reveal).map(Reveal::from_bytes).collect();
        self.progress.key = Some(JointKey::combine(self.id, &commitments?, &reveals?)?);
        Ok(())
    }

    fn of_all(&self, step: Step) -> impl Iterator<Item = &[u8]> {
        (0..self.lender()).filter_map(move |holder| self.posts.get(&(step, holder)).map(Vec::as_slice))
    }

    fn verify_inputs(&mut self, weights: &mut Draws) -> Result<(), Trouble> {
        let Some(key) = self.progress.key.as_ref().filter(|_| self.progress.inputs.is_none()) else { return Ok(()) };
        let mut found = Vec::new();
        let mut hash = Sha256::new_with_prefix(b"halfdoor/joint/made/1");
        for holder in 0..self.lender() {
            if self.terms.of(holder).next().is_none() {
                continue;
            }
            let Some(mut rest) = self.posts.get(&(Step::Inputs, holder)).map(Vec::as_slice) else { return Ok(()) };
            hash.update(rest);
            for asked in self.terms.of(holder) {
                let count = asked.encrypted().count();
                let (one, behind) = rest.split_at_checked(OneHot::length(count)).ok_or(Refused::Malformed)?;
                found.push((holder, asked, OneHot::from_bytes(one, count)?));
                rest = behind;
            }
            if !rest.is_empty() {
                return Err(Refused::Malformed.into());
            }
        }
        let named: Vec<_> = found.iter().map(|(holder, asked, one)| (*holder, asked.feature.into(), one)).collect();
        OneHot::verify_all(key, &named, weights)?;
        let merged = found.iter().map(|(_, asked, one)| (asked.feature.into(), asked.encrypted(), one));
        let inputs = Inputs::merged(merged);
        self.progress.made = hash.finalize().into();
        self.progress.inputs = Some(inputs);
        Ok(())
    }

    fn read_evaluation(&mut self) -> Result<(), Trouble> {
        if self.progress.inputs.is_none() || !self.progress.values.is_empty() {
            return Ok(());
        }
        let Some(bytes) = self.posts.get(&(Step::Evaluation, self.lender())) else { return Ok(()) };
        let values = Evaluation::from_bytes(bytes, self.terms.announced())?.values().to_vec();
        self.progress.made = Sha256::new_with_prefix(self.progress.made).chain_update(bytes).finalize().into();
        self.progress.values = values;
        Ok(())
    }

    /// Turn by turn: what this holder gives its shares of, it saw every holder blind, itself among them.
    fn verify_blinding(&mut self, weights: &mut Draws) -> Result<(), Trouble> {
        let Some(key) = &self.progress.key else { return Ok(()) };
        while !self.progress.values.is_empty() && self.progress.blinded < self.terms.holders.len() {
            let turn = self.progress.blinded;
            let Some(bytes) = self.posts.get(&(Step::Blinding, turn)) else { return Ok(()) };
            let blinding = Blinding::from_bytes(bytes, self.terms.announced())?;
            blinding.verify(key, turn, &self.progress.values, weights)?;
            self.progress.values = blinding.values();
            self.progress.blinded += 1;
        }
        Ok(())
    }

    /// The opener opens with the shares that came to it; the others with what it released.
    fn open_values(&mut self) -> Result<(), Trouble> {
        if self.progress.class.is_some() || self.progress.blinded != self.lender() || self.me == self.lender() {
            return Ok(());
        }
        let opener = usize::from(self.terms.opener);
        let released = self.posts.get(&(Step::Release, opener)).map(Vec::as_slice);
        let length = self.terms.announced() * 32 + 64;
        let shares: Vec<&[u8]> = match released {
            // shares come to the opener alone; what it released it had opened
            _ if self.me == opener => self.of_all(Step::Share).collect(),
            Some(released) if released.len() == length * self.lender() => released.chunks(length).collect(),
            Some(_) => return Err(Refused::Malformed.into()),
            None => return Ok(()),
        };
        if shares.len() != self.lender() {
            return Ok(());
        }
        let shares = shares.into_iter().map(|bytes| Share::from_bytes(bytes, self.terms.announced()));
        let shares = shares.collect::<Result<Vec<_>, _>>()?;
        let key = self.progress.key.as_ref().ok_or(Refused::Holders)?;
        let zero = open(key, &self.progress.values, &shares)?.iter().any(Opened::is_zero);
        self.progress.class = Some(if zero { self.terms.class } else { 1 - self.terms.class });
        Ok(())
    }

    /// Once every holder has signed one and the same outcome, of what was sent here, it is one.
    fn verify_signatures(&mut self) -> Result<(), Trouble> {
        if self.end.is_some() || self.progress.values.is_empty() || !self.all_said(Step::Signature) {
            return Ok(());
        }
        let mut statement: Option<Statement> = None;
        let mut signatures = Vec::new();
        for bytes in self.of_all(Step::Signature) {
            let (signature, said) = bytes.split_at_checked(64).ok_or(Refused::Malformed)?;
            let said: Statement = protocol::cbor::from_stranger(said, 64)?;
            if said.made.0 != self.progress.made || statement.as_ref().is_some_and(|first| *first != said) {
                return Err(Unbelieved::Other.into());
            }
            statement = Some(said);
            signatures.push(signature.to_vec().into());
        }
        let statement = statement.ok_or(Refused::Holders)?;
        let outcome = SignedOutcome { terms: self.terms.clone(), statement, signatures };
        let came = outcome.verify()?;
        // a holder believes its own opening only
        if self.me != self.lender() && self.progress.class.map(Came::Class) != Some(came) {
            return Err(Unbelieved::Other.into());
        }
        self.ended(End::Signed(Box::new(outcome)));
        Ok(())
    }
}
