//! `fixbook test --vary`: the ways of pasting in which rules are lost.

use anyhow::{Context as _, bail};
use fixbook::files::Tree;
use fixbook::kb::Book;
use fixbook::kb::verify::{self, IssueVariations, Lost, Variations};
use fixbook::rules::report::document;

use crate::args::{Test, TestFormat};
use crate::coverage;
use crate::output::{self, Answer};
use crate::terminal::{self, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet};

/// Prints what is lost of all rules, or of those whose issue the filter names.
pub fn run(args: &Test, book: &Book, tree: &Tree) -> anyhow::Result<Answer> {
    let (cases, _) = verify::cases(book, tree);
    let wanted = coverage::wanted(args, book)?;
    if args.format == TestFormat::Junit {
        bail!("ways of pasting are no test results; --format human or json");
    }
    let found = verify::vary(book, &cases, wanted);
    match args.format {
        TestFormat::Json => output::document(&document::json(&found).context("the variations are not JSON")?)?,
        _ => output::print(&human(&found))?,
    }
    let (held, all) = found.count();
    Ok(if held == all {
        Answer::Nothing
    } else {
        Answer::Something
    })
}

fn human(found: &Variations) -> String {
    let mut sheet = Sheet::new(terminal::width());
    for issue in found.issues.iter().filter(|issue| !issue.lost.is_empty()) {
        lost(&mut sheet, issue);
    }
    sheet.gap();
    for way in &found.ways {
        let style = if way.held == way.all { GOOD } else { CARE };
        let figures = format!("{:>5} of {:>5}  ", way.held, way.all);
        sheet.line(0, &[(style, &figures), (PLAIN, way.name)]);
    }
    sheet.gap();
    let (held, all) = found.count();
    let style = if held == all { GOOD } else { CARE };
    let summary = format!("{held} of {all} variations of the matching cases hold.");
    sheet.paragraph(0, "", style, &summary);
    sheet.into_text()
}

fn lost(sheet: &mut Sheet, issue: &IssueVariations) {
    sheet.gap();
    sheet.paragraph(0, "", STRONG, &issue.issue);
    for cases in issue.lost.chunk_by(|a, b| a.when == b.when) {
        sheet.paragraph(2, "- ", PLAIN, &format!("this rule is lost when {}", cases[0].when));
        for Lost { case, possible, .. } in cases {
            let but = if *possible { " (possible)" } else { "" };
            sheet.line(4, &[(FAINT, &format!("{case}{but}"))]);
        }
    }
}
