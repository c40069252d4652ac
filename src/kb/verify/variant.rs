//! Runs many rewritten rules on many cases in one go.
//!
//! Invariant: a variant is an issue of a bundle of its own, so that the engine that runs it is the engine that runs
//! the shipped rules; nothing here knows how a rule is evaluated. Variants do not see each other: none supersedes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::kb::verify::case::Case;
use crate::kb::verify::run::scan;
use crate::kb::verify::transcript;
use crate::rules::Matcher;
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::Issue;
use crate::rules::language::rule::Detection;
use crate::rules::language::template::Template;
use crate::rules::report::finding::FindingStatus;

/// What one variant said of one case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    /// Whether it was matched.
    pub matched: bool,
    /// Status, lines, captures and needs of every finding.
    pub text: String,
}

/// What each variant said of each case: outer by variant, inner by case, both in the order given. A variant is an issue
/// and the rule that it is given here.
pub(super) fn run(base: &Bundle, variants: &[(&Issue, &Detection)], cases: &[&Case]) -> Vec<Vec<Said>> {
    let numbered = variants.iter().enumerate();
    let issues = numbered
        .map(|(index, (issue, rule))| variant(issue, index, rule))
        .collect();
    let matcher = Matcher::new(base.with_issues(issues));
    let mut by_case: Vec<BTreeMap<String, Said>> = cases.par_iter().map(|case| said(&matcher, case)).collect();
    let mut of = |index| {
        by_case
            .iter_mut()
            .map(|said| said.remove(&name(index)).unwrap_or_default())
            .collect()
    };
    (0..variants.len()).map(&mut of).collect()
}

fn said(matcher: &Matcher, case: &Case) -> BTreeMap<String, Said> {
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    for finding in scan(matcher, &case.files).findings {
        let said = all.entry(finding.issue.clone()).or_default();
        said.matched |= finding.status == FindingStatus::Matched;
        said.text.push_str(transcript::status(finding.status));
        said.text.push('\n');
        transcript::push_details(&mut said.text, &finding, 1);
    }
    all
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
