//! Writes SQL for ClickHouse: a table that `fixbook records` fills, and a view that labels its records with the ids of
//! issues.
//!
//! For each field, the texts and patterns of all rules form one list, and the server looks for all of them at once
//! (`multiMatchAllIndices`). A rule is then a condition on the numbers that were found.
//!
//! Invariant: a record has a label exactly when it makes an alternative of the issue's rule true, in a run that the
//! rule looks at. It is the scan's verdict but for what needs other records: nothing is folded under another finding.

mod conditions;
mod patterns;
mod sql;

use std::collections::{BTreeMap, BTreeSet};

use crate::export::alternatives::{self, Alternative};
use crate::export::{Export, LeftOut, without_rule};
use crate::rules::bundle::Bundle;
use crate::rules::language::rule::{Detection, OutcomeChoice, RunChoice};

use self::conditions::Conditions;

/// The table of records.
const TABLE: &str = "fixbook_records";
/// The view with a row for each label of each record.
const VIEW: &str = "fixbook_labels";
/// The columns that every record has: name, type, what it is.
const COLUMNS: [(&str, &str, &str); 9] = [
    ("file_path", "String", "file that the record stands in"),
    ("source_id", "LowCardinality(String)", "id of its source in the bundle"),
    ("first_line", "UInt64", "line of the file on which it begins"),
    ("last_line", "UInt64", "line on which it ends"),
    (
        "run_number",
        "UInt32 DEFAULT 1",
        "run of an appended log that it belongs to",
    ),
    (
        "run_outcome",
        "LowCardinality(String) DEFAULT 'unknown'",
        "of that run: success, failure or unknown",
    ),
    (
        "run_is_last",
        "Bool DEFAULT true",
        "no later run of the file counts instead of it",
    ),
    (
        "unknown_fields",
        "Array(String)",
        "fields that it may have in truth, but that its file leaves out",
    ),
    ("text", "String", "the record as it stands"),
];

/// Two scripts: the table and the view.
pub fn export(bundle: &Bundle) -> Export {
    let mut export = Export {
        documents: Vec::new(),
        separator: "\n",
        comment: "--",
        exported: BTreeSet::new(),
        left_out: Vec::new(),
    };
    let mut conditions = Conditions::default();
    let mut labels: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for issue in bundle.issues() {
        let Some(detection) = &issue.detection else {
            export.left_out.push(without_rule(issue));
            continue;
        };
        let (found, mut reasons) = alternatives::split(bundle, &detection.rule);
        for alternative in &found {
            match refusal(alternative) {
                Some(why) => reasons.push(why),
                None => {
                    let condition = label(&mut conditions, detection, alternative);
                    labels.entry(&issue.id).or_default().push(condition);
                }
            }
        }
        let left_out = reasons.into_iter().map(|why| LeftOut {
            issue: issue.id.clone(),
            why,
        });
        export.left_out.extend(left_out);
    }
    export.exported = labels.keys().map(|id| (*id).to_owned()).collect();
    let head = format!(
        "-- Rules of {} {}.\n",
        sql::comment(bundle.name()),
        sql::comment(bundle.version())
    );
    export
        .documents
        .push(("1-records.sql".to_owned(), head.clone() + &table(&conditions.fields)));
    export
        .documents
        .push(("2-labels.sql".to_owned(), head + &view(&conditions, &labels)));
    export
}

/// A field must have a column of its own.
fn refusal(alternative: &Alternative) -> Option<String> {
    let tests = alternative.ask.tests();
    let taken = tests.iter().find(|test| {
        let is_column = |(name, ..): &(&str, &str, &str)| *name != "text" && test.field == *name;
        COLUMNS.iter().any(is_column) || test.field.ends_with(conditions::FOUND)
    });
    taken.map(|test| format!("asks `{}`, a name that the table has for something else", test.field))
}

/// When an alternative labels a record.
fn label(conditions: &mut Conditions, detection: &Detection, alternative: &Alternative) -> String {
    let source = alternative.source;
    let mut parts = vec![format!("source_id = {}", sql::text(&source.id))];
    if source.runs.is_some() {
        if detection.run == RunChoice::Last {
            parts.push("run_is_last".to_owned());
        }
        match detection.outcome {
            OutcomeChoice::NotSuccess => parts.push("run_outcome != 'success'".to_owned()),
            OutcomeChoice::Success => parts.push("run_outcome = 'success'".to_owned()),
            OutcomeChoice::Any => {}
        }
    }
    parts.push(conditions.when(&alternative.ask));
    parts.join(" AND ")
}

fn table(fields: &BTreeSet<String>) -> String {
    let columns = COLUMNS.map(|(name, kind, what)| format!("    {name} {kind} COMMENT {}", sql::text(what)));
    let mut out = format!(
        "-- One row a record, as fixbook cuts it: a field that the record does not have is NULL.\n\
         CREATE TABLE IF NOT EXISTS {TABLE}\n(\n{}\n)\nENGINE = MergeTree\nORDER BY (source_id, file_path, first_line);\n\n\
         -- The fields that rules ask for.\n",
        columns.join(",\n")
    );
    for field in fields.iter().filter(|field| *field != "text") {
        let column = sql::name(field);
        out.push_str(&format!(
            "ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {column} Nullable(String);\n"
        ));
    }
    out
}

fn view(conditions: &Conditions, labels: &BTreeMap<&str, Vec<String>>) -> String {
    let mut out = format!(
        "-- One row for each issue that a record by itself shows.\n\
         CREATE OR REPLACE VIEW {VIEW} AS\n"
    );
    let found: Vec<String> = conditions.found().collect();
    if !found.is_empty() {
        out.push_str(&format!("WITH\n{}\n", found.join(",\n")));
    }
    out.push_str("SELECT file_path, source_id, run_number, first_line, last_line, text, issue\n");
    out.push_str(&format!("FROM {TABLE}\nARRAY JOIN arrayFilter(id -> id != '',\n[\n"));
    let rows = labels.iter().map(|(id, alternatives)| {
        let any: Vec<String> = match alternatives.as_slice() {
            [one] => vec![one.clone()],
            several => several.iter().map(|one| format!("({one})")).collect(),
        };
        format!("    if({}, {}, '')", any.join("\n        OR "), sql::text(id))
    });
    out.push_str(&rows.collect::<Vec<_>>().join(",\n"));
    out.push_str("\n]) AS issue;\n");
    out
}
