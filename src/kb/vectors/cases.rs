//! A vector of detection for every case of a book: what each of its issues says to that case.
//!
//! Invariant: the lines stand in the order of the cases, whichever was read first.

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use crate::kb::book::Book;
use crate::kb::vectors::{bytes, line};
use crate::kb::verify::{Case, scan};
use crate::rules::Matcher;
use crate::rules::finding::{Finding, Report};

pub(super) fn lines(book: &Book, cases: &[Case]) -> Vec<Vec<u8>> {
    let matcher = Matcher::new(book.bundle(), "");
    cases
        .par_iter()
        .map(|case| line(vector(case, &scan(&matcher, &case.files))))
        .collect()
}

fn vector(case: &Case, report: &Report) -> Map<String, Value> {
    let files: Vec<Value> = case
        .files
        .iter()
        .map(|file| {
            let mut entry = Map::from_iter([("path".to_owned(), file.path.clone().into())]);
            bytes::insert(&file.bytes, &mut entry);
            entry.into()
        })
        .collect();
    let findings: Vec<Value> = report.findings.iter().map(finding).collect();
    let mut vector = Map::from_iter([
        ("name".to_owned(), case.name.clone().into()),
        ("files".to_owned(), files.into()),
        ("findings".to_owned(), findings.into()),
    ]);
    let unexplained: Vec<Value> = report
        .unexplained
        .iter()
        .map(|block| json!([block.file, block.first_line, block.last_line]))
        .collect();
    if !unexplained.is_empty() {
        vector.insert("unexplained".to_owned(), unexplained.into());
    }
    vector
}

fn finding(finding: &Finding) -> Value {
    let places: Vec<Value> = finding
        .evidence
        .iter()
        .map(|evidence| json!([evidence.file, evidence.first_line, evidence.last_line]))
        .collect();
    let mut out = json!({"issue": finding.issue, "status": finding.status, "evidence": places});
    if !finding.captures.is_empty() {
        out["captures"] = json!(finding.captures);
    }
    if !finding.needs.is_empty() {
        out["needs"] = json!(finding.needs);
    }
    if !finding.superseded.is_empty() {
        out["superseded"] = finding.superseded.iter().map(self::finding).collect();
    }
    out
}
