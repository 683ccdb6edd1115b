//! The ledger of releases at work: which rows a dataset shares with others, what was told of them to whom, and what one
//! more outcome would add.
//!
//! What was told is in the records; what follows from it is worked out once and kept in memory. Judging and keeping happen
//! in one job of the actor, so that no two runs can both pass where one of them may.

use crate::{actor::Actor, error::NodeError, home::ROWS};
use compute::disclosure::{Judgement, Ledger, Lineage, Measure, RowId, RowKey, Rules, Told};
use consent::{
    ConsentError, Draft,
    ledger::{self, Release},
    record::{DatasetRecord, ReleaseRecord},
};
use protocol::{Computation, DatasetId, Outcome, PartyId, VersionHash};
use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
};
use store::StoreError;

/// Rows of a lineage at most, over all its versions: who they are fits one batch of the store.
const LINEAGE_ROWS: usize = 400_000;
/// Releases that one commit can take from one lineage to another.
const MOVED: u64 = 4_000;
/// Datasets whose rows' places are kept in memory.
const PLACES: usize = 8;

/// What the actor keeps in memory of the ledger.
#[derive(Default)]
pub(crate) struct Ledgers {
    known: BTreeMap<DatasetId, Known>,
    places: VecDeque<(DatasetId, Placed)>,
}

/// What is known of one lineage.
#[derive(Default)]
struct Known {
    /// Releases that went into it.
    releases: u64,
    theirs: BTreeMap<PartyId, Ledger>,
    everybodys: Ledger,
}

/// Where the rows of a dataset stand in its lineage.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) lineage: DatasetId,
    pub(crate) places: Arc<Vec<u32>>,
}

/// What a computation over a dataset goes by.
#[derive(Clone)]
pub(crate) struct Over {
    pub(crate) rules: Rules,
    pub(crate) key: RowKey,
    /// Where the rows stand, if that is known already.
    pub(crate) placed: Option<Placed>,
}

/// What a computation finds out about the rows it is over.
pub(crate) enum Rows {
    /// There are more than the ledger follows.
    TooMany,
    /// What the outcome tells of them, by their positions; and who they are, or where they stand.
    Told(Told, Result<Placed, Vec<RowId>>),
}

/// What an outcome tells of the rows of a lineage.
pub(crate) enum Placing {
    /// The ledger does not follow this dataset.
    Unfollowed,
    /// It does not follow this dataset any more: with its other versions it has too many rows.
    Full,
    /// That.
    In(Placed, Told),
}

/// What an outcome is about: who would have it, over what.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) party: PartyId,
    pub(crate) dataset: DatasetId,
    pub(crate) version: VersionHash,
    pub(crate) computation: Computation,
}

/// What somebody has been told, and everybody together.
#[derive(Clone, Copy)]
pub(crate) struct Knowledge<'a> {
    pub(crate) theirs: &'a Ledger,
    pub(crate) everybodys: &'a Ledger,
}

impl Actor {
    /// What a computation over a dataset goes by.
    pub(crate) fn over(&self, dataset: DatasetId) -> Result<Over, NodeError> {
        let record: Option<DatasetRecord> = self.read(|draft| draft.get(&dataset.0))?;
        let secret = match self.store.keys().get(ROWS) {
            Err(StoreError::NoSuchKey { .. }) => self.store.keys().create_random(ROWS)?,
            found => found?,
        };
        let rules =
            record.and_then(|record| record.rules).map_or_else(Rules::default, |rules| crate::rules::own(&rules));
        let placed = self.ledgers.places.iter().find(|(known, _)| *known == dataset).map(|(_, placed)| placed.clone());
        Ok(Over { rules, key: RowKey::new(*secret), placed })
    }

    /// What an outcome tells of the rows of a lineage. None where another dataset has just turned out to share rows with
    /// this one, so that it has to be found out anew.
    pub(crate) fn placing(&mut self, dataset: DatasetId, rows: Rows) -> Result<Option<Placing>, NodeError> {
        let Rows::Told(told, who) = rows else { return Ok(Some(Placing::Unfollowed)) };
        let placed = match who {
            Ok(placed) => {
                let now = self.read(|draft| ledger::lineage_of(draft, &dataset))?;
                if now != Some(placed.lineage) {
                    return Ok(None);
                }
                placed
            }
            Err(ids) => match self.placed(dataset, &ids)? {
                Some(placed) => placed,
                None => return Ok(Some(Placing::Full)),
            },
        };
        self.recall(placed.lineage)?;
        let told = told.renumbered(&placed.places);
        Ok(Some(Placing::In(placed, told)))
    }

