//! Many rewritten rules of one issue, run on its cases in one go.
//!
//! Invariant: a variant is an issue of a bundle of its own, so that the engine that runs it is the engine that runs
//! the shipped rules; nothing here knows how a rule is evaluated. Variants do not see each other: none supersedes.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::kb::verify::case::Case;
use crate::kb::verify::run::scan;
use crate::kb::verify::transcript;
use crate::rules::bundle::Bundle;
use crate::rules::finding::FindingStatus;
use crate::rules::issue::Issue;
use crate::rules::matcher::Matcher;
use crate::rules::rule::Detection;
use crate::rules::template::Template;

/// What one variant said of one case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Whether it was matched.
    pub matched: bool,
    /// Status, lines, captures and needs of every finding.
    pub text: String,
}

/// What each variant said of each case: outer by variant, inner by case, both in the order given. `None` for a
/// variant that is no rule that an engine takes.
pub(super) fn run(base: &Bundle, issue: &Issue, variants: &[Detection], cases: &[&Case]) -> Vec<Option<Vec<Said>>> {
    let (matcher, taken) = matcher(base, issue, variants);
    let mut table: Vec<Option<Vec<Said>>> = (0..variants.len())
        .map(|index| taken.contains(&index).then(Vec::new))
        .collect();
    let said: Vec<BTreeMap<String, Said>> = cases
        .par_iter()
        .map(|case| matcher.as_ref().map(|matcher| said(matcher, case)).unwrap_or_default())
        .collect();
    for mut said in said {
        for (index, column) in table.iter_mut().enumerate() {
            if let Some(column) = column {
                column.push(said.remove(&name(index)).unwrap_or_default());
            }
        }
    }
    table
}

fn said(matcher: &Matcher, case: &Case) -> BTreeMap<String, Said> {
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    for finding in scan(matcher, case).findings {
        let said = all.entry(finding.issue.clone()).or_default();
        said.matched |= finding.status == FindingStatus::Matched;
        said.text.push_str(transcript::status(finding.status));
        said.text.push('\n');
        transcript::push_details(&mut said.text, &finding, 1);
    }
    all
}

/// A matcher of all variants that can be compiled, and which those are.
fn matcher(base: &Bundle, issue: &Issue, variants: &[Detection]) -> (Option<Matcher>, BTreeSet<usize>) {
    let compile = |indexes: &BTreeSet<usize>| {
        let issues = indexes
            .iter()
            .map(|&index| variant(issue, index, &variants[index]))
            .collect();
        Matcher::new(Bundle { issues, ..base.clone() }).ok()
    };
    let all: BTreeSet<usize> = (0..variants.len()).collect();
    if let Some(matcher) = compile(&all) {
        return (Some(matcher), all);
    }
    let taken: BTreeSet<usize> = all
        .into_iter()
        .filter(|&index| compile(&BTreeSet::from([index])).is_some())
        .collect();
    (compile(&taken), taken)
}

fn variant(issue: &Issue, index: usize, detection: &Detection) -> Issue {
    Issue {
        id: name(index),
        aliases: Vec::new(),
        summary: Template::default(),
        detection: Some(detection.clone()),
        supersedes: Vec::new(),
        fix: Vec::new(),
        verify: Vec::new(),
        rollback: Vec::new(),
        ..issue.clone()
    }
}

fn name(index: usize) -> String {
    format!("variant-{index}")
}
