//! Vectors of templates: the text that one is with these captures.

use serde_json::{Map, json};

use crate::code::keys;
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list};
use crate::kb::node::Node;
use crate::kb::vectors::authored::{Vector, pairs};
use crate::rules::template::Template;

/// A list of `{name, template, captures, text}`; the template is written as pages write it.
pub(super) fn vectors(node: &Node, faults: &Faults) -> Vec<Vector> {
    let of = |node| vector(Fields::of(node, "a vector", faults)?, faults);
    list(node, "the file", faults).iter().filter_map(of).collect()
}

fn vector(fields: Fields<'_>, faults: &Faults) -> Option<Vector> {
    let (name, written) = (fields.required_string("name"), fields.required_string("template"));
    let (captures, text) = (fields.node("captures"), fields.required_string("text"));
    fields.finish();
    let written = written?;
    let template = match Template::parse(&written.value) {
        Ok(template) => template,
        Err(error) => {
            faults.push(faults.fault(&keys::UNKNOWN_VALUE, written.span, error.message));
            return None;
        }
    };
    Some(Map::from_iter([
        ("name".to_owned(), format!("template/{}", name?.value).into()),
        ("template".to_owned(), json!(template)),
        (
            "captures".to_owned(),
            captures.map(|node| pairs(node, faults)).unwrap_or_default().into(),
        ),
        ("text".to_owned(), text?.value.into()),
    ]))
}
