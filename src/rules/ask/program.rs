//! Compiles everything that the records of one source are asked.
//!
//! Invariant: whatever a record is asked — a rule's clause, a run's mark, a fact — is one [`Probe`]; a record that
//! holds none of a probe's literals is not asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rules::ask::check::{Check, Lazy};
use crate::rules::ask::literals;
use crate::rules::ask::marks::Marks;
use crate::rules::ask::needles::Needles;
use crate::rules::ask::plan::Plan;
use crate::rules::language::rule::{Clause, FieldTest};
use crate::rules::language::source::{Blocks, Condition, Format, Source};
use crate::rules::language::template::Template;

/// A long text is searched in pieces of so many bytes, so that what is found in it takes no more room than they do.
const PIECE: usize = 1 << 20;

/// What a probe is for, in the order in which a record is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The record opens a run.
    Start,
    /// It opens an error block.
    Opens,
    /// It opens an error block and says nothing of what went wrong.
    Announces,
    /// It states a fact: a group of the pattern.
    Fact,
    /// It states success.
    Success,
    /// It states or proves failure.
    Failure,
    /// It may satisfy a clause: number of the clause in the whole bundle.
    Clause(u32),
    /// It closes a block.
    Closes,
    /// It closes a block that did no harm.
    Dismisses,
    /// It closes a run.
    End,
}

/// One thing that is asked of records.
#[derive(Debug)]
pub struct Probe {
    pub role: Role,
    /// Tests that can be answered by the record itself.
    pub checks: Vec<Check>,
    /// Tests on fields that the block gives, answered when it closes.
    pub deferred: Vec<Check>,
    /// The rule of the clause asks events as well, so what an event says is for those clauses.
    pub asks_events: bool,
    /// What a record that the checks select must say.
    pub expect: Vec<Check>,
}

/// A source and all that is asked of it.
#[derive(Debug)]
pub struct Program {
    pub source: Source,
    pub headers: Vec<Lazy>,
    pub pasted_headers: Vec<Lazy>,
    pub pasted_lines: Vec<Lazy>,
    /// What a fragment says in other words, and in the words of the log.
    pub restate: Vec<(Lazy, Template)>,
    /// Field and pattern of every derivation.
    pub derive: Vec<(String, Lazy)>,
    /// Patterns read from the record that closes a block.
    pub gives: Vec<(String, Lazy)>,
    /// In order of their roles.
    pub probes: Vec<Probe>,
    pub needles: Needles,
    /// Probes of each literal.
    pub owners: Vec<Vec<u32>>,
    /// Probes that every record is asked.
    pub always: Vec<u32>,
    /// The same for a pasted fragment, whose fields may be assumed or lost.
    pub always_pasted: Vec<u32>,
    /// Records must be counted, so every one of them is cut, candidate or not.
    pub counts_records: bool,
    /// What is kept of the records of each clause.
    pub plan: Arc<Plan>,
    pub marks: Marks,
}

/// What one clause of a rule asks of a source.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'r> {
    /// Number of the clause in the bundle.
    pub id: u32,
    pub clause: &'r Clause,
    /// Another clause of its rule asks events.
    pub asks_events: bool,
}

