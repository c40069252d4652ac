//! From the records that satisfy clauses to the truth of a rule.
//!
//! Invariant: a pure function of the ledgers. A rule is decided once for every run of its primary source (the first of
//! its sources that was given); of its other sources it sees every run in scope.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::evaluate::{Numbered, Scope};
use crate::rules::finding::Outcome;
use crate::rules::ledger::{Hit, Run};
use crate::rules::rule::{Captures, Detection, OutcomeChoice, RunChoice};
use crate::rules::truth::Truth;

/// The evidence of one file.
#[derive(Debug)]
pub struct FileEvidence {
    pub path: String,
    pub source: String,
    /// Read as a pasted fragment: what is not in it may stand in the rest of the log.
    pub pasted: bool,
    pub runs: Vec<Run>,
    /// A last run of fewer lines that states no outcome leaves the run before it in scope.
    pub short: u64,
}

/// What decides a rule on one run of its primary source.
#[derive(Debug, Clone, Default)]
pub struct Verdict<'e> {
    pub truth: Option<Truth>,
    /// At least one clause is true.
    pub supported: bool,
    pub captures: Captures,
    pub evidence: Vec<Found<'e>>,
    pub needs: BTreeSet<&'e str>,
}

impl Verdict<'_> {
    /// A truth with nothing to show for it.
    pub fn of(truth: Truth) -> Self {
        Verdict {
            truth: Some(truth),
            ..Verdict::default()
        }
    }
}

/// A record that satisfies a clause: index of its file, number of its run, the record.
pub type Found<'e> = (usize, u64, &'e Hit);

/// A run in scope: index of the file, index of the run.
pub type InScope = (usize, usize);

/// Decides one rule. `first` is the number of its first clause in the bundle.
pub fn decide<'e>(detection: &'e Detection, first: u32, files: &'e [FileEvidence]) -> Vec<Verdict<'e>> {
    let clauses = detection.rule.clauses();
    let mut scope: BTreeMap<&str, Vec<InScope>> = BTreeMap::new();
    for clause in &clauses {
        if !scope.contains_key(clause.source.as_str()) && files.iter().any(|file| file.source == clause.source) {
            scope.insert(&clause.source, in_scope(detection, &clause.source, files));
        }
    }
    let Some(primary) = clauses
        .iter()
        .map(|clause| clause.source.as_str())
        .find(|source| scope.contains_key(source))
    else {
        return Vec::new();
    };
    let runs = scope[primary].clone();
    let mut choices: Vec<Vec<InScope>> = runs.into_iter().map(|run| vec![run]).collect();
    if choices.is_empty() {
        choices.push(Vec::new());
    }
    choices
        .into_iter()
        .map(|choice| {
            scope.insert(primary, choice);
            let rule = Numbered {
                node: &detection.rule,
                first,
            };
            let mut verdict = Scope { files, runs: &scope }.node(rule, &mut Vec::new());
            verdict
                .evidence
                .sort_by_key(|(file, _, hit)| (*file, hit.place.first_line, hit.place.at));
            verdict
                .evidence
                .dedup_by_key(|(file, _, hit)| (*file, hit.place.first_line, hit.place.last_line));
            verdict
        })
        .filter(|verdict| match verdict.truth {
            Some(Truth::True) => true,
            Some(Truth::Unknown) => verdict.supported,
            _ => false,
        })
        .collect()
}

/// The runs of a source that a detection looks at.
fn in_scope(detection: &Detection, source: &str, files: &[FileEvidence]) -> Vec<InScope> {
    let mut out = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.source == source) {
        let from = match detection.run {
            RunChoice::Every => 0,
            RunChoice::Last => last_runs(file),
        };
        out.extend(
            (from..file.runs.len())
                .filter(|&run| wanted(detection.outcome, &file.runs[run]))
                .map(|run| (index, run)),
        );
    }
    out
}

/// Index of the first run that counts as last.
pub fn last_runs(file: &FileEvidence) -> usize {
    let last = file.runs.len().saturating_sub(1);
    let is_short = file
        .runs
        .get(last)
        .is_some_and(|run| run.last_line + 1 - run.first_line < file.short && run.outcome() == Outcome::Unknown);
    if is_short { last.saturating_sub(1) } else { last }
}

fn wanted(choice: OutcomeChoice, run: &Run) -> bool {
    match choice {
        OutcomeChoice::Any => true,
        OutcomeChoice::NotSuccess => run.outcome() != Outcome::Success,
        OutcomeChoice::Success => run.outcome() == Outcome::Success,
    }
}
