//! `fixbook bundle export`.
//!
//! Invariant: issues that cannot be exported are listed beside the exported rules, and the user sees their number.

use anyhow::{Context as _, bail};
use fixbook::export::{self, Export, LEFT_OUT, Target};
use fixbook::files::Output;
use fixbook::rules::bundle::Bundle;

use crate::args::{BundleExport, Tool};
use crate::book;
use crate::output::{self, Answer};
use crate::terminal::{self, PLAIN, Sheet};

/// Writes the rules of a bundle or a book for another tool.
pub fn run(args: &BundleExport) -> anyhow::Result<Answer> {
    let bundle = rules(args)?;
    let target = match args.tool {
        Tool::Sigma => Target::Sigma,
        Tool::ClickHouse => Target::ClickHouse,
    };
    let export = export::export(&bundle, target);
    match &args.out {
        Some(out) => {
            Output::Named(out)
                .write(&export.files(), &[])
                .context("the export could not be written")?;
            let list = terminal::path(&out.join(LEFT_OUT));
            note(&export, &format!("see {list}"));
        }
        None => {
            output::document(&export.document())?;
            note(&export, "see the end of the document");
        }
    }
    Ok(match bundle.skipped().is_empty() {
        true => Answer::Nothing,
        false => Answer::Incomplete,
    })
}

fn rules(args: &BundleExport) -> anyhow::Result<Bundle> {
    if let Some(whole) = super::named(args.bundle.as_deref(), &args.trust)? {
        return Ok(whole.bundle);
    }
    match book::open(&args.book)?.if_valid() {
        Some((_, _, book)) => Ok(book.bundle()),
        None => bail!("the book that holds the rules has errors"),
    }
}

fn note(export: &Export, list: &str) {
    let whole = export.left_out_wholly();
    let text = format!(
        "Issues exported: {}, of these in part: {}; not exported: {whole}, {list}",
        export.exported.len(),
        export.left_out_in_part(),
    );
    let mut sheet = Sheet::new(terminal::width());
    sheet.paragraph(0, "", PLAIN, &text);
    output::note(&sheet.into_text());
}
