//! Runs every rule on every case.
//!
//! Invariant: cases are run side by side and reported in their order; a case sees nothing of another.

use std::io::Cursor;
use std::sync::Arc;

use rayon::prelude::*;

use crate::files::Tree;
use crate::kb::book::Book;
use crate::kb::verify::accepted::Accepted;
use crate::kb::verify::case::{self, Case, CaseFile};
use crate::kb::verify::matrix::marks;
use crate::kb::verify::report::{CaseResult, TestReport};
use crate::kb::verify::snapshot::Snapshot;
use crate::kb::verify::transcript::transcript;
use crate::kb::verify::verdict::judge;
use crate::rules::report::finding::Report;
use crate::rules::{Input, Matcher};

/// Runs every case of the book. `tree` holds the fixtures and the snapshots, where `book.toml` says that they are.
pub fn test(book: &Book, tree: &Tree) -> TestReport {
    let (cases, mut diagnostics) = case::cases(book, tree);
    let reports = reports(book, &cases);
    let folder = book.config.snapshots.clone();
    let accepted = Accepted::read(tree, &folder);
    let result = |(case, report): (&Case, &Report)| CaseResult {
        name: case.name.clone(),
        issue: case.issue().map(str::to_owned),
        path: case.path.clone(),
        line: case.line,
        faults: judge(case, report),
        marks: marks(book, case, report, &mut diagnostics),
        snapshot: Snapshot::new(transcript(report), accepted.text(&case.name)),
    };
    let results: Vec<CaseResult> = cases.iter().zip(&reports).map(result).collect();
    TestReport {
        orphans: accepted.orphans(results.iter().map(|case| case.name.as_str())),
        cases: results,
        diagnostics,
        folder,
    }
}

/// What the rules of a matcher say of a case's files.
pub(super) fn scan(matcher: &Matcher, files: &[CaseFile]) -> Report {
    let input = |file: &CaseFile| Input {
        path: file.path.clone(),
        reader: Box::new(Cursor::new(Arc::clone(&file.bytes))),
    };
    matcher.scan(files.iter().map(input).collect())
}

fn reports(book: &Book, cases: &[Case]) -> Vec<Report> {
    let matcher = Matcher::new(book.bundle());
    cases.par_iter().map(|case| scan(&matcher, &case.files)).collect()
}
