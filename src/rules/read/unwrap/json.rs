//! Unwraps JSON: lines of shippers, views of search engines, output of automation tools.
//!
//! Invariant: an object that names an event becomes the text of that event as it is copied from its viewer; of any other
//! value its texts are taken. Values that are not JSON stay as they are.

use crate::rules::read::unwrap::row::{self, Row};
use crate::rules::read::unwrap::value::Value;

/// Values looked for in one text.
const TRIES: usize = 2000;
/// Texts shorter than this without a blank are no evidence.
const SHORT: usize = 12;

/// The labels of a copied event, and what their values are called where events are JSON, the surest first.
const LABELS: [(&str, &[&str]); 6] = [
    ("Log Name", &["channel", "logname"]),
    ("Source", &["providername", "sourcename", "provider", "source"]),
    (
        "Date",
        &[
            "timecreated",
            "timegenerated",
            "eventtime",
            "systemtime",
            "timestamp",
            "time",
        ],
    ),
    ("Event ID", &["eventid", "eventcode", "id", "code"]),
    ("Level", &["leveldisplayname", "entrytype", "level", "severity"]),
    (
        "Computer",
        &["computername", "computer", "machinename", "hostname", "host"],
    ),
];
const MESSAGE: [&str; 4] = ["message", "rendereddescription", "description", "msg"];

/// The text in place of each JSON value that stands in the rows.
pub fn unwrap(rows: &[Row]) -> Option<Vec<Row>> {
    let text = row::joined(rows);
    let mut out = Vec::new();
    let (mut found, mut tries) = (false, 0);
    let (mut index, mut start) = (0, 0);
    while let Some(row) = rows.get(index) {
        let value = opening(&row.text).filter(|_| tries < TRIES).and_then(|at| {
            tries += 1;
            let mut values = serde_json::Deserializer::from_str(&text[start + at..]).into_iter::<Value>();
            let value = values.next()?.ok()?;
            Some((at, value, start + at + values.byte_offset()))
        });
        let Some((at, value, end)) = value else {
            out.push(row.clone());
            start += row.text.len() + 1;
            index += 1;
            continue;
        };
        found = true;
        if !row.text[..at].trim().is_empty() {
            out.push(row.with(&row.text[..at]));
        }
        let mut next = index;
        while next < rows.len() && start < end {
            start += rows[next].text.len() + 1;
            next += 1;
        }
        let last = rows[next.max(index + 1) - 1].last;
        let mut texts = Vec::new();
        evidence(&value, &mut texts);
        for lines in texts.iter().map(|text| text.lines()) {
            let of_value = |line: &str| Row {
                text: line.to_owned(),
                first: row.first,
                last,
            };
            out.extend(lines.map(of_value));
            out.push(of_value(""));
        }
        index = next.max(index + 1);
    }
    found.then_some(out)
}

/// Where a value may begin in a line.
fn opening(line: &str) -> Option<usize> {
    let starts = line.match_indices(['{', '[']).map(|(at, _)| at);
    starts.take(4).find(|at| {
        let rest = line[at + 1..].trim_start();
        let whole = line[..*at].trim().is_empty();
        match line.as_bytes()[*at] {
            b'{' => rest.starts_with('"') || (rest.is_empty() && (whole || line[..*at].trim_end().ends_with("=>"))),
            _ => whole && (rest.is_empty() || rest.starts_with(['{', '"'])),
        }
    })
}

/// Adds the texts of a value.
fn evidence(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::List(items) if items.iter().any(Value::is_object) => items.iter().for_each(|item| evidence(item, out)),
        Value::Object(object) => {
            let mut fields = Vec::new();
            flatten(object, "", &mut fields, out);
            match event(&fields) {
                Some(event) => out.push(event),
                None => fields.into_iter().for_each(|(_, text)| add(text, out)),
            }
        }
        other => text(other).into_iter().for_each(|text| add(text, out)),
    }
}

