//! The report for a ticket: Markdown that shows captured text as it was and lets none of it act.
//!
//! Invariant: text from a log stands in a code span or a fence that it cannot close, or has every character escaped
//! that Markdown, HTML or a mention could begin with.

use std::fmt::Write as _;

use fixbook::rules::bundle::Bundle;
use fixbook::rules::finding::{Finding, FindingStatus, Report};
use fixbook::rules::issue::Block;

use super::{Names, by_status, confidence, headline, last_run, place, severity, trouble};
use crate::terminal::visible;

/// Draws a report, complete: also the steps of findings that are only possible.
pub fn markdown(report: &Report, bundle: &Bundle) -> String {
    let names = Names::of(bundle);
    let mut out = format!("# Scan: {}\n\n", prose(&headline(report)));
    for file in &report.files {
        let what = match (&file.source, trouble(file)) {
            (Some(source), None) => names.source(source).to_owned(),
            (Some(source), Some(why)) => format!("{} ({why})", names.source(source)),
            (None, why) => why.unwrap_or_default(),
        };
        let run = last_run(file);
        let said = run.as_ref().map_or(String::new(), |(said, _)| format!(", {said}"));
        line(
            &mut out,
            &format!("- {}: {}", code(&file.path), prose(&format!("{what}{said}"))),
        );
        for (name, value) in run.iter().flat_map(|(_, run)| &run.facts) {
            line(
                &mut out,
                &format!("  - {}: {}", prose(&name.replace('_', " ")), code(value)),
            );
        }
    }
    let (matched, possible) = by_status(report);
    for (at, finding) in matched.iter().chain(&possible).enumerate() {
        draw(&mut out, &names, at + 1, finding);
    }
    if !report.unexplained.is_empty() {
        out.push_str("\n## Errors that no issue explains\n");
        for error in &report.unexplained {
            let at = place(&error.file, error.first_line, error.last_line);
            let _ = write!(out, "\n{}, signature {}\n\n", code(&at), code(&error.signature));
            fence(&mut out, "", "text", &error.excerpt);
        }
    }
    if !report.skipped.is_empty() {
        out.push_str("\n## Not looked for: needs a newer fixbook\n\n");
        for issue in &report.skipped {
            line(&mut out, &format!("- {}: {}", code(&issue.id), prose(&issue.why)));
        }
    }
    let _ = writeln!(
        out,
        "\nRules: {} {}",
        prose(&report.bundle.name),
        prose(&report.bundle.version)
    );
    out
}

fn draw(out: &mut String, names: &Names, number: usize, finding: &Finding) {
    let _ = write!(out, "\n## {number}. {}\n\n", prose(&finding.title));
    let status = match finding.status {
        FindingStatus::Matched => "",
        FindingStatus::Possible => ", possible: this evidence does not decide it",
    };
    let (severity, confidence) = (severity(finding.severity), confidence(finding.confidence));
    let _ = write!(
        out,
        "{}, severity {severity}, confidence {confidence}{status}\n\n",
        code(&finding.issue)
    );
    line(out, &prose(&finding.summary));
    for id in &finding.needs {
        let _ = write!(
            out,
            "\n- Would decide it: {}. {}\n",
            prose(names.source(id)),
            prose(names.collect(id))
        );
    }
    out.push_str("\n### Evidence\n");
    for record in &finding.evidence {
        let _ = write!(
            out,
            "\n{}\n\n",
            code(&place(&record.file, record.first_line, record.last_line))
        );
        fence(out, "", "text", &record.excerpt);
    }
    let advice = &finding.advice;
    for (title, blocks) in [
        ("Fix", &advice.fix),
        ("Verify", &advice.verify),
        ("To undo it", &advice.rollback),
    ] {
        if !blocks.is_empty() {
            let _ = write!(out, "\n### {title}\n\n");
            steps(out, blocks, finding);
        }
    }
}

fn steps(out: &mut String, blocks: &[Block], finding: &Finding) {
    let captures = &finding.captures;
    let mut indent = String::new();
    for block in blocks {
        match block {
            Block::Step { number, text } => {
                let number = format!("{number}. ");
                indent = " ".repeat(number.len());
                line(out, &format!("{number}{}", prose(&text.fill(captures))));
            }
            Block::Text(text) => {
                let _ = write!(out, "\n{indent}{}\n", prose(&text.fill(captures)));
            }
            Block::Item(text) => line(out, &format!("{indent}- {}", prose(&text.fill(captures)))),
            Block::Caution(text) => {
                let _ = write!(out, "\n{indent}> **Caution:** {}\n\n", prose(&text.fill(captures)));
            }
            Block::Command { shell, text } => fence(out, &indent, shell, &text.fill(captures)),
            Block::Output(text) => fence(out, &indent, "text", text),
        }
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A fenced block with a fence longer than any run of backticks in it.
fn fence(out: &mut String, indent: &str, info: &str, text: &str) {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let _ = writeln!(out, "{indent}{fence}{info}");
    for line in text.lines() {
        let _ = writeln!(out, "{}", format!("{indent}{}", visible(line)).trim_end());
    }
    let _ = writeln!(out, "{indent}{fence}");
}

/// A code span that its text cannot close.
fn code(text: &str) -> String {
    let text = visible(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text in which a pair of backticks makes a code span and nothing else means anything.
fn prose(text: &str) -> String {
    let text = visible(text);
    let mut rest = &*text;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once('`') {
        escape(&mut out, before);
        rest = match after.split_once('`') {
            Some((span, behind)) if !span.is_empty() => {
                out.push_str(&code(span));
                behind
            }
            _ => {
                out.push_str("\\`");
                after
            }
        };
    }
    escape(&mut out, rest);
    out
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // No backslash keeps a mention from ringing; an entity does, and is read back by every renderer.
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
