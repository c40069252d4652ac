//! Compiles a source and everything that its records are asked.
//!
//! Invariant: a probe that has literals is asked only of records that hold one of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::ask::check::Lazy;
use crate::rules::ask::marks::Marks;
use crate::rules::ask::plan::Plan;
use crate::rules::ask::prefilter::Prefilter;
use crate::rules::ask::probe::{self, Asked, Probe, Role};
use crate::rules::language::pattern::Pattern;
use crate::rules::language::source::{Blocks, Derive, Format, Source};
use crate::rules::language::template::Template;

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
    pub prefilter: Prefilter,
    /// Records must be counted, so every one of them is cut, candidate or not.
    pub counts_records: bool,
    /// What is kept of the records of each clause.
    pub plan: Arc<Plan>,
    pub marks: Marks,
}

impl Program {
    /// Compiles a source and the clauses that ask it.
    pub fn new(source: &Source, clauses: &[Asked<'_>], plan: &Arc<Plan>, counts_records: bool) -> Program {
        let gives = source.blocks.as_ref().map_or(&[][..], |blocks| &blocks.gives);
        let given: BTreeSet<&str> = gives
            .iter()
            .flat_map(|gives| gives.regex.groups().iter().map(String::as_str))
            .collect();
        let questions = probe::questions(source, clauses);
        let restate = source.restate.iter();
        Program {
            headers: source.headers.iter().map(lazy).collect(),
            pasted_headers: source.pasted_headers.iter().map(lazy).collect(),
            pasted_lines: source.pasted_lines.iter().map(lazy).collect(),
            restate: restate
                .map(|restate| (lazy(&restate.regex), restate.says.clone()))
                .collect(),
            derive: derivations(&source.derive),
            gives: derivations(gives),
            probes: questions.iter().map(|question| question.compile(&given)).collect(),
            prefilter: Prefilter::new(source, &questions, &given),
            counts_records,
            plan: Arc::clone(plan),
            marks: Marks::new(source),
            source: source.clone(),
        }
    }

    /// True when each record that opens a block is one by itself.
    pub fn has_single_blocks(&self) -> bool {
        let is_single = |blocks: &Blocks| blocks.closes.is_empty() && blocks.dismisses.is_empty();
        self.source.blocks.as_ref().is_some_and(is_single)
    }

    /// True when the records are cut while the file is read; the other formats are read whole.
    pub fn streams(&self) -> bool {
        matches!(self.source.format, Format::Records | Format::Lines)
    }

    /// The probes that test one of these fields.
    pub fn probes_testing(&self, fields: &[&str]) -> impl Iterator<Item = u32> {
        let tests = |probe: &Probe| probe.checks.iter().any(|check| fields.contains(&check.field.as_str()));
        (0..)
            .zip(&self.probes)
            .filter(move |(_, probe)| tests(probe))
            .map(|(index, _)| index)
    }

    /// True when a clause is only asked of fragments that hold one of its literals.
    pub fn needs_literal_when_pasted(&self, clause: u32) -> bool {
        let role = Role::Clause(clause);
        !self
            .prefilter
            .always_pasted
            .iter()
            .any(|probe| self.probes[*probe as usize].role == role)
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

    /// True when a line opens a record.
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

/// A pattern that is compiled when it is first needed, in either case.
fn lazy(pattern: &Pattern) -> Lazy {
    Lazy::new(pattern, false)
}

/// Field and pattern of each derivation.
fn derivations(all: &[Derive]) -> Vec<(String, Lazy)> {
    all.iter()
        .map(|derive| (derive.field.clone(), lazy(&derive.regex)))
        .collect()
}
