//! Writes Sigma rules, specification 2.1, for issues that Windows events show.
//!
//! Invariant: a rule stands for alternatives of the issue that one event decides, and asks the same of an event, but
//! that the whole text of an event is its message and its data. Its identifier depends on the names of book and issue
//! alone.

mod detection;
mod regex;
mod yaml;

use std::collections::BTreeSet;

use crate::export::alternatives::{self, Alternative, Ask};
use crate::export::{Export, LeftOut, without_rule};
use crate::rules::bundle::Bundle;
use crate::rules::language::issue::{Confidence, Issue, Severity, Status};
use crate::rules::language::rule::Test;
use crate::rules::language::source::Format;
use crate::rules::language::template::{Segment, Template};

use uuid::Uuid;

use self::yaml::Value;

/// Logs of Windows for which Sigma's taxonomy has a service.
const SERVICES: [(&str, &str); 3] = [
    ("Application", "application"),
    ("System", "system"),
    ("Security", "security"),
];

/// One rule an issue, in a file of its name.
pub fn export(bundle: &Bundle) -> Export {
    let mut export = Export {
        documents: Vec::new(),
        separator: "---\n",
        comment: "#",
        exported: BTreeSet::new(),
        left_out: Vec::new(),
    };
    for issue in bundle.issues() {
        let Some(detection) = &issue.detection else {
            export.left_out.push(without_rule(issue));
            continue;
        };
        let (found, mut reasons) = alternatives::split(bundle, &detection.rule);
        let mut asks = Vec::new();
        for Alternative { source, ask } in &found {
            match refusal(source, ask) {
                Some(why) => reasons.push(why),
                None => asks.push(ask),
            }
        }
        if !asks.is_empty() {
            export
                .documents
                .push((format!("{}.yml", issue.id), rule(bundle, issue, &asks)));
            export.exported.insert(issue.id.clone());
        }
        let left_out = reasons.into_iter().map(|why| LeftOut {
            issue: issue.id.clone(),
            why,
        });
        export.left_out.extend(left_out);
    }
    export
}

fn refusal(source: &crate::rules::language::source::Source, ask: &Ask) -> Option<String> {
    if source.format != Format::WindowsEvent {
        return Some(format!("asks {}, not Windows events", source.id));
    }
    if source.runs.is_some() {
        return Some(format!("asks the runs of {}", source.id));
    }
    detection::refusal(ask)
}

fn rule(bundle: &Bundle, issue: &Issue, asks: &[&Ask]) -> String {
    let mut keys: Vec<(&str, Value)> = Vec::new();
    keys.push(("title", Value::text(&issue.title)));
    keys.push(("id", Value::text(identity(bundle.name(), &issue.id))));
    let status = match issue.status {
        Status::Stable => "stable",
        Status::Draft => "experimental",
        Status::Deprecated => "deprecated",
    };
    keys.push(("status", Value::text(status)));
    keys.push(("description", Value::text(words(&issue.summary))));
    if !issue.references.is_empty() {
        let urls = issue.references.iter().map(|reference| Value::text(&reference.url));
        keys.push(("references", Value::List(urls.collect())));
    }
    let mut source = vec![("product".to_owned(), Value::text("windows"))];
    source.extend(service(asks).map(|service| ("service".to_owned(), Value::text(service))));
    keys.push(("logsource", Value::Map(source)));
    keys.push(("detection", detection::detection(asks)));
    let doubt = match issue.confidence {
        Confidence::High => "Unlikely",
        Confidence::Medium => "Other failures may write such an event; the confidence of the issue is medium.",
        Confidence::Low => "Other failures write such an event; the confidence of the issue is low.",
    };
    keys.push(("falsepositives", Value::List(vec![Value::text(doubt)])));
    let level = match issue.severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "informational",
    };
    keys.push(("level", Value::text(level)));
    // Attributes of our own, which the specification allows: from an alert back to the page.
    let custom = [("issue", &issue.id), ("page", &issue.url)];
    let custom = custom.map(|(key, value)| (key.to_owned(), Value::text(value)));
    keys.push(("custom", Value::Map(custom.into())));
    let keys: Vec<(String, Value)> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    yaml::document(keys)
}

/// The same from release to release.
fn identity(bundle: &str, issue: &str) -> String {
    let url = format!("fixbook:{bundle}/{issue}");
    Uuid::new_v5(&Uuid::NAMESPACE_URL, url.as_bytes()).to_string()
}

/// The one log that every alternative asks for by its name.
fn service(asks: &[&Ask]) -> Option<&'static str> {
    let named = |ask: &Ask| {
        let Ask::All(asks) = ask else { return None };
        asks.iter().find_map(|ask| match ask {
            Ask::Test(test) if test.field == "channel" => match &test.test {
                Test::AnyOf(channels) if channels.len() == 1 => {
                    let known = SERVICES
                        .iter()
                        .find(|(name, _)| name.eq_ignore_ascii_case(&channels[0]));
                    known.map(|(_, service)| *service)
                }
                _ => None,
            },
            _ => None,
        })
    };
    let first = named(asks.first()?)?;
    asks.iter().all(|ask| named(ask) == Some(first)).then_some(first)
}

/// A summary without an event to fill it: captures by their names.
fn words(template: &Template) -> String {
    let segments = template.0.iter().map(|segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Capture { name, .. } => format!("<{name}>"),
    });
    segments.collect()
}
