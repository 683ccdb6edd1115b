//! What becomes of an outcome once it is computed: whether it leaves, and what the ledger keeps of it.

use crate::{
    actor::Actor,
    error::NodeError,
    ledger::{Placed, Placing, Question},
    running::{Finding, notes},
};
use compute::disclosure::{Course, Ledger, Measure, Refusal, Told, course, only};
use consent::{
    ledger::{self, Release},
    owner::{self, Computed, Finished},
    record::{GrantRecord, Look, Preview, Previewed, RequestRecord, RunRecord, run_key},
};
use protocol::{
    DatasetId, MessageId, Outcome,
    message::{Grant, NotReleased, Note, Review},
};

/// What leaves, and what is kept of it.
struct Leaving {
    outcome: Outcome,
    notes: Vec<Note>,
    kept: Option<(DatasetId, Told)>,
}

/// What becomes of a run.
enum End {
    Leaves(Leaving),
    Stays(NotReleased),
    /// It waits for the owner.
    Waits(DatasetId),
    /// Who the rows are has to be found out anew.
    Again,
}

/// What the owner decided about a run's outcome before it was computed.
struct Allowed {
    /// She was shown it.
    seen: bool,
    /// She allowed it despite a rule.
    despite: bool,
    /// What she was shown, if that is still known.
    shown: Option<Outcome>,
    /// She has let it go although others were told too.
    given: bool,
}

impl Actor {
    /// Keeps what came of a run, and makes its receipt, in one step.
    pub(crate) fn finish_run(
        &mut self,
        grant: MessageId,
        number: u32,
        finding: Option<Finding>,
    ) -> Result<(), NodeError> {
        let (given, run, allowed) = self.read(|draft| {
            let given: GrantRecord = draft.need(&grant.0)?;
            let run: RunRecord = draft.need(&run_key(&grant, number))?;
            let request: RequestRecord = draft.need(&run.request.0)?;
            let (seen, despite) = ledger::looked_at(draft, &run.request)?;
            let shown = match request.preview.map(|preview| preview.shown) {
                Some(Previewed::Value { outcome, .. }) => Some(outcome),
                _ => None,
            };
            let allowed = Allowed {
                seen: seen || !unseen(&given.grant) || run.request == given.request,
                despite,
                shown,
                given: run.look == Some(Look::Given),
            };
            Ok((given, run, allowed))
        })?;
        let question = Question {
            party: given.other,
            dataset: run.dataset,
            version: run.version,
            computation: run.computation.clone(),
        };
        let version = finding.as_ref().map(|finding| finding.version);
        let end = match finding {
            None => End::Stays(NotReleased::DatasetChanged),
            Some(finding) if finding.version != run.version => End::Stays(NotReleased::DatasetChanged),
            Some(finding) => self.ended(&question, finding, &allowed)?,
        };
        match end {
            End::Again => self.compute_run(grant, number),
            End::Waits(lineage) => self.act(|draft, context| owner::hold(draft, context, &grant, number, &lineage)),
            End::Stays(reason) => self.finished(grant, number, Computed::Nothing(reason), None),
            End::Leaves(Leaving { outcome, notes, kept }) => {
                let version = version.unwrap_or(run.version);
                let computed = Computed::Outcome { outcome: outcome.clone(), version, notes };
                let release = match &kept {
                    None => None,
                    Some((lineage, told)) => {
                        let record = question.answered(run.request, outcome, crate::actor::now(), allowed.despite);
                        let told = told.to_vec().map_err(|error| NodeError::Internal(error.to_string()))?;
                        Some((*lineage, Release { record, told }))
                    }
                };
                self.finished(grant, number, computed, release)?;
                if let Some((lineage, told)) = kept {
                    self.learn(lineage, given.other, &told);
                }
                Ok(())
            }
        }
    }

    fn finished(
        &mut self,
        grant: MessageId,
        number: u32,
        computed: Computed,
        release: Option<(DatasetId, Release)>,
    ) -> Result<(), NodeError> {
        let given: GrantRecord = self.read(|draft| draft.need(&grant.0))?;
        let hand_over = self.paths.contains_key(&given.other);
        let finished = Finished { computed, engine: compute::ENGINE.to_owned(), hand_over };
        self.act(|draft, context| {
            if let Some((lineage, release)) = release {
                ledger::keep(draft, &lineage, release)?;
            }
            owner::computed(draft, context, &grant, number, finished)
        })
    }

    fn ended(&mut self, question: &Question, finding: Finding, allowed: &Allowed) -> Result<End, NodeError> {
        let Finding { outcome, verdict, rules, count, rows, .. } = finding;
        let Some(placing) = self.placing(question.dataset, rows)? else { return Ok(End::Again) };
        let refused = verdict.refused;
        let notes = notes(&verdict.notes);
        let measure = Measure { smallest_group: rules.smallest_group, rows: count, unseen: !allowed.seen };
        let (placed, told) = match (placing, outcome) {
            (_, Err(nothing)) => return Ok(End::Stays(nothing.told)),
            (Placing::In(placed, told), Ok(outcome)) => ((placed, outcome), told),
            (Placing::Full, Ok(_)) if !allowed.seen => return Ok(End::Stays(NotReleased::Unspecified)),
            (Placing::Full | Placing::Unfollowed, Ok(outcome)) => {
                return Ok(match refused.filter(|_| !allowed.seen) {
                    Some(refusal) => End::Stays(told_of(&refusal)),
                    None => End::Leaves(Leaving { outcome, notes, kept: None }),
                });
            }
        };
        let (placed, outcome) = placed;
        if let Some(before) = self.read(|draft| question.again(draft, &placed))? {
            return Ok(End::Leaves(Leaving { outcome: before.outcome, notes, kept: None }));
        }
        Ok(if allowed.seen {
            self.seen(question, &placed, (outcome, told), &measure, (allowed, notes))
        } else {
            self.unseen(question, &placed, (outcome, told), refused, &measure, (allowed, notes))
        })
    }

