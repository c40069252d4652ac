//! `fixbook scan`.
//!
//! Invariant: what cannot be read is part of the answer and of the exit code, and hides nothing else.

use std::path::PathBuf;

use anyhow::bail;
use fixbook::rules::bundle::{self, Bundle};
use fixbook::rules::finding::{FileStatus, Report};
use fixbook::rules::{Input, Matcher};

use crate::args::{Scan, ScanFormat};
use crate::bundle::{RULES, named};
use crate::evidence::{self, Evidence};
use crate::output::{self, Answer};
use crate::progress::Progress;
use crate::{book, report, terminal};

/// Matches the rules against the files and prints the report.
pub fn run(args: &Scan) -> anyhow::Result<Answer> {
    let (bundle, sha256) = rules(args)?;
    let evidence = evidence::collect(&args.paths)?;
    let matcher = Matcher::new(bundle, &sha256);

    let progress = Progress::start(evidence.iter().map(Evidence::size).sum());
    let inputs = evidence.into_iter().map(|file| Input {
        path: file.name(),
        reader: file.reader(progress.counter()),
    });
    let report = matcher.scan(inputs.collect());
    drop(progress);

    match args.format {
        ScanFormat::Json => output::document(&output::json(&report)?)?,
        ScanFormat::Markdown => output::document(&report::markdown(&report, matcher.bundle()))?,
        ScanFormat::Human => output::print(&report::human(&report, matcher.bundle(), terminal::width(), args.all))?,
    }
    Ok(answer(&report))
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

/// The rules to scan with, and the hash of their bundle: of one that is named, of a book, of one beside the program.
fn rules(args: &Scan) -> anyhow::Result<(Bundle, String)> {
    if let Some(whole) = named(args.bundle.as_deref(), &args.trust)? {
        return Ok((whole.bundle, whole.sha256));
    }
    if let Some(root) = book::find(&args.book)? {
        let Some((_, _, book)) = book::open_at(root)?.sound() else {
            bail!("the book that holds the rules has errors")
        };
        let bundle = book.bundle();
        let sha256 = bundle::sha256(&bundle::write(&bundle));
        return Ok((bundle, sha256));
    }
    match named(beside().as_deref(), &args.trust)? {
        Some(whole) => Ok((whole.bundle, whole.sha256)),
        None => bail!(
            "there are no rules to scan with: name a bundle (--bundle FILE), run this in the folder of a book.toml \
             or below it (or name that folder: --book DIR), or put a {RULES} beside the program"
        ),
    }
}

fn beside() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?.with_file_name(RULES);
    path.is_file().then_some(path)
}
