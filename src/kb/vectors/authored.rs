//! The vectors that people wrote, as they stand in `site/vectors/`.
//!
//! Invariant: every file of that folder is here; a test looks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::kb::faults::Faults;
use crate::kb::fields::{Fields, list, string, wrong_type};
use crate::kb::known_fields::KnownFields;
use crate::kb::node::{Node, Value as Written};
use crate::kb::{source, yaml};
use crate::rules::source::Source;
use crate::text::{Spanned, Text};

/// Name below `site/vectors/`, and text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("decode.yaml", include_str!("../../../site/vectors/decode.yaml")),
    ("frame.yaml", include_str!("../../../site/vectors/frame.yaml")),
    ("regex.yaml", include_str!("../../../site/vectors/regex.yaml")),
    ("sources.yaml", include_str!("../../../site/vectors/sources.yaml")),
    ("template.yaml", include_str!("../../../site/vectors/template.yaml")),
    (
        "detection/blocks.yaml",
        include_str!("../../../site/vectors/detection/blocks.yaml"),
    ),
    (
        "detection/captures.yaml",
        include_str!("../../../site/vectors/detection/captures.yaml"),
    ),
    (
        "detection/count.yaml",
        include_str!("../../../site/vectors/detection/count.yaml"),
    ),
    (
        "detection/fragments.yaml",
        include_str!("../../../site/vectors/detection/fragments.yaml"),
    ),
    (
        "detection/order.yaml",
        include_str!("../../../site/vectors/detection/order.yaml"),
    ),
    (
        "detection/recognition.yaml",
        include_str!("../../../site/vectors/detection/recognition.yaml"),
    ),
    (
        "detection/runs.yaml",
        include_str!("../../../site/vectors/detection/runs.yaml"),
    ),
    (
        "detection/same.yaml",
        include_str!("../../../site/vectors/detection/same.yaml"),
    ),
    (
        "detection/sequence.yaml",
        include_str!("../../../site/vectors/detection/sequence.yaml"),
    ),
    (
        "detection/strings.yaml",
        include_str!("../../../site/vectors/detection/strings.yaml"),
    ),
    (
        "detection/truth.yaml",
        include_str!("../../../site/vectors/detection/truth.yaml"),
    ),
];

/// The sources that vectors speak of, with what rules may ask of each.
pub(super) type Sources = BTreeMap<String, (Source, KnownFields)>;

/// One vector as it is published, but for its line.
pub(super) type Vector = Map<String, Value>;

/// The files of the folder while they are read.
pub(super) struct Texts<'t> {
    files: &'t [(&'t str, &'t str)],
    pub(super) sources: Sources,
    faults: RefCell<Diagnostics>,
}

impl<'t> Texts<'t> {
    pub(super) fn read(files: &'t [(&'t str, &'t str)]) -> Texts<'t> {
        let texts = Texts {
            files,
            sources: Sources::new(),
            faults: RefCell::default(),
        };
        let read = |node: &Node, faults: &Faults| {
            list(node, "the file", faults)
                .iter()
                .filter_map(|node| {
                    let id = Fields::of(node, "a source", faults)?.required_string("id")?.value;
                    source::read(node, &id, faults).map(|read| (id, read))
                })
                .collect()
        };
        let sources: Vec<Sources> = texts.of("sources.yaml", read);
        Texts {
            sources: sources.into_iter().flatten().collect(),
            ..texts
        }
    }

    /// The lines of every file whose name begins so.
    pub(super) fn lines(&self, prefix: &str, read: impl Fn(&Node, &Faults) -> Vec<Vector>) -> Vec<Vec<u8>> {
        let vectors = self.of(prefix, read).into_iter().flatten();
        vectors.map(super::line).collect()
    }

    pub(super) fn into_faults(self) -> Diagnostics {
        self.faults.into_inner()
    }

    fn of<T>(&self, prefix: &str, read: impl Fn(&Node, &Faults) -> T) -> Vec<T> {
        let mut out = Vec::new();
        for (name, text) in self.files.iter().filter(|(name, _)| name.starts_with(prefix)) {
            let path = format!("site/vectors/{name}");
            let faults = Faults::of(Arc::new(Text::new(path.as_str(), *text)));
            match yaml::parse(text) {
                Ok(node) => out.push(read(&node, &faults)),
                Err(error) => {
                    faults
                        .push(Diagnostic::new(error.code, Place::at(path, error.span), error.message).help(error.help));
                }
            }
            self.faults.borrow_mut().append(faults.into_found());
        }
        out
    }
}

/// Names with a text each.
pub(super) fn pairs(node: &Node, faults: &Faults) -> Vector {
    let Written::Map(entries) = &node.value else {
        wrong_type(faults, node, "this", "a mapping");
        return Vector::new();
    };
    let pair = |(name, value): &(Spanned<String>, Node)| {
        let text = string(value, &name.value, faults)?.value;
        Some((name.value.clone(), text.into()))
    };
    entries.iter().filter_map(pair).collect()
}
