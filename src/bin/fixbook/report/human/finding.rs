//! Draws one finding on a terminal: what it is, what speaks for it, what to do.

use anstyle::Style;
use fixbook::rules::language::issue::{Block, Severity};
use fixbook::rules::language::rule::Captures;
use fixbook::rules::report::finding::{Evidence, Finding};

use crate::report::summary::explains;
use crate::report::{Titles, confidence, place, severity, shortened};
use crate::terminal::{BAD, CARE, FAINT, PLAIN, STRONG, Sheet};

/// Lines of a record that are shown; the first ones name the error.
const EXCERPT: usize = 8;
/// Records of a finding that are shown.
const EVIDENCE: usize = 3;
/// Places of its other records that are named.
const PLACES: usize = 10;

/// A finding as one line.
pub fn line(sheet: &mut Sheet, number: usize, finding: &Finding) {
    let end = format!("{}  {}", explains(finding), finding.issue);
    sheet.cut_before(&format!("{number}. "), PLAIN, &finding.title, &end);
}

/// Title, summary and the records that speak for a finding.
pub fn draw(sheet: &mut Sheet, names: &Titles, number: usize, finding: &Finding, role: &str) {
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
        excerpt(sheet, indent + 4, &shortened(&record.excerpt, &finding.captures));
        shown.push(record);
    }
    if !other.is_empty() {
        let places = other
            .iter()
            .take(PLACES)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let more = if other.len() > PLACES { ", ..." } else { "" };
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

pub fn advice(sheet: &mut Sheet, names: &Titles, finding: &Finding) {
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

/// Logs repeat an error at each layer that it passes: the same words, another time.
fn says_the_same(a: &Evidence, b: &Evidence) -> bool {
    let words = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    a.source == b.source && words(&a.excerpt) == words(&b.excerpt)
}

pub fn excerpt(sheet: &mut Sheet, indent: usize, text: &str) {
    if !sheet.quote(indent, text, EXCERPT) {
        sheet.line(indent, &[(FAINT, "| ...")]);
    }
}

fn tone(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => BAD,
        Severity::Medium => CARE,
        Severity::Low | Severity::Info => PLAIN,
    }
}
