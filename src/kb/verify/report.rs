//! Holds what `fixbook test` found: every case, its faults and its snapshot.
//!
//! Invariant: a report is a value. It is made from a book and a tree, and accepting it gives the files to write.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::files::Tree;
use crate::kb::verify::accepted::{Accepted, Orphan};
use crate::kb::verify::matrix::Mark;
use crate::kb::verify::snapshot::Snapshot;
use crate::kb::verify::verdict::Fault;

/// The `schema` of a test report in JSON.
pub const TEST_SCHEMA: &str = "fixbook-test/1";

/// Everything that running the cases found out.
#[derive(Debug, Clone)]
pub struct TestReport {
    /// Sorted by name.
    pub cases: Vec<CaseResult>,
    /// Snapshots that belong to no case.
    pub orphans: Vec<Orphan>,
    /// Cases that are missing or misnamed, rules that fire where they should not.
    pub diagnostics: Diagnostics,
    /// The folder of snapshots, relative to the book's root.
    pub folder: String,
}

/// What running one case found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// As in [`Case::name`](super::Case::name).
    pub name: String,
    /// The issue that the case is about; a good log is about none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// Where the case is kept, relative to the book's root.
    pub path: String,
    /// For an example in a page: its line there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Why it does not hold; empty when it does.
    pub faults: Vec<Fault>,
    /// The issues that fire in it.
    pub marks: Vec<Mark>,
    /// What the rules say now against what they said.
    pub snapshot: Snapshot,
}

impl CaseResult {
    /// Whether the case holds and says what it said before.
    pub fn passed(&self) -> bool {
        self.faults.is_empty() && self.snapshot.is_same()
    }
}

impl TestReport {
    /// Whether every case holds and every snapshot is what it was. Warnings do not count.
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseResult::passed) && self.orphans.is_empty() && !self.diagnostics.has_errors()
    }

    /// How many snapshots accepting would write or remove.
    pub fn pending(&self) -> usize {
        self.cases.iter().filter(|case| !case.snapshot.is_same()).count() + self.orphans.len()
    }

    /// The files that change so that the snapshots say what the rules say now, each with its bytes, or with nothing
    /// when it is to be removed. `tree` is the one that was tested.
    pub fn accept(&self, tree: &Tree) -> BTreeMap<String, Option<Vec<u8>>> {
        let snapshots = self.cases.iter().map(|case| (&case.name, &case.snapshot));
        Accepted::read(tree, &self.folder).accept(snapshots, &self.orphans)
    }

    /// Who fires where: a row for each case.
    pub fn matrix(&self) -> String {
        let mut text = String::new();
        for CaseResult { name, marks, .. } in &self.cases {
            text.push_str(name);
            text.push(':');
            for mark in marks {
                let _ = write!(text, " {mark}");
            }
            text.push_str(if marks.is_empty() { " -\n" } else { "\n" });
        }
        text
    }

    /// The report for other programs: one JSON document, `fixbook-test/1`.
    pub fn to_json(&self) -> String {
        let document = serde_json::json!({
            "schema": TEST_SCHEMA,
            "passed": self.passed(),
            "cases": self.cases,
            "orphans": self.orphans,
            "diagnostics": self.diagnostics.to_json(),
        });
        format!("{document:#}\n")
    }
}
