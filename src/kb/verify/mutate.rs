//! Which changes to a rule no case notices.
//!
//! A mutant is a rule with one thing in it dropped, loosened or swapped. It is killed when it says something else than
//! the rule does on a case of its issue or on a good log: matched or not, other lines, other captures. Where a whole
//! condition is dropped only matched or not counts. A mutant that survives stands for a part of the rule that nothing
//! proves, and is listed as the case to write.
//!
//! Invariant: the figures depend on the book and its cases alone; every mutant runs, none is drawn by lot.

use rayon::prelude::*;
use serde::Serialize;

use crate::kb::book::Book;
use crate::kb::verify::case::{Case, Expected};
use crate::kb::verify::mutant::{Mutant, ToldBy, mutants};
use crate::kb::verify::variant::{self, Said};
use crate::rules::bundle::Bundle;
use crate::rules::issue::Issue;
use crate::rules::rule::Detection;

/// How well the cases hold the rules fast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mutation {
    /// By id; issues without rules are left out.
    pub issues: Vec<IssueMutation>,
}

/// How well the cases hold one rule fast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueMutation {
    /// The issue.
    pub issue: String,
    /// How many mutants the rule has.
    pub mutants: usize,
    /// Mutants that no case notices, in the order of the page.
    pub survivors: Vec<Survivor>,
}

/// A change that no case notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survivor {
    /// Where in the rule: `all[1].any[0]`; empty for the rule as a whole.
    pub place: String,
    /// What was changed.
    pub change: String,
    /// The case that would notice.
    pub write: String,
}

impl Mutation {
    /// Mutants that were killed, and all of them.
    pub fn count(&self) -> (usize, usize) {
        let all = self.issues.iter().map(|issue| issue.mutants).sum();
        let survivors: usize = self.issues.iter().map(|issue| issue.survivors.len()).sum();
        (all - survivors, all)
    }
}

/// Runs every mutant of every rule of the book.
pub fn mutate(book: &Book, cases: &[Case]) -> Mutation {
    let base = book.bundle();
    let of = |issue: &Issue| {
        issue
            .detection
            .as_ref()
            .map(|detection| of_issue(&base, issue, detection, cases))
    };
    Mutation {
        issues: book.pages.par_iter().filter_map(|page| of(&page.issue)).collect(),
    }
}

fn of_issue(base: &Bundle, issue: &Issue, detection: &Detection, cases: &[Case]) -> IssueMutation {
    let own = |case: &&Case| case.issue() == Some(&issue.id) || case.expects == Expected::Nothing;
    let own: Vec<&Case> = cases.iter().filter(own).collect();
    let mutants: Vec<Mutant> = mutants(detection, &base.sources);
    let detections: Vec<Detection> = [detection]
        .into_iter()
        .chain(mutants.iter().map(|mutant| &mutant.detection))
        .cloned()
        .collect();
    let said = variant::run(base, issue, &detections, &own);
    let count = mutants.len();
    let mut survivors = Vec::new();
    for (mutant, says) in mutants.into_iter().zip(&said[1..]) {
        let same = |(a, b): (&Said, &Said)| match mutant.told_by {
            ToldBy::Verdict => a.matched == b.matched,
            ToldBy::Words => a == b,
        };
        if said[0].iter().zip(says).all(same) {
            survivors.push(Survivor {
                place: mutant.place,
                change: mutant.change,
                write: mutant.write,
            });
        }
    }
    IssueMutation {
        issue: issue.id.clone(),
        mutants: count,
        survivors,
    }
}
