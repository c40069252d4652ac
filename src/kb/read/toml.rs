//! Reads TOML into [`Node`]s, and is the only module that knows the TOML library.
//!
//! Invariant: all syntax errors of the text come back, and what could be read beside them.

use ::toml::Spanned as TomlSpanned;
use ::toml::de::{DeTable, DeValue};

use crate::kb::read::node::{Node, Value};
use crate::text::{Span, Spanned};

/// A place where a text is not TOML.
#[derive(Debug)]
pub(crate) struct TomlError {
    pub message: String,
    pub span: Span,
}

/// Reads a document.
pub(crate) fn parse(text: &str) -> (Node, Vec<TomlError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let errors = errors
        .iter()
        .map(|error| TomlError {
            message: error.message().to_owned(),
            span: error
                .span()
                .map_or(Span::default(), |range| Span::new(range.start, range.end)),
        })
        .collect();
    let span = Span::new(table.span().start, table.span().end);
    (
        Node {
            value: map(table.get_ref()),
            span,
        },
        errors,
    )
}

fn map(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<(Spanned<String>, Node)> = table
        .iter()
        .map(|(key, value)| (Spanned::new(key.get_ref().to_string(), span(key)), node(value)))
        .collect();
    entries.sort_by_key(|(key, _)| key.span);
    Value::Map(entries)
}

fn node(value: &TomlSpanned<DeValue<'_>>) -> Node {
    let converted = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => Value::Plain(integer.as_str().to_owned()),
        DeValue::Float(float) => Value::Plain(float.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Plain(truth.to_string()),
        DeValue::Datetime(date) => Value::Plain(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => map(table),
    };
    Node {
        value: converted,
        span: span(value),
    }
}

fn span<T>(value: &TomlSpanned<T>) -> Span {
    Span::new(value.span().start, value.span().end)
}