    /// Of an outcome that the owner was shown: what she allowed then, unless they were told more since.
    fn seen(
        &self,
        question: &Question,
        placed: &Placed,
        (outcome, told): (Outcome, Told),
        measure: &Measure,
        (allowed, notes): (&Allowed, Vec<Note>),
    ) -> End {
        let knowledge = self.knowledge(placed.lineage, &question.party);
        let kept = groups_in(&outcome, allowed.shown.as_ref());
        let (outcome, told) = (only(outcome, &kept), told.only(&kept));
        if knowledge.theirs.judge(&told, measure).refused.is_some() && !allowed.despite {
            return End::Stays(NotReleased::Unspecified);
        }
        End::Leaves(Leaving { outcome, notes, kept: Some((placed.lineage, told)) })
    }

    fn unseen(
        &self,
        question: &Question,
        placed: &Placed,
        (outcome, told): (Outcome, Told),
        refused: Option<Refusal>,
        measure: &Measure,
        (allowed, notes): (&Allowed, Vec<Note>),
    ) -> End {
        let knowledge = self.knowledge(placed.lineage, &question.party);
        let nothing = Ledger::default();
        let everybodys = if allowed.given { &nothing } else { knowledge.everybodys };
        match course(knowledge.theirs, everybodys, refused, (outcome, &told), measure) {
            Course::Leaves { outcome, told } => {
                End::Leaves(Leaving { outcome, notes, kept: Some((placed.lineage, told)) })
            }
            Course::Stays(refusal) => End::Stays(told_of(&refusal)),
            Course::Waits(_) => End::Waits(placed.lineage),
        }
    }

    /// What the owner is shown of an outcome.
    pub(crate) fn shown(
        &mut self,
        question: &Question,
        finding: Finding,
        salt: protocol::Salt,
    ) -> Result<Option<Preview>, NodeError> {
        let Finding { outcome, verdict, dates, version, rules, count, rows, reader } = finding;
        let Some(placing) = self.placing(question.dataset, rows)? else { return Ok(None) };
        let had = self.read(|draft| ledger::had(draft, &question.dataset, &question.party))?;
        let mut preview = Preview {
            computation: question.computation.clone(),
            version,
            shown: Previewed::Nothing { why: String::new() },
            dates,
            worked_out: Vec::new(),
            had,
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(nothing) => {
                preview.shown = Previewed::Nothing { why: nothing.why };
                return Ok(Some(preview));
            }
        };
        let mut against: Vec<String> = verdict.refused.iter().map(Refusal::owner_sentence).collect();
        let notes = notes(&verdict.notes);
        let Placing::In(placed, told) = placing else {
            preview.worked_out.push("There are more rows than what adds up can be followed for.".to_owned());
            preview.shown = Previewed::Value { outcome, salt, notes, against: against.pop() };
            return Ok(Some(preview));
        };
        if let Some(before) = self.read(|draft| question.again(draft, &placed))? {
            preview.worked_out.push("They have exactly this answer already; it tells them nothing new.".to_owned());
            preview.shown = Previewed::Value { outcome: before.outcome, salt, notes, against: None };
            return Ok(Some(preview));
        }
        let measure = Measure { smallest_group: rules.smallest_group, rows: count, unseen: false };
        let knowledge = self.knowledge(placed.lineage, &question.party);
        let (judgement, kept, together) = knowledge.shown(&told, &measure);
        let left_out = told.parts().len() - kept.len().min(told.parts().len());
        let name = self.read(|draft| draft.get::<consent::record::Person>(&question.party.0))?;
        let name = name.map_or_else(|| "they".to_owned(), |person| person.name.to_string());
        let words = crate::working_out::Words { reader: &reader, places: &placed.places, name: &name };
        preview.worked_out.extend(words.alone(&judgement.few, had > 0));
        if judgement.refused.is_none() {
            preview.worked_out.extend(words.together(&together.few));
            preview.worked_out.extend(words.left_out(left_out));
        }
        against.extend(judgement.refused.iter().map(Refusal::owner_sentence));
        let against = (!against.is_empty()).then(|| against.join(" "));
        let outcome = if left_out > 0 { only(outcome, &kept) } else { outcome };
        preview.shown = Previewed::Value { outcome, salt, notes, against };
        Ok(Some(preview))
    }
}

/// Whether nobody looks at the outcomes of a grant.
fn unseen(grant: &Grant) -> bool {
    matches!(grant, Grant::Standing(standing) if standing.review == Review::None)
}

/// As much of a refusal as whoever asks may know.
fn told_of(refusal: &Refusal) -> NotReleased {
    if refusal.follows_from_public_metadata() { NotReleased::TooFewRows } else { NotReleased::Unspecified }
}

/// The groups of an outcome that were shown; all where it has none, or where it is not known any more what was shown.
fn groups_in(outcome: &Outcome, shown: Option<&Outcome>) -> Vec<u16> {
    let Outcome::Groups(groups) = outcome else { return Vec::new() };
    let was_shown = |at: usize| match shown {
        Some(Outcome::Groups(shown)) => {
            groups.get(at).is_some_and(|group| shown.iter().any(|one| one.key == group.key))
        }
        _ => true,
    };
    (0u16..).take(groups.len()).filter(|at| was_shown(usize::from(*at))).collect()
}
