//! `fixbook bundle diff`.
//!
//! Invariant: without a requirement the exit code says whether anything differs, with one only whether it is met.

use std::path::Path;

use anyhow::Context as _;
use fixbook::rules::bundle::{self, Bundle, Change, ChangeKind, Diff, Part, Step};

use crate::args::{BundleDiff, DiffFormat, Requirement};
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet};

/// Compares two bundles and prints what differs.
pub fn run(args: &BundleDiff) -> anyhow::Result<Answer> {
    let diff = bundle::diff(&read(&args.old)?, &read(&args.new)?);
    let refused = args.require.filter(|require| !diff.is_honest(at_least(*require)));
    match args.format {
        DiffFormat::Json => output::document(&output::json(&diff)?)?,
        DiffFormat::Human => output::print(&human(&diff, args.require, refused.is_some()))?,
    }
    Ok(if !diff.skipped.is_empty() {
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
    bundle::read(&super::read(&file)?).with_context(|| format!("cannot use {}", file.display()))
}

fn at_least(require: Requirement) -> Option<Step> {
    match require {
        Requirement::Changes => None,
        Requirement::Patch => Some(Step::Patch),
        Requirement::Minor => Some(Step::Minor),
        Requirement::Major => Some(Step::Major),
    }
}

fn human(diff: &Diff, require: Option<Requirement>, refused: bool) -> String {
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

fn part(part: Part) -> &'static str {
    match part {
        Part::Issue => "issue    ",
        Part::Source => "source   ",
        Part::Product => "product  ",
        Part::Shell => "shell    ",
        Part::Bundle => "bundle   ",
        _ => "part     ",
    }
}

fn word(step: Step) -> &'static str {
    match step {
        Step::Patch => "patch",
        Step::Minor => "minor",
        Step::Major => "major",
    }
}
