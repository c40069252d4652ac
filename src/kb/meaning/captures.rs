//! Finds captures in a page: `{{name}}` in prose, `{{name|ps}}` in commands.
//!
//! Invariant: a page that passes shows only values that every match sets, and a value enters a command only as one
//! PowerShell literal.

use crate::code::page as code;
use crate::kb::meaning::detection::Captured;
use crate::kb::meaning::nameable::Nameable;
use crate::kb::read::document::{Document, Fence};
use crate::kb::read::faults::Faults;
use crate::kb::read::suggest::one_of;
use crate::rules::language::template::{Filter, Template};
use crate::text::{Span, Spanned};

/// Judges every capture that a page shows.
pub(crate) fn judge(
    summary: &Spanned<String>,
    document: &Document,
    captures: &Captured,
    names: &Nameable<'_>,
    faults: &Faults,
) {
    let judge = Judge { captures, faults };
    for (at, len) in occurrences(&summary.value) {
        judge.mention(
            faults.within(summary, at, len),
            &summary.value[at..at + len],
            CapturePlace::Prose,
        );
    }
    for placed in &document.sections {
        let text = faults.text().slice(placed.body);
        for (at, len) in occurrences(text) {
            let span = Span::new(placed.body.start + at, placed.body.start + at + len);
            let fence = document.fences.iter().find(|fence| encloses(fence, span));
            let place = match fence.map(Fence::language) {
                None => CapturePlace::Prose,
                Some(word) if names.quoting.contains(&word) => CapturePlace::Command,
                Some(word) if names.shells.contains(&word) => CapturePlace::Unquoted,
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
enum CapturePlace {
    Prose,
    /// A command of a shell with the quoting of PowerShell.
    Command,
    /// A command of another shell.
    Unquoted,
}

struct Judge<'a> {
    captures: &'a Captured,
    faults: &'a Faults,
}

impl Judge<'_> {
    fn mention(&self, span: Span, written: &str, place: CapturePlace) {
        let template = match Template::parse(written) {
            Ok(template) => template,
            Err(error) => {
                let fault = self.faults.fault(&code::TEMPLATE_SYNTAX, span, error.message);
                self.faults
                    .push(fault.help("write `{{name}}`, in a command `{{name|ps}}`; the name in lower case"));
                return;
            }
        };
        for (name, filter) in template.names() {
            self.name(span, name);
            match (place, filter) {
                (CapturePlace::Unquoted, _) => {
                    let message = format!("the capture `{name}` is in a command whose shell cannot quote it");
                    let fault = self.faults.fault(&code::UNQUOTABLE_CAPTURE, span, message);
                    self.faults
                        .push(fault.help("make it a PowerShell block, or write a placeholder such as `<path>`"));
                }
                (CapturePlace::Command, Filter::Text) => {
                    let message = format!("the capture `{name}` is not escaped in a command");
                    let fault = self.faults.fault(&code::UNESCAPED_CAPTURE, span, message);
                    self.faults
                        .push(fault.help(format!("write `{{{{{name}|ps}}}}`, without quotes around it")));
                }
                (CapturePlace::Prose, Filter::Ps) => {
                    let message = format!("the capture `{name}` is escaped for a command, but it is in prose");
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
                format!("the detection has no capture `{name}`"),
            );
            let known = self.captures.names.keys().map(String::as_str);
            let fault = fault.help(format!("capture it in a regex: `(?<{name}>…)`"));
            self.faults.push(fault.maybe_help(one_of(name, known)));
            return;
        };
        if !self.captures.always.iter().any(|always| always == name) {
            let message = format!("a match can leave `{name}` unset");
            let fault = self.faults.fault(&code::UNSET_CAPTURE, span, message);
            let fault = fault.also(
                self.faults.at(given),
                "it is captured only here, and a match need not include this",
            );
            self.faults
                .push(fault.help("capture it in every alternative, or do not show it"));
        }
    }
}
