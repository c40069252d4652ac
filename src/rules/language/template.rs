//! Text with captures in it: `Setup needs {{path}}`, `Remove-Item {{path|ps}}`.
//!
//! Invariant: a captured value is untrusted. It is filled in as text only; a command gets it only through
//! [`Filter::Ps`], which makes one PowerShell literal of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::rules::language::default::filled;
use crate::rules::language::default::is_default;
use crate::rules::language::rule::Captures;

/// Text cut into literal pieces and captures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Template(pub Vec<Segment>);

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(rename_all = "kebab-case")]
pub enum Segment {
    /// Plain text.
    Text(String),
    /// The value of a capture.
    Capture {
        /// Its name.
        name: String,
        /// How it is escaped.
        #[serde(default, deserialize_with = "filled", skip_serializing_if = "is_default")]
        filter: Filter,
    },
}

/// A piece of a filled [`Template`]. Its author decides how it must be treated where it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text from the page.
    Book(&'a str),
    /// Text from a log, escaped by its filter.
    Capture(Cow<'a, str>),
}

/// How a captured value is made safe for the place where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// As text, for prose.
    #[default]
    Text,
    /// As a PowerShell single-quoted literal, for commands.
    Ps,
}

/// Why a text is not a template, and the byte offset where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Byte offset into the text.
    pub at: usize,
    /// One phrase.
    pub message: String,
}

impl Template {
    /// Cuts a text into its segments. `{{name}}` and `{{name|ps}}` are captures; `{{` must be closed on its line.
    pub fn parse(text: &str) -> Result<Template, TemplateError> {
        let mut segments = Vec::new();
        let mut rest = text;
        let mut at = 0;
        while let Some(open) = rest.find("{{") {
            if open > 0 {
                segments.push(Segment::Text(rest[..open].to_owned()));
            }
            let inner = &rest[open + 2..];
            let fault = |message: &str| TemplateError {
                at: at + open,
                message: message.to_owned(),
            };
            let close = inner
                .find("}}")
                .filter(|&close| !inner[..close].contains('\n'))
                .ok_or_else(|| fault("`{{` is not closed by `}}` on its line"))?;
            segments.push(capture(&inner[..close]).map_err(|message| fault(&message))?);
            at += open + 2 + close + 2;
            rest = &inner[close + 2..];
        }
        if !rest.is_empty() {
            segments.push(Segment::Text(rest.to_owned()));
        }
        Ok(Template(segments))
    }

    /// The names of all captures, with repetitions, in order.
    pub fn names(&self) -> impl Iterator<Item = (&str, Filter)> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Capture { name, filter } => Some((name.as_str(), *filter)),
            Segment::Text(_) => None,
        })
    }

    /// Its pieces in order, with the captures in their places. A capture that is not set reads `<name>`, a placeholder
    /// for the reader to replace.
    pub fn pieces<'a>(&'a self, captures: &'a Captures) -> impl Iterator<Item = Piece<'a>> {
        self.0.iter().map(|segment| match segment {
            Segment::Text(text) => Piece::Book(text),
            Segment::Capture { name, filter } => Piece::Capture(match (captures.get(name), filter) {
                (Some(value), Filter::Text) => Cow::Borrowed(value.as_str()),
                (Some(value), Filter::Ps) => Cow::Owned(powershell_literal(value)),
                (None, _) => Cow::Owned(format!("<{name}>")),
            }),
        })
    }

    /// All pieces as one text.
    pub fn fill(&self, captures: &Captures) -> String {
        let text = |piece| match piece {
            Piece::Book(text) => Cow::Borrowed(text),
            Piece::Capture(value) => value,
        };
        self.pieces(captures).map(text).collect()
    }
}

fn capture(inner: &str) -> Result<Segment, String> {
    let (name, filter) = match inner.split_once('|') {
        None => (inner.trim(), Filter::Text),
        Some((name, filter)) => match filter.trim() {
            "ps" => (name.trim(), Filter::Ps),
            other => return Err(format!("`{other}` is not a filter; the only one is `ps`")),
        },
    };
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_name {
        Ok(Segment::Capture {
            name: name.to_owned(),
            filter,
        })
    } else {
        Err(format!("`{name}` is not a capture's name"))
    }
}

/// A PowerShell single-quoted string of the value. PowerShell reads the typographic single quotes U+2018 to U+201B
/// as quotes too, so each of them is doubled like the plain one; control characters are dropped.
fn powershell_literal(value: &str) -> String {
    let mut out = String::from("'");
    for c in value.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\'' | '\u{2018}'..='\u{201B}') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}
