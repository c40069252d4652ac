//! Vectors of detection: a small bundle, files, and what must be found in them.
//!
//! ```yaml
//! sources: [setup]                                  # of sources.yaml
//! issues: [{id: one, detection: …}, …]              # besides: severity, confidence, summary, supersedes
//! cases:
//!   - name: what this case is about
//!     files: {a.log: "text", b.log: {bytes: "FF FE le'text'"}}
//!     findings: [{issue: one, status: matched, captures: {…}, needs: […], evidence: [[a.log, 1, 2]]}]
//! ```

use serde_json::{Map, Value, json};

use crate::code::keys;
use crate::kb::detection::{self, Sources as Known};
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list, string};
use crate::kb::front_matter::{CONFIDENCES, SEVERITIES};
use crate::kb::node::{Node, Value as Written};
use crate::kb::vectors::authored::{Sources, Vector, pairs};
use crate::kb::vectors::{bytes, frame};
use crate::rules::bundle::{self, Bundle};
use crate::rules::issue::{Confidence, Issue, Kind, Risk, Severity, Status};
use crate::rules::template::Template;

/// Every case of a file, each with the whole bundle.
pub(super) fn vectors(node: &Node, sources: &Sources, faults: &Faults) -> Vec<Vector> {
    let Some(fields) = Fields::of(node, "the file", faults) else {
        return Vec::new();
    };
    let mut bundle = Bundle {
        schema: bundle::SCHEMA.to_owned(),
        format: bundle::FORMAT.to_owned(),
        name: "vectors".to_owned(),
        version: "1.0.0".to_owned(),
        sources: Vec::new(),
        products: Vec::new(),
        shells: Vec::new(),
        issues: Vec::new(),
        skipped: Vec::new(),
    };
    let mut known = Known::new();
    for id in fields.strings("sources") {
        match sources.get(&id.value) {
            Some((source, fields)) => {
                bundle.sources.push(source.clone());
                known.insert(id.value, fields.clone());
            }
            None => faults.push(faults.fault(&keys::UNKNOWN_VALUE, id.span, "there is no such source")),
        }
    }
    let read = |node| issue(Fields::of(node, "an issue", faults)?, &known, faults);
    bundle.issues.extend(fields.list("issues").iter().filter_map(read));
    bundle.sources.sort_by(|a, b| a.id.cmp(&b.id));
    bundle.issues.sort_by(|a, b| a.id.cmp(&b.id));
    let bundle = json!(bundle);
    let read = |node| case(Fields::of(node, "a case", faults)?, &bundle, faults);
    let cases = fields.list("cases").iter().filter_map(read).collect();
    fields.finish();
    cases
}

fn issue(fields: Fields<'_>, known: &Known, faults: &Faults) -> Option<Issue> {
    let id = fields.required_string("id")?.value;
    let summary = fields.string("summary").map(|text| text.value).unwrap_or_default();
    let issue = Issue {
        aliases: Vec::new(),
        requires: Vec::new(),
        kind: Kind::Issue,
        title: id.clone(),
        category: "vectors".to_owned(),
        severity: fields
            .choice("severity", &SEVERITIES)
            .map_or(Severity::High, |word| word.value),
        confidence: fields
            .choice("confidence", &CONFIDENCES)
            .map_or(Confidence::High, |word| word.value),
        status: Status::Stable,
        risk: Risk::Low,
        applies_to: Vec::new(),
        summary: Template::parse(&summary).unwrap_or_default(),
        detection: detection::read(fields.node("detection")?, known, faults).map(|authored| authored.detection),
        supersedes: fields.strings("supersedes").into_iter().map(|id| id.value).collect(),
        fix: Vec::new(),
        verify: Vec::new(),
        rollback: Vec::new(),
        references: Vec::new(),
        url: format!("issues/{id}.html"),
        id,
    };
    fields.finish();
    Some(issue)
}

