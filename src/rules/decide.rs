//! From the records that satisfy clauses to the truth of a rule.
//!
//! Invariant: a pure function of the ledgers. A rule is decided once for every run of its primary source (the first of
//! its sources that was given); of its other sources it sees every run in scope.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::finding::Outcome;
use crate::rules::ledger::{Hit, Run};
use crate::rules::rule::{
    Captures, Clause, Compare, CompareOp, Detection, Group, Node, OutcomeChoice, RunChoice, Same, Take, Within,
};
use crate::rules::truth::Truth;
use crate::rules::version::Version;

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
    /// Index of the file, number of the run, the record.
    pub evidence: Vec<Found<'e>>,
    pub needs: BTreeSet<&'e str>,
}

/// A run of a file: index of the file, index of the run.
type At = (usize, usize);

/// Decides one rule. `first` is the number of its first clause in the bundle.
pub fn decide<'e>(detection: &'e Detection, first: u32, files: &'e [FileEvidence]) -> Vec<Verdict<'e>> {
    let clauses = detection.rule.clauses();
    let ids: BTreeMap<*const Clause, u32> = clauses
        .iter()
        .zip(first..)
        .map(|(clause, id)| (std::ptr::from_ref(*clause), id))
        .collect();
    let mut scope: BTreeMap<&str, Vec<At>> = BTreeMap::new();
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
    let mut choices: Vec<Vec<At>> = runs.into_iter().map(|run| vec![run]).collect();
    if choices.is_empty() {
        choices.push(Vec::new());
    }
    choices
        .into_iter()
        .map(|choice| {
            scope.insert(primary, choice);
            let view = View {
                files,
                scope: &scope,
                ids: &ids,
            };
            let mut verdict = view.node(&detection.rule, &mut Vec::new());
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
fn in_scope(detection: &Detection, source: &str, files: &[FileEvidence]) -> Vec<At> {
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

/// A restriction that a group lays on the records of its members.
#[derive(Debug, Clone, PartialEq)]
enum Tie {
    Record(usize, u64, u64),
    Block(usize, u64, u32),
    Run(usize, u64),
    Key(String),
    /// From this record on, within the bounds.
    Window {
        file: usize,
        run: u64,
        at: u64,
        time: Option<i64>,
        number: u64,
        within: Within,
    },
    /// The group has no record to be tied to.
    Nothing,
}

impl Tie {
    fn admits(&self, file: usize, run: u64, hit: &Hit) -> bool {
        match self {
            Tie::Record(f, r, at) => (*f, *r, *at) == (file, run, hit.place.at),
            Tie::Block(f, r, block) => (*f, *r) == (file, run) && hit.block == Some(*block),
            Tie::Run(f, r) => (*f, *r) == (file, run),
            Tie::Key(key) => hit.key.as_ref() == Some(key),
            Tie::Window {
                file: f,
                run: r,
                at,
                time,
                number,
                within,
            } => {
                (*f, *r) == (file, run)
                    && hit.place.at >= *at
                    && within
                        .records
                        .is_none_or(|records| hit.place.number.saturating_sub(*number) <= records)
                    && within.seconds.is_none_or(|seconds| match (time, hit.time) {
                        (Some(from), Some(to)) => from.abs_diff(to) <= seconds.saturating_mul(1000),
                        _ => false,
                    })
            }
            Tie::Nothing => false,
        }
    }
}

struct View<'v, 'e> {
    files: &'e [FileEvidence],
    scope: &'v BTreeMap<&'e str, Vec<At>>,
    ids: &'v BTreeMap<*const Clause, u32>,
}

impl<'e> View<'_, 'e> {
    fn node(&self, node: &'e Node, ties: &mut Vec<Tie>) -> Verdict<'e> {
        match node {
            Node::Clause(clause) => self.clause(clause, ties),
            Node::All(group) | Node::Any(group) | Node::None(group) | Node::Sequence(group) => {
                let candidates = self.candidates(group, ties);
                let mut best: Option<Verdict<'e>> = None;
                for candidate in candidates {
                    let depth = ties.len();
                    ties.extend(candidate);
                    let verdict = self.members(node, group, ties);
                    ties.truncate(depth);
                    let better = best.as_ref().is_none_or(|best| rank(&verdict) > rank(best));
                    if better {
                        best = Some(verdict);
                    }
                    if best.as_ref().is_some_and(|best| best.truth == Some(Truth::True)) {
                        break;
                    }
                }
                best.unwrap_or_default()
            }
        }
    }

    /// The restrictions under which a group is tried, in file order; one that restricts nothing when it has none.
    fn candidates(&self, group: &'e Group, ties: &[Tie]) -> Vec<Vec<Tie>> {
        if group.same.is_none() && group.within.is_none() {
            return vec![Vec::new()];
        }
        let mut hits: Vec<(usize, u64, &Hit)> = Vec::new();
        for clause in group
            .members
            .iter()
            .filter(|member| !matches!(member, Node::None(_)))
            .flat_map(clauses)
        {
            hits.extend(self.hits(clause, ties));
        }
        hits.sort_by_key(|(file, run, hit)| (*file, *run, hit.place.at));
        let mut out: Vec<Vec<Tie>> = Vec::new();
        for (file, run, hit) in hits {
            let same = match group.same {
                None => None,
                Some(Same::Record) => Some(Tie::Record(file, run, hit.place.at)),
                Some(Same::Run) => Some(Tie::Run(file, run)),
                Some(Same::Block) => match hit.block {
                    Some(block) => Some(Tie::Block(file, run, block)),
                    None => continue,
                },
                Some(Same::Key) => match &hit.key {
                    Some(key) => Some(Tie::Key(key.clone())),
                    None => continue,
                },
            };
            let window = group.within.map(|within| Tie::Window {
                file,
                run,
                at: hit.place.at,
                time: hit.time,
                number: hit.place.number,
                within,
            });
            let tie: Vec<Tie> = same.into_iter().chain(window).collect();
            if !out.contains(&tie) {
                out.push(tie);
            }
        }
        if out.is_empty() {
            out.push(vec![Tie::Nothing]);
        }
        out
    }

    fn members(&self, node: &'e Node, group: &'e Group, ties: &mut Vec<Tie>) -> Verdict<'e> {
        let mut verdict = match node {
            Node::Sequence(_) => self.sequence(group, ties),
            Node::Any(_) => any(group.members.iter().map(|member| self.node(member, ties)).collect()),
            Node::None(_) => {
                let inner = any(group.members.iter().map(|member| self.node(member, ties)).collect());
                let truth = inner.truth.map(|truth| !truth);
                let needs = if truth == Some(Truth::Unknown) {
                    inner.needs
                } else {
                    BTreeSet::new()
                };
                Verdict {
                    truth,
                    needs,
                    ..Verdict::default()
                }
            }
            _ => all(group.members.iter().map(|member| self.node(member, ties)).collect()),
        };
        let undecided = verdict.truth.is_some_and(|truth| truth != Truth::False);
        if undecided && !group.compare.iter().all(|compare| holds(compare, &verdict)) {
            verdict.truth = Some(Truth::False);
        }
        verdict
    }

    /// The kept records of a clause that the ties admit, in file order.
    fn hits(&self, clause: &Clause, ties: &[Tie]) -> Vec<Found<'e>> {
        let Some(id) = self.ids.get(&std::ptr::from_ref(clause)) else {
            return Vec::new();
        };
        let runs = self
            .scope
            .get(clause.source.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut out = Vec::new();
        for &(file, run) in runs {
            let run = &self.files[file].runs[run];
            let Some(hits) = run.hits.get(id) else { continue };
            let admitted = hits
                .kept
                .iter()
                .filter(|hit| ties.iter().all(|tie| tie.admits(file, run.number, hit)));
            out.extend(admitted.map(|hit| (file, run.number, hit)));
        }
        out
    }

    fn clause(&self, clause: &'e Clause, ties: &[Tie]) -> Verdict<'e> {
        let unknown = |verdict: Verdict<'e>| Verdict {
            truth: Some(Truth::Unknown),
            needs: BTreeSet::from([clause.source.as_str()]),
            ..verdict
        };
        let Some(runs) = self.scope.get(clause.source.as_str()) else {
            return unknown(Verdict::default());
        };
        let hits = self.hits(clause, ties);
        if let Some(verdict) = self.selected(clause, ties, runs, &hits) {
            return verdict;
        }
        // A record that would do if it had the fields that its file cannot have.
        let id = self.ids.get(&std::ptr::from_ref(clause));
        for &(file, run) in runs {
            let run = &self.files[file].runs[run];
            let Some((hit, supported)) = id
                .and_then(|id| run.hits.get(id))
                .and_then(|hits| hits.unknown.as_ref())
            else {
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
        Verdict {
            truth: Some(Truth::False),
            ..Verdict::default()
        }
    }

    /// What the selected records say; `None` when the clause does not hold.
    fn selected(&self, clause: &'e Clause, ties: &[Tie], runs: &[At], hits: &[Found<'e>]) -> Option<Verdict<'e>> {
        let speaking: Vec<&Found<'e>> = match clause.take {
            Some(Take::First) => hits.first().into_iter().collect(),
            Some(Take::Last) => hits.last().into_iter().collect(),
            Some(Take::All) | None => hits.iter().collect(),
        };
        if let Some(count) = clause.count {
            let id = self.ids.get(&std::ptr::from_ref(clause))?;
            let counted = match ties.is_empty() {
                true => runs
                    .iter()
                    .filter_map(|&(file, run)| self.files[file].runs[run].hits.get(id))
                    .map(|hits| hits.count)
                    .sum(),
                false => hits.len() as u64,
            };
            if count.gte.is_some_and(|least| counted < least) || count.lte.is_some_and(|most| counted > most) {
                return None;
            }
            if hits.is_empty() {
                return Some(Verdict {
                    truth: Some(Truth::True),
                    ..Verdict::default()
                });
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

    /// A path through the records of the members at increasing places of one run. For every record it is enough to know
    /// one record of the member before from which it can be reached, so the work is quadratic in the records kept.
    fn sequence(&self, group: &'e Group, ties: &mut Vec<Tie>) -> Verdict<'e> {
        let wanted = group.members.iter().filter(|member| !matches!(member, Node::None(_)));
        let parts: Vec<Verdict<'e>> = wanted.map(|member| self.node(member, ties)).collect();
        let open = parts.iter().any(|part| part.truth == Some(Truth::Unknown));
        let steps: Vec<(bool, Vec<Found<'e>>)> = group
            .members
            .iter()
            .map(|member| (matches!(member, Node::None(_)), self.step(member, ties)))
            .collect();
        match path(&steps) {
            Some(evidence) => {
                let mut captures = Captures::new();
                for (.., hit) in &evidence {
                    for (name, value) in &hit.captures {
                        captures.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
                Verdict {
                    truth: Some(Truth::True),
                    supported: true,
                    captures,
                    evidence,
                    needs: BTreeSet::new(),
                }
            }
            None if open => all(parts),
            None => Verdict {
                truth: Some(Truth::False),
                ..Verdict::default()
            },
        }
    }

    /// The records that can stand for a member of a sequence: of its clauses, those that say what is expected.
    fn step(&self, node: &'e Node, ties: &[Tie]) -> Vec<Found<'e>> {
        let mut out: Vec<Found<'e>> = Vec::new();
        for clause in clauses(node) {
            let hits = self.hits(clause, ties);
            let speaking = match clause.take {
                Some(Take::First) => hits.first().copied().into_iter().collect(),
                Some(Take::Last) => hits.last().copied().into_iter().collect(),
                _ => hits,
            };
            out.extend(speaking.into_iter().filter(|(.., hit)| hit.expect == Truth::True));
        }
        out.sort_by_key(|(file, run, hit)| (*file, *run, hit.place.at));
        out
    }
}

/// A record that satisfies a clause: number of its file, of its run, and the record.
type Found<'e> = (usize, u64, &'e Hit);

/// The first path through a sequence's records. A step that is `true` must have no record between its neighbours, or
/// before the first, or after the last.
fn path<'e>(steps: &[(bool, Vec<Found<'e>>)]) -> Option<Vec<Found<'e>>> {
    let mut reached: Option<Vec<Vec<Found<'e>>>> = None;
    let mut barriers: Vec<Found<'e>> = Vec::new();
    let order = |(file, run, hit): &Found<'e>| (*file, *run, hit.place.at);
    let same_run = |a: &Found<'e>, b: &Found<'e>| (a.0, a.1) == (b.0, b.1);
    for (forbidden, hits) in steps {
        if *forbidden {
            barriers.extend(hits);
            continue;
        }
        let next = match &reached {
            None => hits
                .iter()
                .filter(|hit| {
                    !barriers
                        .iter()
                        .any(|barrier| same_run(barrier, hit) && order(barrier) < order(hit))
                })
                .map(|hit| vec![*hit])
                .collect(),
            Some(paths) => hits
                .iter()
                .filter_map(|hit| {
                    let from = paths.iter().rev().find(|path| {
                        path.last().is_some_and(|last| {
                            same_run(last, hit)
                                && order(last) < order(hit)
                                && !barriers.iter().any(|barrier| {
                                    same_run(barrier, hit)
                                        && order(last) < order(barrier)
                                        && order(barrier) < order(hit)
                                })
                        })
                    })?;
                    Some(from.iter().copied().chain([*hit]).collect())
                })
                .collect(),
        };
        reached = Some(next);
        barriers.clear();
    }
    reached?.into_iter().find(|path| {
        path.last().is_some_and(|last| {
            !barriers
                .iter()
                .any(|barrier| same_run(barrier, last) && order(last) < order(barrier))
        })
    })
}

/// The clauses of a member that speak for it; of a `none`, those that it forbids.
fn clauses(node: &Node) -> Vec<&Clause> {
    match node {
        Node::Clause(clause) => vec![clause],
        Node::All(group) | Node::Any(group) | Node::Sequence(group) => group
            .members
            .iter()
            .filter(|member| !matches!(member, Node::None(_)))
            .flat_map(clauses)
            .collect(),
        Node::None(group) => group.members.iter().flat_map(clauses).collect(),
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

/// A comparison on what was captured. A value that was not captured is never equal, unequal or in order to another.
fn holds(compare: &Compare, verdict: &Verdict<'_>) -> bool {
    let (Some(left), Some(right)) = (
        verdict.captures.get(&compare.left),
        verdict.captures.get(&compare.right),
    ) else {
        return verdict.truth == Some(Truth::Unknown);
    };
    let order = match Version::parse(left).zip(Version::parse(right)) {
        Some((left, right)) => left.cmp(&right),
        None => {
            let equal = left.eq_ignore_ascii_case(right);
            return match compare.op {
                CompareOp::Eq => equal,
                CompareOp::Ne => !equal,
                _ => false,
            };
        }
    };
    match compare.op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Lte => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Gte => order.is_ge(),
    }
}
