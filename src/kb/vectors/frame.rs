//! Vectors of framing: a text, and the records that a source makes of it.

use serde_json::{Map, Value, json};

use crate::code::keys;
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list};
use crate::kb::node::{Node, Value as Written};
use crate::kb::vectors::authored::{Sources, Vector, pairs};
use crate::kb::vectors::bytes;

/// A list of `{name, source, path, text, pasted, records}`. A record is `{lines, text, fields, time, absent}`; its text
/// is, unless it is given, that of its lines.
pub(super) fn vectors(node: &Node, sources: &Sources, faults: &Faults) -> Vec<Vector> {
    let of = |node| vector(Fields::of(node, "a vector", faults)?, sources, faults);
    list(node, "the file", faults).iter().filter_map(of).collect()
}

fn vector(fields: Fields<'_>, sources: &Sources, faults: &Faults) -> Option<Vector> {
    let (name, source) = (fields.required_string("name"), fields.required_string("source"));
    let path = fields
        .string("path")
        .map_or("evidence.txt".to_owned(), |path| path.value);
    let text = fields.required_string("text");
    let mut vector = Map::new();
    if fields.bool("pasted").unwrap_or_default() {
        vector.insert("pasted".to_owned(), true.into());
    }
    let source = source?;
    let Some((source, _)) = sources.get(&source.value) else {
        faults.push(faults.fault(&keys::UNKNOWN_VALUE, source.span, "there is no such source"));
        return None;
    };
    let text = text?.value;
    let lines: Vec<&str> = text.lines().collect();
    let read = |node| record(Fields::of(node, "a record", faults)?, &lines, faults);
    let records: Vec<Value> = fields.list("records").iter().filter_map(read).collect();
    fields.missing("records");
    fields.finish();
    vector.insert("name".to_owned(), format!("frame/{}", name?.value).into());
    vector.insert("source".to_owned(), json!(source));
    vector.insert("path".to_owned(), path.into());
    bytes::insert(text.as_bytes(), &mut vector);
    vector.insert("records".to_owned(), records.into());
    Some(vector)
}

fn record(fields: Fields<'_>, lines: &[&str], faults: &Faults) -> Option<Value> {
    let numbers: Vec<usize> = fields.list("lines").iter().filter_map(number).collect();
    let [first, last] = *numbers else {
        faults.push(faults.fault(&keys::UNKNOWN_VALUE, fields.span, "`lines` are two numbers"));
        return None;
    };
    let of_lines = || {
        lines
            .get(first.saturating_sub(1)..last)
            .unwrap_or_default()
            .join("\n")
            .trim_end_matches('\n')
            .to_owned()
    };
    let text = fields.string("text").map_or_else(of_lines, |text| text.value);
    let values = fields
        .node("fields")
        .map(|node| pairs(node, faults))
        .unwrap_or_default();
    let mut record = json!({"first": first, "last": last, "text": text, "fields": values});
    if let Some(time) = fields.integer("time") {
        record["time"] = time.value.into();
    }
    let absent: Vec<String> = fields.strings("absent").into_iter().map(|name| name.value).collect();
    if !absent.is_empty() {
        record["absent"] = absent.into();
    }
    fields.finish();
    Some(record)
}

pub(super) fn number(node: &Node) -> Option<usize> {
    match &node.value {
        Written::Plain(text) => text.parse().ok(),
        _ => None,
    }
}
