//! Evaluates the conditions of a rule on the records in scope.
//!
//! Invariant: records are not asked again; the records that satisfy a clause were found while the files were read. When
//! missing records could change a verdict, it is unknown and says that it is limited.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::rules::ask::plan::{NAMED, is_tied, streams};
use crate::rules::ask::sequence::{Automaton, Member, SequenceStep};
use crate::rules::judge::compare;
use crate::rules::judge::evidence::{EvidenceIndex, Found, RunId};
use crate::rules::judge::select::{self, Selected};
use crate::rules::judge::tie::{self, Records, Tie, Try};
use crate::rules::judge::verdict::{Verdict, all, any};
use crate::rules::language::numbered::Numbered;
use crate::rules::language::rule::{Clause, Detection, Group, Node};
use crate::rules::language::truth::Truth;

/// Records that are looked at for one rule where they are compared with each other.
const WORK: u64 = 20_000_000;

/// The evidence that a rule is decided on.
pub struct Scope<'v, 'e> {
    pub evidence: &'v EvidenceIndex<'e>,
    pub detection: &'e Detection,
    pub primary: &'e str,
    /// The run of the primary source.
    pub choice: Option<RunId>,
    /// Verdicts of conditions that do not look at the primary source, by the place of the condition.
    pub known: &'v RefCell<BTreeMap<*const Node, Verdict<'e>>>,
    /// Records that were looked at so far.
    pub work: &'v Cell<u64>,
}

/// The records that the ties of the groups around a condition admit.
#[derive(Default)]
pub struct Admitted<'e> {
    ties: Try,
    found: BTreeMap<u32, Vec<Found<'e>>>,
}

