//! Draws what a scan found, for people.
//!
//! Invariant: the order is that of a tired reader's questions: what is wrong and what to do first, then each finding with
//! its steps, then what is still open. Nothing is asked of the report but what is in it, and of the bundle only names.

mod human;
mod markdown;
mod summary;

use std::borrow::Cow;
use std::collections::BTreeMap;

use fixbook::rules::bundle::Bundle;
use fixbook::rules::language::build::Builds;
use fixbook::rules::language::issue::{Confidence, Severity};
use fixbook::rules::language::rule::Captures;
use fixbook::rules::report::finding::{FileReport, FileStatus, Finding, FindingStatus, Outcome, Report, RunReport};

use crate::terminal::counted;

pub use human::human;
pub use markdown::markdown;

/// Titles that a report uses and does not carry.
struct Titles<'a> {
    /// Source id to its title and to where such a file is found.
    sources: BTreeMap<&'a str, (&'a str, &'a str)>,
    shells: BTreeMap<&'a str, &'a str>,
    builds: &'a Builds,
}

impl<'a> Titles<'a> {
    fn new(bundle: &'a Bundle) -> Self {
        let sources = bundle
            .sources()
            .iter()
            .map(|s| (s.id.as_str(), (s.title.as_str(), s.collect.as_str())));
        let shells = bundle.shells().iter().map(|s| (s.id.as_str(), s.title.as_str()));
        Self {
            sources: sources.collect(),
            shells: shells.collect(),
            builds: bundle.builds(),
        }
    }

    fn source(&self, id: &'a str) -> &'a str {
        self.sources.get(id).map_or(id, |(title, _)| title)
    }

    fn collect(&self, id: &str) -> &'a str {
        self.sources.get(id).map_or("", |(_, collect)| collect.trim())
    }

    /// The name in brackets behind the number of a build that the book lists.
    fn build(&self, value: &str) -> String {
        let build = self.builds.of_number(value);
        build.map_or(String::new(), |build| format!(" ({})", build.name))
    }

    fn shell(&self, id: &'a str) -> &'a str {
        self.shells.get(id).copied().unwrap_or(id)
    }
}

/// Findings that the evidence decides, and those that it does not.
fn by_status(report: &Report) -> (Vec<&Finding>, Vec<&Finding>) {
    report
        .findings
        .iter()
        .partition(|finding| finding.status == FindingStatus::Matched)
}

/// The first line of the answer.
fn headline(report: &Report) -> String {
    let (matched, possible) = by_status(report);
    let looked_into = |file: &&FileReport| matches!(file.status, FileStatus::Complete | FileStatus::Partial);
    let read = report.files.iter().filter(looked_into).count();
    let mut parts = Vec::new();
    if !matched.is_empty() {
        parts.push(format!("{} recognised", counted(matched.len(), "known issue")));
    }
    if !possible.is_empty() {
        parts.push(format!("{} possible", possible.len()));
    }
    if !report.unexplained.is_empty() {
        parts.push(format!(
            "{} that no issue explains",
            counted(report.unexplained.len(), "error")
        ));
    }
    if parts.is_empty() {
        parts.push(match read {
            0 => "Nothing could be looked into".to_owned(),
            _ => format!("No known issue recognised in {}", counted(read, "file")),
        });
    }
    parts.join(", ")
}

/// How a run ended.
fn outcome(run: &RunReport) -> &'static str {
    match run.outcome {
        Outcome::Failure => "failed",
        Outcome::Success => "succeeded",
        Outcome::Unknown if run.ended == Some(false) => "cut short, or still going",
        Outcome::Unknown => "does not say how it ended",
    }
}

/// "the last of 3 runs, lines 1200 to 1341: failed", for the run that counts: the last one.
fn last_run(file: &FileReport) -> Option<(String, &RunReport)> {
    let run = file.runs.last()?;
    let total = file.runs.len() as u64 + file.runs_omitted;
    let lines = format!("lines {} to {}", run.first_line, run.last_line);
    let which = if total > 1 {
        format!("the last of {total} runs, {lines}")
    } else {
        lines
    };
    Some((format!("{which}: {}", outcome(run)), run))
}

/// What became of a file that was not read to its end.
fn trouble(file: &FileReport) -> Option<String> {
    let note = file.note.as_deref();
    let omitted = file.runs.last().map_or(0, |run| run.blocks_omitted);
    let or = |what: &str| Some(note.unwrap_or(what).to_owned());
    match file.status {
        FileStatus::Complete if note.is_none() && file.replaced > 0 => Some(format!(
            "{} are not {}",
            counted(file.replaced as usize, "byte sequence"),
            file.encoding
        )),
        FileStatus::Complete if note.is_none() && omitted > 0 => Some(format!(
            "{} behind the first 1,000 of the run: whether an issue explains them is not said",
            counted(omitted as usize, "error")
        )),
        FileStatus::Complete => note.map(str::to_owned),
        FileStatus::Partial => or("not read to its end"),
        FileStatus::Failed => or("cannot be read"),
        FileStatus::Unrecognised => or("no known kind of log"),
        FileStatus::Skipped => or("not read"),
    }
}

/// The lines of a record that tell what happened: its first, and where that is further down, those around the first
/// captured value. Between the two often stands a long script.
fn shortened<'t>(text: &'t str, captures: &Captures) -> Cow<'t, str> {
    match captured_line(text, captures) {
        Some(at) if at > 2 => {
            let lines: Vec<&str> = text.lines().collect();
            Cow::Owned([&[lines[0], "..."], &lines[at - 1..]].concat().join("\n"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Number of the first line with a captured value that is long enough to tell something.
fn captured_line(text: &str, captures: &Captures) -> Option<usize> {
    let long = |value: &&String| value.chars().count() > 3;
    let holds = |line: &str| {
        captures
            .values()
            .filter(long)
            .any(|value| line.contains(value.as_str()))
    };
    text.lines().position(holds)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// "backup.log:137-139".
fn place(file: &str, first_line: u64, last_line: u64) -> String {
    if first_line == last_line {
        format!("{file}:{first_line}")
    } else {
        format!("{file}:{first_line}-{last_line}")
    }
}

#[cfg(test)]
mod tests;
