//! Draws the report for a terminal.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anstyle::Style;
use fixbook::rules::bundle::{Bundle, Skipped};
use fixbook::rules::language::issue::{Block, Severity};
use fixbook::rules::language::rule::Captures;
use fixbook::rules::report::finding::{
    BundleName, Evidence, FileReport, FileStatus, Finding, Outcome, Report, Unexplained,
};

use super::{Titles, by_status, confidence, headline, last_run, place, severity, trouble};
use crate::terminal::{BAD, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet, visible};

/// Lines of a record that are shown; the first ones name the error.
const EXCERPT: usize = 8;
/// Records of a finding that are shown.
const EVIDENCE: usize = 3;
/// Errors without explanation and files in trouble that are shown.
const LISTED: usize = 10;

/// Draws a report. `all` adds the steps of findings that are only possible.
pub fn human(report: &Report, bundle: &Bundle, width: usize, all: bool) -> String {
    let names = Titles::new(bundle);
    let mut sheet = Sheet::new(width);
    evidence_given(&mut sheet, report, &names);

    let (matched, possible) = by_status(report);
    sheet.gap();
    let style = if !matched.is_empty() {
        BAD
    } else if !possible.is_empty() || !report.unexplained.is_empty() || nothing_read(report) {
        CARE
    } else {
        GOOD
    };
    sheet.paragraph(0, "", style, &headline(report));

    for (at, finding) in matched.iter().enumerate() {
        let first = at == 0 && matched.len() > 1;
        draw(
            &mut sheet,
            &names,
            at + 1,
            finding,
            if first { "likely root cause, " } else { "" },
        );
        advice(&mut sheet, &names, finding);
    }
    if !possible.is_empty() {
        sheet.gap();
        sheet.paragraph(0, "", STRONG, "Possible, but this evidence does not decide it");
        for (at, finding) in possible.iter().enumerate() {
            draw(&mut sheet, &names, matched.len() + at + 1, finding, "possible, ");
            if all {
                advice(&mut sheet, &names, finding);
            }
        }
        missing(&mut sheet, &names, &possible);
        if !all {
            sheet.gap();
            sheet.paragraph(0, "", FAINT, "Their steps: the same command with --all.");
        }
    }
    unexplained(&mut sheet, &report.unexplained);
    troubles(&mut sheet, &report.files);
    skipped(&mut sheet, &report.skipped);
    sheet.gap();
    sheet.paragraph(0, "", FAINT, &rules(report));
    sheet.into_text()
}

/// "Rules: example-backup 0.1.0, from bundle.json".
fn rules(report: &Report) -> String {
    let BundleName {
        name, version, from, ..
    } = &report.bundle;
    let from = from
        .as_ref()
        .map_or(String::new(), |from| format!(", from {}", visible(from)));
    format!("Rules: {name} {version}{from}")
}

fn nothing_read(report: &Report) -> bool {
    !report.files.iter().any(|file| file.status == FileStatus::Complete)
}

/// Which files, which runs, and what the runs say about themselves.
fn evidence_given(sheet: &mut Sheet, report: &Report, names: &Titles) {
    for file in &report.files {
        let Some(source) = &file.source else { continue };
        sheet.gap();
        sheet.line(0, &[(STRONG, &file.path)]);
        match last_run(file) {
            Some((said, run)) => {
                let style = match run.outcome {
                    Outcome::Failure => BAD,
                    Outcome::Success => GOOD,
                    Outcome::Unknown => PLAIN,
                };
                sheet.paragraph(4, "", PLAIN, names.source(source));
                sheet.paragraph(4, "", style, &said);
                let widest = run.facts.keys().map(|name| name.chars().count()).max().unwrap_or(0);
                for (name, value) in &run.facts {
                    sheet.paragraph(4, &format!("{:widest$}  ", name.replace('_', " ")), PLAIN, value);
                }
            }
            None => sheet.paragraph(4, "", PLAIN, names.source(source)),
        }
    }
}

/// Title, summary and the records that speak for a finding.
fn draw(sheet: &mut Sheet, names: &Titles, number: usize, finding: &Finding, role: &str) {
    sheet.gap();
    let number = format!("{number}. ");
    let indent = number.len();
    sheet.paragraph(0, &number, STRONG, &finding.title);
    let about = format!(
        "{role}severity {}, confidence {}, {}",
        severity(finding.severity),
        confidence(finding.confidence),
        finding.issue
    );
    sheet.paragraph(indent, "", tone(finding.severity), &about);
    sheet.gap();
    sheet.paragraph(indent, "", PLAIN, &finding.summary);
    if let Some(note) = &finding.note {
        sheet.paragraph(indent, "", CARE, &format!("Not decided: {note}."));
    }
    sheet.gap();
    sheet.line(indent, &[(STRONG, "Evidence")]);
    let mut shown: Vec<&Evidence> = Vec::new();
    let mut other: Vec<String> = Vec::new();
    for record in &finding.evidence {
        let at = place(&record.file, record.first_line, record.last_line);
        if shown.len() == EVIDENCE || shown.iter().any(|earlier| says_the_same(earlier, record)) {
            other.push(at);
            continue;
        }
        sheet.line(
            indent + 2,
            &[(PLAIN, &at), (FAINT, &format!("  {}", names.source(&record.source)))],
        );
        excerpt(sheet, indent + 4, &telling(&record.excerpt, &finding.captures));
        shown.push(record);
    }
    if !other.is_empty() {
        let places = other
            .iter()
            .take(LISTED)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let more = if other.len() > LISTED { ", ..." } else { "" };
        sheet.paragraph(indent + 2, "", FAINT, &format!("as well as {places}{more}"));
    }
    for weaker in &finding.superseded {
        sheet.paragraph(
            indent + 2,
            "",
            FAINT,
            &format!("explains as well: {} ({})", weaker.title, weaker.issue),
        );
    }
}

