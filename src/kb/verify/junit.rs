//! A test report as JUnit XML, for the systems that show test results.
//!
//! Invariant: well-formed XML 1.0 whatever a log holds. There is no specification; the elements are those that
//! Jenkins, GitLab and Azure Pipelines read: `testsuites/testsuite/testcase/failure`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::diagnostic::{Diagnostics, Severity};
use crate::kb::verify::accepted::Orphan;
use crate::kb::verify::case::folder;
use crate::kb::verify::report::{CaseResult, TestReport};
use crate::kb::verify::snapshot::{Snapshot, SnapshotState};

struct TestCase {
    name: String,
    file: String,
    failures: Vec<Failure>,
}

struct Failure {
    kind: &'static str,
    message: String,
    text: String,
}

/// The report as a JUnit document: a suite an issue, one for good logs, one for those of other products, one for what
/// concerns the book as a whole.
pub fn junit(report: &TestReport) -> String {
    let mut suites: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for case in &report.cases {
        suites
            .entry(case.issue.as_deref().unwrap_or_else(|| folder(&case.name)))
            .or_default()
            .push(of_case(case));
    }
    suites.insert("book", of_book(report));
    let failed = |cases: &[TestCase]| cases.iter().filter(|case| !case.failures.is_empty()).count();
    let tests: usize = suites.values().map(Vec::len).sum();
    let failures: usize = suites.values().map(|cases| failed(cases)).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"fixbook\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for (name, cases) in &suites {
        let (suite, tests, failures) = (clean(name), cases.len(), failed(cases));
        let _ = writeln!(
            out,
            "  <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\">"
        );
        for case in cases {
            push_case(&mut out, &suite, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn push_case(out: &mut String, suite: &str, case: &TestCase) {
    let (name, file) = (clean(&case.name), clean(&case.file));
    let _ = write!(
        out,
        "    <testcase classname=\"{suite}\" name=\"{name}\" file=\"{file}\""
    );
    if case.failures.is_empty() {
        out.push_str("/>\n");
        return;
    }
    out.push_str(">\n");
    for Failure { kind, message, text } in &case.failures {
        let (message, text) = (clean(message), clean(text));
        let _ = writeln!(
            out,
            "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>"
        );
    }
    out.push_str("    </testcase>\n");
}

fn of_case(case: &CaseResult) -> TestCase {
    let faults = case.faults.iter().map(|fault| Failure {
        kind: "fault",
        message: fault.to_string(),
        text: String::new(),
    });
    let failures = faults.chain(of_snapshot(&case.snapshot)).collect();
    TestCase {
        name: case.name.clone(),
        file: case.path.clone(),
        failures,
    }
}

fn of_snapshot(snapshot: &Snapshot) -> Option<Failure> {
    match &snapshot.state {
        SnapshotState::Same => None,
        SnapshotState::New => {
            let message = "there is no snapshot yet".to_owned();
            Some(Failure {
                kind: "new-snapshot",
                message,
                text: snapshot.text.clone(),
            })
        }
        SnapshotState::Changed { diff } => {
            let message = "the rules say something else than the snapshot".to_owned();
            Some(Failure {
                kind: "changed-snapshot",
                message,
                text: diff.clone(),
            })
        }
    }
}

fn of_book(report: &TestReport) -> Vec<TestCase> {
    let orphan = |orphan: &Orphan| TestCase {
        name: orphan.name.clone(),
        file: orphan.path.clone(),
        failures: vec![Failure {
            kind: "orphaned-snapshot",
            message: orphan.reason.to_string(),
            text: String::new(),
        }],
    };
    let errors = report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
    let error = |diagnostic: &crate::diagnostic::Diagnostic| {
        let mut one = Diagnostics::new();
        one.push(diagnostic.clone());
        let path = &diagnostic.primary.place.path;
        TestCase {
            name: format!("{} {path}", diagnostic.code.name),
            file: path.clone(),
            failures: vec![Failure {
                kind: diagnostic.code.name,
                message: diagnostic.message.clone(),
                text: one.to_plain(),
            }],
        }
    };
    let orphans = report.orphans.iter().map(orphan);
    orphans.chain(errors.map(error)).collect()
}

/// The text escaped, without the characters that XML 1.0 cannot carry in any form.
fn clean(text: &str) -> String {
    let carried = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => *c >= ' ',
    };
    escape(text.chars().filter(carried).collect::<String>()).into_owned()
}