impl<'e> Scope<'_, 'e> {
    /// The truth of a condition, on all records or on those that ties admit.
    pub fn node(&self, numbered: Numbered<'e>, admitted: Option<&Admitted<'e>>) -> Verdict<'e> {
        let of_others = admitted.is_none() && numbered.clauses().all(|(_, clause)| clause.source != self.primary);
        if !of_others {
            return self.ask(numbered, admitted);
        }
        let place = std::ptr::from_ref(numbered.node);
        if let Some(verdict) = self.known.borrow().get(&place) {
            return verdict.clone();
        }
        let verdict = self.ask(numbered, admitted);
        self.known.borrow_mut().insert(place, verdict.clone());
        verdict
    }

    fn ask(&self, numbered: Numbered<'e>, admitted: Option<&Admitted<'e>>) -> Verdict<'e> {
        match numbered.node {
            Node::Clause(clause) => self.clause(numbered.first, clause, admitted),
            Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) if is_tied(group) => {
                self.tied(numbered, group, admitted)
            }
            Node::Sequence(group) if admitted.is_none() && !streams(group) => {
                let all = Admitted {
                    ties: Vec::new(),
                    found: self.records(numbered, None),
                };
                let verdict = self.group(numbered, group, Some(&all));
                self.limit_if_incomplete(numbered, &[], verdict)
            }
            Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => {
                self.group(numbered, group, admitted)
            }
        }
    }

    fn group(&self, numbered: Numbered<'e>, group: &'e Group, admitted: Option<&Admitted<'e>>) -> Verdict<'e> {
        let members = numbered.members();
        let each = |members: &[Numbered<'e>]| members.iter().map(|member| self.node(*member, admitted)).collect();
        let mut verdict = match (numbered.node, admitted) {
            (Node::Sequence(_), None) => self.sequence_verdict(numbered, &members),
            (Node::Sequence(_), Some(admitted)) => self.sequence(&members, admitted),
            (Node::Any(_), _) => any(each(&members)),
            (Node::None(_), _) => any(each(&members)).not(),
            (Node::All(_) | Node::Clause(_), _) => all(each(&members)),
        };
        let decided = verdict.is_true();
        let holds = |compare| compare::holds(compare, &verdict.captures).unwrap_or(!decided);
        if !group.compare.iter().all(holds) {
            verdict = Verdict::new(Truth::False);
        }
        verdict
    }

    /// A group whose records are tied together: tried under one restriction after the other.
    fn tied(&self, numbered: Numbered<'e>, group: &'e Group, around: Option<&Admitted<'e>>) -> Verdict<'e> {
        let found = self.records(numbered, around);
        let speaking = numbered.speaking();
        let anchors = tie::in_order(speaking.iter().filter_map(|(id, _)| found.get(id)));
        let records = Records::new(group, found);
        let mut best: Option<Verdict<'e>> = None;
        let mut is_whole = true;
        for tie in tie::tries(group, &anchors) {
            let mut work = self.work.get();
            let admitted = Admitted {
                found: numbered
                    .clauses()
                    .map(|(id, _)| (id, records.admitted(id, &tie, &mut work)))
                    .collect(),
                ties: around
                    .iter()
                    .flat_map(|around| &around.ties)
                    .cloned()
                    .chain(tie)
                    .collect(),
            };
            self.work.set(work);
            let verdict = self.group(numbered, group, Some(&admitted));
            if best.as_ref().is_none_or(|best| verdict.rank() > best.rank()) {
                best = Some(verdict);
            }
            if best.as_ref().is_some_and(Verdict::is_true) {
                break;
            }
            if work > WORK {
                is_whole = false;
                break;
            }
        }
        let best = best.unwrap_or_default();
        match is_whole {
            true => self.limit_if_incomplete(numbered, &anchors, best),
            false => limited_by_loss(best, &anchors),
        }
    }

    /// The records of all clauses below a condition.
    fn records(&self, numbered: Numbered<'e>, around: Option<&Admitted<'e>>) -> BTreeMap<u32, Vec<Found<'e>>> {
        let of = |(id, clause): (u32, &'e Clause)| {
            let found = match around {
                Some(around) => around.found.get(&id).cloned().unwrap_or_default(),
                None => self.found(id, clause),
            };
            (id, found)
        };
        numbered.clauses().map(of).collect()
    }

    fn found(&self, id: u32, clause: &'e Clause) -> Vec<Found<'e>> {
        let hits = |run| self.evidence.run(run).hits.get(&id).map(|hits| (run, hits));
        let all = self.runs(id, clause).filter_map(hits);
        all.flat_map(|(run, hits)| hits.all.iter().map(move |hit| Found { run, hit }))
            .collect()
    }

    /// The runs in scope in which a clause has a record.
    fn runs<'s>(&'s self, id: u32, clause: &Clause) -> impl Iterator<Item = RunId> + use<'s, 'e> {
        let runs = self.evidence.of_clause(id);
        self.in_scope(runs, clause.source == self.primary)
    }

    fn in_scope<'s>(&'s self, runs: &'s [RunId], of_primary: bool) -> impl Iterator<Item = RunId> + use<'s, 'e> {
        let runs = match (of_primary, self.choice) {
            (false, _) => runs,
            (true, None) => &[],
            (true, Some(choice)) => match runs.binary_search(&choice) {
                Ok(at) => &runs[at..=at],
                Err(_) => &[],
            },
        };
        let is_in_scope = move |run: &RunId| of_primary || self.evidence.is_in_scope(self.detection, *run);
        runs.iter().copied().filter(is_in_scope)
    }

    /// A verdict, in doubt when records below the condition are missing.
    fn limit_if_incomplete(&self, numbered: Numbered<'e>, anchors: &[Found<'e>], verdict: Verdict<'e>) -> Verdict<'e> {
        let misses = |(id, clause): (u32, &'e Clause)| {
            let hits = self
                .runs(id, clause)
                .filter_map(|run| self.evidence.run(run).hits.get(&id));
            hits.into_iter().any(|hits| hits.dropped)
        };
        let is_certain = verdict.is_true() && is_monotone(numbered.node);
        match !is_certain && numbered.clauses().any(misses) {
            true => limited_by_loss(verdict, anchors),
            false => verdict,
        }
    }

    fn clause(&self, id: u32, clause: &'e Clause, admitted: Option<&Admitted<'e>>) -> Verdict<'e> {
        let unknown = |verdict: Verdict<'e>| Verdict {
            truth: Some(Truth::Unknown),
            needs: BTreeSet::from([clause.source.as_str()]),
            ..verdict
        };
        if !self.evidence.has(&clause.source) {
            return unknown(Verdict::default());
        }
        let selected = match admitted {
            Some(admitted) => {
                let found = admitted.found.get(&id).map(Vec::as_slice).unwrap_or_default();
                Selected::new(clause, found)
            }
            None => {
                let hits = |run| self.evidence.run(run).hits.get(&id).map(|hits| (run, hits));
                Selected::sum(clause, self.runs(id, clause).filter_map(hits))
            }
        };
        if let Some(verdict) = selected.verdict(clause) {
            return Verdict {
                supported: verdict.supported && !clause.weak,
                ..verdict
            };
        }
        let ties = admitted.map(|admitted| admitted.ties.as_slice()).unwrap_or_default();
        if let Some(verdict) = self.unknown_by_absent_field(id, clause, ties) {
            return unknown(verdict);
        }
        let tied_to_a_record = ties.iter().any(|tie| matches!(tie, Tie::Record(..)));
        if self.evidence.is_fragment(&clause.source) && !tied_to_a_record {
            return unknown(Verdict::default());
        }
        Verdict::new(Truth::False)
    }

    /// A record that would do if it had the fields that its file cannot have.
    fn unknown_by_absent_field(&self, id: u32, clause: &Clause, ties: &[Tie]) -> Option<Verdict<'e>> {
        let record = |run| {
            let (hit, supported) = self.evidence.run(run).hits.get(&id)?.unknown.as_ref()?;
            let admitted = ties.iter().all(|tie| tie.admits(run, hit));
            admitted.then_some((Found { run, hit }, *supported))
        };
        let (found, supported) = self.runs(id, clause).find_map(record)?;
        let supported = supported && !clause.weak;
        Some(Verdict {
            supported,
            evidence: if supported { vec![found] } else { Vec::new() },
            ..Verdict::default()
        })
    }

    /// A sequence that was decided while the files were read: the first run that has a path.
    fn sequence_verdict(&self, numbered: Numbered<'e>, members: &[Numbered<'e>]) -> Verdict<'e> {
        let runs = self.evidence.of_sequence(numbered.first).iter().copied().filter(|run| {
            let of_primary = self.evidence.file(*run).source == self.primary;
            match of_primary {
                true => self.choice == Some(*run),
                false => self.evidence.is_in_scope(self.detection, *run),
            }
        });
        let mut limited = None;
        for run in runs {
            let watched = &self.evidence.run(run).sequences[&numbered.first];
            let path = watched.path.iter().flatten();
            let path: Vec<Found<'e>> = path.map(|hit| Found { run, hit }).collect();
            if watched.dropped {
                limited = limited.or(Some(path));
            } else if !path.is_empty() && self.takes(run, members) {
                return verdict_of_path(path);
            }
        }
        match limited {
            Some(path) => limited_by_loss(verdict_of_path(path), &[]),
            None => self.without_path(members, None),
        }
    }

    /// True when a run has the first, or the last, record of all in scope, where a member takes only that.
    fn takes(&self, run: RunId, members: &[Numbered<'e>]) -> bool {
        members.iter().all(|member| {
            let Node::Clause(clause) = member.node else { return true };
            let has_records = |run: &RunId| self.evidence.run(*run).hits[&member.first].count > 0;
            let mut runs = self.runs(member.first, clause).filter(has_records);
            select::taken(clause, &mut runs).is_none_or(|taken| taken == run)
        })
    }

    /// Members whose records stand at increasing places, with nothing forbidden between them.
    fn sequence(&self, members: &[Numbered<'e>], admitted: &Admitted<'e>) -> Verdict<'e> {
        let mut steps: Vec<SequenceStep<Found<'e>>> = Vec::new();
        for (index, member) in members.iter().enumerate() {
            for (id, clause) in member.own() {
                let found = admitted.found.get(&id).map(Vec::as_slice).unwrap_or_default();
                let standing = select::speaking(clause, found).iter();
                steps.extend(
                    standing
                        .filter(|found| found.hit.expect == Truth::True)
                        .map(|found| SequenceStep {
                            member: index,
                            stands: true,
                            hit: *found,
                        }),
                );
            }
        }
        steps.sort_by_key(|step| step.hit.order());
        let plan: Vec<Member> = members
            .iter()
            .map(|member| Member {
                forbidden: member.forbids(),
                only: None,
            })
            .collect();
        for run in steps.chunk_by(|a, b| a.hit.run == b.hit.run) {
            let mut automaton = Automaton::new(&plan);
            for record in run.chunk_by(|a, b| a.hit.order() == b.hit.order()) {
                automaton.record(record);
            }
            if let Some(path) = automaton.path() {
                return verdict_of_path(path);
            }
        }
        self.without_path(members, Some(admitted))
    }

    /// A sequence without a path is unknown when one of the members that it wants is.
    fn without_path(&self, members: &[Numbered<'e>], admitted: Option<&Admitted<'e>>) -> Verdict<'e> {
        let wanted = members.iter().filter(|member| !member.forbids());
        let parts: Vec<Verdict<'e>> = wanted.map(|member| self.node(*member, admitted)).collect();
        match parts.iter().any(|part| part.truth == Some(Truth::Unknown)) {
            true => all(parts),
            false => Verdict::new(Truth::False),
        }
    }
}

