//! Finds the alternatives of a rule that no case reaches.
//!
//! An alternative is a member of an `any`, a value of a list of which one suffices, a member of an alternation in a
//! pattern, and a member of a `none`. It is reached when the rule with this alternative alone still matches a match
//! case. What speaks against the issue is reached when it alone keeps the rule silent on a clean case that the rule
//! would match without it.
//!
//! Invariant: this asks the engine, not the rule's text; an alternative that is written but can never be true is
//! never reached.

use rayon::prelude::*;
use serde::Serialize;

use crate::kb::book::Book;
use crate::kb::verify::case::{Case, Expected};
use crate::kb::verify::describe::{describe, describe_test};
use crate::kb::verify::pattern;
use crate::kb::verify::rewrite::{Edit, Pull, Rewrite, group, rewrites, with_clause, with_group, with_rule};
use crate::kb::verify::variant;
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::Issue;
use crate::rules::language::rule::{Clause, Detection, FieldTest, Node, Test};

/// What the cases reach of each rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// By id; issues without rules are left out.
    pub issues: Vec<IssueCoverage>,
}

/// What the cases reach of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueCoverage {
    /// The issue.
    pub issue: String,
    /// How many alternatives its rule has; a rule without any has one, itself.
    pub alternatives: usize,
    /// Those that no case reaches, in the order of the page.
    pub missed: Vec<Missed>,
}

/// An alternative that no case reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// Where in the rule: `all[1].any[0]`; empty for the rule itself.
    pub place: String,
    /// The alternative: `message contains "Access is denied"`.
    pub what: String,
    /// The case that would reach it.
    pub help: String,
}

impl Coverage {
    /// Alternatives that are reached, and all of them.
    pub fn count(&self) -> (usize, usize) {
        let all = self.issues.iter().map(|issue| issue.alternatives).sum();
        let missed: usize = self.issues.iter().map(|issue| issue.missed.len()).sum();
        (all - missed, all)
    }
}

/// What the cases reach of every rule whose issue's id is wanted.
pub fn coverage(book: &Book, cases: &[Case], wanted: impl Fn(&str) -> bool + Sync) -> Coverage {
    let base = book.bundle();
    let of = |issue: &Issue| {
        issue
            .detection
            .as_ref()
            .map(|detection| of_issue(&base, issue, detection, cases))
    };
    Coverage {
        issues: book
            .pages
            .par_iter()
            .filter(|page| wanted(&page.issue.id))
            .filter_map(|page| of(&page.issue))
            .collect(),
    }
}

/// What a rewrite of a rule stands for.
enum Silencing {
    /// The rule with this alternative alone.
    Only { what: String, silences: bool },
    /// The rule without the place at which alternatives stand.
    Without,
}

fn of_issue(base: &Bundle, issue: &Issue, detection: &Detection, cases: &[Case]) -> IssueCoverage {
    let own: Vec<&Case> = cases.iter().filter(|case| case.issue() == Some(&issue.id)).collect();
    let all: Vec<Rewrite<Silencing>> = rewrites(&detection.rule, &edits);
    let mut detections = vec![detection.clone()];
    detections.extend(all.iter().map(|rewrite| {
        // When nothing is left of a rule, the rule itself stands in its place and decides nothing.
        with_rule(
            detection,
            rewrite.rule.clone().unwrap_or_else(|| detection.rule.clone()),
        )
    }));
    let variants: Vec<(&Issue, &Detection)> = detections.iter().map(|rule| (issue, rule)).collect();
    let said = variant::run(base, &variants, &own);
    let matches = |index: usize, case: usize| said[index][case].matched;
    let any_case = |expects: fn(&Expected) -> bool, holds: &dyn Fn(usize) -> bool| {
        own.iter()
            .enumerate()
            .any(|(index, case)| expects(&case.expects) && holds(index))
    };
    let is_match = |expects: &Expected| matches!(expects, Expected::Match(_));
    let is_clean = |expects: &Expected| matches!(expects, Expected::Clean(_));
    let mut alternatives = 1;
    let mut missed = Vec::new();
    if !any_case(is_match, &|case| matches(0, case)) {
        let help = format!("write `match-<name>`: a log in which `{}` is found", issue.id);
        missed.push(Missed {
            place: String::new(),
            what: "the rule".to_owned(),
            help,
        });
    }
    let mut without = None;
    for (index, rewrite) in all.iter().enumerate().map(|(index, rewrite)| (index + 1, rewrite)) {
        let Silencing::Only { what, silences } = &rewrite.about else {
            without = rewrite.rule.is_some().then_some(index);
            continue;
        };
        let against = (rewrite.pull == Pull::Against) != *silences;
        let reached = match (against, without) {
            (false, _) => any_case(is_match, &|case| matches(index, case)),
            (true, Some(without)) => any_case(is_clean, &|case| matches(without, case) && !matches(index, case)),
            (true, None) => true,
        };
        alternatives += 1;
        if !reached {
            let help = if against {
                format!("write `clean-<name>`: a log in which everything else holds, and also this: {what}")
            } else {
                format!("write `match-<name>`: a log in which only this alternative holds: {what}")
            };
            missed.push(Missed {
                place: rewrite.place.clone(),
                what: what.clone(),
                help,
            });
        }
    }
    IssueCoverage {
        issue: issue.id.clone(),
        alternatives,
        missed,
    }
}

