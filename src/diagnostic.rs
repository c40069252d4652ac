//! Describes what is wrong with a book, as data.
//!
//! Invariant: a diagnostic has a registered code, a place, and a message that can be understood without the program's
//! text. The order of a set does not depend on the order in which its members were found. Drawing them for people is
//! the command line's part; here they are only held, sorted and put into JSON or plain lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::text::{LineCol, Span, Text};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// The book cannot be published.
    Error,
    /// The book can be published, and should be better.
    Warning,
}

/// A kind of fault: `fixbook explain NAME` prints it, the registry is [`crate::code`].
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, stable, names the fault.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong and why that matters: a paragraph of Markdown.
    pub explanation: &'static str,
    /// The fault, as short as it can be.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
}

/// A place in a file, or a whole file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Relative to the book, with `/`.
    pub path: String,
    /// Absent when the file as a whole is meant, or is not text.
    pub span: Option<Span>,
}

/// What is true at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// One phrase; may be empty for the primary label when the message says it all.
    pub text: String,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of fault.
    pub code: &'static Code,
    /// One phrase, lower case, names the thing in backticks.
    pub message: String,
    /// Where it is, and what is true there.
    pub primary: Label,
    /// Other places that have to do with it.
    pub secondary: Vec<Label>,
    /// An imperative that can be followed.
    pub help: Option<String>,
}

/// A set of diagnostics in the order of path, place and code, with the texts that they point into.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    set: BTreeSet<Diagnostic>,
    texts: BTreeMap<String, Arc<Text>>,
}

impl Place {
    /// A part of a file.
    pub fn at(path: impl Into<String>, span: Span) -> Place {
        Place {
            path: path.into(),
            span: Some(span),
        }
    }

    /// A part of a text, in the file in which it was written.
    pub fn in_text(text: &Text, span: Span) -> Place {
        let (file, span) = text.origin(span);
        Place::at(file.path(), span)
    }

    /// A file as a whole.
    pub fn file(path: impl Into<String>) -> Place {
        Place {
            path: path.into(),
            span: None,
        }
    }
}

impl Diagnostic {
    /// A fault at a place.
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Diagnostic {
        let primary = Label {
            place,
            text: String::new(),
        };
        Diagnostic {
            code,
            message: message.into(),
            primary,
            secondary: Vec::new(),
            help: None,
        }
    }

    /// Says what is true at the place.
    pub fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Says what to do, when that is known.
    pub fn maybe_help(mut self, text: Option<String>) -> Diagnostic {
        self.help = text.or(self.help);
        self
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }

    fn key(&self) -> (&Place, &str, &str, &Label, &[Label], Option<&str>) {
        let (code, message, help) = (self.code.name, self.message.as_str(), self.help.as_deref());
        (&self.primary.place, code, message, &self.primary, &self.secondary, help)
    }
}

impl Ord for Diagnostic {
    fn cmp(&self, other: &Diagnostic) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Diagnostic {
    fn partial_cmp(&self, other: &Diagnostic) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Diagnostics {
    /// An empty set.
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds a fault; one that is there already is not there twice.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.set.insert(diagnostic);
    }

    /// Adds everything of another set.
    pub fn append(&mut self, other: Diagnostics) {
        self.set.extend(other.set);
        self.texts.extend(other.texts);
    }

    /// Keeps a text so that its diagnostics can be drawn: the files of it, when it was put together.
    pub fn add_text(&mut self, text: Arc<Text>) {
        if text.files().next().is_none() {
            self.texts.insert(text.path().to_owned(), text);
            return;
        }
        for file in text.files() {
            self.texts.insert(file.path().to_owned(), Arc::clone(file));
        }
    }

    /// The text of a path, when it was one that could be read as text.
    pub fn text(&self, path: &str) -> Option<&Text> {
        self.texts.get(path).map(Arc::as_ref)
    }

    /// All faults, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.set.iter()
    }

    /// How many faults there are.
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Whether anything stands in the way of publishing.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Keeps the faults that the predicate holds for.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.set.retain(keep);
    }

    /// Line and column of both ends of a place, where it has any.
    pub fn lines(&self, place: &Place) -> Option<(LineCol, LineCol)> {
        let text = self.text(&place.path)?;
        let span = place.span?;
        Some((text.line_col(span.start), text.line_col(span.end)))
    }

    /// The faults for other programs.
    pub fn to_json(&self) -> Vec<JsonDiagnostic<'_>> {
        self.iter().map(|diagnostic| self.json_of(diagnostic)).collect()
    }

    fn json_of<'a>(&'a self, diagnostic: &'a Diagnostic) -> JsonDiagnostic<'a> {
        let place = &diagnostic.primary.place;
        let lines = self.lines(place);
        JsonDiagnostic {
            code: diagnostic.code.name,
            severity: diagnostic.severity(),
            message: &diagnostic.message,
            path: &place.path,
            line: lines.map(|(start, _)| start.line),
            column: lines.map(|(start, _)| start.column),
            end_line: lines.map(|(_, end)| end.line),
            end_column: lines.map(|(_, end)| end.column),
            label: &diagnostic.primary.text,
            help: diagnostic.help.as_deref(),
        }
    }

    /// The faults as plain lines: `kb/services/a.md:3:8: error[unknown-product]: …`, further places and help below.
    pub fn to_plain(&self) -> String {
        let mut out = String::new();
        for diagnostic in self.iter() {
            let severity = match diagnostic.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let at = self.plain_place(&diagnostic.primary.place);
            let (code, message) = (diagnostic.code.name, &diagnostic.message);
            let _ = writeln!(out, "{at}: {severity}[{code}]: {message}");
            if !diagnostic.primary.text.is_empty() {
                let _ = writeln!(out, "  here: {}", diagnostic.primary.text);
            }
            for label in &diagnostic.secondary {
                let _ = writeln!(out, "  {}: {}", self.plain_place(&label.place), label.text);
            }
            if let Some(help) = &diagnostic.help {
                let _ = writeln!(out, "  help: {help}");
            }
        }
        out
    }

    fn plain_place(&self, place: &Place) -> String {
        match self.lines(place) {
            Some((start, _)) => format!("{}:{start}", place.path),
            None => place.path.clone(),
        }
    }
}

/// A fault as other programs read it. Lines and columns count from 1; `end_column` is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the fields of Diagnostic, flattened")]
pub struct JsonDiagnostic<'a> {
    pub code: &'a str,
    pub severity: Severity,
    pub message: &'a str,
    pub path: &'a str,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub end_line: Option<usize>,
    pub end_column: Option<usize>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub label: &'a str,
    pub help: Option<&'a str>,
}
