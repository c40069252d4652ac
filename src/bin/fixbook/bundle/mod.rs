//! `fixbook bundle`, and the files that a bundle's folder holds.

mod diff;
mod export;
mod verify;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use fixbook::kb::verify::Case;
use fixbook::kb::{Book, vectors};
use fixbook::rules::bundle::{self, MANIFEST, Release, SUMS};
use fixbook::site;

use crate::args::{self, BundleVerb, Document};
use crate::output::Answer;
use crate::schema;

pub use fixbook::rules::bundle::RULES;
pub use verify::named;

/// Runs a verb of `fixbook bundle`.
pub fn run(args: &args::Bundle) -> anyhow::Result<Answer> {
    match &args.verb {
        BundleVerb::Verify(args) => verify::run(args),
        BundleVerb::Diff(args) => diff::run(args),
        BundleVerb::Export(args) => export::run(args),
    }
}

/// The files of a bundle's folder, by their path in it.
pub struct Folder {
    /// The rules, the schemas of them, the manifest and a report, the engines, and the hashes of these for people.
    pub rules: Files,
    /// What a copy for use can do without: the conformance vectors, and the manifest of all that.
    pub proof: Files,
}

type Files = BTreeMap<String, Vec<u8>>;

/// The folder of a book's bundle.
pub fn folder(book: &Book, cases: &[Case], release: &Release) -> anyhow::Result<Folder> {
    let bundle = book.bundle();
    let mut rules = Files::from([(RULES.to_owned(), bundle::write(&bundle))]);
    for (name, document) in [
        ("bundle", Document::Bundle),
        ("manifest", Document::Manifest),
        ("report", Document::Report),
    ] {
        rules.insert(format!("{name}.schema.json"), schema::text(document)?.into_bytes());
    }
    rules.extend(
        site::engines()
            .into_iter()
            .map(|(path, bytes)| (path.to_owned(), bytes)),
    );
    let sums = bundle::write_sums(&list(&rules).collect::<Vec<_>>());
    rules.insert(SUMS.to_owned(), sums);
    let mut proof = vectors::files(book, cases);
    let all: Vec<_> = list(&rules).chain(list(&proof)).collect();
    let manifest = bundle::write_manifest(&bundle, release, &all);
    proof.insert(MANIFEST.to_owned(), manifest);
    Ok(Folder { rules, proof })
}

fn list(files: &Files) -> impl Iterator<Item = (&str, &[u8])> {
    files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
}

/// Reads a bundle's file.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
