//! Folds a finding under another one that explains it.
//!
//! Invariant: every finding is in the result once, in the list or under another. Findings are looked up by issue, file and
//! run, so the work grows with their number and not with its square.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::language::issue::Issue;
use crate::rules::report::finding::Finding;

/// Folds a finding under the first other one that supersedes it, directly or through a third, in the same run.
pub fn fold(findings: Vec<Finding>, issues: &[Issue]) -> Vec<Finding> {
    let under = {
        let index = Index::new(&findings, issues);
        let under: Vec<Option<usize>> = findings.iter().map(|weaker| index.over(weaker)).collect();
        under
    };
    // A finding may fold under one that is folded itself; all of them end under the topmost.
    let top = |mut index: usize| {
        for _ in 0..issues.len() {
            match under[index] {
                Some(next) => index = next,
                None => break,
            }
        }
        index
    };
    let tops: Vec<usize> = (0..findings.len()).map(top).collect();
    let mut kept: Vec<Finding> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut folded: Vec<(usize, Finding)> = Vec::new();
    for (index, finding) in findings.into_iter().enumerate() {
        if tops[index] == index {
            places.insert(index, kept.len());
            kept.push(finding);
        } else {
            folded.push((tops[index], finding));
        }
    }
    for (top, finding) in folded {
        match places.get(&top) {
            Some(&place) => kept[place].superseded.push(finding),
            None => {
                places.insert(top, kept.len());
                kept.push(finding);
            }
        }
    }
    kept
}

/// Findings in the order of the report, by what they are looked up by.
struct Index<'f> {
    findings: &'f [Finding],
    /// Issues that supersede an issue, of those that were found.
    stronger: BTreeMap<&'f str, Vec<&'f str>>,
    of_issue: BTreeMap<&'f str, Vec<usize>>,
    /// The first finding of an issue in a run of a file.
    of_run: BTreeMap<(&'f str, &'f str, u64), usize>,
    files: Vec<BTreeSet<&'f str>>,
}

impl<'f> Index<'f> {
    fn new(findings: &'f [Finding], issues: &'f [Issue]) -> Index<'f> {
        let mut index = Index {
            findings,
            stronger: BTreeMap::new(),
            of_issue: BTreeMap::new(),
            of_run: BTreeMap::new(),
            files: findings.iter().map(files).collect(),
        };
        for (place, finding) in findings.iter().enumerate() {
            index.of_issue.entry(&finding.issue).or_default().push(place);
            for evidence in &finding.evidence {
                let run = (finding.issue.as_str(), evidence.file.as_str(), evidence.run);
                index.of_run.entry(run).or_insert(place);
            }
        }
        let issues: BTreeMap<&str, &Issue> = issues.iter().map(|issue| (issue.id.as_str(), issue)).collect();
        for &stronger in index.of_issue.keys() {
            for weaker in superseded(stronger, &issues) {
                index.stronger.entry(weaker).or_default().push(stronger);
            }
        }
        index
    }

    /// The first finding that another one folds under.
    fn over(&self, weaker: &Finding) -> Option<usize> {
        let stronger = self.stronger.get(weaker.issue.as_str())?;
        stronger.iter().filter_map(|issue| self.first(issue, weaker)).min()
    }

    /// The first finding of an issue that shares a run with another finding, or has no file in common with it.
    fn first(&self, issue: &str, weaker: &Finding) -> Option<usize> {
        let in_run = |evidence: &crate::rules::report::finding::Evidence| {
            self.of_run.get(&(issue, evidence.file.as_str(), evidence.run)).copied()
        };
        let files = files(weaker);
        let mut of_issue = self.of_issue.get(issue)?.iter().copied();
        let shared = weaker.evidence.iter().filter_map(in_run).min();
        let apart = of_issue.find(|place| self.files[*place].is_disjoint(&files));
        // Matched ones come first, so when the first is less decided all are.
        let is_decided = |place: &usize| self.findings[*place].status <= weaker.status;
        shared.into_iter().chain(apart).min().filter(is_decided)
    }
}

fn files(finding: &Finding) -> BTreeSet<&str> {
    finding.evidence.iter().map(|evidence| evidence.file.as_str()).collect()
}

/// The issues that an issue supersedes, directly or through others.
fn superseded<'i>(id: &'i str, issues: &BTreeMap<&'i str, &'i Issue>) -> BTreeSet<&'i str> {
    let mut known = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        let Some(issue) = issues.get(id) else { continue };
        open.extend(
            issue
                .supersedes
                .iter()
                .map(String::as_str)
                .filter(|id| known.insert(*id)),
        );
    }
    known.remove(id);
    known
}