/// A sequence that holds along a path.
fn verdict_of_path(path: Vec<Found<'_>>) -> Verdict<'_> {
    let mut verdict = Verdict::new(Truth::True);
    for (name, value) in path.iter().flat_map(|found| &found.hit.captures) {
        verdict.captures.entry(name.clone()).or_insert_with(|| value.clone());
    }
    Verdict {
        supported: true,
        evidence: path,
        ..verdict
    }
}

/// A verdict that records which are missing could turn; what speaks for it are the first of the others.
fn limited_by_loss<'e>(verdict: Verdict<'e>, anchors: &[Found<'e>]) -> Verdict<'e> {
    let evidence = match verdict.evidence.is_empty() {
        true => anchors.iter().take(NAMED).copied().collect(),
        false => verdict.evidence.clone(),
    };
    Verdict {
        supported: verdict.supported || !anchors.is_empty(),
        evidence,
        ..verdict.limited()
    }
}

/// True when more records can only make a condition true, never false.
fn is_monotone(node: &Node) -> bool {
    match node {
        Node::Clause(clause) => clause.take.is_none() && clause.count.is_none_or(|count| count.lte.is_none()),
        Node::None(_) => false,
        Node::All(group) | Node::Any(group) | Node::Sequence(group) => {
            group.compare.is_empty() && group.members.iter().all(is_monotone)
        }
    }
}
