//! Vectors of decoding: bytes, and the text that they are.

use serde_json::Map;

use crate::code::keys;
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list, string};
use crate::kb::node::{Node, Value};
use crate::kb::vectors::authored::Vector;
use crate::kb::vectors::bytes;

/// A list of `{name, bytes, encoding, text, replaced}` or `{name, bytes, binary: true}`. A text may be a list of pieces,
/// a number after a piece repeats it.
pub(super) fn vectors(node: &Node, faults: &Faults) -> Vec<Vector> {
    let of = |node| vector(Fields::of(node, "a vector", faults)?, faults);
    list(node, "the file", faults).iter().filter_map(of).collect()
}

fn vector(fields: Fields<'_>, faults: &Faults) -> Option<Vector> {
    let (name, written) = (fields.required_string("name"), fields.required_string("bytes"));
    let mut vector = Map::new();
    if fields.bool("binary").unwrap_or_default() {
        vector.insert("binary".to_owned(), true.into());
    } else {
        let encoding = fields
            .string("encoding")
            .map_or("utf-8".to_owned(), |encoding| encoding.value);
        vector.insert("encoding".to_owned(), encoding.into());
        vector.insert("text".to_owned(), text(fields.node("text")?, faults).into());
        if let Some(replaced) = fields.integer("replaced") {
            vector.insert("replaced".to_owned(), replaced.value.into());
        }
    }
    fields.finish();
    let written = written?;
    let Some(bytes) = bytes::read(&written.value) else {
        faults.push(faults.fault(&keys::UNKNOWN_VALUE, written.span, "these are no bytes"));
        return None;
    };
    vector.insert("name".to_owned(), format!("decode/{}", name?.value).into());
    vector.insert("base64".to_owned(), bytes::base64(&bytes).into());
    Some(vector)
}

fn text(node: &Node, faults: &Faults) -> String {
    let Value::List(pieces) = &node.value else {
        return string(node, "text", faults).map(|text| text.value).unwrap_or_default();
    };
    let mut out: Vec<String> = Vec::new();
    for piece in pieces {
        match (&piece.value, out.last_mut()) {
            (Value::Plain(times), Some(last)) => *last = last.repeat(times.parse().unwrap_or_default()),
            _ => out.extend(string(piece, "text", faults).map(|text| text.value)),
        }
    }
    out.concat()
}
