//! Draws what is left to tell below the findings: what would decide more, what nothing explains, what was read.

use std::collections::BTreeSet;

use fixbook::rules::bundle::Skipped;
use fixbook::rules::report::finding::{FileReport, FileStatus, Finding, Outcome, Report, Unexplained};

use super::finding::excerpt;
use crate::report::{Titles, last_run, place, trouble};
use crate::terminal::{BAD, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet, visible};

/// Members of a list that are shown unless everything is.
const LISTED: usize = 10;

pub struct Open<'r> {
    pub report: &'r Report,
    pub names: &'r Titles<'r>,
    pub possible: &'r [&'r Finding],
    /// Every list whole.
    pub all: bool,
}

pub fn draw(sheet: &mut Sheet, open: &Open<'_>) {
    let listed = if open.all { usize::MAX } else { LISTED };
    missing(sheet, open.names, open.possible);
    unexplained(sheet, &open.report.unexplained, listed);
    given(sheet, &open.report.files, open.names, listed);
    troubles(sheet, &open.report.files, listed);
    skipped(sheet, &open.report.skipped, listed);
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

fn unexplained(sheet: &mut Sheet, errors: &[Unexplained], listed: usize) {
    if errors.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "Errors that no issue explains")]);
    for error in errors.iter().take(listed) {
        let at = place(&error.file, error.first_line, error.last_line);
        sheet.line(2, &[(PLAIN, &at), (FAINT, &format!("  signature {}", error.signature))]);
        excerpt(sheet, 4, &error.excerpt);
        for page in &error.related {
            let text = format!("{} ({}), by the words {}", page.title, page.issue, page.why.join(", "));
            sheet.paragraph(4, "A guess: ", FAINT, &text);
        }
    }
    and_more(sheet, errors.len(), listed);
}

/// Files of which there is something to say, by what became of them.
fn troubles(sheet: &mut Sheet, files: &[FileReport], listed: usize) {
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
        for (file, why) in list.iter().take(listed) {
            sheet.paragraph(2, "", style, &format!("{}: {why}", visible(&file.path)));
        }
        and_more(sheet, list.len(), listed);
    }
}

/// Issues that this program cannot look for.
fn skipped(sheet: &mut Sheet, issues: &[Skipped], listed: usize) {
    if issues.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "Not looked for: needs a newer fixbook")]);
    for issue in issues.iter().take(listed) {
        let text = format!("{}: {}", visible(&issue.id), visible(&issue.why));
        sheet.paragraph(2, "", CARE, &text);
    }
    and_more(sheet, issues.len(), listed);
}

/// Which files, which runs, and what the runs say about themselves.
fn given(sheet: &mut Sheet, files: &[FileReport], names: &Titles, listed: usize) {
    let known: Vec<(&FileReport, &String)> = files
        .iter()
        .filter_map(|file| file.source.as_ref().map(|source| (file, source)))
        .collect();
    if known.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(0, &[(STRONG, "What was read")]);
    for (file, source) in known.iter().take(listed) {
        sheet.line(2, &[(PLAIN, &file.path)]);
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
                    sheet.paragraph(
                        4,
                        &format!("{:widest$}  ", name.replace('_', " ")),
                        PLAIN,
                        &format!("{value}{}", names.build(value)),
                    );
                }
            }
            None => sheet.paragraph(4, "", PLAIN, names.source(source)),
        }
    }
    and_more(sheet, known.len(), listed);
}

fn and_more(sheet: &mut Sheet, total: usize, listed: usize) {
    if total > listed {
        sheet.paragraph(2, "", FAINT, &format!("and {} more: --all shows them", total - listed));
    }
}
