//! Draws the report for a ticket, as Markdown that shows captured text and lets none of it act.
//!
//! Invariant: a [`MarkdownText`] takes lines as [`Text`] and blocks as a fence that they cannot close, so text from a log
//! is always in one of the two.

mod text;

use std::fmt::Write as _;

use fixbook::rules::bundle::Bundle;
use fixbook::rules::language::issue::Block;
use fixbook::rules::report::finding::{FileReport, Finding, FindingStatus, Report};

use self::text::{Text, longest_run};
use super::{Titles, by_status, confidence, headline, last_run, place, severity, trouble};
use crate::terminal::visible;

/// Draws a report, complete: also the steps of findings that are only possible.
pub fn markdown(report: &Report, bundle: &Bundle) -> String {
    let names = Titles::new(bundle);
    let mut out = MarkdownText::default();
    out.heading(1, Text::new().words("Scan: ").words(&headline(report)));
    out.gap();
    for file in &report.files {
        given(&mut out, &names, file);
    }
    let (matched, possible) = by_status(report);
    for (at, finding) in matched.iter().chain(&possible).enumerate() {
        draw(&mut out, &names, bundle, at + 1, finding);
    }
    if !report.unexplained.is_empty() {
        out.gap();
        out.heading(2, Text::new().words("Errors that no issue explains"));
        for error in &report.unexplained {
            let at = place(&error.file, error.first_line, error.last_line);
            out.gap();
            out.line("", Text::new().code(&at).words(", signature ").code(&error.signature));
            out.gap();
            out.fence("", "text", &error.excerpt);
        }
    }
    if !report.skipped.is_empty() {
        out.gap();
        out.heading(2, Text::new().words("Not looked for: needs a newer fixbook"));
        out.gap();
        for issue in &report.skipped {
            out.line("- ", Text::new().code(&issue.id).words(": ").words(&issue.why));
        }
    }
    out.gap();
    let bundle = &report.bundle;
    let rules = Text::new()
        .words("Rules: ")
        .code(&format!("{} {}", bundle.name, bundle.version));
    out.line(
        "",
        match &bundle.from {
            Some(from) => rules.words(", from ").code(from),
            None => rules,
        },
    );
    out.0
}

/// A file, and what its last run says about itself.
fn given(out: &mut MarkdownText, names: &Titles, file: &FileReport) {
    let what = match (&file.source, trouble(file)) {
        (Some(source), None) => names.source(source).to_owned(),
        (Some(source), Some(why)) => format!("{} ({why})", names.source(source)),
        (None, why) => why.unwrap_or_default(),
    };
    let run = last_run(file);
    let said = run.as_ref().map_or(String::new(), |(said, _)| format!(", {said}"));
    out.line("- ", Text::new().code(&file.path).words(": ").words(&what).words(&said));
    for (name, value) in run.iter().flat_map(|(_, run)| &run.facts) {
        out.line(
            "  - ",
            Text::new().words(&name.replace('_', " ")).words(": ").code(value),
        );
    }
}

fn draw(out: &mut MarkdownText, names: &Titles, bundle: &Bundle, number: usize, finding: &Finding) {
    out.gap();
    out.line(&format!("## {number}. "), Text::new().words(&finding.title));
    out.gap();
    let status = match finding.status {
        FindingStatus::Matched => "",
        FindingStatus::Possible => ", possible: this evidence does not decide it",
    };
    let (severity, confidence) = (severity(finding.severity), confidence(finding.confidence));
    let about = format!(", severity {severity}, confidence {confidence}{status}");
    out.line("", Text::new().code(&finding.issue).words(&about));
    out.gap();
    // The report has the summary filled in; only the template tells what in it the log said.
    let issue = bundle.issues().iter().find(|issue| issue.id == finding.issue);
    out.line(
        "",
        match issue {
            Some(issue) => Text::new().filled(&issue.summary, &finding.captures),
            None => Text::new().code(&finding.summary),
        },
    );
    if let Some(note) = &finding.note {
        out.gap();
        out.line("- ", Text::new().words("Not decided: ").words(note).words("."));
    }
    for id in &finding.needs {
        out.gap();
        let what = format!("{}. {}", names.source(id), names.collect(id));
        out.line("- ", Text::new().words("Would decide it: ").words(&what));
    }
    out.gap();
    out.heading(3, Text::new().words("Evidence"));
    for record in &finding.evidence {
        out.gap();
        out.line(
            "",
            Text::new().code(&place(&record.file, record.first_line, record.last_line)),
        );
        out.gap();
        out.fence("", "text", &record.excerpt);
    }
    let advice = &finding.advice;
    for (title, blocks) in [
        ("Fix", &advice.fix),
        ("Verify", &advice.verify),
        ("To undo it", &advice.rollback),
    ] {
        if !blocks.is_empty() {
            out.gap();
            out.heading(3, Text::new().words(title));
            out.gap();
            steps(out, blocks, finding);
        }
    }
}

fn steps(out: &mut MarkdownText, blocks: &[Block], finding: &Finding) {
    let captures = &finding.captures;
    let mut indent = String::new();
    for block in blocks {
        match block {
            Block::Step { number, text } => {
                let number = format!("{number}. ");
                indent = " ".repeat(number.len());
                out.line(&number, Text::new().filled(text, captures));
            }
            Block::Text(text) => {
                out.gap();
                out.line(&indent, Text::new().filled(text, captures));
            }
            Block::Item(text) => out.line(&format!("{indent}- "), Text::new().filled(text, captures)),
            Block::Caution(text) => {
                out.gap();
                out.line(&format!("{indent}> **Caution:** "), Text::new().filled(text, captures));
                out.gap();
            }
            Block::Command { shell, text } => out.fence(&indent, shell, &text.fill(captures)),
            Block::Output(text) => out.fence(&indent, "text", text),
        }
    }
}

/// Markdown that grows line by line.
#[derive(Default)]
struct MarkdownText(String);

impl MarkdownText {
    /// An empty line.
    fn gap(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, level: usize, text: Text) {
        self.line(&format!("{} ", "#".repeat(level)), text);
    }

    /// One line behind a mark of the program's.
    fn line(&mut self, mark: &str, text: Text) {
        let _ = writeln!(self.0, "{mark}{}", text.into_markdown());
    }

    /// A fenced block with a fence longer than any run of backticks in it.
    fn fence(&mut self, indent: &str, info: &str, text: &str) {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        let info: String = info
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let _ = writeln!(self.0, "{indent}{fence}{info}");
        for line in text.lines() {
            let _ = writeln!(self.0, "{}", format!("{indent}{}", visible(line)).trim_end());
        }
        let _ = writeln!(self.0, "{indent}{fence}");
    }
}

#[cfg(test)]
#[path = "markdown/tests.rs"]
mod tests;