/// The alternatives that stand at a node, after the rule without that node.
fn edits(node: &Node) -> Vec<Edit<Silencing>> {
    let mut found = match node {
        Node::Clause(clause) => of_clause(clause),
        Node::Any(group) if group.members.len() > 1 => members(node, false),
        Node::None(_) => members(node, true),
        _ => Vec::new(),
    };
    if !found.is_empty() {
        found.insert(
            0,
            Edit {
                node: None,
                about: Silencing::Without,
            },
        );
    }
    found
}

fn members(node: &Node, silences: bool) -> Vec<Edit<Silencing>> {
    let members = group(node).map(|group| group.members.as_slice()).unwrap_or_default();
    let only = |member: &Node| Edit {
        node: Some(with_group(node, |group| group.members = vec![member.clone()])),
        about: Silencing::Only {
            what: describe(member),
            silences,
        },
    };
    members.iter().map(only).collect()
}

fn of_clause(clause: &Clause) -> Vec<Edit<Silencing>> {
    let mut found = Vec::new();
    let mut push = |test: &FieldTest, put: &dyn Fn(&mut Clause, FieldTest)| {
        for (test, what) in of_test(test) {
            let node = Some(with_clause(clause, |clause| put(clause, test.clone())));
            found.push(Edit {
                node,
                about: Silencing::Only { what, silences: false },
            });
        }
    };
    for (index, test) in clause.select.iter().enumerate() {
        push(test, &|clause, test| clause.select[index] = test);
    }
    for (index, test) in clause.expect.iter().enumerate() {
        push(test, &|clause, test| clause.expect[index] = test);
    }
    found
}

/// The test restricted to each of its alternatives, when it has several.
fn of_test(test: &FieldTest) -> Vec<(FieldTest, String)> {
    let values = |values: &[String], make: fn(Vec<String>) -> Test| {
        let several = values.iter().filter(|_| values.len() > 1);
        several.map(|value| make(vec![value.clone()])).collect::<Vec<Test>>()
    };
    let tests = match &test.test {
        Test::AnyOf(list) => values(list, Test::AnyOf),
        Test::ContainsAny(list) => values(list, Test::ContainsAny),
        Test::StartsWith(list) => values(list, Test::StartsWith),
        Test::EndsWith(list) => values(list, Test::EndsWith),
        Test::Regex(regex) => {
            let alternatives = pattern::alternatives(regex);
            let of = |edit: pattern::PatternEdit| {
                let what = format!("{} has `{}` of `{}`", test.field, edit.part, regex.source());
                (
                    FieldTest {
                        test: Test::Regex(edit.pattern),
                        ..test.clone()
                    },
                    what,
                )
            };
            return alternatives.into_iter().map(of).collect();
        }
        _ => Vec::new(),
    };
    let of = |one: Test| {
        let test = FieldTest {
            test: one,
            ..test.clone()
        };
        let what = describe_test(&test);
        (test, what)
    };
    tests.into_iter().map(of).collect()
}
