//! `fixbook bundle`, and the files that a bundle's folder holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use fixbook::rules::bundle::{self, Bundle, BundleError};

use crate::args::{self, BundleVerb, Document};
use crate::output::{self, Answer};
use crate::schema;
use crate::terminal::{self, BAD, GOOD, PLAIN, Sheet};

/// The rules.
pub const RULES: &str = "bundle.json";
/// The list of the other files, with their hashes.
const MANIFEST: &str = "manifest.json";

/// Runs a verb of `fixbook bundle`.
pub fn run(args: &args::Bundle) -> anyhow::Result<Answer> {
    match &args.verb {
        BundleVerb::Verify { path } => verify(path),
    }
}

/// A bundle's folder: the rules, the schemas that describe them and a report, and the manifest of these.
pub fn files(bundle: &Bundle) -> anyhow::Result<BTreeMap<&'static str, Vec<u8>>> {
    let mut files = BTreeMap::from([
        (RULES, bundle::write(bundle)),
        ("bundle.schema.json", schema::text(Document::Bundle)?.into_bytes()),
        ("report.schema.json", schema::text(Document::Report)?.into_bytes()),
    ]);
    let list: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let manifest = bundle::write_manifest(bundle, &list);
    files.insert(MANIFEST, manifest);
    Ok(files)
}

/// Reads a bundle's file.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn verify(path: &Path) -> anyhow::Result<Answer> {
    let (bytes, whole) = if path.is_dir() {
        let files = folder(path)?;
        let list: Vec<_> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        let whole = bundle::verify(&read(&path.join(MANIFEST))?, &list).map(drop);
        (read(&path.join(RULES))?, whole)
    } else {
        (read(path)?, Ok(()))
    };
    let mut sheet = Sheet::new(terminal::width());
    let answer = match whole.and_then(|()| bundle::read(&bytes)) {
        Ok(bundle) => {
            describe(&mut sheet, &bundle, &bytes);
            Answer::Nothing
        }
        Err(why) => {
            refuse(&mut sheet, path, &why);
            Answer::Something
        }
    };
    output::print(&sheet.into_text())?;
    Ok(answer)
}

/// The files of a folder, but the manifest.
fn folder(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != MANIFEST {
            files.insert(name, read(&entry.path())?);
        }
    }
    Ok(files)
}

fn describe(sheet: &mut Sheet, bundle: &Bundle, bytes: &[u8]) {
    let rules = bundle.issues.iter().filter(|issue| issue.detection.is_some()).count();
    sheet.paragraph(
        0,
        "",
        GOOD,
        &format!("The bundle {} {} is whole.", bundle.name, bundle.version),
    );
    sheet.paragraph(2, "format   ", PLAIN, &bundle.format);
    sheet.paragraph(
        2,
        "issues   ",
        PLAIN,
        &format!("{}, {rules} of them with rules", bundle.issues.len()),
    );
    sheet.paragraph(2, "sources  ", PLAIN, &bundle.sources.len().to_string());
    sheet.paragraph(2, "sha256   ", PLAIN, &bundle::sha256(bytes));
}

fn refuse(sheet: &mut Sheet, path: &Path, why: &BundleError) {
    sheet.paragraph(0, "", BAD, &format!("{}: {why}", terminal::path(path)));
}
