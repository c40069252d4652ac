//! `fixbook check`.

use fixbook::kb;

use crate::args::{Check, Deny, DiagnosticFormat};
use crate::output::{self, Answer};
use crate::terminal::{self, GOOD, Sheet, counted};
use crate::{book, diagnostics, today};

/// Prints every fault of the book.
pub fn run(args: &Check) -> anyhow::Result<Answer> {
    let mut opened = book::open(&args.book)?;
    if let Some(book) = &opened.book {
        opened.diagnostics.append(kb::check_output(&opened.root, &book.config));
        opened.diagnostics.append(kb::check_days(book, &today::latest()));
    }
    let found = &opened.diagnostics;
    match args.format {
        DiagnosticFormat::Human if found.is_empty() => {
            let (pages, sources) = opened
                .book
                .as_ref()
                .map_or((0, 0), |book| (book.pages.len(), book.sources.len()));
            let mut sheet = Sheet::new(terminal::width());
            let text = format!(
                "No faults in {} and {}.",
                counted(pages, "page"),
                counted(sources, "source")
            );
            sheet.paragraph(0, "", GOOD, &text);
            output::print(&sheet.into_text())?;
        }
        DiagnosticFormat::Human => output::print(&diagnostics::human(found, &opened.root))?,
        DiagnosticFormat::Json => output::document(&diagnostics::json(found)?)?,
        DiagnosticFormat::Github => output::document(&diagnostics::github(found, &opened.root))?,
    }
    let is_refused = found.has_errors() || args.deny == Some(Deny::Warnings) && !found.is_empty();
    Ok(match is_refused {
        true => Answer::Something,
        false => Answer::Nothing,
    })
}
