//! Every rule on every case.
//!
//! Invariant: cases are run side by side and reported in their order; a case sees nothing of another.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

use rayon::prelude::*;

use crate::files::Tree;
use crate::kb::book::Book;
use crate::kb::verify::case::{self, Case, CaseFile};
use crate::kb::verify::matrix::{MATRIX, matrix};
use crate::kb::verify::report::{CaseResult, TestReport};
use crate::kb::verify::snapshot::{Snapshot, file_name};
use crate::kb::verify::transcript::transcript;
use crate::kb::verify::verdict::judge;
use crate::rules::finding::Report;
use crate::rules::{Input, Matcher};

/// Runs every case of the book. `tree` holds the fixtures and the snapshots, where `book.toml` says that they are.
pub fn test(book: &Book, tree: &Tree) -> TestReport {
    let (cases, mut diagnostics) = case::cases(book, tree);
    let reports = reports(book, &cases);
    let (marks, strays) = matrix(book, &cases, &reports);
    diagnostics.append(strays);
    let folder = book.config.snapshots.clone();
    let snapshot = |name: &str, text: String| {
        let file = tree.get(&format!("{folder}/{}", file_name(name)));
        Snapshot::of(name, text, file)
    };
    let result = |(case, report): (&Case, &Report)| CaseResult {
        name: case.name.clone(),
        issue: case.issue().map(str::to_owned),
        path: case.path.clone(),
        line: case.line,
        faults: judge(case, report),
        snapshot: snapshot(&case.name, transcript(report)),
    };
    let matrix = snapshot(MATRIX, marks);
    let orphans = orphans(tree, &folder, &cases);
    let cases = cases.iter().zip(&reports).map(result).collect();
    TestReport {
        cases,
        matrix,
        orphans,
        diagnostics,
        folder,
    }
}

/// What the rules of a matcher say of a case's files.
pub(crate) fn scan(matcher: &Matcher, files: &[CaseFile]) -> Report {
    let input = |file: &CaseFile| Input {
        path: file.path.clone(),
        reader: Box::new(Cursor::new(Arc::clone(&file.bytes))),
    };
    matcher.scan(files.iter().map(input).collect())
}

fn reports(book: &Book, cases: &[Case]) -> Vec<Report> {
    let matcher = Matcher::new(book.bundle(), "");
    cases.par_iter().map(|case| scan(&matcher, &case.files)).collect()
}

/// Snapshots of cases that are no more. Other files of the folder are not ours to judge.
fn orphans(tree: &Tree, folder: &str, cases: &[Case]) -> Vec<String> {
    let known: BTreeSet<String> = cases.iter().map(|case| file_name(&case.name)).collect();
    let is_ours = |name: &str| {
        let of_case = name.starts_with("fixtures__") || name.starts_with("examples__");
        of_case && name.ends_with(".snap") && !name.contains('/')
    };
    let below = tree
        .under(folder)
        .filter_map(|(path, _)| path.get(folder.len() + 1..).map(|name| (path, name)));
    below
        .filter(|(_, name)| is_ours(name) && !known.contains(*name))
        .map(|(path, _)| path.to_owned())
        .collect()
}