    /// Where the rows of a dataset stand in the lineage that it shares rows with, which grows by those it lacks. None where
    /// there would be more rows than it follows, or the dataset is gone.
    fn placed(&mut self, dataset: DatasetId, ids: &[RowId]) -> Result<Option<Placed>, NodeError> {
        if let Some((_, placed)) = self.ledgers.places.iter().find(|(known, _)| *known == dataset) {
            return Ok(Some(placed.clone()));
        }
        let (own, lineages) =
            self.read(|draft| Ok((ledger::lineage_of(draft, &dataset)?, ledger::lineages(draft)?)))?;
        if self.read(|draft| draft.get::<DatasetRecord>(&dataset.0))?.is_none() {
            return Ok(None);
        }
        let rows: HashSet<RowId> = ids.iter().copied().collect();
        let shared = lineages.into_iter().map(|(id, bytes)| (id, Lineage::from_bytes(&bytes)));
        let mut shared: Vec<_> =
            shared.filter(|(id, lineage)| own.map_or_else(|| lineage.shares(&rows), |own| own == *id)).collect();
        let (into, mut lineage) = if shared.is_empty() { (dataset, Lineage::default()) } else { shared.remove(0) };
        let moved = shared.iter().map(|(id, _)| self.read(|draft| ledger::releases(draft, id)));
        let moved: u64 = moved.sum::<Result<u64, _>>()?;
        let most = lineage.len() + ids.len() + shared.iter().map(|(_, other)| other.len()).sum::<usize>();
        if most > LINEAGE_ROWS || moved > MOVED {
            return Ok(None);
        }
        let before = lineage.len();
        let joined: Vec<_> = shared.iter().map(|(id, other)| (*id, lineage.add(other.rows()))).collect();
        let placed = Placed { lineage: into, places: Arc::new(lineage.add(ids)) };
        if own.is_none() || lineage.len() != before {
            self.act(|draft, _| join(draft, &dataset, into, &lineage, &joined))?;
            self.ledgers.known.retain(|known, _| !joined.iter().any(|(id, _)| id == known) && *known != into);
            self.ledgers.places.retain(|(_, placed)| !joined.iter().any(|(id, _)| *id == placed.lineage));
        }
        self.ledgers.places.push_back((dataset, placed.clone()));
        if self.ledgers.places.len() > PLACES {
            self.ledgers.places.pop_front();
        }
        Ok(Some(placed))
    }

    /// Brings what is known of a lineage up to what its records say.
    fn recall(&mut self, lineage: DatasetId) -> Result<(), NodeError> {
        let releases = self.read(|draft| ledger::releases(draft, &lineage))?;
        if self.ledgers.known.get(&lineage).is_some_and(|known| known.releases == releases) {
            return Ok(());
        }
        let mut known = Known { releases, ..Known::default() };
        self.read(|draft| {
            ledger::each(draft, &lineage, |Release { record, told }| {
                known.learn(record.party, &understood(&told)?);
                Ok(())
            })
        })?;
        self.ledgers.known.insert(lineage, known);
        Ok(())
    }

    /// What somebody has been told of a lineage, after [`Actor::placing`].
    pub(crate) fn knowledge(&self, lineage: DatasetId, party: &PartyId) -> Knowledge<'_> {
        static NOTHING: std::sync::LazyLock<Ledger> = std::sync::LazyLock::new(Ledger::default);
        let known = self.ledgers.known.get(&lineage);
        let theirs = known.and_then(|known| known.theirs.get(party));
        Knowledge { theirs: theirs.unwrap_or(&NOTHING), everybodys: known.map_or(&NOTHING, |known| &known.everybodys) }
    }

    /// Learns what was just kept.
    pub(crate) fn learn(&mut self, lineage: DatasetId, party: PartyId, told: &Told) {
        if let Some(known) = self.ledgers.known.get_mut(&lineage) {
            known.releases += 1;
            known.learn(party, told);
        }
    }
}

impl Known {
    fn learn(&mut self, party: PartyId, told: &Told) {
        self.theirs.entry(party).or_default().learn(told);
        self.everybodys.learn(told);
    }
}

impl Question {
    /// What they got when they asked exactly this before.
    pub(crate) fn again(&self, draft: &Draft<'_>, placed: &Placed) -> Result<Option<ReleaseRecord>, ConsentError> {
        ledger::again(draft, &placed.lineage, &self.party, &self.version, &self.computation)
    }

    /// The record of an answer.
    pub(crate) fn answered(
        &self,
        request: protocol::MessageId,
        outcome: Outcome,
        at: u64,
        despite: bool,
    ) -> ReleaseRecord {
        ReleaseRecord {
            party: self.party,
            request,
            dataset: self.dataset,
            version: self.version,
            computation: self.computation.clone(),
            outcome,
            at,
            pieces: 0,
            despite,
        }
    }
}

impl Knowledge<'_> {
    /// What an outcome that the owner is shown comes to: with what they have, and with what anybody has.
    pub(crate) fn shown(&self, told: &Told, measure: &Measure) -> (Judgement, Vec<u16>, Judgement) {
        let (judgement, kept) = self.theirs.judge_groups(told, measure);
        let together = self.everybodys.judge(&told.only(&kept), measure);
        (judgement, kept, together)
    }
}

/// Puts a dataset into a lineage, with every lineage that it turned out to share rows with.
fn join(
    draft: &mut Draft<'_>,
    dataset: &DatasetId,
    into: DatasetId,
    lineage: &Lineage,
    joined: &[(DatasetId, Vec<u32>)],
) -> Result<(), ConsentError> {
    let ids: Vec<_> = joined.iter().map(|(id, _)| *id).collect();
    let mut moved = Vec::new();
    for (id, places) in joined {
        for Release { record, told } in ledger::take(draft, id)? {
            let told = understood(&told)?.renumbered(places).to_vec().map_err(unkept)?;
            moved.push(Release { record, told });
        }
    }
    ledger::place(draft, dataset, &into, &lineage.to_bytes(), &ids)?;
    moved.into_iter().try_for_each(|release| ledger::keep(draft, &into, release))
}

fn understood(told: &[u8]) -> Result<Told, ConsentError> {
    Told::from_slice(told).map_err(unkept)
}

fn unkept(source: protocol::cbor::CborError) -> ConsentError {
    ConsentError::Record { table: "told", source }
}
