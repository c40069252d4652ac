//! `fixbook bundle diff`.
//!
//! Invariant: without a requirement, the exit code is 1 when anything differs; with one, it is 1 when it is not met. It
//! is 2 when a part of either bundle or a fixture could not be read.

use std::path::Path;

use anyhow::Context as _;
use fixbook::files::shown;
use fixbook::kb::verify::{Verdict, VerdictChange};
use fixbook::kb::{self, verify};
use fixbook::rules::bundle::{self, Bundle, Change, ChangeKind, Diff, IssuePart, VersionStep};
use fixbook::rules::report::document;
use serde::Serialize;

use crate::args::{BundleDiff, DiffFormat, Requirement};
use crate::diagnostics;
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet};

/// What differs, and on which fixtures it shows.
#[derive(Serialize)]
struct Comparison {
    #[serde(flatten)]
    diff: Diff,
    /// Absent when no fixtures were named.
    #[serde(skip_serializing_if = "Option::is_none")]
    cases: Option<Vec<VerdictChange>>,
}

/// Compares two bundles and prints what differs.
pub fn run(args: &BundleDiff) -> anyhow::Result<Answer> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let mut is_whole = true;
    let cases = match &args.fixtures {
        Some(folder) => {
            let (fixtures, faults) = kb::open_fixtures(folder)?;
            is_whole = faults.is_empty();
            output::note(&diagnostics::human(&faults, folder));
            Some(verify::compare(&old, &new, &fixtures))
        }
        None => None,
    };
    let comparison = Comparison {
        diff: bundle::diff(&old, &new),
        cases,
    };
    let diff = &comparison.diff;
    let refused = args.require.filter(|require| !diff.is_honest(at_least(*require)));
    match args.format {
        DiffFormat::Json => output::document(&document::json(&comparison)?)?,
        DiffFormat::Human => output::print(&human(&comparison, args.require, refused.is_some()))?,
    }
    Ok(if !is_whole || !diff.skipped.is_empty() {
        Answer::Incomplete
    } else if refused.is_some() || (args.require.is_none() && !diff.changes.is_empty()) {
        Answer::Something
    } else {
        Answer::Nothing
    })
}

fn read(path: &Path) -> anyhow::Result<Bundle> {
    let file = if path.is_dir() {
        path.join(super::RULES)
    } else {
        path.to_owned()
    };
    bundle::read(&super::read(&file)?).with_context(|| format!("cannot use {}", shown(&file)))
}

fn at_least(require: Requirement) -> Option<VersionStep> {
    match require {
        Requirement::Changes => None,
        Requirement::Patch => Some(VersionStep::Patch),
        Requirement::Minor => Some(VersionStep::Minor),
        Requirement::Major => Some(VersionStep::Major),
    }
}

fn human(comparison: &Comparison, require: Option<Requirement>, refused: bool) -> String {
    let diff = &comparison.diff;
    let mut sheet = Sheet::new(terminal::width());
    let kinds = [
        (ChangeKind::Removed, BAD, "Removed"),
        (ChangeKind::Renamed, CARE, "Renamed"),
        (ChangeKind::Added, GOOD, "Added"),
        (ChangeKind::Detection, CARE, "Detection changed"),
        (ChangeKind::Text, PLAIN, "Text only"),
    ];
    for (kind, style, title) in kinds {
        let of_kind: Vec<&Change> = diff.changes.iter().filter(|change| change.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        sheet.gap();
        sheet.line(0, &[(style, title), (FAINT, &format!("  {}", of_kind.len()))]);
        for change in of_kind {
            sheet.line(2, &[(FAINT, part(change.part)), (PLAIN, &named(change))]);
        }
    }
    if let Some(cases) = &comparison.cases {
        sheet.gap();
        let count = format!("  {}", cases.len());
        sheet.line(0, &[(PLAIN, "Verdicts on fixtures that change"), (FAINT, &count)]);
        for change in cases {
            let text = format!(
                "{}: {} {}, was {}",
                change.case,
                change.issue,
                verdict(change.new),
                verdict(change.old)
            );
            sheet.paragraph(2, "", if change.new < change.old { CARE } else { PLAIN }, &text);
        }
    }
    if !diff.skipped.is_empty() {
        sheet.gap();
        sheet.line(0, &[(CARE, "Not compared: these need a newer fixbook")]);
        for issue in &diff.skipped {
            sheet.paragraph(2, "", PLAIN, &format!("{}: {}", issue.id, issue.why));
        }
    }
    sheet.gap();
    let needs = diff
        .needs
        .map_or("no new version".to_owned(), |step| format!("a {} version", word(step)));
    sheet.paragraph(0, "", STRONG, &format!("The changes ask for {needs}."));
    let raised = diff
        .raised
        .map_or("not raised".to_owned(), |step| format!("a {} step", word(step)));
    sheet.paragraph(
        0,
        "",
        PLAIN,
        &format!("Version {} to {}: {raised}.", diff.old, diff.new),
    );
    if require.is_some() {
        let (style, text) = if refused {
            (BAD, "The version was raised by too little.")
        } else {
            (GOOD, "The version was raised by enough.")
        };
        sheet.paragraph(0, "", style, text);
    }
    sheet.into_text()
}

fn named(change: &Change) -> String {
    match &change.from {
        Some(from) => format!("{} (was {from})", change.id),
        None => change.id.clone(),
    }
}

fn part(part: IssuePart) -> &'static str {
    match part {
        IssuePart::Issue => "issue    ",
        IssuePart::Source => "source   ",
        IssuePart::Product => "product  ",
        IssuePart::Shell => "shell    ",
        IssuePart::Bundle => "bundle   ",
        _ => "part     ",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotFound => "not found",
        Verdict::Possible => "possible",
        Verdict::Matched => "found",
    }
}

fn word(step: VersionStep) -> &'static str {
    match step {
        VersionStep::Patch => "patch",
        VersionStep::Minor => "minor",
        VersionStep::Major => "major",
    }
}
