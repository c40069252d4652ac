//! Holds the evidence of all files, and where each clause has records.
//!
//! Invariant: a rule looks only at runs in which one of its clauses has a record, and at one run that stands for all
//! others, so the work grows with what was found and not with files times rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::language::rule::{Detection, OutcomeChoice, RunChoice};
use crate::rules::read::file_evidence::FileEvidence;
use crate::rules::read::file_report::Outcome;
use crate::rules::read::hit::Hit;
use crate::rules::read::ledger::Run;

/// A run: index of its file, index within the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    pub file: usize,
    pub run: usize,
}

/// A record that satisfies a clause, and the run that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Found<'e> {
    pub run: RunId,
    pub hit: &'e Hit,
}

impl Found<'_> {
    /// Orders records by file, run and place.
    pub fn order(&self) -> (RunId, u64) {
        (self.run, self.hit.place.at)
    }
}

/// The evidence of all files, indexed.
pub struct EvidenceIndex<'e> {
    files: &'e [FileEvidence],
    sources: BTreeMap<&'e str, Vec<usize>>,
    /// Sources for which a whole file was given, not only a fragment.
    whole: BTreeSet<&'e str>,
    /// Runs in which a clause has a record, by the number of the clause.
    clauses: BTreeMap<u32, Vec<RunId>>,
    /// Runs in which a sequence came to something, by the number of its first clause.
    sequences: BTreeMap<u32, Vec<RunId>>,
}

impl<'e> EvidenceIndex<'e> {
    pub fn new(files: &'e [FileEvidence]) -> EvidenceIndex<'e> {
        let mut evidence = EvidenceIndex {
            files,
            sources: BTreeMap::new(),
            whole: BTreeSet::new(),
            clauses: BTreeMap::new(),
            sequences: BTreeMap::new(),
        };
        for (index, file) in files.iter().enumerate() {
            evidence.sources.entry(&file.source).or_default().push(index);
            if !file.fragment {
                evidence.whole.insert(&file.source);
            }
            for (number, run) in file.runs.iter().enumerate() {
                let id = RunId {
                    file: index,
                    run: number,
                };
                for &clause in run.hits.keys() {
                    evidence.clauses.entry(clause).or_default().push(id);
                }
                for &first in run.sequences.keys() {
                    evidence.sequences.entry(first).or_default().push(id);
                }
            }
        }
        evidence
    }

    pub fn file(&self, id: RunId) -> &'e FileEvidence {
        &self.files[id.file]
    }

    pub fn run(&self, id: RunId) -> &'e Run {
        &self.files[id.file].runs[id.run]
    }

    /// True when a file of this source was given.
    pub fn has(&self, source: &str) -> bool {
        self.sources.contains_key(source)
    }

    /// True when all that was given of a source are fragments.
    pub fn is_fragment(&self, source: &str) -> bool {
        !self.whole.contains(source)
    }

    /// The runs in which a clause has a record, in order.
    pub fn of_clause(&self, clause: u32) -> &[RunId] {
        self.clauses.get(&clause).map(Vec::as_slice).unwrap_or_default()
    }

    /// The runs in which a sequence came to something, in order.
    pub fn of_sequence(&self, first: u32) -> &[RunId] {
        self.sequences.get(&first).map(Vec::as_slice).unwrap_or_default()
    }

    /// True when one of the clauses `from..end` has a record somewhere.
    pub fn any_of(&self, from: u32, end: u32) -> bool {
        self.clauses.range(from..end).next().is_some()
    }

    /// True when a detection looks at a run.
    pub fn is_in_scope(&self, detection: &Detection, id: RunId) -> bool {
        let outcome = self.run(id).outcome();
        let wanted = match detection.outcome {
            OutcomeChoice::Any => true,
            OutcomeChoice::NotSuccess => outcome != Outcome::Success,
            OutcomeChoice::Success => outcome == Outcome::Success,
        };
        wanted && (detection.run == RunChoice::Every || id.run >= self.file(id).last_runs())
    }

    /// The first run of a source that a detection looks at and that is not one of `others`, which are sorted.
    pub fn first_other_run(&self, detection: &Detection, source: &str, others: &[RunId]) -> Option<RunId> {
        let files = self.sources.get(source).map(Vec::as_slice).unwrap_or_default();
        let runs = files.iter().flat_map(|&file| {
            let from = match detection.run {
                RunChoice::Every => 0,
                RunChoice::Last => self.files[file].last_runs(),
            };
            (from..self.files[file].runs.len()).map(move |run| RunId { file, run })
        });
        runs.filter(|id| others.binary_search(id).is_err())
            .find(|id| self.is_in_scope(detection, *id))
    }
}
