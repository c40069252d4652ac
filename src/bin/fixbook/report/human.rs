//! Draws the report for a terminal: a summary that fits a screen, the first findings in full, the rest a line each.

mod finding;
mod open;
mod summary;

use fixbook::rules::bundle::Bundle;
use fixbook::rules::report::finding::{BundleName, FileStatus, Finding, FindingStatus, Report};

use self::open::Open;
use super::summary::Summary;
use super::{Titles, headline};
use crate::terminal::{BAD, CARE, FAINT, GOOD, STRONG, Sheet, visible};

/// Findings that are drawn in full unless everything is.
const IN_FULL: usize = 3;

/// Draws a report. `all`: every finding in full, with the steps of those that are only possible, and every list whole.
pub fn human(report: &Report, bundle: &Bundle, width: usize, all: bool) -> String {
    let names = Titles::new(bundle);
    let mut sheet = Sheet::new(width);
    sheet.paragraph(0, "", tone(report), &headline(report));
    let summary = Summary::new(report, bundle);
    summary::draw(&mut sheet, &names, &summary);

    let numbered: Vec<(usize, &Finding)> = (1..).zip(summary.findings).collect();
    let shown = if all {
        numbered.len()
    } else {
        IN_FULL.min(numbered.len())
    };
    let (in_full, rest) = numbered.split_at(shown);
    in_detail(&mut sheet, &names, in_full, all);
    if !rest.is_empty() {
        sheet.gap();
        sheet.line(0, &[(STRONG, "The other findings")]);
        rest.iter()
            .for_each(|(number, finding)| finding::line(&mut sheet, *number, finding));
    }
    let is_possible = |(_, finding): &&(usize, &Finding)| finding.status == FindingStatus::Possible;
    if !rest.is_empty() || (!all && in_full.iter().any(|one| is_possible(&one))) {
        sheet.gap();
        let hint = "Every finding with its evidence and all steps: the same command with --all.";
        sheet.paragraph(0, "", FAINT, hint);
    }
    let possible: Vec<&Finding> = numbered
        .iter()
        .filter(is_possible)
        .map(|(_, finding)| *finding)
        .collect();
    open::draw(
        &mut sheet,
        &Open {
            report,
            names: &names,
            possible: &possible,
            all,
        },
    );
    sheet.gap();
    sheet.paragraph(0, "", FAINT, &rules(report));
    sheet.into_text()
}

/// Findings in full; a heading parts what is decided from what is only possible.
fn in_detail(sheet: &mut Sheet, names: &Titles, findings: &[(usize, &Finding)], all: bool) {
    let is_matched = |finding: &Finding| finding.status == FindingStatus::Matched;
    let has_several = findings.get(1).is_some_and(|(_, finding)| is_matched(finding));
    let mut is_decided = true;
    for (number, finding) in findings {
        let is_possible = !is_matched(finding);
        if is_possible && is_decided {
            is_decided = false;
            sheet.gap();
            sheet.paragraph(0, "", STRONG, "Possible, but this evidence does not decide it");
        }
        let role = match (is_possible, *number == 1 && has_several) {
            (true, _) => "possible, ",
            (false, true) => "likely root cause, ",
            (false, false) => "",
        };
        finding::draw(sheet, names, *number, finding, role);
        if !is_possible || all {
            finding::advice(sheet, names, finding);
        }
    }
}

fn tone(report: &Report) -> anstyle::Style {
    let is = |status| report.findings.iter().any(|finding| finding.status == status);
    let is_read = report.files.iter().any(|file| file.status == FileStatus::Complete);
    if is(FindingStatus::Matched) {
        BAD
    } else if is(FindingStatus::Possible) || !report.unexplained.is_empty() || !is_read {
        CARE
    } else {
        GOOD
    }
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
