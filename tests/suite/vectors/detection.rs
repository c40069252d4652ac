//! Vectors of detection: sources, issues, and what must be found in files.
//!
//! ```yaml
//! sources: [setup]                                  # of sources.yaml
//! issues: [{id: one, detection: …}, …]              # besides: severity, confidence, summary, supersedes
//! cases:
//!   - name: what this case is about
//!     files: {a.log: "text", b.log: {bytes: "FF FE le'text'"}}
//!     findings: [{issue: one, status: matched, captures: {…}, needs: […], evidence: [[a.log, 1, 2]]}]
//!     unexplained: [[a.log, 1, 3]]                  # none, unless it is given
//!     runs: [{at: [a.log, 1, 9], outcome: success, facts: {…}}]         # not asked, unless it is given
//! ```

use std::io::Cursor;

use fixbook::files::Tree;
use fixbook::kb::{self, Book};
use fixbook::rules::report::finding::{Finding, Report};
use fixbook::rules::{Input, Matcher};
use serde_json::{Value, json};

use super::{bytes, items, text};

/// A book of these sources and issues. What it says besides is of no consequence.
pub fn book(sources: &[Value], issues: &[Value]) -> Book {
    let mut tree = Tree::default();
    tree.insert("book.toml", "[book]\ntitle = \"Vectors\"\n");
    tree.insert("kb/products.yaml", "- {id: app, title: App}\n");
    // JSON is YAML.
    for source in sources {
        let path = format!("kb/sources/{}.yaml", text(&source["id"]));
        tree.insert(path, source.to_string());
    }
    for issue in issues {
        tree.insert(format!("kb/vectors/{}.md", text(&issue["id"])), page(issue));
    }
    let (book, faults) = kb::load(&tree);
    book.unwrap_or_else(|| panic!("{}", faults.to_plain()))
}

fn page(issue: &Value) -> String {
    let mut front = json!({
        "title": format!("The trouble of {}", text(&issue["id"])), "severity": "high", "confidence": "high",
        "applies_to": ["app"], "risk": "low", "summary": "Something is wrong.", "last_verified": "2026-11-20",
        "references": [{"title": "Manual", "url": "https://example.com/"}],
    });
    for (key, value) in issue
        .as_object()
        .expect("an issue")
        .iter()
        .filter(|(key, _)| *key != "id")
    {
        front[key] = value.clone();
    }
    let lines: String = front
        .as_object()
        .expect("front matter")
        .iter()
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    format!(
        "---\n{lines}---\n\n## Symptom\n\nIt fails.\n\n## Cause\n\nSomething.\n\n## Fix\n\n1. Mend it.\n\n\
         ## Verify\n\n1. Look.\n"
    )
}

/// The cases of a file: name, what is expected, what came.
pub fn run(file: &Value, sources: &[Value]) -> Vec<(String, Value, Value)> {
    let wanted: Vec<&str> = items(&file["sources"]).iter().map(text).collect();
    let of = |source: &&Value| wanted.contains(&text(&source["id"]));
    let own: Vec<Value> = sources.iter().filter(of).cloned().collect();
    assert_eq!(own.len(), wanted.len(), "{wanted:?}");
    let matcher = Matcher::new(book(&own, items(&file["issues"])).bundle());
    items(&file["cases"])
        .iter()
        .map(|case| self::case(case, &matcher))
        .collect()
}

fn case(case: &Value, matcher: &Matcher) -> (String, Value, Value) {
    let files = case["files"].as_object().expect("files");
    let input = |(path, content): (&String, &Value)| Input {
        path: path.clone(),
        reader: Box::new(Cursor::new(match content.get("bytes") {
            Some(written) => bytes::read(text(written)).expect("bytes"),
            None => text(content).as_bytes().to_vec(),
        })),
    };
    let report = matcher.scan(files.iter().map(input).collect());
    let found: Vec<Value> = report.findings.iter().map(finding).collect();
    let blocks = report.unexplained.iter();
    let unexplained: Vec<Value> = blocks
        .map(|block| json!([block.file, block.first_line, block.last_line]))
        .collect();
    let mut came = json!({"findings": found, "unexplained": unexplained});
    let mut expected = json!({"findings": items(&case["findings"]), "unexplained": []});
    if let Some(unexplained) = case.get("unexplained") {
        expected["unexplained"] = unexplained.clone();
    }
    if let Some(expected_runs) = case.get("runs") {
        expected["runs"] = expected_runs.clone();
        came["runs"] = runs(&report).into();
    }
    (text(&case["name"]).to_owned(), expected, came)
}

fn finding(finding: &Finding) -> Value {
    let places: Vec<Value> = finding
        .evidence
        .iter()
        .map(|record| json!([record.file, record.first_line, record.last_line]))
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

fn runs(report: &Report) -> Vec<Value> {
    let mut out = Vec::new();
    for file in &report.files {
        for run in &file.runs {
            let mut value = json!({"at": [file.path, run.first_line, run.last_line], "outcome": run.outcome});
            if !run.facts.is_empty() {
                value["facts"] = json!(run.facts);
            }
            out.push(value);
        }
    }
    out
}
