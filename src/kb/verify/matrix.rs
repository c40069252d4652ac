//! Shows which issues speak in which case.
//!
//! Invariant: the marks of a case depend on it and on the issues that fire in it alone. They are derived whenever they
//! are asked for and kept nowhere: a snapshot says the same of its case.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::code;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::kb::book::Book;
use crate::kb::verify::case::Case;
use crate::kb::verify::verdict::{findings, is_note};
use crate::rules::language::issue::Risk;
use crate::rules::report::finding::{Finding, FindingStatus, Report};

/// An issue that fires in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The issue.
    pub issue: String,
    /// How it stands to the case.
    pub standing: Standing,
}

/// How an issue that fires in a case stands to it. The order is that of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Standing {
    /// It is the issue of the case.
    Own,
    /// The issue of the case explains it better, or it explains the issue of the case better.
    Folded,
    /// The page of the case names it in `overlaps`.
    Overlap,
    /// It says that nothing is broken.
    Note,
    /// It has no business here.
    Stray,
    /// It cannot be decided on this evidence.
    Possible,
}

/// As in a row of the matrix: `own`, `stray(some-issue)`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.standing {
            Standing::Own => return f.write_str("own"),
            Standing::Folded => "folded",
            Standing::Overlap => "overlap",
            Standing::Note => "note",
            Standing::Stray => "stray",
            Standing::Possible => "possible",
        };
        write!(f, "{word}({})", self.issue)
    }
}

/// The marks of a case in their order. A mark that has no business there is a warning too.
pub(super) fn marks(book: &Book, case: &Case, report: &Report, diagnostics: &mut Diagnostics) -> Vec<Mark> {
    let found = found(book, case, report);
    if let Some(own) = case.issue() {
        let is_found = found.contains_key(&(Standing::Own, own));
        for ((standing, issue), at) in &found {
            match standing {
                Standing::Stray => diagnostics.push(stray(case, own, issue, at)),
                Standing::Overlap if is_found && (is_risky(book, own) || is_risky(book, issue)) => {
                    diagnostics.push(unranked(case, own, issue, at));
                }
                _ => {}
            }
        }
    }
    let mark = |(standing, issue): (Standing, &str)| Mark {
        issue: issue.to_owned(),
        standing,
    };
    found.into_keys().map(mark).collect()
}

/// The issues found and how they stand to the case, each with `file:line` of the first record that speaks for it.
fn found<'a>(book: &Book, case: &Case, report: &'a Report) -> BTreeMap<(Standing, &'a str), String> {
    let own = case.issue().and_then(|id| book.page(id));
    let names = |ids: &[String], id: &str| ids.iter().any(|other| other == id);
    let standing = |finding: &Finding, under: &[&str]| {
        let issue = finding.issue.as_str();
        let above = |id: &str| book.page(issue).is_some_and(|page| names(&page.issue.supersedes, id));
        match (finding.status, own) {
            (FindingStatus::Possible, _) => Standing::Possible,
            (_, Some(own)) if own.issue.id == issue => Standing::Own,
            _ if is_note(finding) => Standing::Note,
            (_, None) => Standing::Stray,
            (_, Some(own)) if names(&own.issue.supersedes, issue) || above(&own.issue.id) => Standing::Folded,
            (_, Some(own)) if under.contains(&own.issue.id.as_str()) => Standing::Folded,
            (_, Some(own)) if names(&own.meta.overlaps, issue) => Standing::Overlap,
            _ => Standing::Stray,
        }
    };
    let mut found = BTreeMap::new();
    for (finding, under) in findings(report) {
        let issue = finding.issue.as_str();
        let standing = standing(finding, &under);
        let at = finding.evidence.first().map(|e| format!("{}:{}", e.file, e.first_line));
        found.entry((standing, issue)).or_insert_with(|| at.unwrap_or_default());
    }
    found
}

fn is_risky(book: &Book, issue: &str) -> bool {
    book.page(issue).is_some_and(|page| page.issue.risk == Risk::High)
}

fn unranked(case: &Case, own: &str, issue: &str, at: &str) -> Diagnostic {
    let message =
        format!("`{own}` and `{issue}` are found side by side, and at least one of their fixes has a high risk");
    Diagnostic::new(&code::proof::UNRANKED_RISK, Place::file(&case.path), message)
        .label(format!("at {at}"))
        .help("in the page of the cause, name the other issue under `supersedes`, or make one of the rules narrower")
}

fn stray(case: &Case, own: &str, issue: &str, at: &str) -> Diagnostic {
    let message = format!("`{issue}` is found in a case of `{own}`");
    Diagnostic::new(&code::proof::STRAY_FINDING, Place::file(&case.path), message)
        .label(format!("at {at}"))
        .help(format!(
            "make the rule of `{issue}` narrower; or say why it may be found here: `overlaps: [{issue}]` in `{own}`, or \
             `supersedes` in the one that explains the other better"
        ))
}
