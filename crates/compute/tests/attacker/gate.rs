//! What answers: the owner's side of a standing grant that nobody looks at, made of the same rules and ledger as a node's.

use compute::{
    Bounds, Table,
    disclosure::{self, Course, Facts, Ledger, Lineage, Measure, RowKey, Rules},
};
use protocol::{Computation, Kind, Outcome};
use std::collections::HashMap;

pub(crate) const BOUNDS: Bounds<'static> = Bounds { max_rows: 1_000, cancelled: &|| false };

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Answer(Outcome),
    /// “not released”, whatever the reason.
    NotReleased,
    /// It waits for the owner: by what the question is, or because the grant is paused. She never says yes.
    Waits,
}

/// A version of the dataset.
pub(crate) struct Version {
    pub(crate) table: Table,
    /// The place of each of its rows in the lineage.
    places: Vec<u32>,
}

pub(crate) struct Gate {
    rules: Rules,
    kinds: Vec<Kind>,
    /// Without it only the rules on one outcome hold.
    has_ledger: bool,
    lineage: Lineage,
    versions: Vec<Version>,
    told: HashMap<usize, Ledger>,
    everybody: Ledger,
    answered: HashMap<(usize, usize, Computation), Outcome>,
    paused: bool,
}

impl Gate {
    pub(crate) fn new(kinds: &[Kind], has_ledger: bool) -> Self {
        Self {
            rules: Rules::default(),
            kinds: kinds.to_vec(),
            has_ledger,
            lineage: Lineage::default(),
            versions: Vec::new(),
            told: HashMap::new(),
            everybody: Ledger::default(),
            answered: HashMap::new(),
            paused: false,
        }
    }

    pub(crate) fn with(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Stores a version, as a dataset that is removed and added again is.
    pub(crate) fn add(&mut self, table: Table) -> usize {
        let ids = disclosure::identities(&RowKey::new([7; 32]), &table, &BOUNDS).unwrap();
        let places = self.lineage.add(&ids);
        self.versions.push(Version { table, places });
        self.versions.len() - 1
    }

    pub(crate) fn version(&self, at: usize) -> &Version {
        &self.versions[at]
    }

    pub(crate) fn ask(&mut self, who: usize, version: usize, asked: &Computation) -> Reply {
        let Version { table, places } = &self.versions[version];
        let covered = asked.kinds().iter().all(|kind| self.kinds.contains(kind));
        if !covered || self.paused || (self.has_ledger && !asked.may_go_unseen(table.columns(), table.rows())) {
            return Reply::Waits;
        }
        if let Some(outcome) = self.answered.get(&(who, version, asked.clone())) {
            return Reply::Answer(outcome.clone());
        }
        let Ok(ran) = compute::run_by(&self.rules, asked, table, &BOUNDS) else { return Reply::NotReleased };
        let facts = Facts { rows: table.rows(), values: Some(ran.values), dominated: ran.dominated };
        let refused = disclosure::check(asked, &facts, &self.rules, false).refused;
        if !self.has_ledger {
            return refused.map_or(Reply::Answer(ran.outcome), |_| Reply::NotReleased);
        }
        let told = compute::told(&self.rules, asked, table, &BOUNDS).unwrap().renumbered(places);
        let measure = Measure { smallest_group: self.rules.smallest_group, rows: table.rows(), unseen: true };
        let theirs = self.told.entry(who).or_default();
        match disclosure::course(theirs, &self.everybody, refused, (ran.outcome, &told), &measure) {
            Course::Leaves { outcome, told } => {
                theirs.learn(&told);
                self.everybody.learn(&told);
                self.answered.insert((who, version, asked.clone()), outcome.clone());
                Reply::Answer(outcome)
            }
            Course::Stays(_) => Reply::NotReleased,
            Course::Waits(_) => {
                self.paused = true;
                Reply::Waits
            }
        }
    }
}
