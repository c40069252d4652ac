//! Holds a document of keys and values, each with its place.
//!
//! Invariant: YAML and TOML arrive here in one form, so that one reader ([`crate::kb::read::fields`]) finds all faults of
//! either at once; a typed deserialiser would stop at the first. A scalar keeps the text that was written: `15.20`
//! stays `15.20`.

use crate::text::{Span, Spanned};

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub value: Value,
    pub span: Span,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    /// Written without quotes and read as a truth value, number or date by the language; the text as it was written.
    Plain(String),
    /// A string.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl Value {
    /// With its article, for "expected a list, found a string".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Plain(text) if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
                "a truth value"
            }
            Value::Plain(_) => "a number or truth value",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

impl Node {
    /// The same with all places moved: from a part of a text to the text.
    pub fn shifted(self, by: usize) -> Node {
        let value = match self.value {
            Value::List(items) => Value::List(items.into_iter().map(|item| item.shifted(by)).collect()),
            Value::Map(entries) => {
                let shift = |(key, value): (Spanned<String>, Node)| {
                    (Spanned::new(key.value, key.span.shifted(by)), value.shifted(by))
                };
                Value::Map(entries.into_iter().map(shift).collect())
            }
            other => other,
        };
        Node {
            value,
            span: self.span.shifted(by),
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Map(entries) = &self.value else { return None };
        entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }
}
