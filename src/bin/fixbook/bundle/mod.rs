//! `fixbook bundle`, and the files that a bundle's folder holds.

mod diff;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use fixbook::rules::bundle::{self, Bundle, MANIFEST, Release, SUMS};

use crate::args::{self, BundleVerb, Document};
use crate::output::Answer;
use crate::schema;

pub use fixbook::rules::bundle::RULES;
pub use verify::whole;

/// Runs a verb of `fixbook bundle`.
pub fn run(args: &args::Bundle) -> anyhow::Result<Answer> {
    match &args.verb {
        BundleVerb::Verify(args) => verify::run(args),
        BundleVerb::Diff(args) => diff::run(args),
    }
}

/// A bundle's folder: the rules, the schemas that describe them and a report, the hashes of these for people, and the
/// manifest of all that.
pub fn files(bundle: &Bundle, release: &Release) -> anyhow::Result<BTreeMap<&'static str, Vec<u8>>> {
    let mut files = BTreeMap::from([
        (RULES, bundle::write(bundle)),
        ("bundle.schema.json", schema::text(Document::Bundle)?.into_bytes()),
        ("report.schema.json", schema::text(Document::Report)?.into_bytes()),
    ]);
    files.insert(SUMS, bundle::write_sums(&list(&files)));
    files.insert(MANIFEST, bundle::write_manifest(bundle, release, &list(&files)));
    Ok(files)
}

fn list<'f>(files: &'f BTreeMap<&'static str, Vec<u8>>) -> Vec<(&'static str, &'f [u8])> {
    files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect()
}

/// Reads a bundle's file.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
