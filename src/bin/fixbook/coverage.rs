//! Runs `fixbook test --coverage` and `--mutate`, which show what the cases do not prove.

use anyhow::{Context as _, bail};
use fixbook::files::Tree;
use fixbook::kb::Book;
use fixbook::kb::verify;
use fixbook::rules::report::document;

use crate::args::{Test, TestFormat};
use crate::output::{self, Answer};
use crate::terminal::{self, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet};

/// A part of a rule that nothing proves.
struct Gap<'a> {
    issue: &'a str,
    place: &'a str,
    what: &'a str,
    help: &'a str,
}

/// Prints the gaps of all rules, or of those whose issue the filter names.
pub fn run(args: &Test, book: &Book, tree: &Tree) -> anyhow::Result<Answer> {
    let (cases, _) = verify::cases(book, tree);
    let wanted = |issue: &str| args.filter.as_deref().is_none_or(|filter| issue.contains(filter));
    if let Some(filter) = &args.filter
        && !book.pages.iter().any(|page| wanted(&page.issue.id))
    {
        bail!("no issue has `{filter}` in its id");
    }
    let (gaps, text) = if args.mutate {
        let found = verify::mutate(book, &cases, wanted);
        let (noticed, all) = found.count();
        let gaps = found.issues.iter().flat_map(|issue| {
            issue.survivors.iter().map(|s| Gap {
                issue: &issue.issue,
                place: &s.place,
                what: &s.change,
                help: &s.write,
            })
        });
        let summary = format!("{noticed} of {all} small changes to the rules are noticed by a case.");
        (gaps.clone().count(), draw(args, gaps, &summary, &found)?)
    } else {
        let found = verify::coverage(book, &cases, wanted);
        let (reached, all) = found.count();
        let gaps = found.issues.iter().flat_map(|issue| {
            issue.missed.iter().map(|m| Gap {
                issue: &issue.issue,
                place: &m.place,
                what: &m.what,
                help: &m.help,
            })
        });
        let summary = format!("{reached} of {all} alternatives of the rules are reached by a case.");
        (gaps.clone().count(), draw(args, gaps, &summary, &found)?)
    };
    match args.format {
        TestFormat::Json => output::document(&text)?,
        _ => output::print(&text)?,
    }
    Ok(if gaps == 0 { Answer::Nothing } else { Answer::Something })
}

fn draw<'a>(
    args: &Test,
    gaps: impl Iterator<Item = Gap<'a>>,
    summary: &str,
    found: &impl serde::Serialize,
) -> anyhow::Result<String> {
    match args.format {
        TestFormat::Json => document::json(found).context("the gaps are not JSON"),
        TestFormat::Junit => bail!("gaps are no test results; --format human or json"),
        TestFormat::Human => Ok(human(gaps, summary)),
    }
}

fn human<'a>(gaps: impl Iterator<Item = Gap<'a>>, summary: &str) -> String {
    let mut sheet = Sheet::new(terminal::width());
    let mut last = "";
    let mut any = false;
    for Gap {
        issue,
        place,
        what,
        help,
    } in gaps
    {
        if issue != last {
            sheet.gap();
            sheet.paragraph(0, "", STRONG, issue);
            last = issue;
        }
        any = true;
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{place}: ")
        };
        sheet.paragraph(2, "- ", PLAIN, &format!("{place}{what}"));
        sheet.paragraph(4, "", FAINT, help);
    }
    sheet.gap();
    sheet.paragraph(0, "", if any { CARE } else { GOOD }, summary);
    sheet.into_text()
}
