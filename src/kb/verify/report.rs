//! What `fixbook test` found out: every case, its faults and its snapshot.
//!
//! Invariant: a report is a value. It is made from a book and a tree, and accepting it gives a tree.

use serde::Serialize;

use crate::diagnostic::Diagnostics;
use crate::files::Tree;
use crate::kb::verify::snapshot::{self, Snapshot};
use crate::kb::verify::verdict::Fault;

/// The `schema` of a test report in JSON.
pub const TEST_SCHEMA: &str = "fixbook-test/1";

/// Everything that running the cases found out.
#[derive(Debug, Clone)]
pub struct TestReport {
    /// Sorted by name.
    pub cases: Vec<CaseResult>,
    /// Who fires where.
    pub matrix: Snapshot,
    /// Snapshot files that belong to no case, relative to the book's root.
    pub orphans: Vec<String>,
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
        self.cases.iter().all(CaseResult::passed)
            && self.matrix.is_same()
            && self.orphans.is_empty()
            && !self.diagnostics.has_errors()
    }

    /// How many snapshot files accepting would write or remove.
    pub fn pending(&self) -> usize {
        self.snapshots().filter(|snapshot| !snapshot.is_same()).count() + self.orphans.len()
    }

    /// Every snapshot: those of the cases in their order, and the matrix.
    pub fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        self.cases.iter().map(|case| &case.snapshot).chain([&self.matrix])
    }

    /// The path of the snapshot file of a name, relative to the book's root.
    pub fn snapshot_path(&self, name: &str) -> String {
        format!("{}/{}", self.folder, snapshot::file_name(name))
    }

    /// The files to write so that the snapshots say what the rules say now. `tree` is the one that was tested. The
    /// files in [`TestReport::orphans`] are to be removed.
    pub fn accept(&self, tree: &Tree) -> Tree {
        let mut out = Tree::default();
        for Snapshot { name, text, .. } in self.snapshots().filter(|snapshot| !snapshot.is_same()) {
            let path = self.snapshot_path(name);
            let bytes = snapshot::write(name, text, tree.get(&path));
            out.insert(path, bytes);
        }
        out
    }

    /// The report for other programs: one JSON document, `fixbook-test/1`.
    pub fn to_json(&self) -> String {
        let document = serde_json::json!({
            "schema": TEST_SCHEMA,
            "passed": self.passed(),
            "cases": self.cases,
            "matrix": self.matrix,
            "orphans": self.orphans,
            "diagnostics": self.diagnostics.to_json(),
        });
        format!("{document:#}\n")
    }
}
