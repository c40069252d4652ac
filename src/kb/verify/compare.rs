//! Compares what two bundles say of the same fixtures.
//!
//! Invariant: an issue is followed through its names: what was found under an earlier id counts as found under the
//! present one. A case is named by its path below the folder of fixtures, and no book is asked what it should say.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::files::Tree;
use crate::kb::verify::case::{CaseFile, entries};
use crate::kb::verify::run::scan;
use crate::kb::verify::verdict::findings;
use crate::rules::Matcher;
use crate::rules::bundle::Bundle;
use crate::rules::report::finding::{FindingStatus, Report};

/// A case on which two bundles differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictChange {
    /// `<issue>/match-<name>.<ext>`.
    pub case: String,
    /// What is found, or was.
    pub issue: String,
    /// What the older bundle says.
    pub old: Verdict,
    /// What the newer one says.
    pub new: Verdict,
}

/// What a bundle says of an issue in a case. Ordered from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the meaning")]
pub enum Verdict {
    #[default]
    NotFound,
    Possible,
    Matched,
}

/// Every case of a folder of fixtures on which the two differ, by case and issue.
pub fn compare(old: &Bundle, new: &Bundle, fixtures: &Tree) -> Vec<VerdictChange> {
    let present: BTreeMap<&str, &str> = new
        .issues()
        .iter()
        .flat_map(|issue| issue.aliases.iter().map(|alias| (alias.as_str(), issue.id.as_str())))
        .collect();
    let (before, now) = (Matcher::new(old.clone()), Matcher::new(new.clone()));
    let cases: Vec<_> = entries(fixtures, "").0.into_iter().collect();
    let differing = |((group, entry), files): &((&str, &str), Vec<CaseFile>)| {
        let old = verdicts(&scan(&before, files), &present);
        let new = verdicts(&scan(&now, files), &BTreeMap::new());
        let issues: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let of = |verdicts: &BTreeMap<String, Verdict>, issue| verdicts.get(issue).copied().unwrap_or_default();
        let changes = issues.into_iter().map(|issue| VerdictChange {
            case: format!("{group}/{entry}"),
            issue: issue.clone(),
            old: of(&old, issue),
            new: of(&new, issue),
        });
        changes.filter(|change| change.old != change.new).collect::<Vec<_>>()
    };
    cases.par_iter().flat_map_iter(differing).collect()
}

/// The surest verdict on each issue that is named, those that another explains better too.
fn verdicts(report: &Report, present: &BTreeMap<&str, &str>) -> BTreeMap<String, Verdict> {
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    for (finding, _) in findings(report) {
        let verdict = match finding.status {
            FindingStatus::Matched => Verdict::Matched,
            FindingStatus::Possible => Verdict::Possible,
        };
        let id = finding.issue.as_str();
        let known = verdicts
            .entry(present.get(id).copied().unwrap_or(id).to_owned())
            .or_default();
        *known = verdict.max(*known);
    }
    verdicts
}