impl Program {
    /// Compiles a source and the clauses that ask it.
    pub fn new(source: &Source, clauses: &[Asked<'_>], plan: &Arc<Plan>, counts_records: bool) -> Program {
        let given: BTreeSet<&str> = source
            .blocks
            .iter()
            .flat_map(|blocks| &blocks.gives)
            .flat_map(|gives| gives.regex.groups().iter().map(String::as_str))
            .collect();
        let mut asked: Vec<(Role, &[FieldTest], &[FieldTest])> = Vec::new();
        let conditions = |role: Role, list: &[Condition]| -> Vec<(Role, Vec<FieldTest>)> {
            list.iter().map(|condition| (role, condition.select.clone())).collect()
        };
        let mut owned: Vec<(Role, Vec<FieldTest>)> = Vec::new();
        if let Some(runs) = &source.runs {
            owned.extend(conditions(Role::Start, &runs.starts));
            owned.extend(conditions(Role::End, &runs.ends));
            owned.extend(conditions(Role::Success, &runs.success));
            owned.extend(conditions(Role::Failure, &runs.failure));
            owned.extend(runs.facts.iter().map(|fact| {
                let test = crate::rules::language::rule::Test::Regex(fact.regex.clone());
                (
                    Role::Fact,
                    vec![FieldTest {
                        field: fact.field.clone(),
                        test,
                        case_sensitive: false,
                    }],
                )
            }));
        }
        if let Some(blocks) = &source.blocks {
            owned.extend(conditions(Role::Opens, &blocks.opens));
            owned.extend(conditions(Role::Announces, &blocks.announces));
            owned.extend(conditions(Role::Closes, &blocks.closes));
            owned.extend(conditions(Role::Dismisses, &blocks.dismisses));
        }
        asked.extend(
            owned
                .iter()
                .map(|(role, tests)| (*role, tests.as_slice(), [].as_slice())),
        );
        asked.extend(
            clauses
                .iter()
                .map(|Asked { id, clause, .. }| (Role::Clause(*id), &*clause.select, &*clause.expect)),
        );
        asked.sort_by_key(|(role, ..)| *role);

        let mut literals = Vec::new();
        let mut owners: Vec<Vec<u32>> = Vec::new();
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let (mut always, mut always_pasted) = (Vec::new(), Vec::new());
        for (index, (_, tests, _)) in asked.iter().enumerate() {
            let index = index as u32;
            let own = literals::of_tests(tests, |field| !given.contains(field) && source.is_in_pasted_text(field));
            if own.is_empty() {
                always_pasted.push(index);
            }
            let set = if own.is_empty() {
                literals::of_tests(tests, |field| !given.contains(field))
            } else {
                own
            };
            if set.is_empty() {
                always.push(index);
            }
            for literal in set {
                let literal = literal.to_ascii_lowercase();
                let id = *known.entry(literal.clone()).or_insert_with(|| {
                    literals.push(literal);
                    owners.push(Vec::new());
                    owners.len() as u32 - 1
                });
                owners[id as usize].push(index);
            }
        }
        let is_deferred = |test: &&FieldTest| given.contains(test.field.as_str());
        let list = |tests: &[FieldTest], deferred: bool| {
            let tests: Vec<FieldTest> = tests
                .iter()
                .filter(|test| is_deferred(test) == deferred)
                .cloned()
                .collect();
            Check::list(&tests)
        };
        let of_events = clauses.iter().filter(|asked| asked.asks_events).map(|asked| asked.id);
        let of_events: BTreeSet<u32> = of_events.collect();
        let probes = asked
            .iter()
            .map(|(role, tests, expect)| Probe {
                role: *role,
                checks: list(tests, false),
                deferred: list(tests, true),
                asks_events: matches!(role, Role::Clause(id) if of_events.contains(id)),
                expect: Check::list(expect),
            })
            .collect();
        let pairs = |derive: &[crate::rules::language::source::Derive]| -> Vec<(String, Lazy)> {
            derive
                .iter()
                .map(|derive| (derive.field.clone(), Lazy::new(&derive.regex, false)))
                .collect()
        };
        let in_either_case = |pattern| Lazy::new(pattern, false);
        Program {
            headers: source.headers.iter().map(in_either_case).collect(),
            pasted_headers: source.pasted_headers.iter().map(in_either_case).collect(),
            pasted_lines: source.pasted_lines.iter().map(in_either_case).collect(),
            restate: source
                .restate
                .iter()
                .map(|restate| (in_either_case(&restate.regex), restate.says.clone()))
                .collect(),
            derive: pairs(&source.derive),
            gives: source
                .blocks
                .as_ref()
                .map(|blocks| pairs(&blocks.gives))
                .unwrap_or_default(),
            probes,
            needles: Needles::new(literals),
            owners,
            always,
            always_pasted,
            counts_records,
            plan: Arc::clone(plan),
            marks: Marks::new(source),
            source: source.clone(),
        }
    }

    /// Whether each record that opens a block is one by itself.
    pub fn has_single_blocks(&self) -> bool {
        let is_single = |blocks: &Blocks| blocks.closes.is_empty() && blocks.dismisses.is_empty();
        self.source.blocks.as_ref().is_some_and(is_single)
    }

    /// Whether the records are cut while the file is read; the other formats are read whole.
    pub fn streams(&self) -> bool {
        matches!(self.source.format, Format::Records | Format::Lines)
    }

    /// The probes that test one of these fields.
    pub fn mentioning(&self, fields: &[&str]) -> impl Iterator<Item = u32> {
        let tests = |probe: &Probe| probe.checks.iter().any(|check| fields.contains(&check.field.as_str()));
        (0..)
            .zip(&self.probes)
            .filter(move |(_, probe)| tests(probe))
            .map(|(index, _)| index)
    }

    /// Whether a clause is only asked of fragments that hold one of its literals.
    pub fn asks_for_words(&self, clause: u32) -> bool {
        let role = Role::Clause(clause);
        !self
            .always_pasted
            .iter()
            .any(|probe| self.probes[*probe as usize].role == role)
    }

    /// Adds the probes whose literals stand in a text.
    pub fn owners_in(&self, text: &str, probes: &mut Vec<u32>) {
        let (text, overlap) = (text.as_bytes(), self.needles.longest().saturating_sub(1));
        for from in (0..text.len()).step_by(PIECE) {
            let piece = &text[from..(from + PIECE + overlap).min(text.len())];
            let before = probes.len();
            for hit in self.needles.find(piece) {
                probes.extend_from_slice(&self.owners[hit.literal as usize]);
            }
            probes[before..].sort_unstable();
            probes.dedup();
        }
    }

    /// The fields that clauses ask, and those that are read from other fields.
    pub fn names(&self) -> BTreeSet<String> {
        let clauses = self.probes.iter().filter(|probe| matches!(probe.role, Role::Clause(_)));
        let asked = clauses.flat_map(|probe| probe.checks.iter().chain(&probe.deferred).chain(&probe.expect));
        let split = self.source.split.iter().flat_map(|split| [&split.before, &split.after]);
        let derived = self.derive.iter().flat_map(|(_, pattern)| pattern.groups());
        asked
            .map(|check| &check.field)
            .chain(split)
            .chain(derived)
            .cloned()
            .collect()
    }

    /// Whether a line opens a record.
    pub fn opens_record(&self, line: &str, pasted: bool) -> bool {
        match self.source.format {
            Format::Lines => true,
            _ => self.header(line, pasted).is_some(),
        }
    }

    /// The first header pattern that fits a line.
    pub fn header(&self, line: &str, pasted: bool) -> Option<&Lazy> {
        let more = if pasted { self.pasted_headers.as_slice() } else { &[] };
        self.headers.iter().chain(more).find(|header| header.is_match(line))
    }
}
