//! Selects the records that speak for a clause.
//!
//! Invariant: what a clause says of all records in scope, read from what their runs kept, is what it would say of the
//! records themselves.

use std::collections::BTreeSet;

use crate::rules::ask::plan::listed;
use crate::rules::judge::evidence::{Found, RunId};
use crate::rules::judge::verdict::Verdict;
use crate::rules::language::rule::{Clause, Take};
use crate::rules::language::truth::Truth;
use crate::rules::read::hit::ClauseHits;

/// The selected records of a clause, as far as its verdict needs them.
#[derive(Default)]
pub struct Selected<'e> {
    count: u64,
    /// What the selected records say; `None` when no record is selected.
    truth: Option<Truth>,
    /// The first of those that say so.
    listed: Vec<Found<'e>>,
    /// There were more records, and they could say otherwise.
    dropped: bool,
}

impl<'e> Selected<'e> {
    /// Selects among all records.
    pub fn new(clause: &Clause, found: &[Found<'e>]) -> Selected<'e> {
        let speaking = speaking(clause, found);
        let truths = speaking.iter().map(|found| found.hit.expect);
        let truth = match clause.take {
            Some(Take::All) => truths.min(),
            _ => truths.max(),
        };
        let saying = speaking.iter().filter(|found| Some(found.hit.expect) == truth);
        Selected {
            count: found.len() as u64,
            truth,
            listed: saying.take(listed(clause)).copied().collect(),
            dropped: false,
        }
    }

    /// Selects among the records of the runs in scope, in their order.
    pub fn sum(clause: &Clause, runs: impl Iterator<Item = (RunId, &'e ClauseHits)>) -> Selected<'e> {
        let mut selected = Selected::default();
        let (mut taken, mut refuted) = (None, false);
        let mut shown: Vec<Found<'e>> = Vec::new();
        let limit = listed(clause);
        for (run, hits) in runs {
            selected.count += hits.count;
            selected.dropped |= hits.dropped;
            refuted |= hits.refuted;
            taken = match clause.take {
                Some(Take::First) => taken.or(hits.first.as_deref().map(|hit| Found { run, hit })),
                Some(Take::Last) => hits.last.as_deref().map(|hit| Found { run, hit }).or(taken),
                Some(Take::All) | None => None,
            };
            for hit in &hits.shown {
                if shown.iter().filter(|found| found.hit.expect == hit.expect).count() < limit {
                    shown.push(Found { run, hit });
                }
            }
        }
        if matches!(clause.take, Some(Take::First | Take::Last)) {
            selected.truth = taken.map(|found| found.hit.expect);
            selected.listed = taken.into_iter().collect();
            return selected;
        }
        let truths = shown.iter().map(|found| found.hit.expect);
        selected.truth = match clause.take {
            Some(Take::All) if refuted => Some(Truth::False),
            Some(Take::All) => truths.min(),
            _ => truths.max(),
        };
        shown.retain(|found| Some(found.hit.expect) == selected.truth);
        selected.listed = shown;
        selected
    }

    /// What they say; `None` when the clause does not hold of them.
    pub fn verdict(self, clause: &'e Clause) -> Option<Verdict<'e>> {
        let dropped = self.dropped;
        let is_certain = clause.take.is_none() && clause.count.is_none_or(|count| count.lte.is_none());
        let verdict = self.certain(clause);
        match dropped && !(is_certain && verdict.as_ref().is_some_and(Verdict::is_true)) {
            true => Some(verdict.unwrap_or_default().limited()),
            false => verdict,
        }
    }

    fn certain(self, clause: &'e Clause) -> Option<Verdict<'e>> {
        if let Some(count) = clause.count {
            let is_less = count.gte.is_some_and(|least| self.count < least);
            if is_less || count.lte.is_some_and(|most| self.count > most) {
                return None;
            }
            if self.count == 0 {
                return Some(Verdict::new(Truth::True));
            }
        }
        let truth = self.truth.filter(|truth| *truth != Truth::False)?;
        let needs = match truth {
            Truth::Unknown => BTreeSet::from([clause.source.as_str()]),
            _ => BTreeSet::new(),
        };
        let first = self.listed.first();
        Some(Verdict {
            truth: Some(truth),
            supported: true,
            limited: false,
            captures: first
                .map(|found| found.hit.captures.iter().cloned().collect())
                .unwrap_or_default(),
            evidence: self.listed,
            needs,
        })
    }
}

/// The records that speak for a clause.
pub fn speaking<'f, 'e>(clause: &Clause, found: &'f [Found<'e>]) -> &'f [Found<'e>] {
    match clause.take {
        Some(Take::First) => &found[..found.len().min(1)],
        Some(Take::Last) => &found[found.len().saturating_sub(1)..],
        Some(Take::All) | None => found,
    }
}

/// The run whose record speaks for a clause that takes only the first or the last.
pub fn taken(clause: &Clause, runs: &mut dyn Iterator<Item = RunId>) -> Option<RunId> {
    match clause.take {
        Some(Take::First) => runs.next(),
        Some(Take::Last) => runs.last(),
        Some(Take::All) | None => None,
    }
}