/// A text that was not taken yet and may say something.
fn add(text: String, out: &mut Vec<String>) {
    let bare = text.trim();
    let says = bare.contains(' ') || bare.len() >= SHORT;
    if says && !out.iter().any(|other| other.contains(bare)) {
        out.push(text);
    }
}

/// The fields of an object and of the objects in it by their last names; lists of objects are taken by themselves.
fn flatten(object: &[(String, Value)], parent: &str, fields: &mut Vec<(String, String)>, out: &mut Vec<String>) {
    for (key, value) in object {
        let name: String = key
            .rsplit('.')
            .next()
            .unwrap_or(key)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let mut name = name.to_ascii_lowercase();
        if name == "name" || name == "attributes" {
            name = format!("{parent}{}", name.trim_end_matches("attributes"));
        }
        match value {
            Value::Object(inner) => flatten(inner, &name, fields, out),
            Value::List(items) if items.iter().any(Value::is_object) => evidence(value, out),
            _ => fields.extend(text(value).map(|text| (name, text))),
        }
    }
}

/// A scalar or a list of them as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.replace("\r\n", "\n")),
        Value::Number(number) => Some(number.clone()),
        Value::List(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join("\n")),
        _ => None,
    }
}

/// The event that fields describe: a number and who wrote it.
fn event(fields: &[(String, String)]) -> Option<String> {
    let of = |names: &[&str]| {
        let value = |name: &&str| {
            fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value.trim())
        };
        names.iter().find_map(value).filter(|value| !value.is_empty())
    };
    let id = of(LABELS[3].1).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))?;
    of(LABELS[1].1)?;
    let mut out = String::new();
    for (label, names) in LABELS {
        let value = match label {
            "Event ID" => Some(id),
            "Level" => of(names).map(level),
            _ => of(names),
        };
        if let Some(value) = value {
            out.push_str(&format!("{label}: {}\n", value.replace('\n', " ")));
        }
    }
    let known = |name: &String| LABELS.iter().any(|(_, names)| names.contains(&name.as_str()));
    let others = || {
        fields
            .iter()
            .filter(|(name, _)| !known(name))
            .map(|(_, value)| value.as_str())
    };
    let message = of(&MESSAGE).map_or_else(|| others().collect::<Vec<_>>().join("\n"), str::to_owned);
    out.push_str("Description:\n");
    out.push_str(&message);
    Some(out)
}

fn level(value: &str) -> &str {
    match value {
        "1" => "Critical",
        "2" => "Error",
        "3" => "Warning",
        "0" | "4" => "Information",
        "5" => "Verbose",
        _ => value,
    }
}

/// `\r\n` and `\"` of a text that was copied out of JSON or of a program.
pub fn escapes(rows: &[Row]) -> Option<Vec<Row>> {
    let has_breaks = |text: &str| text.matches("\\r\\n").count() + text.matches("\\\\r\\\\n").count() >= 2;
    let has_escapes = |text: &str| text.matches("\\n").count() >= 2 && text.contains("\\\"");
    let mut found = false;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        if !has_breaks(&row.text) && !has_escapes(&row.text) {
            out.push(row.clone());
            continue;
        }
        found = true;
        out.extend(unescaped(&row.text).split('\n').map(|line| row.with(line)));
    }
    found.then_some(out)
}

/// Lines where `\r\n` or `\n` stands, quotes where `\"` does. `\n` before a small letter may be part of a path.
fn unescaped(text: &str) -> String {
    let text = text.replace("\\r\\n", "\n").replace("\\\"", "\"");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("\\n") {
        let tail = &rest[at + 2..];
        out.push_str(&rest[..at]);
        let is_path = tail.starts_with(|c: char| c.is_ascii_lowercase()) || rest[..at].ends_with(['\\', ':']);
        out.push_str(if is_path { "\\n" } else { "\n" });
        rest = tail;
    }
    out.push_str(rest);
    out.replace("\\t", "\t").replace("\\\\", "\\")
}
