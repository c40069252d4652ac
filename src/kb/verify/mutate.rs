//! Finds the changes to a rule that no case notices.
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
use crate::kb::verify::mutant::{Mutant, NoticedBy};
use crate::kb::verify::mutants::mutants;
use crate::kb::verify::variant::{self, Said};
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::Issue;
use crate::rules::language::rule::Detection;

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

/// Runs every mutant of every rule whose issue's id is wanted: first on the cases of its own issue and on the good logs,
/// which notice most of them; what is left then runs on all other cases.
pub fn mutate(book: &Book, cases: &[Case], wanted: impl Fn(&str) -> bool + Sync) -> Mutation {
    let base = book.bundle();
    let trials = book
        .pages
        .par_iter()
        .filter(|page| wanted(&page.issue.id))
        .filter_map(|page| Trial::new(&base, &page.issue, cases));
    let mut trials: Vec<Trial<'_>> = trials.collect();
    run_on_all_cases(&base, &mut trials, cases);
    Mutation {
        issues: trials.into_iter().map(Trial::into_result).collect(),
    }
}

/// The mutants of one rule and which of them are still alive.
struct Trial<'b> {
    issue: &'b Issue,
    rule: &'b Detection,
    mutants: usize,
    alive: Vec<Mutant>,
}

impl<'b> Trial<'b> {
    fn new(base: &Bundle, issue: &'b Issue, cases: &[Case]) -> Option<Trial<'b>> {
        let rule = issue.detection.as_ref()?;
        let near: Vec<&Case> = cases.iter().filter(|case| is_near(case, issue)).collect();
        let alive = mutants(rule, base.sources());
        let mutants = alive.len();
        let mut trial = Trial {
            issue,
            rule,
            mutants,
            alive,
        };
        let said = variant::run(base, &trial.variants(), &near);
        trial.remove_killed(&said);
        Some(trial)
    }

    /// The rule itself, then what is alive.
    fn variants(&self) -> Vec<(&'b Issue, &Detection)> {
        let alive = self.alive.iter().map(|mutant| (self.issue, &mutant.detection));
        [(self.issue, self.rule)].into_iter().chain(alive).collect()
    }

    /// Keeps the mutants that said what the rule said. `said`: of [`Trial::variants`].
    fn remove_killed(&mut self, said: &[Vec<Said>]) {
        let mut mutants = said[1..].iter();
        self.alive.retain(|mutant| {
            let says = mutants.next().into_iter().flatten();
            said[0]
                .iter()
                .zip(says)
                .all(|(rule, mutant_says)| match mutant.noticed_by {
                    NoticedBy::Verdict => rule.matched == mutant_says.matched,
                    NoticedBy::Words => rule == mutant_says,
                })
        });
    }

    fn into_result(self) -> IssueMutation {
        let survivor = |mutant: Mutant| Survivor {
            place: mutant.place,
            change: mutant.change,
            write: mutant.write,
        };
        IssueMutation {
            issue: self.issue.id.clone(),
            mutants: self.mutants,
            survivors: self.alive.into_iter().map(survivor).collect(),
        }
    }
}

fn is_near(case: &Case, issue: &Issue) -> bool {
    case.issue() == Some(&issue.id) || matches!(case.expects, Expected::Nothing | Expected::Foreign)
}

/// What is alive of all rules, on the cases of all other issues: a rule that fires there is seen in their snapshots.
fn run_on_all_cases(base: &Bundle, trials: &mut [Trial<'_>], cases: &[Case]) {
    let variants: Vec<(&Issue, &Detection)> = trials.iter().flat_map(|trial| trial.variants()).collect();
    let all: Vec<&Case> = cases.iter().collect();
    let mut said = variant::run(base, &variants, &all);
    for trial in trials {
        let rest = said.split_off(trial.alive.len() + 1);
        trial.remove_killed(&said);
        said = rest;
    }
}
