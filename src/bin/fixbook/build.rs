//! `fixbook build`.
//!
//! Invariant: nothing is written before everything is checked and drawn.

use std::collections::BTreeMap;

use anyhow::Context as _;
use fixbook::files::{Output, Tree};
use fixbook::kb::verify;
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
    let Some((root, tree, book)) = book::open(&args.book)?.sound() else {
        return Ok(Answer::Something);
    };
    let release = Release {
        serial: args.serial,
        commit: args.commit.clone(),
    };
    let cases = verify::cases(&book, &tree).0;
    let (manifest, rules) = bundle::folder(&book, &release)?
        .into_iter()
        .partition(|(path, _)| path == MANIFEST);
    let below = |files: BTreeMap<String, Vec<u8>>| {
        let placed = files
            .into_iter()
            .map(|(path, bytes)| (format!("{BUNDLE}/{path}"), bytes));
        Tree(placed.collect())
    };
    let mut options = site::Options {
        overrides: book::overrides(&tree, &book),
        beside: below(rules),
        online: below(manifest),
        matcher: core::WASM,
        cases,
    };
    if let Some(path) = &args.signature {
        options
            .online
            .insert(format!("{BUNDLE}/{SIGNATURE}"), bundle::read(path)?);
    }
    let (drawn, faults) = site::render(&book, &options);
    if !faults.is_empty() {
        output::note(&diagnostics::human(&faults, &root));
    }
    if faults.has_errors() {
        return Ok(Answer::Something);
    }
    let pages = drawn.iter().filter(|(path, _)| path.ends_with(".html")).count();
    let mut all = drawn;
    let site::Options {
        mut beside, mut online, ..
    } = options;
    all.0.append(&mut beside.0);
    all.0.append(&mut online.0);
    let output = match &args.out {
        Some(out) => Output::Named(out),
        None => Output::Below(&root, &book.config.output),
    };
    let manifest = format!("{BUNDLE}/{MANIFEST}");
    let is_new = output.read(&manifest)?.as_deref() != all.get(&manifest);
    // Whoever verifies the bundle meets the old one to its last file, and the new one from its manifest on.
    let written = output.write(&all, &[BUNDLE, &manifest]).context("the site could not be published; what stands there is whole files, and the next build finishes or replaces them")?;

    let out = output.path();
    let at = |path: &str| terminal::path(&out.join(path));
    let mut sheet = Sheet::new(terminal::width());
    sheet.line(
        0,
        &[
            (STRONG, "Site    "),
            (GOOD, &at("index.html")),
            (FAINT, &format!("  {pages} pages")),
        ],
    );
    let rules = book.pages.iter().filter(|page| page.issue.detection.is_some()).count();
    let bundle = at(&format!("{BUNDLE}/{}", bundle::RULES));
    sheet.line(
        0,
        &[
            (STRONG, "Bundle  "),
            (GOOD, &bundle),
            (FAINT, &format!("  {rules} issues with rules")),
        ],
    );
    let changes = format!(
        "{} files changed, {} removed, {} as they were",
        written.changed, written.removed, written.unchanged
    );
    sheet.paragraph(0, "", PLAIN, &changes);
    // Somebody else's file, but worse than none once the manifest is another. Until it is gone it is refused.
    if is_new && args.signature.is_none() && output.remove(&format!("{BUNDLE}/{SIGNATURE}"))? {
        sheet.paragraph(
            0,
            "",
            CARE,
            "The signature of the manifest before was removed: sign this one.",
        );
    }
    output::print(&sheet.into_text())?;
    Ok(Answer::Nothing)
}