fn case(fields: Fields<'_>, bundle: &Value, faults: &Faults) -> Option<Vector> {
    let name = fields.required_string("name");
    let files = match &fields.node("files")?.value {
        Written::Map(entries) => entries.as_slice(),
        _ => return None,
    };
    let file = |path: &str, node: &Node| {
        let mut file = Map::from_iter([("path".to_owned(), path.into())]);
        bytes::insert(&content(node, faults)?, &mut file);
        Some(Value::Object(file))
    };
    let files: Vec<Value> = files
        .iter()
        .filter_map(|(path, node)| file(&path.value, node))
        .collect();
    let findings: Vec<Value> = fields
        .list("findings")
        .iter()
        .filter_map(|node| finding(node, faults))
        .collect();
    fields.missing("findings");
    let mut vector = Map::from_iter([
        ("name".to_owned(), format!("detection/{}", name?.value).into()),
        ("bundle".to_owned(), bundle.clone()),
        ("files".to_owned(), files.into()),
        ("findings".to_owned(), findings.into()),
    ]);
    let unexplained: Vec<Value> = fields.list("unexplained").iter().filter_map(place).collect();
    if !unexplained.is_empty() {
        vector.insert("unexplained".to_owned(), unexplained.into());
    }
    if let Some(runs) = fields.node("runs") {
        let runs: Vec<Value> = list(runs, "runs", faults)
            .iter()
            .filter_map(|node| run(node, faults))
            .collect();
        vector.insert("runs".to_owned(), runs.into());
    }
    fields.finish();
    Some(vector)
}

fn content(node: &Node, faults: &Faults) -> Option<Vec<u8>> {
    if !matches!(node.value, Written::Map(_)) {
        return Some(string(node, "a file", faults)?.value.into_bytes());
    }
    let fields = Fields::of(node, "a file", faults)?;
    let written = fields.required_string("bytes")?;
    fields.finish();
    let bytes = bytes::read(&written.value);
    if bytes.is_none() {
        faults.push(faults.fault(&keys::UNKNOWN_VALUE, written.span, "these are no bytes"));
    }
    bytes
}

fn finding(node: &Node, faults: &Faults) -> Option<Value> {
    let fields = Fields::of(node, "a finding", faults)?;
    let (issue, status) = (fields.required_string("issue"), fields.required_string("status"));
    let mut finding = json!({"issue": issue?.value, "status": status?.value});
    let captures = fields
        .node("captures")
        .map(|node| pairs(node, faults))
        .unwrap_or_default();
    if !captures.is_empty() {
        finding["captures"] = captures.into();
    }
    let needs: Vec<String> = fields.strings("needs").into_iter().map(|id| id.value).collect();
    if !needs.is_empty() {
        finding["needs"] = needs.into();
    }
    finding["evidence"] = fields.list("evidence").iter().filter_map(place).collect();
    let folded: Vec<Value> = fields
        .list("superseded")
        .iter()
        .filter_map(|node| self::finding(node, faults))
        .collect();
    if !folded.is_empty() {
        finding["superseded"] = folded.into();
    }
    fields.finish();
    Some(finding)
}

/// `[file, first line, last line]`.
fn place(node: &Node) -> Option<Value> {
    let Written::List(parts) = &node.value else { return None };
    let [
        Node {
            value: Written::Text(file),
            ..
        },
        first,
        last,
    ] = parts.as_slice()
    else {
        return None;
    };
    Some(json!([file, frame::number(first)?, frame::number(last)?]))
}

fn run(node: &Node, faults: &Faults) -> Option<Value> {
    let fields = Fields::of(node, "a run", faults)?;
    let place = fields.node("at").and_then(place)?;
    let outcome = fields.required_string("outcome")?.value;
    let facts = fields.node("facts").map(|node| pairs(node, faults)).unwrap_or_default();
    fields.finish();
    let mut run = json!({"at": place, "outcome": outcome});
    if !facts.is_empty() {
        run["facts"] = facts.into();
    }
    Some(run)
}
