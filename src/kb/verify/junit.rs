//! Writes a test report as JUnit XML.
//!
//! Invariant: well-formed XML 1.0 whatever a log holds. There is no specification; the elements are those that
//! Jenkins, GitLab and Azure Pipelines read: `testsuites/testsuite/testcase/failure`.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

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
    let tests: usize = suites.values().map(Vec::len).sum();
    let failures: usize = suites.values().map(|cases| failed(cases)).sum();
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let (tests, failures) = (tests.to_string(), failures.to_string());
    let written = out
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
        .and_then(|()| {
            let root = out.create_element("testsuites").with_attributes([
                ("name", "fixbook"),
                ("tests", tests.as_str()),
                ("failures", failures.as_str()),
            ]);
            root.write_inner_content(|out| {
                suites
                    .iter()
                    .try_for_each(|(name, cases)| write_suite(out, name, cases))
            })
        });
    written.expect("memory takes all that is written");
    let mut xml = String::from_utf8(out.into_inner()).expect("what was written is text");
    xml.push('\n');
    xml
}

type Xml = Writer<Vec<u8>>;

fn failed(cases: &[TestCase]) -> usize {
    cases.iter().filter(|case| !case.failures.is_empty()).count()
}

fn write_suite(out: &mut Xml, name: &str, cases: &[TestCase]) -> io::Result<()> {
    let (name, tests, failures) = (clean(name), cases.len().to_string(), failed(cases).to_string());
    out.create_element("testsuite")
        .with_attributes([("name", name.as_str()), ("tests", &tests), ("failures", &failures)])
        .write_inner_content(|out| cases.iter().try_for_each(|case| write_case(out, &name, case)))?;
    Ok(())
}

fn write_case(out: &mut Xml, suite: &str, case: &TestCase) -> io::Result<()> {
    let (name, file) = (clean(&case.name), clean(&case.file));
    let element =
        out.create_element("testcase")
            .with_attributes([("classname", suite), ("name", &name), ("file", &file)]);
    if case.failures.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|out| {
        case.failures.iter().try_for_each(|Failure { kind, message, text }| {
            let (message, text) = (clean(message), clean(text));
            out.create_element("failure")
                .with_attributes([("type", *kind), ("message", &message)])
                .write_text_content(BytesText::new(&text))?;
            Ok(())
        })
    })?;
    Ok(())
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

/// The text without the characters that XML 1.0 cannot carry in any form.
fn clean(text: &str) -> String {
    let carried = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => *c >= ' ',
    };
    text.chars().filter(carried).collect()
}
