//! Plans which records of each clause must be kept until all files are read.
//!
//! Most clauses need only their first record, their last record and their number of records. A sequence is decided
//! while its file is read. Only `same` and `within`, which tie records together, compare all records of their clauses.

use std::collections::BTreeMap;

use crate::rules::ask::sequence::{self, Member};
use crate::rules::language::issue::Issue;
use crate::rules::language::numbered::Numbered;
use crate::rules::language::rule::{Clause, Group, Node, RunChoice, Take};

/// Records that are listed of a clause that counts its records or asks all of them.
const LISTED: usize = 20;
/// Records that are listed of any other clause.
pub const NAMED: usize = 3;

/// Records of a clause that a report may list.
pub fn listed(clause: &Clause) -> usize {
    match clause.count.is_some() || clause.take == Some(Take::All) {
        true => LISTED,
        false => NAMED,
    }
}

/// Which records of a clause are kept besides the first, the last and those that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// None.
    Shown,
    /// All of them, as far as there is room.
    All,
    /// Those that a sequence still needs: number of its first clause, and which of its members the clause stands for.
    Step { sequence: u32, member: usize },
}

/// What is kept of one clause.
#[derive(Debug)]
pub struct Kept {
    pub keep: Keep,
    /// Records of each truth that a report may show.
    pub shown: usize,
    /// True when the last record speaks.
    pub last: bool,
    /// True when every run is asked, and not only the last.
    pub every_run: bool,
}

/// What is kept of every clause of a bundle.
#[derive(Debug, Default)]
pub struct Plan {
    clauses: Vec<Kept>,
    /// Members of the sequences that are decided while a file is read, by the number of their first clause.
    sequences: BTreeMap<u32, Vec<Member>>,
}

impl Plan {
    /// `first` has the number of the first clause of each issue.
    pub fn new(issues: &[Issue], first: &[u32]) -> Plan {
        let mut plan = Plan::default();
        for (issue, &first) in issues.iter().zip(first) {
            let Some(detection) = &issue.detection else { continue };
            let rule = Numbered {
                node: &detection.rule,
                first,
            };
            let every_run = detection.run == RunChoice::Every;
            plan.clauses.extend(rule.clauses().map(|(_, clause)| Kept {
                keep: Keep::Shown,
                shown: listed(clause),
                last: clause.take == Some(Take::Last),
                every_run,
            }));
            plan.walk(rule);
        }
        plan
    }

    /// What is kept of a clause.
    pub fn kept(&self, clause: u32) -> &Kept {
        &self.clauses[clause as usize]
    }

    /// The members of a sequence that is decided while a file is read.
    pub fn sequence(&self, first: u32) -> &[Member] {
        self.sequences.get(&first).map(Vec::as_slice).unwrap_or_default()
    }

    fn walk(&mut self, numbered: Numbered<'_>) {
        match numbered.node {
            Node::Clause(_) => {}
            Node::Sequence(group) if streams(group) => self.plan_sequence(numbered, group),
            Node::Sequence(_) => self.keep_all(numbered),
            Node::All(group) | Node::Any(group) | Node::None(group) if is_tied(group) => self.keep_all(numbered),
            _ => numbered.members().into_iter().for_each(|member| self.walk(member)),
        }
    }

    fn keep_all(&mut self, numbered: Numbered<'_>) {
        for (id, _) in numbered.clauses() {
            self.clauses[id as usize].keep = Keep::All;
        }
    }

    fn plan_sequence(&mut self, numbered: Numbered<'_>, group: &Group) {
        for (member, part) in numbered.members().into_iter().enumerate() {
            for (id, _) in part.clauses() {
                self.clauses[id as usize].keep = Keep::Step {
                    sequence: numbered.first,
                    member,
                };
            }
        }
        self.sequences.insert(numbered.first, sequence::members(group));
    }
}

/// True when a group lays a restriction on the records of its members.
pub fn is_tied(group: &Group) -> bool {
    group.same.is_some() || group.within.is_some()
}

/// True when a sequence that stands in no tied group can be decided while a file is read: its members are clauses, or
/// groups of clauses whose records all count.
pub fn streams(group: &Group) -> bool {
    let is_clause = |node: &Node| matches!(node, Node::Clause(clause) if clause.count.is_none());
    let starts_at_any_line =
        |node: &Node| matches!(node, Node::Clause(clause) if matches!(clause.take, None | Some(Take::All)));
    !is_tied(group)
        && group.members.iter().all(|member| match member {
            Node::Any(group) | Node::None(group) => {
                !is_tied(group)
                    && group.compare.is_empty()
                    && group
                        .members
                        .iter()
                        .all(|node| is_clause(node) && starts_at_any_line(node))
            }
            other => is_clause(other),
        })
}
