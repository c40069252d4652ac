//! `fixbook build`.
//!
//! Invariant: nothing is written before everything is checked and drawn.

use std::path::PathBuf;

use anyhow::Context as _;
use fixbook::diagnostic::Diagnostics;
use fixbook::files::{Output, Tree, Written};
use fixbook::kb::{Book, verify};
use fixbook::rules::bundle::{MANIFEST, Release, SIGNATURE};
use fixbook::site;

use crate::args::Build;
use crate::output::{self, Answer};
use crate::terminal::{self, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet};
use crate::{book, bundle, core, diagnostics};

/// Where the bundle stands within the output: the major version of its format is part of the address.
const BUNDLE: &str = "bundle/v1";

/// Draws the site, lowers the rules, and writes both.
pub fn run(args: &Build) -> anyhow::Result<Answer> {
    let Some((root, tree, book)) = book::open(&args.book)?.if_valid() else {
        return Ok(Answer::Something);
    };
    let (files, faults) = draw(args, &tree, &book)?;
    if !faults.is_empty() {
        output::note(&diagnostics::human(&faults, &root));
    }
    if faults.has_errors() {
        return Ok(Answer::Something);
    }
    let output = match &args.out {
        Some(out) => Output::Named(out),
        None => Output::Below(&root, &book.config.output),
    };
    let manifest = below(MANIFEST);
    let is_new = output.read(&manifest)?.as_deref() != files.get(&manifest);
    // Whoever verifies the bundle meets the old one to its last file, and the new one from its manifest on.
    let written = output.write(&files, &[BUNDLE, &manifest]).context(
        "the site could not be published; what stands there is whole files, and the next build finishes or replaces them",
    )?;
    // Somebody else's file, but worse than none once the manifest is another. Until it is gone it is refused.
    let is_unsigned = is_new && args.signature.is_none() && output.remove(&below(SIGNATURE))?;
    let summary = Summary {
        out: output.path(),
        pages: files.iter().filter(|(path, _)| path.ends_with(".html")).count(),
        rules: book.pages.iter().filter(|page| page.issue.detection.is_some()).count(),
        written,
        is_unsigned,
    };
    output::print(&summary.text())?;
    Ok(Answer::Nothing)
}

/// Every file of the site and of the bundle, and what is wrong with the pages.
fn draw(args: &Build, tree: &Tree, book: &Book) -> anyhow::Result<(Tree, Diagnostics)> {
    let release = Release {
        serial: args.serial,
        commit: args.commit.clone(),
    };
    let (manifest, rules): (Vec<_>, Vec<_>) = bundle::folder(book, &release)?
        .into_iter()
        .map(|(path, bytes)| (below(&path), bytes))
        .partition(|(path, _)| *path == below(MANIFEST));
    let mut options = site::Options {
        overrides: book::overrides(tree, book),
        beside: Tree(rules.into_iter().collect()),
        online: Tree(manifest.into_iter().collect()),
        matcher: core::WASM,
        cases: verify::cases(book, tree).0,
    };
    if let Some(path) = &args.signature {
        options.online.insert(below(SIGNATURE), bundle::read(path)?);
    }
    let (mut files, faults) = site::render(book, &options);
    files.0.append(&mut options.beside.0);
    files.0.append(&mut options.online.0);
    Ok((files, faults))
}

/// Where a file of the bundle stands within the output.
fn below(path: &str) -> String {
    format!("{BUNDLE}/{path}")
}

/// What was published.
struct Summary {
    out: PathBuf,
    pages: usize,
    rules: usize,
    written: Written,
    /// The signature of the manifest before was removed.
    is_unsigned: bool,
}

impl Summary {
    fn text(&self) -> String {
        let at = |path: &str| terminal::path(&self.out.join(path));
        let mut sheet = Sheet::new(terminal::width());
        let pages = format!("  {} pages", self.pages);
        sheet.line(0, &[(STRONG, "Site    "), (GOOD, &at("index.html")), (FAINT, &pages)]);
        let rules = format!("  {} issues with rules", self.rules);
        sheet.line(
            0,
            &[
                (STRONG, "Bundle  "),
                (GOOD, &at(&below(bundle::RULES))),
                (FAINT, &rules),
            ],
        );
        let Written {
            changed,
            removed,
            unchanged,
        } = self.written;
        let changes = format!("{changed} files changed, {removed} removed, {unchanged} as they were");
        sheet.paragraph(0, "", PLAIN, &changes);
        if self.is_unsigned {
            let text = "The signature of the manifest before was removed: sign this one.";
            sheet.paragraph(0, "", CARE, text);
        }
        sheet.into_text()
    }
}
