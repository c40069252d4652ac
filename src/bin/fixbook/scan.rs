//! `fixbook scan`.
//!
//! Invariant: a file that cannot be read shows in the report and in the exit code; the other files are still judged.

use fixbook::rules::report::document;
use fixbook::rules::report::finding::{FileReport, FileStatus, Report};
use fixbook::rules::{Input, Matcher};

use crate::args::{Scan, ScanFormat};
use crate::evidence::{self, Evidence};
use crate::output::{self, Answer};
use crate::progress::Progress;
use crate::{report, rules, terminal};

/// Matches the rules against the files and prints the report.
pub fn run(args: &Scan) -> anyhow::Result<Answer> {
    let rules = rules::find(&args.given)?;
    let evidence = evidence::collect(&args.given.paths);
    let matcher = Matcher::new(rules.bundle);

    let progress = Progress::start(evidence.iter().map(Evidence::size).sum());
    let (inputs, skipped) = opened(evidence, &progress);
    let mut report = matcher.scan(inputs);
    report.files.extend(skipped);
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.bundle.from = Some(rules.from);
    drop(progress);

    match args.format {
        ScanFormat::Json => output::document(&document::json(&report)?)?,
        ScanFormat::Markdown => output::document(&report::markdown(&report, matcher.bundle()))?,
        ScanFormat::Human => output::print(&report::human(&report, matcher.bundle(), terminal::width(), args.all))?,
    }
    Ok(answer(&report))
}

/// What is to be read, and the reports of what is not.
fn opened(evidence: Vec<Evidence>, progress: &Progress) -> (Vec<Input>, Vec<FileReport>) {
    let (mut inputs, mut skipped) = (Vec::new(), Vec::new());
    for file in evidence {
        match file.open(&progress.counter()) {
            Ok(input) => inputs.push(input),
            Err(report) => skipped.push(*report),
        }
    }
    (inputs, skipped)
}

/// A scan that looked into nothing, or not for everything, is not one that found nothing.
fn answer(report: &Report) -> Answer {
    let has = |wanted: &[FileStatus]| report.files.iter().any(|file| wanted.contains(&file.status));
    if has(&[FileStatus::Failed, FileStatus::Partial]) || !has(&[FileStatus::Complete]) {
        Answer::Incomplete
    } else if report.findings.is_empty() && report.unexplained.is_empty() {
        if report.skipped.is_empty() {
            Answer::Nothing
        } else {
            Answer::Incomplete
        }
    } else {
        Answer::Something
    }
}
