//! Writes a report as stable, readable text, which is the snapshot of a case.
//!
//! Invariant: the text depends on what was recognised and where, not on how an issue is worded; editing a page's
//! advice changes no snapshot. One fact a line, so that a difference names what changed.

use std::fmt::Write as _;

use crate::rules::report::finding::{
    Evidence, FileReport, FileStatus, Finding, FindingStatus, Outcome, Report, RunReport, Unexplained,
};

/// Everything that the report says of the evidence.
pub(super) fn transcript(report: &Report) -> String {
    let mut out = String::new();
    for file in &report.files {
        push_file(&mut out, file);
    }
    for finding in &report.findings {
        push_finding(&mut out, finding, 0);
    }
    for block in &report.unexplained {
        push_unexplained(&mut out, block);
    }
    if report.findings.is_empty() && report.unexplained.is_empty() {
        out.push_str("nothing is wrong\n");
    }
    out
}

/// A finding's own lines: status, evidence, captures, needs; what it folds is not part of them.
pub(super) fn push_finding(out: &mut String, finding: &Finding, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{} {}", status(finding.status), finding.issue);
    push_details(out, finding, depth + 1);
    for folded in &finding.superseded {
        let _ = writeln!(out, "{indent}  in place of");
        push_finding(out, folded, depth + 2);
    }
}

/// What a finding rests on, without its name.
pub(super) fn push_details(out: &mut String, finding: &Finding, depth: usize) {
    let indent = "  ".repeat(depth);
    for Evidence {
        file,
        run,
        first_line,
        last_line,
        ..
    } in &finding.evidence
    {
        let _ = writeln!(out, "{indent}{file}:{} run {run}", lines(*first_line, *last_line));
    }
    for (name, value) in &finding.captures {
        let _ = writeln!(out, "{indent}{name} = \"{}\"", one_line(value));
    }
    for source in &finding.needs {
        let _ = writeln!(out, "{indent}needs {source}");
    }
}

/// `matched` or `possible`.
pub(super) fn status(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Matched => "matched",
        FindingStatus::Possible => "possible",
    }
}

fn push_file(out: &mut String, file: &FileReport) {
    let source = match (&file.source, file.status) {
        (Some(source), _) => source,
        (None, FileStatus::Unrecognised) => "unrecognised",
        (None, _) => "read as pasted text",
    };
    let _ = write!(out, "file {}: {source}, {}", file.path, file.encoding);
    match file.status {
        FileStatus::Complete | FileStatus::Unrecognised | FileStatus::Skipped => {}
        FileStatus::Partial => out.push_str(", partial"),
        FileStatus::Failed => out.push_str(", failed"),
    }
    if file.replaced > 0 {
        let _ = write!(out, ", {} replaced", file.replaced);
    }
    out.push('\n');
    for RunReport {
        run,
        first_line,
        last_line,
        outcome,
        ended,
        facts,
    } in &file.runs
    {
        let outcome = match outcome {
            Outcome::Failure => "failure",
            Outcome::Success => "success",
            Outcome::Unknown => "unknown",
        };
        let cut = if *ended == Some(false) { ", cut short" } else { "" };
        let _ = writeln!(out, "  run {run}: {}, {outcome}{cut}", lines(*first_line, *last_line));
        for (name, value) in facts {
            let _ = writeln!(out, "    {name} = \"{}\"", one_line(value));
        }
    }
}

fn push_unexplained(out: &mut String, block: &Unexplained) {
    let Unexplained {
        file,
        run,
        first_line,
        last_line,
        signature,
        ..
    } = block;
    let _ = writeln!(out, "unexplained {file}:{} run {run}", lines(*first_line, *last_line));
    let _ = writeln!(out, "  {}", one_line(signature));
}

fn lines(first: u64, last: u64) -> String {
    if first == last {
        format!("{first}")
    } else {
        format!("{first}-{last}")
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', "\\n").replace('\t', "\\t")
}
