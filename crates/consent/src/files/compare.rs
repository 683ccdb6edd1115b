//! Several files that speak of the same party's log: whether all of them can be true.

use super::{evidence::Evidence, read::LogFile};
use crate::{
    bundle::Verified,
    log::statement::{Contradiction, Statement, contradiction, two_roots},
};
use protocol::{PartyId, message::TreeHead};
use std::collections::BTreeSet;

/// What several verified files say about logs.
#[derive(Debug, Default)]
pub struct Files {
    heads: Vec<Said>,
    statements: Vec<(usize, Statement)>,
}

#[derive(Debug)]
struct Said {
    file: usize,
    party: PartyId,
    head: TreeHead,
}

/// Two files that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Whose log.
    pub party: PartyId,
    /// Positions of the two files among those compared; the same where one contradicts itself.
    pub files: [usize; 2],
    /// How.
    pub contradiction: Contradiction,
}

impl Files {
    /// Adds a receipt file, at its position among the files.
    pub fn receipt(&mut self, file: usize, verified: &Verified) {
        let said = Statement::stated(&verified.receipt);
        let later = verified.later.as_ref().map(|later| later.head);
        self.say(file, said.party, [Some(said.head), later].into_iter().flatten());
        self.statements.push((file, said));
    }

    /// Adds a log file.
    pub fn log(&mut self, file: usize, log: &LogFile) {
        self.say(file, log.party, log.restored.iter().copied().chain([log.head]));
    }

    /// Adds an evidence file.
    pub fn evidence(&mut self, file: usize, evidence: &Evidence) {
        for said in &evidence.statements {
            self.say(file, said.party, [said.head].into_iter());
            self.statements.push((file, said.clone()));
        }
    }

    fn say(&mut self, file: usize, party: PartyId, heads: impl Iterator<Item = TreeHead>) {
        self.heads.extend(heads.map(|head| Said { file, party, head }));
    }

    /// The sizes at which a log of that party is to be compared with what the other files say.
    #[must_use]
    pub fn sizes(&self, party: &PartyId) -> BTreeSet<u64> {
        self.heads.iter().filter(|said| said.party == *party).map(|said| said.head.size).collect()
    }

    /// Whether what a log file has at those sizes is what the other files say.
    #[must_use]
    pub fn against(&self, file: usize, log: &LogFile) -> Option<Fork> {
        self.heads.iter().filter(|said| said.party == log.party && said.file != file).find_map(|said| {
            let contradiction = two_roots(log.heads.get(&said.head.size)?, &said.head)?;
            Some(Fork { party: log.party, files: [said.file, file], contradiction })
        })
    }

    /// Whether two of the signed heads and statements contradict each other.
    #[must_use]
    pub fn fork(&self) -> Option<Fork> {
        let heads = self.heads.iter().enumerate().find_map(|(at, one)| {
            self.heads.iter().skip(at + 1).filter(|other| other.party == one.party && other.file != one.file).find_map(
                |other| {
                    let contradiction = two_roots(&one.head, &other.head)?;
                    Some(Fork { party: one.party, files: [one.file, other.file], contradiction })
                },
            )
        });
        heads.or_else(|| {
            self.statements.iter().enumerate().find_map(|(at, (file, one))| {
                self.statements.iter().skip(at + 1).filter(|(other, _)| other != file).find_map(|(other, two)| {
                    let contradiction = contradiction(one, two)?;
                    Some(Fork { party: one.party, files: [*file, *other], contradiction })
                })
            })
        })
    }
}

#[cfg(test)]
mod tests;
