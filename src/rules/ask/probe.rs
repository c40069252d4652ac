//! Lists everything that the records of one source are asked.
//!
//! Invariant: every question to a record (a rule's clause, a run's mark, a fact) is one [`Probe`]; probes stand in the
//! order of their roles.

use std::collections::BTreeSet;

use crate::rules::ask::check::Check;
use crate::rules::language::rule::{Clause, FieldTest, Test};
use crate::rules::language::source::{Blocks, Condition, Fact, Runs, Source};

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
    /// It begins a phase of the run: number of the phase in the source.
    Phase(u32),
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

/// What one clause of a rule asks of a source.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'r> {
    /// Number of the clause in the bundle.
    pub id: u32,
    pub clause: &'r Clause,
    /// Another clause of its rule asks events.
    pub asks_events: bool,
}

/// A question before it is compiled.
pub(super) struct Question {
    role: Role,
    /// Which records it is about.
    pub select: Vec<FieldTest>,
    /// What such a record must say.
    expect: Vec<FieldTest>,
    asks_events: bool,
}

impl Question {
    fn new(role: Role, select: Vec<FieldTest>) -> Question {
        Question {
            role,
            select,
            expect: Vec::new(),
            asks_events: false,
        }
    }

    fn of_clause(asked: &Asked<'_>) -> Question {
        Question {
            expect: asked.clause.expect.clone(),
            asks_events: asked.asks_events,
            ..Question::new(Role::Clause(asked.id), asked.clause.select.clone())
        }
    }

    /// Compiles the question. `given`: the fields that a record has from its block, known when the block closes.
    pub fn compile(&self, given: &BTreeSet<&str>) -> Probe {
        let (deferred, own): (Vec<FieldTest>, Vec<FieldTest>) = self
            .select
            .iter()
            .cloned()
            .partition(|test| given.contains(test.field.as_str()));
        Probe {
            role: self.role,
            checks: Check::list(&own),
            deferred: Check::list(&deferred),
            asks_events: self.asks_events,
            expect: Check::list(&self.expect),
        }
    }
}

/// What a source and the clauses that ask it want to know of each record.
pub(super) fn questions(source: &Source, clauses: &[Asked<'_>]) -> Vec<Question> {
    let mut questions = Vec::new();
    questions.extend(source.runs.iter().flat_map(of_runs));
    questions.extend(source.blocks.iter().flat_map(of_blocks));
    questions.extend(clauses.iter().map(Question::of_clause));
    questions.sort_by_key(|question| question.role);
    questions
}

fn of_runs(runs: &Runs) -> Vec<Question> {
    let mut questions = of_conditions(Role::Start, &runs.starts);
    questions.extend(of_conditions(Role::End, &runs.ends));
    for (number, phase) in (0..).zip(&runs.phases) {
        questions.extend(of_conditions(Role::Phase(number), &phase.begins));
    }
    questions.extend(of_conditions(Role::Success, &runs.success));
    questions.extend(of_conditions(Role::Failure, &runs.failure));
    questions.extend(runs.facts.iter().map(of_fact));
    questions
}

fn of_blocks(blocks: &Blocks) -> Vec<Question> {
    let mut questions = of_conditions(Role::Opens, &blocks.opens);
    questions.extend(of_conditions(Role::Announces, &blocks.announces));
    questions.extend(of_conditions(Role::Closes, &blocks.closes));
    questions.extend(of_conditions(Role::Dismisses, &blocks.dismisses));
    questions
}

fn of_conditions(role: Role, conditions: &[Condition]) -> Vec<Question> {
    conditions
        .iter()
        .map(|condition| Question::new(role, condition.select.clone()))
        .collect()
}

fn of_fact(fact: &Fact) -> Question {
    let test = FieldTest {
        field: fact.field.clone(),
        test: Test::Regex(fact.regex.clone()),
        case_sensitive: false,
    };
    Question::new(Role::Fact, vec![test])
}
