//! Takes shared steps, `kb/steps/<name>.md`, into the pages that name them in a line `{{> name}}`.
//!
//! Invariant: from here on the page is one text: lints, reports, the bundle and the site see every step. A fault in a
//! shared step is reported in the file where it can be mended. Shared steps cannot include other shared steps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::code::page as code;
use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::kb::read::suggest::one_of;
use crate::text::{Span, Text, TextPart};

/// The folder of shared steps in the folder of issues.
pub(crate) const FOLDER: &str = "steps";

/// The shared steps of a book by their names.
#[derive(Debug, Default)]
pub(crate) struct SharedSteps(pub BTreeMap<String, Arc<Text>>);

impl SharedSteps {
    /// A page with its shared steps in their places. `used` gets the names of the steps that it takes in.
    pub fn compose(&self, page: Arc<Text>, used: &mut BTreeSet<String>, found: &mut Diagnostics) -> Arc<Text> {
        let mut content = String::new();
        let mut parts = Vec::new();
        let mut from = 0;
        let part = |content: &String, file: &Arc<Text>, at| TextPart {
            start: content.len(),
            file: Arc::clone(file),
            at,
        };
        for (span, name) in mentions(page.content()) {
            parts.push(part(&content, &page, from));
            content.push_str(&page.content()[from..span.start]);
            from = span.end;
            if let Some(steps) = self.0.get(name) {
                used.insert(name.to_owned());
                parts.push(part(&content, steps, 0));
                content.push_str(steps.content().trim_end());
            } else {
                let message = format!("there are no shared steps `{name}`");
                let fault = Diagnostic::new(&code::UNKNOWN_STEPS, Place::at(page.path(), span), message);
                let known = self.0.keys().map(String::as_str);
                found.push(fault.maybe_help(one_of(name, known)));
            }
        }
        if parts.is_empty() {
            return page;
        }
        parts.push(part(&content, &page, from));
        content.push_str(&page.content()[from..]);
        Arc::new(Text::composed(page.path(), content, parts))
    }

    /// Tells of steps that no page takes in.
    pub fn unused(&self, used: &BTreeSet<String>, found: &mut Diagnostics) {
        for (name, text) in self.0.iter().filter(|(name, _)| !used.contains(*name)) {
            let message = format!("no page inserts the steps `{name}`");
            let fault = Diagnostic::new(&code::UNUSED_STEPS, Place::file(text.path()), message);
            found.push(fault.help(format!("write `{{{{> {name}}}}}` in a page, or remove the file")));
        }
    }
}

/// The lines `{{> name}}` without their line ends, and the names.
fn mentions(content: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut at = 0;
    content.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let written = line.trim_end();
        let name = written.strip_prefix("{{>")?.strip_suffix("}}")?.trim();
        Some((Span::new(start, start + written.len()), name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_shared_steps_is_one_of_their_file() {
        let steps = Arc::new(Text::new("kb/steps/s.md", "1. a\n2. b\n"));
        let shared = SharedSteps([("s".to_owned(), steps)].into());
        let page = Arc::new(Text::new("kb/a/b.md", "## Fix\n\n{{> s}}\n3. c\n"));
        let (mut used, mut found) = Default::default();
        let text = shared.compose(page, &mut used, &mut found);
        assert_eq!(text.content(), "## Fix\n\n1. a\n2. b\n3. c\n");
        let place = |word: &str| {
            let at = text.content().find(word).expect("the word");
            Place::in_text(&text, Span::new(at, at + word.len()))
        };
        assert_eq!(place("2. b"), Place::at("kb/steps/s.md", Span::new(5, 9)));
        assert_eq!(place("3. c"), Place::at("kb/a/b.md", Span::new(16, 20)));
    }
}
