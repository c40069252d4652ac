//! The truth of a rule's conditions on the records in scope.
//!
//! Invariant: asks nothing of the records themselves: what satisfies a clause was found when the files were read.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::compare;
use crate::rules::decide::{FileEvidence, Found, InScope, Verdict};
use crate::rules::rule::{Captures, Clause, Group, Node, Take};
use crate::rules::sequence;
use crate::rules::tie::{self, Tie};
use crate::rules::truth::Truth;

/// A condition and the number that its first clause has in the bundle; the others follow in the order of the page.
#[derive(Debug, Clone, Copy)]
pub struct Numbered<'e> {
    pub node: &'e Node,
    pub first: u32,
}

impl<'e> Numbered<'e> {
    fn members(self) -> Vec<Numbered<'e>> {
        let (Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group)) = self.node else {
            return Vec::new();
        };
        let mut first = self.first;
        group
            .members
            .iter()
            .map(|node| {
                let member = Numbered { node, first };
                first += node.clauses().len() as u32;
                member
            })
            .collect()
    }

    fn forbids(&self) -> bool {
        matches!(self.node, Node::None(_))
    }

    /// The clauses below that speak for this condition: not those under a `none`.
    fn speaking(self) -> Vec<(u32, &'e Clause)> {
        match self.node {
            Node::Clause(clause) => vec![(self.first, clause)],
            Node::None(_) => Vec::new(),
            _ => self.members().into_iter().flat_map(Numbered::speaking).collect(),
        }
    }

    /// The clauses that stand for a member of a sequence; of a `none`, those that it forbids.
    fn own(self) -> Vec<(u32, &'e Clause)> {
        match self.node {
            Node::None(_) => self.members().into_iter().flat_map(Numbered::own).collect(),
            _ => self.speaking(),
        }
    }
}

/// The evidence that a rule is decided on.
pub struct Scope<'v, 'e> {
    pub files: &'e [FileEvidence],
    /// Runs in scope of each source that was given.
    pub runs: &'v BTreeMap<&'e str, Vec<InScope>>,
}

