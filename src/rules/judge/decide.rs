//! Decides whether a rule is true from the records that satisfy its clauses.
//!
//! Invariant: a pure function of the evidence. A rule is decided once for every run of its primary source (the first of
//! its sources that was given); of its other sources it sees every run in scope. Runs in which none of its clauses has a
//! record all give the same verdict, so it is decided for the first of them only.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::rules::judge::evaluate::Scope;
use crate::rules::judge::evidence::{EvidenceIndex, RunId};
use crate::rules::judge::verdict::Verdict;
use crate::rules::language::numbered::Numbered;
use crate::rules::language::rule::Detection;
use crate::rules::language::truth::Truth;

/// Decides one rule. `first` is the number of its first clause in the bundle.
pub fn decide<'e>(detection: &'e Detection, first: u32, evidence: &EvidenceIndex<'e>) -> Vec<Verdict<'e>> {
    let rule = Numbered {
        node: &detection.rule,
        first,
    };
    let Some(primary) = primary(rule, evidence) else {
        return Vec::new();
    };
    let known = RefCell::new(BTreeMap::new());
    let work = Cell::new(0);
    let mut verdicts = Vec::new();
    for choice in choices(detection, rule, primary, evidence) {
        let scope = Scope {
            evidence,
            detection,
            primary,
            choice,
            known: &known,
            work: &work,
        };
        let verdict = scope.node(rule, None);
        let speaks = match verdict.truth {
            Some(Truth::True) => true,
            Some(Truth::Unknown) => verdict.supported || verdict.limited,
            _ => false,
        };
        if speaks {
            verdicts.push(verdict.in_file_order());
        }
    }
    verdicts
}

/// The first source of a rule for which a file was given.
fn primary<'e>(rule: Numbered<'e>, evidence: &EvidenceIndex<'e>) -> Option<&'e str> {
    rule.clauses()
        .map(|(_, clause)| clause.source.as_str())
        .find(|source| evidence.has(source))
}

/// The runs of the primary source for which a rule is decided; `None` when there is no such run.
fn choices(
    detection: &Detection,
    rule: Numbered<'_>,
    primary: &str,
    evidence: &EvidenceIndex<'_>,
) -> Vec<Option<RunId>> {
    let mut runs: Vec<RunId> = rule
        .clauses()
        .filter(|(_, clause)| clause.source == primary)
        .flat_map(|(id, _)| evidence.of_clause(id))
        .copied()
        .filter(|run| evidence.is_in_scope(detection, *run))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    runs.extend(evidence.first_other_run(detection, primary, &runs));
    runs.sort_unstable();
    if runs.is_empty() {
        return vec![None];
    }
    runs.into_iter().map(Some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::language::rule::{Clause, Node, OutcomeChoice, RunChoice};
    use crate::rules::read::file_evidence::FileEvidence;
    use crate::rules::read::hit::ClauseHits;

    /// A rule of one clause, the first of its bundle, and so many files of its source.
    fn decided(files: usize, found: impl Fn(usize) -> bool) -> usize {
        let clause = Clause {
            source: "log".to_owned(),
            select: Vec::new(),
            take: None,
            expect: Vec::new(),
            count: None,
            weak: false,
        };
        let detection = Detection {
            run: RunChoice::Last,
            outcome: OutcomeChoice::Any,
            rule: Node::Clause(clause),
        };
        let file = |index: usize| {
            let mut file = FileEvidence::silent(&format!("{index}.log"), "log");
            if found(index) {
                file.runs[0].hits.insert(0, ClauseHits::default());
            }
            file
        };
        let files: Vec<FileEvidence> = (0..files).map(file).collect();
        let rule = Numbered {
            node: &detection.rule,
            first: 0,
        };
        choices(&detection, rule, "log", &EvidenceIndex::new(&files)).len()
    }

    #[test]
    fn a_rule_is_decided_for_the_runs_that_have_a_record_and_once_for_all_others() {
        assert_eq!(decided(1000, |_| false), 1);
        assert_eq!(decided(1000, |index| index % 100 == 7), 11);
        assert_eq!(decided(1000, |_| true), 1000);
    }
}
