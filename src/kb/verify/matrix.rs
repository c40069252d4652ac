//! Who fires where: every case is a row, every issue that speaks in it a mark.
//!
//! Invariant: a row depends on its case and on the issues that fire in it alone, so that a new issue changes only the
//! rows in which it fires.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::code;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::kb::book::Book;
use crate::kb::verify::case::Case;
use crate::kb::verify::verdict::{findings, is_note};
use crate::rules::finding::{Finding, FindingStatus, Report};

/// The name of the one snapshot that holds the matrix.
pub const MATRIX: &str = "matrix";

/// How an issue that fires in a case stands to it. The order is that of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
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

impl Mark {
    fn word(self) -> &'static str {
        match self {
            Mark::Own => "own",
            Mark::Folded => "folded",
            Mark::Overlap => "overlap",
            Mark::Note => "note",
            Mark::Stray => "stray",
            Mark::Possible => "possible",
        }
    }
}

/// The matrix as text, and a warning for every mark that has no business where it is. `reports` are those of `cases`,
/// in their order.
pub(super) fn matrix(book: &Book, cases: &[Case], reports: &[Report]) -> (String, Diagnostics) {
    let mut text = String::new();
    let mut diagnostics = Diagnostics::new();
    for (case, report) in cases.iter().zip(reports) {
        let marks = marks(book, case, report);
        let _ = write!(text, "{}:", case.name);
        for (mark, issue) in marks.keys() {
            match mark {
                Mark::Own => text.push_str(" own"),
                _ => _ = write!(text, " {}({issue})", mark.word()),
            }
        }
        text.push_str(if marks.is_empty() { " -\n" } else { "\n" });
        let Some(own) = case.issue() else { continue };
        for ((mark, issue), at) in marks {
            if mark == Mark::Stray {
                diagnostics.push(stray(case, own, issue, &at));
            }
        }
    }
    (text, diagnostics)
}

/// The marks of a row in its order, each with `file:line` of the first record that speaks for it.
fn marks<'a>(book: &Book, case: &Case, report: &'a Report) -> BTreeMap<(Mark, &'a str), String> {
    let own = case.issue().and_then(|id| book.page(id));
    let names = |ids: &[String], id: &str| ids.iter().any(|other| other == id);
    let mark = |finding: &Finding, under: &[&str]| {
        let issue = finding.issue.as_str();
        let above = |id: &str| book.page(issue).is_some_and(|page| names(&page.issue.supersedes, id));
        match (finding.status, own) {
            (FindingStatus::Possible, _) => Mark::Possible,
            (_, Some(own)) if own.issue.id == issue => Mark::Own,
            _ if is_note(finding) => Mark::Note,
            (_, None) => Mark::Stray,
            (_, Some(own)) if names(&own.issue.supersedes, issue) || above(&own.issue.id) => Mark::Folded,
            (_, Some(own)) if under.contains(&own.issue.id.as_str()) => Mark::Folded,
            (_, Some(own)) if names(&own.meta.overlaps, issue) => Mark::Overlap,
            _ => Mark::Stray,
        }
    };
    let mut marks = BTreeMap::new();
    for (finding, under) in findings(report) {
        let issue = finding.issue.as_str();
        let mark = mark(finding, &under);
        let at = finding.evidence.first().map(|e| format!("{}:{}", e.file, e.first_line));
        marks.entry((mark, issue)).or_insert_with(|| at.unwrap_or_default());
    }
    marks
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
