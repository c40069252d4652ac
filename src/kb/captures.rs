//! Captures where a page shows them: `{{name}}` in prose, `{{name|ps}}` in commands.
//!
//! Invariant: a page that passes shows only values that every match sets, and none of them reaches a command but as one
//! literal.

use crate::code::page as code;
use crate::kb::detection::Captured;
use crate::kb::document::{Document, Fence};
use crate::kb::faults::Faults;
use crate::kb::suggest::one_of;
use crate::rules::template::{Filter, Template};
use crate::text::{Span, Spanned};

/// Judges every capture that a page shows.
pub(crate) fn judge(
    summary: &Spanned<String>,
    document: &Document,
    captures: &Captured,
    shells: &[&str],
    faults: &Faults,
) {
    let judge = Judge { captures, faults };
    if let Err(error) = Template::parse(&summary.value) {
        let at = faults.within(summary, error.at, 2);
        faults.push(faults.fault(&code::TEMPLATE_SYNTAX, at, error.message));
    }
    for (at, len) in occurrences(&summary.value) {
        judge.mention(
            faults.within(summary, at, len),
            &summary.value[at..at + len],
            Place::Prose,
        );
    }
    for placed in &document.sections {
        let text = faults.text().slice(placed.body);
        for (at, len) in occurrences(text) {
            let span = Span::new(placed.body.start + at, placed.body.start + at + len);
            let fence = document.fences.iter().find(|fence| encloses(fence, span));
            let place = match fence.map(Fence::language) {
                None => Place::Prose,
                Some(word) if shells.contains(&word) => Place::Command,
                // What is only read is shown as it stands.
                Some(_) => continue,
            };
            judge.mention(span, &text[at..at + len], place);
        }
    }
}

fn encloses(fence: &Fence, span: Span) -> bool {
    fence.body.start <= span.start && span.end <= fence.body.end
}

/// `{{…}}` and, when it is not closed on its line, `{{` to the end of the line.
fn occurrences(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let line = &text[open..open + text[open..].find('\n').unwrap_or(text.len() - open)];
        let len = line.find("}}").map_or(line.len(), |close| close + 2);
        found.push((open, len));
        at = open + len;
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Prose,
    Command,
}

struct Judge<'a> {
    captures: &'a Captured,
    faults: &'a Faults,
}

impl Judge<'_> {
    fn mention(&self, span: Span, written: &str, place: Place) {
        let template = match Template::parse(written) {
            Ok(template) => template,
            Err(error) => {
                self.faults
                    .push(self.faults.fault(&code::TEMPLATE_SYNTAX, span, error.message));
                return;
            }
        };
        for (name, filter) in template.names() {
            self.name(span, name);
            match (place, filter) {
                (Place::Command, Filter::Text) => {
                    let message = format!("the capture `{name}` stands unescaped in a command");
                    let fault = self.faults.fault(&code::UNESCAPED_CAPTURE, span, message);
                    self.faults
                        .push(fault.help(format!("write `{{{{{name}|ps}}}}`, without quotes around it")));
                }
                (Place::Prose, Filter::Ps) => {
                    let message = format!("the capture `{name}` is escaped for a command and stands in prose");
                    let fault = self.faults.fault(&code::ESCAPED_PROSE, span, message);
                    self.faults.push(fault.help(format!("write `{{{{{name}}}}}`")));
                }
                _ => {}
            }
        }
    }

    fn name(&self, span: Span, name: &str) {
        let Some(&given) = self.captures.names.get(name) else {
            let fault = self.faults.fault(
                &code::UNKNOWN_CAPTURE,
                span,
                format!("the detection captures no `{name}`"),
            );
            let known = self.captures.names.keys().map(String::as_str);
            self.faults.push(fault.maybe_help(one_of(name, known)));
            return;
        };
        if !self.captures.always.iter().any(|always| always == name) {
            let message = format!("a match can leave `{name}` unset");
            let fault = self.faults.fault(&code::UNSET_CAPTURE, span, message);
            let fault = fault.also(self.faults.at(given), "captured only here, where it may not be reached");
            self.faults
                .push(fault.help("capture it in every alternative, or do not show it"));
        }
    }
}
