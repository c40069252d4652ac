//! Draws the summary on a terminal, where a screen of 80 columns and 24 lines shows it without scrolling.

use fixbook::rules::language::issue::Block;

use crate::report::Titles;
use crate::report::summary::{First, Summary, explains};
use crate::terminal::{CARE, COMMAND, PLAIN, STRONG, Sheet};

/// Findings that are listed; the others stand below.
const LISTED: usize = 8;
/// Lines of the command that is shown.
const COMMAND_LINES: usize = 3;

pub fn draw(sheet: &mut Sheet, names: &Titles, summary: &Summary<'_>) {
    sheet.gap();
    for run in &summary.runs {
        sheet.cut("Run        ", PLAIN, run.path);
        sheet.cut("           ", PLAIN, &run.said);
        let facts: Vec<String> = run
            .facts
            .iter()
            .map(|(name, value)| format!("{} {value}{}", name.replace('_', " "), names.build(value)))
            .collect();
        if !facts.is_empty() {
            sheet.paragraph(11, "", PLAIN, &facts.join(", "));
        }
    }
    if summary.more > 0 {
        sheet.cut(
            "           ",
            PLAIN,
            &format!("and {} more, listed below", summary.more),
        );
    }
    if let Some((place, line)) = &summary.shown_by {
        sheet.cut("Evidence   ", PLAIN, place);
        if !line.is_empty() {
            sheet.cut("           | ", PLAIN, line);
        }
    }
    findings(sheet, summary);
    first(sheet, names, &summary.first);
}

fn findings(sheet: &mut Sheet, summary: &Summary<'_>) {
    for (at, finding) in summary.findings.iter().take(LISTED).enumerate() {
        let label = if at == 0 { "Found" } else { "" };
        sheet.cut_before(
            &format!("{label:11}{}. ", at + 1),
            STRONG,
            &finding.title,
            &explains(finding),
        );
    }
    if summary.findings.len() > LISTED {
        let more = format!("and {} more, listed below", summary.findings.len() - LISTED);
        sheet.cut("           ", PLAIN, &more);
    }
}

fn first(sheet: &mut Sheet, names: &Titles, first: &First<'_>) {
    match first {
        First::Nothing => {}
        First::Scan(needs) => {
            let titles: Vec<&str> = needs.iter().map(|id| names.source(id)).collect();
            sheet.paragraph(
                0,
                "Do first   ",
                PLAIN,
                &format!("Scan these too: {}", titles.join("; ")),
            );
        }
        First::Step(finding, blocks) => {
            for block in blocks {
                match block {
                    Block::Step { text, .. } => {
                        sheet.paragraph(0, "Do first   ", PLAIN, &text.fill(&finding.captures));
                    }
                    Block::Caution(text) => sheet.paragraph(11, "CAUTION: ", CARE, &text.fill(&finding.captures)),
                    Block::Command { text, .. } => {
                        let text = text.fill(&finding.captures);
                        for line in text.lines().take(COMMAND_LINES) {
                            sheet.line(15, &[(COMMAND, line)]);
                        }
                        if text.lines().count() > COMMAND_LINES {
                            sheet.line(15, &[(PLAIN, "...")]);
                        }
                    }
                    Block::Text(_) | Block::Item(_) | Block::Output(_) => {}
                }
            }
        }
    }
}
