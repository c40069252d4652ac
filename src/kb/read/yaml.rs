//! Reads YAML into [`Node`]s, and is the only module that knows the YAML library.
//!
//! Invariant: the values are those that a reader sees on the page. Anchors, aliases, tags, merge keys, duplicate keys
//! and second documents are refused, because with them a text can mean something else than it seems to say, or grow
//! without bound. Size, depth and number of nodes are bounded.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location};

use crate::code::syntax;
use crate::diagnostic::Code;
use crate::kb::read::faults::Faults;
use crate::kb::read::node::{Node, Value};
use crate::text::{Span, Spanned};

/// No front matter and no source needs more; `serde-saphyr` bounds only what it reads from a stream.
pub(crate) const MAX_BYTES: usize = 64 * 1024;
const MAX_DEPTH: usize = 16;
const MAX_NODES: usize = 5_000;

/// Why a text is not YAML that is accepted here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub code: &'static Code,
    pub message: String,
    pub span: Span,
    pub help: &'static str,
}

/// A YAML file as a tree, or `None` with a fault.
pub(crate) fn document(faults: &Faults) -> Option<Node> {
    match parse(faults.text().content()) {
        Ok(node) => Some(node),
        Err(error) => {
            faults.push(faults.fault(error.code, error.span, error.message).help(error.help));
            None
        }
    }
}

/// Reads one document. Spans count from the start of the text.
pub(crate) fn parse(text: &str) -> Result<Node, YamlError> {
    if text.len() > MAX_BYTES {
        let message = format!("{} bytes of YAML are more than the allowed {MAX_BYTES}", text.len());
        return Err(YamlError {
            code: &syntax::YAML_TOO_LARGE,
            message,
            span: Span::default(),
            help: "keep what a page needs",
        });
    }
    let options = serde_saphyr::options! {
        with_snippet: false,
        strict_booleans: true,
        merge_keys: MergeKeyPolicy::Error,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: 0,
            max_anchors: 0,
            max_documents: 1,
        },
    };
    let raw = serde_saphyr::from_str_with_options::<serde_saphyr::Spanned<Raw>>(text, options)
        .map_err(|error| explain(&error, text))?;
    Reader { text }.node(raw, 0)
}

fn explain(error: &Error, text: &str) -> YamlError {
    let anchor = "write the value out where it is used";
    let (code, message, help) = match error {
        Error::MergeKeyNotAllowed { .. } => (
            &syntax::YAML_MERGE_KEY,
            "the merge key `<<` is not accepted".to_owned(),
            "write the keys out",
        ),
        Error::DuplicateMappingKey { key, .. } => {
            let message = format!("`{}` is given twice", key.as_deref().unwrap_or("this key"));
            (&syntax::YAML_DUPLICATE_KEY, message, "keep one of the two")
        }
        Error::UnknownAnchor { .. } | Error::AliasError { .. } => {
            (&syntax::YAML_ANCHOR, "aliases are not accepted".to_owned(), anchor)
        }
        Error::Budget {
            breach: BudgetBreach::Anchors { .. } | BudgetBreach::Aliases { .. },
            ..
        } => (&syntax::YAML_ANCHOR, "anchors are not accepted".to_owned(), anchor),
        Error::MultipleDocuments { .. }
        | Error::Budget {
            breach: BudgetBreach::Documents { .. },
            ..
        } => (
            &syntax::YAML_SECOND_DOCUMENT,
            "a second YAML document begins here".to_owned(),
            "remove this line",
        ),
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => (
            &syntax::YAML_TOO_LARGE,
            format!("the YAML is nested more than {MAX_DEPTH} deep"),
            "nest it less",
        ),
        Error::Budget { .. } => {
            let message = format!("the YAML has more than {MAX_NODES} values");
            (&syntax::YAML_TOO_LARGE, message, "keep what a page needs")
        }
        other => {
            let message = other.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let help = "correct the line; put a value with `: `, ` #`, a leading quote or bracket in quotes";
            (&syntax::YAML_SYNTAX, message.to_owned(), help)
        }
    };
    YamlError {
        code,
        message,
        span: span_of(error.location().as_ref(), text),
        help,
    }
}