fn advice(sheet: &mut Sheet, names: &Titles, finding: &Finding) {
    let sections = [
        ("Fix", &finding.advice.fix),
        ("Verify", &finding.advice.verify),
        ("To undo it", &finding.advice.rollback),
    ];
    for (title, blocks) in sections {
        if !blocks.is_empty() {
            sheet.gap();
            sheet.line(3, &[(STRONG, title)]);
            steps(sheet, names, blocks, &finding.captures);
        }
    }
    sheet.gap();
    sheet.paragraph(3, "", FAINT, &format!("The whole page, in the site: {}", finding.url));
}

fn steps(sheet: &mut Sheet, names: &Titles, blocks: &[Block], captures: &Captures) {
    let mut indent = 5;
    for block in blocks {
        match block {
            Block::Step { number, text } => {
                if *number > 1 {
                    sheet.gap();
                }
                let number = format!("{number}. ");
                indent = 5 + number.len();
                sheet.paragraph(5, &number, PLAIN, &text.fill(captures));
            }
            Block::Text(text) => sheet.paragraph(indent, "", PLAIN, &text.fill(captures)),
            Block::Item(text) => sheet.paragraph(indent, "- ", PLAIN, &text.fill(captures)),
            Block::Caution(text) => sheet.paragraph(indent, "CAUTION: ", CARE, &text.fill(captures)),
            Block::Command { shell, text } => {
                sheet.line(indent, &[(FAINT, &format!("{}:", names.shell(shell)))]);
                sheet.command(indent + 4, &text.fill(captures));
            }
            Block::Output(text) => {
                sheet.quote(indent + 2, text, usize::MAX);
            }
        }
    }
}

/// The files that would decide what is possible, each once.
fn missing(sheet: &mut Sheet, names: &Titles, possible: &[&Finding]) {
    let needs: BTreeSet<&str> = possible
        .iter()
        .flat_map(|finding| &finding.needs)
        .map(String::as_str)
        .collect();
    if needs.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "To decide it, scan these too")]);
    for id in needs {
        sheet.paragraph(2, "- ", PLAIN, names.source(id));
        sheet.paragraph(4, "", FAINT, names.collect(id));
    }
}

fn unexplained(sheet: &mut Sheet, errors: &[Unexplained]) {
    if errors.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "Errors that no issue explains")]);
    for error in errors.iter().take(LISTED) {
        let at = place(&error.file, error.first_line, error.last_line);
        sheet.line(2, &[(PLAIN, &at), (FAINT, &format!("  signature {}", error.signature))]);
        excerpt(sheet, 4, &error.excerpt);
    }
    and_more(sheet, errors.len());
}

/// Files that need a word, by what became of them.
fn troubles(sheet: &mut Sheet, files: &[FileReport]) {
    for (title, style, statuses) in [
        ("Not read in full", CARE, &[FileStatus::Partial, FileStatus::Failed][..]),
        (
            "Not looked into",
            PLAIN,
            &[FileStatus::Unrecognised, FileStatus::Skipped],
        ),
        ("Read, and worth knowing", PLAIN, &[FileStatus::Complete]),
    ] {
        let of_status = files.iter().filter(|file| statuses.contains(&file.status));
        let list: Vec<_> = of_status
            .filter_map(|file| trouble(file).map(|why| (file, why)))
            .collect();
        if list.is_empty() {
            continue;
        }
        sheet.gap();
        sheet.line(0, &[(STRONG, title)]);
        for (file, why) in list.iter().take(LISTED) {
            sheet.paragraph(2, "", style, &format!("{}: {why}", visible(&file.path)));
        }
        and_more(sheet, list.len());
    }
}

/// Issues that this program cannot look for.
fn skipped(sheet: &mut Sheet, issues: &[Skipped]) {
    if issues.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "Not looked for: needs a newer fixbook")]);
    for issue in issues.iter().take(LISTED) {
        let text = format!("{}: {}", visible(&issue.id), visible(&issue.why));
        sheet.paragraph(2, "", CARE, &text);
    }
    and_more(sheet, issues.len());
}

/// Logs repeat an error at each layer that it passes: the same words, another time.
fn says_the_same(a: &Evidence, b: &Evidence) -> bool {
    let words = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    a.source == b.source && words(&a.excerpt) == words(&b.excerpt)
}

/// The lines of a record that tell what happened: its first, and where that is further down, those around the first
/// captured value. Between the two often stands a long script.
fn telling<'t>(text: &'t str, captures: &Captures) -> Cow<'t, str> {
    let lines: Vec<&str> = text.lines().collect();
    let long = |value: &&String| value.chars().count() > 3;
    let holds = |line: &&str| {
        captures
            .values()
            .filter(long)
            .any(|value| line.contains(value.as_str()))
    };
    match lines.iter().position(holds) {
        Some(at) if at > 2 => Cow::Owned([&[lines[0], "..."], &lines[at - 1..]].concat().join("\n")),
        _ => Cow::Borrowed(text),
    }
}

fn excerpt(sheet: &mut Sheet, indent: usize, text: &str) {
    if !sheet.quote(indent, text, EXCERPT) {
        sheet.line(indent, &[(FAINT, "| ...")]);
    }
}

fn and_more(sheet: &mut Sheet, total: usize) {
    if total > LISTED {
        sheet.paragraph(
            2,
            "",
            FAINT,
            &format!("and {} more; --format json has all", total - LISTED),
        );
    }
}

fn tone(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => BAD,
        Severity::Medium => CARE,
        Severity::Low | Severity::Info => PLAIN,
    }
}