impl<'e> Scope<'_, 'e> {
    /// The truth of a condition on the records that the ties admit.
    pub fn node(&self, numbered: Numbered<'e>, ties: &mut Vec<Tie>) -> Verdict<'e> {
        let group = match numbered.node {
            Node::Clause(clause) => return self.clause(numbered.first, clause, ties),
            Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => group,
        };
        let tied = group.same.is_some() || group.within.is_some();
        let found = match tied {
            true => numbered
                .speaking()
                .into_iter()
                .flat_map(|(id, clause)| self.found(id, clause, ties))
                .collect(),
            false => Vec::new(),
        };
        let mut best: Option<Verdict<'e>> = None;
        for candidate in tie::candidates(group, found) {
            let depth = ties.len();
            ties.extend(candidate);
            let verdict = self.group(numbered, group, ties);
            ties.truncate(depth);
            if best.as_ref().is_none_or(|best| rank(&verdict) > rank(best)) {
                best = Some(verdict);
            }
            if best.as_ref().is_some_and(|best| best.truth == Some(Truth::True)) {
                break;
            }
        }
        best.unwrap_or_default()
    }

    fn group(&self, numbered: Numbered<'e>, group: &'e Group, ties: &mut Vec<Tie>) -> Verdict<'e> {
        let members = numbered.members();
        let mut verdict = match numbered.node {
            Node::Sequence(_) => self.sequence(&members, ties),
            Node::Any(_) => any(self.each(&members, ties)),
            Node::None(_) => not(any(self.each(&members, ties))),
            Node::All(_) | Node::Clause(_) => all(self.each(&members, ties)),
        };
        let decided = verdict.truth == Some(Truth::True);
        let holds = |compare| compare::holds(compare, &verdict.captures).unwrap_or(!decided);
        if !group.compare.iter().all(holds) {
            verdict = Verdict::of(Truth::False);
        }
        verdict
    }

    fn each(&self, members: &[Numbered<'e>], ties: &mut Vec<Tie>) -> Vec<Verdict<'e>> {
        members.iter().map(|member| self.node(*member, ties)).collect()
    }

    /// The kept records of a clause that the ties admit, in file order.
    fn found(&self, id: u32, clause: &Clause, ties: &[Tie]) -> Vec<Found<'e>> {
        let runs = self.runs.get(clause.source.as_str()).map(Vec::as_slice);
        let mut out = Vec::new();
        for &(file, run) in runs.unwrap_or_default() {
            let run = &self.files[file].runs[run];
            let Some(hits) = run.hits.get(&id) else { continue };
            let admitted = hits
                .kept
                .iter()
                .filter(|hit| ties.iter().all(|tie| tie.admits(file, run.number, hit)));
            out.extend(admitted.map(|hit| (file, run.number, hit)));
        }
        out
    }

    fn clause(&self, id: u32, clause: &'e Clause, ties: &[Tie]) -> Verdict<'e> {
        let unknown = |verdict: Verdict<'e>| Verdict {
            truth: Some(Truth::Unknown),
            needs: BTreeSet::from([clause.source.as_str()]),
            ..verdict
        };
        let Some(runs) = self.runs.get(clause.source.as_str()) else {
            return unknown(Verdict::default());
        };
        let found = self.found(id, clause, ties);
        if let Some(verdict) = self.selected(id, clause, ties, runs, &found) {
            return verdict;
        }
        // A record that would do if it had the fields that its file cannot have.
        for &(file, run) in runs {
            let run = &self.files[file].runs[run];
            let Some((hit, supported)) = run.hits.get(&id).and_then(|hits| hits.unknown.as_ref()) else {
                continue;
            };
            if ties.iter().all(|tie| tie.admits(file, run.number, hit)) {
                let evidence = if *supported {
                    vec![(file, run.number, hit)]
                } else {
                    Vec::new()
                };
                return unknown(Verdict {
                    supported: *supported,
                    evidence,
                    ..Verdict::default()
                });
            }
        }
        let tied_to_a_record = ties.iter().any(|tie| matches!(tie, Tie::Record(..)));
        let fragment = self
            .files
            .iter()
            .filter(|file| file.source == clause.source)
            .all(|file| file.pasted);
        if fragment && !tied_to_a_record {
            return unknown(Verdict::default());
        }
        Verdict::of(Truth::False)
    }

    /// What the selected records say; `None` when the clause does not hold.
    fn selected(
        &self,
        id: u32,
        clause: &'e Clause,
        ties: &[Tie],
        runs: &[InScope],
        hits: &[Found<'e>],
    ) -> Option<Verdict<'e>> {
        let speaking: Vec<&Found<'e>> = match clause.take {
            Some(Take::First) => hits.first().into_iter().collect(),
            Some(Take::Last) => hits.last().into_iter().collect(),
            Some(Take::All) | None => hits.iter().collect(),
        };
        if let Some(count) = clause.count {
            let counted = match ties.is_empty() {
                true => runs
                    .iter()
                    .filter_map(|&(file, run)| self.files[file].runs[run].hits.get(&id))
                    .map(|hits| hits.count)
                    .sum(),
                false => hits.len() as u64,
            };
            if count.gte.is_some_and(|least| counted < least) || count.lte.is_some_and(|most| counted > most) {
                return None;
            }
            if hits.is_empty() {
                return Some(Verdict::of(Truth::True));
            }
        }
        let truth = match clause.take {
            Some(Take::All) => speaking.iter().map(|(.., hit)| hit.expect).min(),
            _ => speaking.iter().map(|(.., hit)| hit.expect).max(),
        };
        let truth = truth.filter(|truth| *truth != Truth::False)?;
        let spoken: Vec<_> = speaking.into_iter().filter(|(.., hit)| hit.expect == truth).collect();
        let captures = spoken
            .first()
            .map(|(.., hit)| hit.captures.iter().cloned().collect())
            .unwrap_or_default();
        let wanted = if clause.count.is_some() || clause.take == Some(Take::All) {
            spoken.len()
        } else {
            3
        };
        let evidence = spoken.into_iter().take(wanted).copied().collect();
        let needs = if truth == Truth::Unknown {
            BTreeSet::from([clause.source.as_str()])
        } else {
            BTreeSet::new()
        };
        Some(Verdict {
            truth: Some(truth),
            supported: true,
            captures,
            evidence,
            needs,
        })
    }

    /// Members whose records stand at increasing places, with nothing forbidden between them.
    fn sequence(&self, members: &[Numbered<'e>], ties: &mut Vec<Tie>) -> Verdict<'e> {
        let steps: Vec<(bool, Vec<Found<'e>>)> = members
            .iter()
            .map(|member| (member.forbids(), self.step(*member, ties)))
            .collect();
        if let Some(evidence) = sequence::path(&steps) {
            let mut captures = Captures::new();
            for (name, value) in evidence.iter().flat_map(|(.., hit)| &hit.captures) {
                captures.entry(name.clone()).or_insert_with(|| value.clone());
            }
            return Verdict {
                supported: true,
                captures,
                evidence,
                ..Verdict::of(Truth::True)
            };
        }
        let wanted: Vec<Numbered<'e>> = members.iter().filter(|member| !member.forbids()).copied().collect();
        let parts = self.each(&wanted, ties);
        match parts.iter().any(|part| part.truth == Some(Truth::Unknown)) {
            true => all(parts),
            false => Verdict::of(Truth::False),
        }
    }

    /// The records that can stand for a member of a sequence: of its clauses, those that say what is expected.
    fn step(&self, member: Numbered<'e>, ties: &[Tie]) -> Vec<Found<'e>> {
        let mut out: Vec<Found<'e>> = Vec::new();
        for (id, clause) in member.own() {
            let found = self.found(id, clause, ties);
            let speaking = match clause.take {
                Some(Take::First) => found.first().copied().into_iter().collect(),
                Some(Take::Last) => found.last().copied().into_iter().collect(),
                Some(Take::All) | None => found,
            };
            out.extend(speaking.into_iter().filter(|(.., hit)| hit.expect == Truth::True));
        }
        out.sort_by_key(|(file, run, hit)| (*file, *run, hit.place.at));
        out
    }
}

/// The opposite, of which nothing can be shown.
fn not(verdict: Verdict<'_>) -> Verdict<'_> {
    let truth = verdict.truth.map(|truth| !truth);
    let needs = if truth == Some(Truth::Unknown) {
        verdict.needs
    } else {
        BTreeSet::new()
    };
    Verdict {
        truth,
        needs,
        ..Verdict::default()
    }
}

fn rank(verdict: &Verdict<'_>) -> (Option<Truth>, bool) {
    (verdict.truth, verdict.supported)
}

fn all(parts: Vec<Verdict<'_>>) -> Verdict<'_> {
    let truth = parts.iter().filter_map(|part| part.truth).min();
    merge(truth, parts.into_iter().collect())
}

fn any(parts: Vec<Verdict<'_>>) -> Verdict<'_> {
    let truth = parts.iter().filter_map(|part| part.truth).max();
    let mut speaking: Vec<Verdict<'_>> = parts.into_iter().filter(|part| part.truth == truth).collect();
    // The first satisfying record in file order gives the captures.
    speaking.sort_by_key(|part| {
        part.evidence
            .first()
            .map(|(file, run, hit)| (*file, *run, hit.place.at))
    });
    merge(truth, speaking)
}

fn merge<'e>(truth: Option<Truth>, parts: Vec<Verdict<'e>>) -> Verdict<'e> {
    let mut out = Verdict {
        truth,
        ..Verdict::default()
    };
    if truth == Some(Truth::False) {
        return out;
    }
    for part in parts {
        out.supported |= part.supported;
        for (name, value) in part.captures {
            out.captures.entry(name).or_insert(value);
        }
        out.evidence.extend(part.evidence);
        out.needs.extend(part.needs);
    }
    if truth == Some(Truth::True) {
        out.needs.clear();
    }
    out
}