/// The library knows bytes for values and only characters for some errors.
fn span_of(location: Option<&Location>, text: &str) -> Span {
    let Some(span) = location.map(Location::span) else {
        return Span::default();
    };
    let start = match span.byte_offset() {
        Some(start) => start as usize,
        None => text
            .char_indices()
            .nth(span.offset() as usize)
            .map_or(text.len(), |(at, _)| at),
    };
    let end = start + span.byte_len().map_or(0, |len| len as usize);
    let next = text
        .get(start..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    Span::new(start.min(text.len()), end.max(start + next).min(text.len()))
}

/// A value as the library gives it. Truth values and numbers keep only that they are plain: their text is taken from
/// the page.
enum Raw {
    Null,
    Plain,
    Text(String),
    List(Vec<serde_saphyr::Spanned<Raw>>),
    Map(Vec<(serde_saphyr::Spanned<String>, serde_saphyr::Spanned<Raw>)>),
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    /// `after` is where the token before the value ends: what stands between is where a tag would be.
    fn node(&self, raw: serde_saphyr::Spanned<Raw>, after: usize) -> Result<Node, YamlError> {
        let place = raw.referenced.span();
        let start = place.byte_offset().map_or(after, |start| start as usize);
        let end = start + place.byte_len().map_or(0, |len| len as usize);
        self.refuse_tag(after, start)?;
        let written = self.text.get(start..end).unwrap_or_default();
        let mut span = Span::new(start, start + written.trim_end().len());
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Plain => Value::Plain(written.to_owned()),
            Raw::Text(text) if written == text && is_ambiguous(&text) => Value::Plain(text),
            Raw::Text(text) => Value::Text(text),
            Raw::List(items) => {
                let mut nodes: Vec<Node> = Vec::with_capacity(items.len());
                for item in items {
                    let after = nodes.last().map_or(start, |node| node.span.end);
                    nodes.push(self.node(item, after)?);
                }
                span.end = nodes.last().map_or(span.end, |node| node.span.end);
                Value::List(nodes)
            }
            Raw::Map(entries) => {
                let mut nodes: Vec<(Spanned<String>, Node)> = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let after = nodes.last().map_or(start, |(_, node)| node.span.end);
                    let key = self.key(key, after)?;
                    let value = self.node(value, key.span.end)?;
                    nodes.push((key, value));
                }
                span.end = nodes.last().map_or(span.end, |(_, node)| node.span.end);
                Value::Map(nodes)
            }
        };
        Ok(Node { value, span })
    }

    fn key(&self, key: serde_saphyr::Spanned<String>, after: usize) -> Result<Spanned<String>, YamlError> {
        let place = key.referenced.span();
        let start = place.byte_offset().map_or(after, |start| start as usize);
        self.refuse_tag(after, start)?;
        Ok(Spanned::new(
            key.value,
            Span::new(start, start + place.byte_len().map_or(0, |len| len as usize)),
        ))
    }

    /// The library accepts tags; between two tokens they are the only words that begin with `!`.
    fn refuse_tag(&self, after: usize, start: usize) -> Result<(), YamlError> {
        let mut at = after;
        for line in self.text.get(after..start).unwrap_or_default().split_inclusive('\n') {
            let code = line.split('#').next().unwrap_or_default();
            if let Some(tag) = code.split_whitespace().find(|word| word.starts_with('!')) {
                let from = at + code.find(tag).unwrap_or_default();
                let message = format!("the tag `{tag}` is not accepted");
                return Err(YamlError {
                    code: &syntax::YAML_TAG,
                    message,
                    span: Span::new(from, from + tag.len()),
                    help: "remove the tag; for text, write the value in quotes",
                });
            }
            at += line.len();
        }
        Ok(())
    }
}

/// Unquoted text that some reader of YAML takes for something else than text: dates, and the truth values of YAML 1.1.
fn is_ambiguous(text: &str) -> bool {
    let is_word = ["yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    let is_date = text.len() >= 8
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '-')
        && text.matches('-').count() == 2;
    is_word || is_date
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> Value {
        parse(text).unwrap().get("a").unwrap().value.clone()
    }

    fn refused(text: &str) -> (&'static str, &str) {
        let error = parse(text).unwrap_err();
        (error.code.name, &text[error.span.start..error.span.end])
    }

    #[test]
    fn scalars_keep_the_text_that_was_written() {
        assert_eq!(scalar("a: 15.20"), Value::Plain("15.20".into()));
        assert_eq!(scalar("a: 2026-11-20"), Value::Plain("2026-11-20".into()));
        assert_eq!(scalar("a: no"), Value::Plain("no".into()));
        assert_eq!(scalar("a: 'no'"), Value::Text("no".into()));
        assert_eq!(scalar("a: 1e999"), Value::Text(".inf".into()));
        assert_eq!(scalar("a: |\n  x\n  y\n"), Value::Text("x\ny\n".into()));
    }

    #[test]
    fn every_value_knows_its_bytes() {
        let text = "é: [x, 'é']\nb:\n  c: |\n    one\n    two\nd: 1\n";
        let root = parse(text).unwrap();
        let Value::Map(entries) = &root.value else {
            panic!("a mapping")
        };
        let of = |span: Span| &text[span.start..span.end];
        assert_eq!(of(entries[0].0.span), "é");
        assert_eq!(of(entries[0].1.span), "[x, 'é'");
        assert_eq!(of(entries[1].1.span), "c: |\n    one\n    two");
        assert_eq!(of(entries[2].1.span), "1");
    }

    #[test]
    fn what_can_deceive_or_explode_is_refused_with_its_own_code() {
        assert_eq!(refused("a: &x 1\n"), ("yaml-anchor", "1"));
        assert_eq!(refused("a: *x\n"), ("yaml-anchor", "*"));
        assert_eq!(refused("a: !!str 1\n"), ("yaml-tag", "!!str"));
        assert_eq!(refused("- 1\n- !x\n  a: 1\n"), ("yaml-tag", "!x"));
        assert_eq!(refused("<<: {a: 1}\n"), ("yaml-merge-key", "<<"));
        assert_eq!(refused("a: 1\na: 2\n"), ("yaml-duplicate-key", "a"));
        assert_eq!(refused("a: 1\n---\nb: 2\n"), ("yaml-second-document", "---"));
        assert_eq!(refused("é: [1\n"), ("yaml-syntax", "["));
        assert_eq!(refused(&"- ".repeat(20)).0, "yaml-too-large");
        assert_eq!(refused(&"- 1\n".repeat(6000)).0, "yaml-too-large");
    }
}
