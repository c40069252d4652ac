//! Prints diagnostics for people, programs and GitHub.
//!
//! Invariant: drawing only; what is wrong, and where, was decided by the library.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anyhow::Context as _;
use fixbook::diagnostic::{Diagnostic, Diagnostics, Label, Place, Severity};
use fixbook::files;
use fixbook::rules::report::document;
use serde::Serialize;

use crate::terminal::{self, counted, visible};

/// The `schema` of the JSON form.
const SCHEMA: &str = "fixbook-check/1";

/// Draws all diagnostics as the compiler would, and a line that counts them. Paths are shown from the current folder:
/// `root` is the book's folder as it was found from there.
pub fn human(diagnostics: &Diagnostics, root: &Path) -> String {
    let renderer = Renderer::styled().term_width(terminal::width());
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let groups = draw(diagnostics, diagnostic, root);
        out.push_str(&renderer.render(&groups));
        out.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        let codes = diagnostics
            .iter()
            .map(|d| d.code.name)
            .collect::<std::collections::BTreeSet<_>>();
        let example = codes.first().copied().unwrap_or_default();
        let _ = writeln!(out, "{}; `fixbook explain {example}` says more", summary(diagnostics));
    }
    out
}

/// "2 errors, 1 warning".
pub fn summary(diagnostics: &Diagnostics) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
    match (errors, diagnostics.len() - errors) {
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

/// One JSON document.
pub fn json(diagnostics: &Diagnostics) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Document<T> {
        schema: &'static str,
        diagnostics: T,
    }
    document::json(&Document {
        schema: SCHEMA,
        diagnostics: diagnostics.to_json(),
    })
    .context("the diagnostics are not JSON")
}

/// Workflow commands: GitHub puts each beside its line.
pub fn github(diagnostics: &Diagnostics, root: &Path) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let place = &diagnostic.primary.place;
        let level = match diagnostic.severity() {
            Severity::Warning => "warning",
            _ => "error",
        };
        let _ = write!(out, "::{level} file={}", property(&shown(root, &place.path)));
        if let Some((start, end)) = diagnostics.lines(place) {
            let _ = write!(out, ",line={},col={},endLine={}", start.line, start.column, end.line);
            if start.line == end.line {
                let _ = write!(out, ",endColumn={}", end.column);
            }
        }
        let mut message = diagnostic.message.clone();
        for line in [Some(&diagnostic.primary.text), diagnostic.help.as_ref()]
            .into_iter()
            .flatten()
        {
            if !line.is_empty() {
                let _ = write!(message, "\n{line}");
            }
        }
        let _ = writeln!(out, ",title={}::{}", property(diagnostic.code.name), data(&message));
    }
    out
}

fn draw<'a>(all: &'a Diagnostics, diagnostic: &'a Diagnostic, root: &Path) -> Vec<Group<'a>> {
    let level = match diagnostic.severity() {
        Severity::Warning => Level::WARNING,
        _ => Level::ERROR,
    };
    let mut group = level
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code.name)
        .elements(Vec::<annotate_snippets::Element<'_>>::new());
    // One snippet a file, the primary one first.
    let mut paths = vec![diagnostic.primary.place.path.as_str()];
    for label in &diagnostic.secondary {
        if !paths.contains(&label.place.path.as_str()) {
            paths.push(&label.place.path);
        }
    }
    for path in paths {
        let here = |label: &&Label| label.place.path == path;
        let primary = Some(&diagnostic.primary)
            .into_iter()
            .filter(here)
            .map(|l| (AnnotationKind::Primary, l));
        let secondary = diagnostic
            .secondary
            .iter()
            .filter(here)
            .map(|l| (AnnotationKind::Context, l));
        let marks: Vec<_> = primary.chain(secondary).collect();
        let name = visible(&shown(root, path)).into_owned();
        let spans: Vec<_> = marks
            .iter()
            .filter_map(|&(kind, label)| mark(all, kind, label))
            .collect();
        group = match all.text(path) {
            Some(text) if !spans.is_empty() => {
                group.element(Snippet::source(text.content()).path(name).annotations(spans))
            }
            _ => group.element(Origin::path(name)),
        };
        for (_, label) in marks
            .iter()
            .filter(|(_, label)| !label.text.is_empty() && label.place.span.is_none())
        {
            group = group.element(Level::NOTE.message(visible(&label.text)));
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.lines().map(visible).collect::<Vec<_>>().join("\n")));
    }
    vec![group]
}

fn mark<'a>(all: &Diagnostics, kind: AnnotationKind, label: &'a Label) -> Option<Annotation<'a>> {
    let Place { path, span } = &label.place;
    let (text, span) = (all.text(path)?.content(), (*span)?);
    let inside = text.get(span.start..span.end).is_some();
    let label = (!label.text.is_empty()).then(|| visible(&label.text));
    inside.then(|| kind.span(span.start..span.end).label(label))
}

/// A path of the book as it is reached from the current folder.
fn shown<'a>(root: &Path, path: &'a str) -> Cow<'a, str> {
    if root == Path::new(".") || root.as_os_str().is_empty() {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(format!("{}/{path}", files::shown(root)))
    }
}

/// The value of a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The message of a workflow command, which is one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
