//! `fixbook test`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use fixbook::files::{Tree, shown};
use fixbook::kb::verify::{self, CaseResult, Orphan, Snapshot, SnapshotState, TestReport};

use crate::args::{Test, TestFormat};
use crate::output::{self, Answer};
use crate::terminal::{self, BAD, CARE, COMMAND, FAINT, GOOD, PLAIN, STRONG, Sheet, counted};
use crate::{book, coverage, diagnostics, vary};

/// Lines of one difference that are shown; the rest is in the file.
const DIFF: usize = 60;

/// Runs every case and prints what does not hold.
pub fn run(args: &Test) -> anyhow::Result<Answer> {
    let Some((root, tree, book)) = book::open(&args.book)?.if_valid() else {
        return Ok(Answer::Something);
    };
    if args.coverage || args.mutate {
        return coverage::run(args, &book, &tree);
    }
    if args.vary {
        return vary::run(args, &book, &tree);
    }
    let mut report = filtered(verify::test(&book, &tree), args.filter.as_deref())?;
    let pending = report.pending();
    if args.accept && pending > 0 {
        accept(&root, &tree, &report)?;
        output::note(&format!(
            "Accepted: {} written or removed.\n",
            counted(pending, "snapshot")
        ));
        let (tree, _) = fixbook::kb::open(&root)?;
        report = filtered(verify::test(&book, &tree), args.filter.as_deref())?;
    }
    match args.format {
        TestFormat::Json => output::document(&report.to_json())?,
        TestFormat::Junit => output::document(&verify::junit(&report))?,
        TestFormat::Human if args.matrix => output::print(&report.matrix())?,
        TestFormat::Human => {
            let mut text = diagnostics::human(&report.diagnostics, &root);
            text.push_str(&human(&report));
            output::print(&text)?;
        }
    }
    Ok(if report.passed() {
        Answer::Nothing
    } else {
        Answer::Something
    })
}

/// Only the cases whose name holds the text; then what concerns the book as a whole is not looked at.
fn filtered(mut report: TestReport, filter: Option<&str>) -> anyhow::Result<TestReport> {
    if let Some(filter) = filter {
        report.cases.retain(|case| case.name.contains(filter));
        if report.cases.is_empty() {
            bail!("no case has `{filter}` in its name");
        }
        report.orphans.clear();
        report
            .diagnostics
            .retain(|diagnostic| diagnostic.primary.place.path.contains(filter));
    }
    Ok(report)
}

/// Writes the snapshots as the rules say now, and removes those of no case.
fn accept(root: &Path, tree: &Tree, report: &TestReport) -> anyhow::Result<()> {
    for (path, bytes) in report.accept(tree) {
        let path = root.join(path);
        let Some(bytes) = bytes else {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", shown(&path)))?;
            continue;
        };
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            fs::write(&path, bytes)
        };
        write().with_context(|| format!("cannot write {}", shown(&path)))?;
    }
    Ok(())
}

fn human(report: &TestReport) -> String {
    let mut sheet = Sheet::new(terminal::width());
    for case in report.cases.iter().filter(|case| !case.passed()) {
        failed(&mut sheet, case);
    }
    for Orphan { path, name, reason } in &report.orphans {
        sheet.gap();
        sheet.line(0, &[(BAD, "FAIL "), (STRONG, name)]);
        sheet.line(4, &[(FAINT, path)]);
        sheet.paragraph(4, "", PLAIN, &reason.to_string());
    }
    sheet.gap();
    let failed = report.cases.iter().filter(|case| !case.passed()).count();
    let total = report.cases.len();
    let (style, text) = if report.passed() {
        (GOOD, format!("{} passed.", counted(total, "case")))
    } else {
        (BAD, format!("{failed} of {total} cases failed."))
    };
    sheet.paragraph(0, "", style, &text);
    if report.pending() > 0 {
        let differ = counted(report.pending(), "snapshot");
        let text = format!("To be accepted, when what the rules say now is right (fixbook test --accept): {differ}.");
        sheet.paragraph(0, "", CARE, &text);
    }
    sheet.into_text()
}

fn failed(sheet: &mut Sheet, case: &CaseResult) {
    sheet.gap();
    sheet.line(0, &[(BAD, "FAIL "), (STRONG, &case.name)]);
    let at = case
        .line
        .map_or_else(|| case.path.clone(), |line| format!("{}:{line}", case.path));
    sheet.line(4, &[(FAINT, &at)]);
    for fault in &case.faults {
        sheet.paragraph(4, "", PLAIN, &fault.to_string());
    }
    snapshot(sheet, &case.snapshot);
}

fn snapshot(sheet: &mut Sheet, snapshot: &Snapshot) {
    match &snapshot.state {
        SnapshotState::Same => {}
        SnapshotState::New => {
            sheet.paragraph(4, "", PLAIN, "there is no snapshot yet; the rules say:");
            lines(sheet, &snapshot.text, |_| PLAIN);
        }
        SnapshotState::Changed { diff } => {
            sheet.paragraph(
                4,
                "",
                PLAIN,
                "the rules say something else than was accepted (-), namely this (+):",
            );
            let colour = |line: &str| match line.as_bytes().first() {
                Some(b'-') => BAD,
                Some(b'+') => GOOD,
                Some(b'@') => COMMAND,
                _ => PLAIN,
            };
            lines(sheet, diff, colour);
        }
        _ => sheet.paragraph(4, "", PLAIN, "the snapshot differs"),
    }
}

fn lines(sheet: &mut Sheet, text: &str, style: impl Fn(&str) -> anstyle::Style) {
    for line in text.lines().take(DIFF) {
        sheet.line(6, &[(style(line), line)]);
    }
    if text.lines().nth(DIFF).is_some() {
        sheet.line(6, &[(FAINT, "...")]);
    }
}
